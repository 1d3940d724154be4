import { DomainError } from '@mandate/core';
import type { Contexts } from './desk-parts.js';

type Who = Pick<Contexts['staff'], 'institutionId'>;

/**
 * Which institution somebody works on: their own; the operator's own people name one. Throws `not-found` for another
 * one's, `invalid-request` where none is named.
 */
export function workedInstitution({ institutionId }: Who, named: string | undefined): string {
  if (institutionId && named && named !== institutionId)
    throw new DomainError('not-found', 'no such institution');
  const id = institutionId ?? named;
  if (!id) throw new DomainError('invalid-request', 'institution: name one');
  return id;
}

/** The row if this person may see it. Throws `not-found`. */
export function visible<T extends { readonly institutionId: string | null }>(
  { institutionId }: Who,
  row: T | null,
): T {
  if (!row || (institutionId && row.institutionId !== institutionId))
    throw new DomainError('not-found', 'no such thing');
  return row;
}
