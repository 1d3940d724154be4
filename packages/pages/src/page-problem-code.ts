/** Codes that arise in the page itself, never sent by the server. */
export type PageProblemCode =
  | 'offline'
  | 'timeout'
  | 'letter-mismatch'
  | 'frame-refused'
  | 'cookie-refused'
  | 'full-page-only'
  | 'passkey-cancelled'
  | 'passkey-present'
  | 'passkey-framed';
