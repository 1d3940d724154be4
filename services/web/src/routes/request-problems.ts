import type { ErrorCode } from '@mandate/core';

/** What a request for letters may be refused with, one or several at once. */
export const REQUEST_PROBLEMS: readonly ErrorCode[] = [
  'idempotency-key-missing',
  'idempotency-key-reused',
  'idempotency-in-progress',
  'template-unknown',
  'terms-invalid',
  'term-in-past',
  'text-forbidden-character',
  'glyph-missing',
  'text-overflow',
];
