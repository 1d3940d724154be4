/** What auditors and approvers do with many authorizations at once; each act stands in the register of the desk. */
export type ReviewAct =
  /** A source's log was sent in, and what came of it was read or taken away. */
  | 'log-sent'
  /** Operators and subjects of some of its queries were compared. */
  | 'uses-compared'
  | 'log-abandoned'
  | 'findings-read'
  | 'findings-exported'
  /** A sample's seed was fixed, it was drawn, read or taken away. */
  | 'sample-fixed'
  | 'sample-drawn'
  | 'sample-read'
  | 'sample-exported';

/** One query of a source's log as role vault is asked about it. */
export interface ComparedUse {
  /** Uses it may belong to. */
  readonly redemptions: readonly string[];
  /** Who queried, by the log. */
  readonly operator: string;
  /** Whom the query was about, by the log. */
  readonly subject?: { readonly authorizationId: string; readonly idNumber: string };
}
export interface ComparedAnswer {
  /** Of the uses asked about those that this operator made; those that cannot be read any more count as theirs. */
  readonly agreeing: readonly string[];
  /** Absent where none was given, or none is known any more. */
  readonly subject?: 'same' | 'differs';
  /** Not compared: this person has compared too many others with the same letter or use. */
  readonly withheld: readonly ComparedPart[];
}

export type ComparedPart = 'operator' | 'subject';

/**
 * How many different values one person may compare with one letter's subject, or one use's operator, whatever log they
 * stand in: yes and no, asked often enough, would tell the value.
 */
export const MOST_VALUES = { aDay: 3, inAll: 10 } as const;

/** A part of role vault: comparing without opening, and noting who reviewed what. */
export interface DeskReview {
  /**
   * Compares operators and subjects of a log with those under the data keys; nothing leaves but yes and no, and no
   * more than `MOST_VALUES` of them. Which authorizations it was stands in the register before. For auditors and
   * approvers, within the institution of the session. Throws `session-ended`, `forbidden`, `not-found`.
   */
  compareUses(request: {
    secret: Uint8Array;
    /** Id of the reconciliation. */
    about: string;
    institutionId: string;
    /** At most 500, of at most 1,000 authorizations. */
    asked: readonly ComparedUse[];
  }): Promise<{ answers: readonly ComparedAnswer[] }>;
  /** Destroys what reconciliations compared and samples drew three years after their end. Resolves to how much. */
  sweepReviews(request: Record<string, never>): Promise<{ destroyed: number }>;
  /**
   * An entry in the register: who did what with which reconciliation or sample, before they see anything of it.
   * Throws `session-ended`, `forbidden`.
   */
  noteReview(request: {
    secret: Uint8Array;
    act: ReviewAct;
    /** Id of the reconciliation or sample. */
    about: string;
    /** Null: of all institutions. */
    institutionId: string | null;
    /** Authorizations that were drawn, at most 500. */
    authorizations?: readonly string[];
  }): Promise<{ entry: string }>;
}
