/** What a recomputation of the record can find. Each names what does not fit, not who did it. */
export type RecordProblemCode =
  // the trail and what stands beside it
  | 'trail-broken'
  | 'trail-step'
  | 'trail-time'
  | 'trail-orphan'
  | 'projection'
  | 'request-changed'
  | 'template-changed'
  | 'challenge-changed'
  | 'confirmation-changed'
  | 'attempt-changed'
  | 'scope-changed'
  | 'data-missing'
  | 'subject-hidden'
  | 'passkey-changed'
  // facts after the release
  | 'fact-changed'
  | 'fact-without-event'
  | 'event-without-fact'
  | 'uses-miscounted'
  // record and ledger
  | 'entry-missing'
  | 'entry-differs'
  | 'entry-unexplained'
  | 'entry-moved'
  | 'checkpoint-differs'
  | 'node-differs'
  | 'proof-differs'
  | 'published-differs'
  | 'published-ahead'
  // receipts
  | 'receipt-differs'
  | 'receipt-unsigned'
  | 'receipt-stamp'
  | 'receipt-orphan'
  // personal data
  | 'data-key-missing'
  | 'data-key-returned'
  | 'data-key-unopened'
  | 'register-broken'
  | 'register-short'
  | 'register-unanchored'
  // the disputes desk
  | 'case-broken'
  | 'opening-unexplained'
  | 'desk-forged'
  | 'report-changed'
  | 'report-orphan'
  | 'desk-unproven'
  | 'desk-undone'
  | 'desk-unentitled'
  | 'sample-seed'
  | 'sample-picked'
  | 'desk-index-changed'
  // objects
  | 'object-missing'
  | 'object-differs'
  | 'object-unknown';

export interface RecordProblem {
  readonly code: RecordProblemCode;
  /** Id of the authorization or fact, index of the entry, name of the object. */
  readonly at: string;
}

export type Found = (code: RecordProblemCode, at: string | number) => void;
