import { DomainError } from '@mandate/core/errors';

/** Limits on what a file may make the reader do. Exceeding one throws `budget-exceeded`. */
export interface Budget {
  /** File size in bytes. */
  readonly bytes: number;
  /** Entries over all cross-reference sections. */
  readonly objects: number;
  /** Nesting of arrays and dictionaries, and of trees of pages, fields and names. */
  readonly depth: number;
  readonly revisions: number;
  /** Bytes over all inflated streams. */
  readonly inflated: number;
}

export const DEFAULT_BUDGET: Budget = {
  bytes: 64 * 1024 * 1024,
  objects: 200_000,
  depth: 64,
  revisions: 64,
  inflated: 128 * 1024 * 1024,
};

export function refuse(detail: string, cause?: unknown): never {
  throw new DomainError('format-pdf', detail, { cause });
}

export function overBudget(detail: string): never {
  throw new DomainError('budget-exceeded', detail);
}

export function unsupported(detail: string): never {
  throw new DomainError('unsupported-algorithm', detail);
}
