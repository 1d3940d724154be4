/** What the auditor's view is made from; counts and digests, no personal data. */
export interface AuditReads {
  ledgerState(): Promise<LedgerState>;
  /**
   * Anchors of the access register, newest first, with the digests each covers and its entry in the ledger; and how
   * many entries of that kind the ledger has, of the same moment.
   */
  registerAnchors(
    limit: number,
  ): Promise<{ readonly anchors: readonly AnchorState[]; readonly inLedger: number }>;
  /** Entries that no anchor covers yet, the first of them, and openings for cases whose entry is not in the tree. */
  unanchored(): Promise<{
    readonly entries: number;
    readonly first: string | null;
    readonly openings: number;
  }>;
  /** Searches and refusals, person by person, in order. */
  deskRegister(): AsyncIterable<{
    readonly staff: string;
    readonly ordinal: number;
    readonly id: string;
    readonly body: string;
    readonly digest: string;
  }>;
  sharedNumbers(p: AuditSpan & { least: number }): Promise<readonly SharedNumber[]>;
  conversions(p: AuditSpan): Promise<readonly Conversion[]>;
  looks(p: AuditSpan): Promise<readonly Looks[]>;
}

export interface AuditSpan {
  /** Null: all institutions. */
  readonly institutionId: string | null;
  readonly from: Date;
  readonly until: Date;
}

export interface LedgerState {
  readonly size: number;
  readonly published: number;
  readonly waiting: number;
  readonly head: { readonly size: number; readonly root: Uint8Array; readonly at: Date } | null;
  /** The newest head each has signed. */
  readonly witnesses: readonly {
    readonly name: string;
    readonly size: number;
    readonly at: Date;
  }[];
  readonly stamped: { readonly size: number; readonly at: Date } | null;
}

export interface AnchorState {
  readonly number: number;
  readonly openings: number;
  readonly digest: string;
  readonly madeAt: Date;
  readonly digests: readonly string[];
  /** Of the ledger; null: not in the tree yet. */
  readonly entry: string | null;
}

/** Letters under one phone number. */
export interface SharedNumber {
  readonly people: number;
  readonly letters: number;
  readonly institutions: number;
  /** Ids, at most twenty. */
  readonly someLetters: readonly string[];
}

/** Letters of an institution for which a code was made, and those of them that were confirmed. */
export interface Conversion {
  readonly institutionId: string;
  readonly challenged: number;
  readonly confirmed: number;
}

/** What one person of the desk looked at, was refused, and decided. */
export interface Looks {
  readonly staffId: string;
  readonly searches: number;
  readonly openings: number;
  readonly refusals: number;
  readonly decisions: number;
}
