import type { ErrorCode } from '@mandate/core/errors';
import type { PageProblemCode } from '../page-problem-code.js';

/** Something that went wrong, in the page or on the server (RFC 9457), by its code. */
export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    readonly code: ErrorCode | PageProblemCode,
    readonly facts: {
      readonly triesLeft?: number;
      readonly retryAfterSeconds?: number;
      readonly instance?: string;
      readonly why?: string;
    } = {},
  ) {
    super(code);
  }
}

/** Any thrown thing as a problem; what nobody foresaw reads as `internal`. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  console.error(thrown);
  return new Problem('internal');
}
