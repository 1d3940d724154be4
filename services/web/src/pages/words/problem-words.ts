import type { ErrorCode } from '@mandate/core/errors';
import type { Words } from './zh.js';

/** Codes that arise in the page itself, never sent by the server. */
export type PageProblemCode =
  | 'offline'
  | 'timeout'
  | 'letter-mismatch'
  | 'frame-refused'
  | 'cookie-refused'
  | 'full-page-only'
  | 'passkey-cancelled'
  | 'passkey-present';

export type ProblemWord = keyof Words['problems'];

/** Which sentence a person reads for each problem. Exhaustive: a new code does not compile without one. */
const PROBLEM_WORDS: Readonly<Record<ErrorCode | PageProblemCode, ProblemWord>> = {
  offline: 'offline',
  timeout: 'timeout',
  'frame-refused': 'frameRefused',
  'cookie-refused': 'cookieRefused',
  'full-page-only': 'fullPageOnly',
  'letter-mismatch': 'letterWrong',
  'passkey-cancelled': 'passkeyCancelled',
  'passkey-present': 'passkeyPresent',
  'invalid-request': 'badInput',
  'payload-too-large': 'tooLarge',
  unauthenticated: 'visitOver',
  forbidden: 'forbidden',
  'not-found': 'notFound',
  'method-not-allowed': 'notFound',
  'unsupported-media-type': 'badInput',
  'rate-limited': 'tooMany',
  'idempotency-key-missing': 'badInput',
  'idempotency-key-reused': 'badInput',
  'idempotency-in-progress': 'busy',
  'template-unknown': 'internal',
  'webhook-url-refused': 'internal',
  'template-invalid': 'internal',
  'template-state': 'internal',
  'template-own-work': 'internal',
  'template-lint-failed': 'internal',
  'assessment-missing': 'internal',
  'source-unknown': 'internal',
  'source-expired': 'internal',
  'recipient-unknown': 'internal',
  'recipient-expired': 'internal',
  'combination-not-allowed': 'internal',
  'terms-invalid': 'internal',
  'term-in-past': 'internal',
  'text-forbidden-character': 'internal',
  'glyph-missing': 'internal',
  'text-overflow': 'internal',
  'link-invalid': 'linkInvalid',
  'link-expired': 'linkExpired',
  'ticket-used': 'linkUsed',
  'visit-invalid': 'visitOver',
  'gate-mismatch': 'gateMismatch',
  'gate-locked': 'gateLocked',
  'step-out-of-order': 'outOfOrder',
  'illegal-transition': 'outOfOrder',
  'challenge-missing': 'noChallenge',
  'challenge-expired': 'codeExpired',
  'challenge-dead': 'codeDead',
  'code-wrong': 'codeWrong',
  'code-tries-exhausted': 'codeTries',
  'resend-too-soon': 'resendSoon',
  'resend-limit': 'resendLimit',
  'pause-running': 'pauseRunning',
  'proof-of-possession-invalid': 'newKey',
  'measure-missing': 'measureMissing',
  'passkey-invalid': 'passkeyInvalid',
  'passkey-unknown': 'passkeyUnknown',
  'confirmation-expired': 'confirmationExpired',
  'key-origin-refused': 'keyOrigin',
  'key-reused': 'newKey',
  'attempt-void': 'newKey',
  'signature-invalid': 'materialWrong',
  'update-mismatch': 'materialWrong',
  'certificate-mismatch': 'materialWrong',
  'used-up': 'usesOver',
  'authorization-ended': 'usesOver',
  withdrawn: 'withdrawnAlready',
  'on-hold': 'onHold',
  'purpose-mismatch': 'internal',
  'scope-exceeded': 'internal',
  'source-mismatch': 'internal',
  'recipient-mismatch': 'internal',
  'operator-missing': 'internal',
  'timestamp-unavailable': 'stampUnavailable',
  'timestamp-rejected': 'stampUnavailable',
  'revocation-unavailable': 'stampUnavailable',
  'sms-unavailable': 'smsUnavailable',
  'queue-unavailable': 'busy',
  'database-unavailable': 'busy',
  'authority-unavailable': 'busy',
  'key-unavailable': 'busy',
  'object-missing': 'internal',
  'object-exists': 'internal',
  'object-corrupt': 'internal',
  'format-json': 'badInput',
  'format-der': 'notReadable',
  'format-certificate': 'notReadable',
  'format-cms': 'notReadable',
  'format-timestamp': 'notReadable',
  'format-revocation': 'notReadable',
  'format-pdf': 'notReadable',
  'format-zip': 'notReadable',
  'format-bundle': 'notReadable',
  'format-ledger': 'notReadable',
  'unsupported-algorithm': 'notReadable',
  'budget-exceeded': 'tooLarge',
  'version-conflict': 'outOfOrder',
  'guard-refused': 'outOfOrder',
  'data-shredded': 'gone',
  'ledger-behind': 'busy',
  'verification-failed': 'newKey',
  'config-invalid': 'internal',
  'already-running': 'busy',
  internal: 'internal',
};

/** The sentence for a problem code, in the given words; unknown codes read as `internal`. */
export function problemText(words: Words, code: string): string {
  const word = Object.hasOwn(PROBLEM_WORDS, code)
    ? PROBLEM_WORDS[code as keyof typeof PROBLEM_WORDS]
    : 'internal';
  return words.problems[word];
}
