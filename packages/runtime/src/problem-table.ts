import type { ErrorCode } from '@mandate/core';

interface ProblemKind {
  readonly status: number;
  /** Short, the same for every occurrence (RFC 9457 §3.1.4). */
  readonly title: string;
}

const kind = (status: number, title: string): ProblemKind => ({ status, title });

/** The one table from error codes to HTTP. Exhaustive: a new code does not compile without its line. */
export const PROBLEMS: Readonly<Record<ErrorCode, ProblemKind>> = {
  'invalid-request': kind(400, 'The request is malformed'),
  'payload-too-large': kind(413, 'The request is too large'),
  'unsupported-media-type': kind(415, 'The content type is not accepted here'),
  unauthenticated: kind(401, 'A valid API key is needed'),
  forbidden: kind(403, 'This caller may not do that'),
  'not-found': kind(404, 'There is no such thing here'),
  'method-not-allowed': kind(405, 'This method is not offered here'),
  'rate-limited': kind(429, 'Too many requests'),
  'idempotency-key-missing': kind(400, 'The Idempotency-Key header is missing'),
  'idempotency-key-reused': kind(422, 'This Idempotency-Key was used with another request'),
  'idempotency-in-progress': kind(
    409,
    'The first request with this Idempotency-Key is still running',
  ),

  'template-unknown': kind(422, 'There is no such published template version'),
  'template-invalid': kind(422, 'The template is not acceptable'),
  'terms-invalid': kind(422, 'The terms are not acceptable under this template'),
  'term-in-past': kind(422, 'A date lies in the past'),
  'text-forbidden-character': kind(
    422,
    'A text contains a character that may not stand in a letter',
  ),
  'glyph-missing': kind(422, 'A character cannot be drawn by the letter fonts'),
  'text-overflow': kind(422, 'A text does not fit its place in the letter'),

  'link-invalid': kind(404, 'The signing link is not valid'),
  'link-expired': kind(410, 'The signing link has expired'),
  'ticket-used': kind(410, 'The signing ticket was already used'),
  'visit-invalid': kind(401, 'The visit has ended; open the signing link again'),
  'gate-mismatch': kind(403, 'The characters do not match'),
  'gate-locked': kind(403, 'Too many wrong tries; this link is locked'),
  'step-out-of-order': kind(409, 'Another step comes first'),
  'illegal-transition': kind(409, 'The authorization does not stand where this is possible'),
  'challenge-missing': kind(409, 'No code has been asked for'),
  'challenge-expired': kind(410, 'The code has expired'),
  'challenge-dead': kind(410, 'The code is no longer valid'),
  'code-wrong': kind(403, 'The code is wrong'),
  'code-tries-exhausted': kind(403, 'Too many wrong codes; ask for a new one'),
  'resend-too-soon': kind(429, 'A code was sent a moment ago'),
  'resend-limit': kind(429, 'No further codes can be sent'),
  'pause-running': kind(409, 'A pause runs before a code may be asked for'),
  'proof-of-possession-invalid': kind(422, 'The proof of key possession does not hold'),
  'measure-missing': kind(422, 'The template asks for another measure as well'),
  'passkey-invalid': kind(403, 'The passkey did not answer this challenge'),
  'passkey-unknown': kind(403, 'This passkey is not registered here'),
  'confirmation-expired': kind(410, 'The confirmation has expired; confirm again'),
  'key-origin-refused': kind(403, 'The template does not allow this kind of key'),
  'key-reused': kind(409, 'This key was used before; keys serve once'),
  'attempt-void': kind(409, 'This signing attempt is void; sign again with a new key'),
  'signature-invalid': kind(422, 'The signature does not hold'),
  'update-mismatch': kind(422, 'The PDF update is not the fixed template'),
  'certificate-mismatch': kind(422, 'The certificate is not for this key and letter'),
  'webhook-url-refused': kind(422, 'This webhook address is not delivered to'),

  'used-up': kind(409, 'All uses are made'),
  'authorization-ended': kind(409, 'The authorization has ended'),
  withdrawn: kind(409, 'The subject has withdrawn the authorization'),
  'on-hold': kind(409, 'The authorization is disputed and on hold'),
  'purpose-mismatch': kind(422, 'This purpose was not authorized'),
  'scope-exceeded': kind(422, 'This goes beyond what was authorized'),
  'source-mismatch': kind(422, 'This source was not authorized'),
  'recipient-mismatch': kind(422, 'This recipient was not authorized'),
  'operator-missing': kind(422, 'The use names nobody who made it'),

  'timestamp-unavailable': kind(503, 'No timestamp authority answered; nothing was signed'),
  'timestamp-rejected': kind(502, 'A timestamp token did not pass its checks'),
  'revocation-unavailable': kind(503, 'Revocation status could not be obtained'),
  'sms-unavailable': kind(503, 'The message gateway did not accept the message'),
  'queue-unavailable': kind(503, 'The queue is unavailable'),
  'database-unavailable': kind(503, 'The database is unavailable'),
  'authority-unavailable': kind(503, 'The authority is unavailable'),
  'key-unavailable': kind(503, 'A key is unavailable'),
  'object-missing': kind(500, 'A stored object is missing'),
  'object-exists': kind(500, 'A stored object already has other content'),
  'object-corrupt': kind(500, 'A stored object does not open'),

  'format-json': kind(422, 'Not canonical JSON'),
  'format-der': kind(422, 'Not strict DER'),
  'format-certificate': kind(422, 'Not an acceptable certificate'),
  'format-cms': kind(422, 'Not an acceptable CMS signature'),
  'format-timestamp': kind(422, 'Not an acceptable timestamp request or token'),
  'format-revocation': kind(422, 'Not acceptable revocation data'),
  'format-pdf': kind(422, 'Not an acceptable PDF'),
  'format-zip': kind(422, 'Not an acceptable container'),
  'format-bundle': kind(422, 'Not an acceptable evidence bundle'),
  'format-ledger': kind(422, 'Not acceptable ledger data'),
  'unsupported-algorithm': kind(422, 'The algorithm is not supported'),
  'budget-exceeded': kind(413, 'Processing this would cost more than allowed'),

  'version-conflict': kind(409, 'Somebody else was faster; read again and repeat'),
  'guard-refused': kind(409, 'A condition of the record does not hold any more'),
  'data-shredded': kind(410, 'The data was destroyed as agreed'),
  'ledger-behind': kind(503, 'The ledger is behind its published checkpoint; nothing is signed'),
  'verification-failed': kind(500, 'The result did not pass our own verification'),

  'config-invalid': kind(500, 'The configuration is invalid'),
  'already-running': kind(500, 'Another process already runs here'),
  internal: kind(500, 'Something went wrong on our side'),
};
