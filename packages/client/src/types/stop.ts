import type { Time } from './time.js';

/** How you know that the subject wants it. */
export interface Proof {
  readonly kind: 'logged-in' | 'call-recording' | 'paper' | 'in-person' | 'other';
  /** Where you keep it; no personal data. */
  readonly ref: string;
}

export interface WithdrawalRequest {
  readonly by?: 'subject' | 'institution';
  readonly channel: 'page' | 'app' | 'phone' | 'branch' | 'letter' | 'other';
  readonly proof: Proof;
}

export interface Withdrawal {
  readonly withdrawal: string;
  readonly authorization: string;
  readonly by: 'subject' | 'institution';
  readonly channel: string;
  readonly at: Time;
}

export interface HoldRequest {
  readonly by?: 'subject' | 'institution';
  readonly reason?: 'not-signed-by-me' | 'someone-told-me-to' | 'letter-differs' | 'other';
  readonly proof: Proof;
}

export type HoldOutcome = 'upheld' | 'rejected' | 'retracted';

/** A dispute: nothing is used until it is decided. */
export interface Hold {
  readonly hold: string;
  readonly authorization: string;
  readonly by: 'subject' | 'institution';
  readonly reason: string;
  readonly openedAt: Time;
  readonly state: 'open' | 'proposed' | HoldOutcome;
  /** By one person; a second one must agree. */
  readonly proposed?: HoldOutcome;
  readonly resolvedAt?: Time;
  readonly resolution?: string;
}

export interface ListedHold extends Hold {
  /** For `verifyHold`; null until it is signed. */
  readonly receipt: string | null;
  /** For `verifyHoldResolution`. */
  readonly resolutionReceipt: string | null;
}

/** How you think a dispute should end; the disputes desk decides. */
export interface HoldProposal {
  readonly outcome: HoldOutcome;
  /** Where you keep the reasons; no personal data. */
  readonly grounds: string;
}

export interface EndRequest {
  /** The one agreed as the end. */
  readonly event: 'loan-settled';
  /** When it happened; not in the future. */
  readonly at: Time;
}

export interface End {
  readonly end: string;
  readonly authorization: string;
  readonly event: string;
  readonly happenedAt: Time;
  readonly at: Time;
}

export interface CaseRequest {
  readonly kind:
    'subject-dispute' | 'credit-data-objection' | 'consumer-complaint' | 'internal-review';
  /** 1 to 1,000 of your own; fixed from here on. */
  readonly authorizations: readonly string[];
  /** Who complains, and how they are reached. */
  readonly applicant?: string;
  /** What is to be found out. */
  readonly request?: string;
  readonly documents?: readonly string[];
  /** When you received it, at most 366 days ago: terms run from here, else from now. */
  readonly receivedAt?: Time;
}

export interface DeskCase {
  readonly id: string;
  /** For people: C-2026-000123. */
  readonly number: string;
  readonly kind: string;
  readonly step:
    'applied' | 'accepted' | 'extracted' | 'verified' | 'certified' | 'closed' | 'rejected';
  /** Terms run from here. */
  readonly receivedAt: string;
  readonly openedAt: string;
  readonly dueAt: string;
}
