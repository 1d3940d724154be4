import type { AuthorizationRow, CommonReads } from './authorization.js';
import type { Recorded } from './use.js';

export type Proof = { readonly kind: string; readonly ref: string };

export type Party = 'subject' | 'institution';

export interface WithdrawalRow {
  readonly id: string;
  readonly authorizationId: string;
  readonly by: Party;
  readonly channel: string;
  readonly proofKind: string;
  readonly proofRef: string;
  /** Hex; keeps digests of the fact from being guessed. */
  readonly salt: string;
  readonly at: Date;
}

export type HoldOutcome = 'upheld' | 'rejected' | 'retracted';

export interface HoldRow {
  readonly id: string;
  readonly authorizationId: string;
  readonly by: Party;
  readonly reason: string;
  readonly proofKind: string;
  readonly proofRef: string;
  readonly salt: string;
  readonly openedAt: Date;
  readonly outcome: HoldOutcome | null;
  readonly proposedBy: string | null;
  readonly proposedAt: Date | null;
  readonly resolvedBy: string | null;
  readonly resolvedAt: Date | null;
  /** Where the proposer keeps the reasons; no personal data. */
  readonly grounds: string | null;
  /** The resolution is a fact of its own. */
  readonly resolutionId: string | null;
  /** Hex. */
  readonly resolutionSalt: string | null;
}

export interface EndRow {
  readonly id: string;
  readonly authorizationId: string;
  readonly event: string;
  readonly happenedAt: Date;
  readonly salt: string;
  readonly at: Date;
}

export type ProposeResolution = (
  holdId: string,
  proposal: { outcome: HoldOutcome; grounds: string; by: string; at: Date },
) => Promise<HoldRow>;

/** Role desk: two people resolve a hold. */
export interface HoldRecord extends CommonReads {
  holds(authorizationId: string): Promise<readonly HoldRow[]>;
  /** The first person's word. Throws `guard-refused` when the hold is no longer open. */
  propose: ProposeResolution;
  /** The second person's. Throws `guard-refused` when proposal or hold have changed meanwhile. */
  resolve(
    seen: HoldRow,
    resolution: { id: string; salt: string; by: string; at: Date },
    record: (authorization: AuthorizationRow, row: HoldRow) => Recorded,
  ): Promise<HoldRow>;
}

/** A hold or its resolution, as the subject is told of it. */
export interface ToldHold {
  readonly authorizationId: string;
  readonly by: Party;
  readonly outcome: HoldOutcome | null;
  readonly at: Date;
}
