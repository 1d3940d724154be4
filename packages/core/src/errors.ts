/** Every way the product can refuse, fail or be misused. Closed: `runtime/problems` maps each to RFC 9457. */
export const ERROR_CODES = [
  // the caller's request
  'invalid-request',
  'payload-too-large',
  'unsupported-media-type',
  'unauthenticated',
  'forbidden',
  'scope-missing',
  'not-found',
  'method-not-allowed',
  'rate-limited',
  'idempotency-key-missing',
  'idempotency-key-reused',
  'idempotency-in-progress',
  // terms and letters
  'template-unknown',
  'template-invalid',
  'template-state',
  'template-own-work',
  'template-lint-failed',
  'template-overdue',
  'assessment-missing',
  'source-unknown',
  'source-expired',
  'source-name-mismatch',
  'recipient-unknown',
  'recipient-expired',
  'recipient-name-mismatch',
  'combination-not-allowed',
  'terms-invalid',
  'term-in-past',
  'text-forbidden-character',
  'glyph-missing',
  'text-overflow',
  // the subject's steps
  'link-invalid',
  'link-expired',
  'ticket-used',
  'visit-invalid',
  'gate-mismatch',
  'gate-locked',
  'step-out-of-order',
  'illegal-transition',
  'challenge-missing',
  'challenge-expired',
  'challenge-dead',
  'code-wrong',
  'code-tries-exhausted',
  'resend-too-soon',
  'resend-limit',
  'pause-running',
  'proof-of-possession-invalid',
  'measure-missing',
  'passkey-invalid',
  'passkey-unknown',
  'passkey-revoked',
  'passkey-waiting',
  'identity-required',
  'identity-failed',
  'identity-unavailable',
  'identity-exhausted',
  'confirmation-expired',
  'key-origin-refused',
  'key-reused',
  'attempt-void',
  'signature-invalid',
  'update-mismatch',
  'certificate-mismatch',
  // use, withdrawal, hold
  'used-up',
  'authorization-ended',
  'withdrawn',
  'on-hold',
  'purpose-mismatch',
  'event-mismatch',
  'choice-necessary',
  'scope-exceeded',
  'source-mismatch',
  'recipient-mismatch',
  'operator-missing',
  'terms-changed',
  'recipient-key-missing',
  'image-refused',
  'image-limit',
  'restricted',
  'retention-runs',
  'webhook-url-refused',
  // imports of many requests
  'bulk-state',
  'bulk-offset',
  'bulk-digest-mismatch',
  'bulk-format',
  'bulk-limit',
  // parts outside
  'timestamp-unavailable',
  'timestamp-rejected',
  'revocation-unavailable',
  'sms-unavailable',
  'queue-unavailable',
  'database-unavailable',
  'authority-unavailable',
  'key-unavailable',
  'objects-unavailable',
  'object-missing',
  'object-exists',
  'object-corrupt',
  // formats
  'format-json',
  'format-der',
  'format-certificate',
  'format-cms',
  'format-timestamp',
  'format-revocation',
  'format-pdf',
  'format-zip',
  'format-bundle',
  'format-ledger',
  'unsupported-algorithm',
  'budget-exceeded',
  // the desk
  'session-ended',
  'account-locked',
  'own-request',
  'grant-refused',
  'agreement-refused',
  'case-open',
  'dispute-open',
  'log-refused',
  'log-differs',
  'not-its-maker',
  // the record
  'version-conflict',
  'guard-refused',
  'erased',
  'ledger-behind',
  'verification-failed',
  // running it
  'config-invalid',
  'already-running',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** One thing wrong with a request. */
export interface RequestFault {
  readonly in: 'body' | 'query' | 'header' | 'path';
  /** RFC 6901; empty for the whole. */
  readonly pointer: string;
  /** Closed: `unknown-member`, or the schema's word, e.g. `too-small`, `invalid-type`. */
  readonly rule: string;
  /** For people; never a value that was sent. */
  readonly says: string;
}
type Extension = string | number | readonly RequestFault[];

/**
 * The only error type that crosses a package border.
 * `detail` is fit for the caller's eyes: no personal data, no secret, no stack.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  /** Public members of the problem beside the standard ones, e.g. `triesLeft`, `retryAfterSeconds`. */
  readonly extensions: Readonly<Record<string, Extension>>;
  constructor(
    readonly code: ErrorCode,
    readonly detail: string = code,
    options?: { cause?: unknown; extensions?: Readonly<Record<string, Extension>> },
  ) {
    super(`${code}: ${detail}`, options);
    this.extensions = options?.extensions ?? {};
  }
}

/** True for a DomainError, optionally of one of the given codes. */
export function isDomainError(error: unknown, ...codes: ErrorCode[]): error is DomainError {
  return error instanceof DomainError && (codes.length === 0 || codes.includes(error.code));
}
