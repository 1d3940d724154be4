/** What the desk reads of the access register: who opened, who searched, what was refused. No personal data. */
export interface RegisterReads {
  /** Newest first. */
  registerEntries(
    filter: RegisterFilter,
    p: { before?: string | undefined; limit: number },
  ): Promise<readonly RegisterEntry[]>;
  /**
   * Whether that person may look at facts of a letter: a search of theirs since then found it, or a case that goes on is
   * about it; with `everyCase` one that is over does too.
   */
  lookedUp(p: {
    staffId: string;
    authorizationId: string;
    since: Date;
    everyCase: boolean;
  }): Promise<boolean>;
}

export const REGISTER_KINDS = [
  ...(['opening', 'search', 'case-read', 'refusal'] as const),
  ...(['reconciliation', 'sample'] as const),
] as const;

export interface RegisterFilter {
  /** Entries in which letters of that institution stand; null: all institutions. */
  readonly institutionId: string | null;
  readonly staffId?: string | undefined;
  readonly caseId?: string | undefined;
  /** With it, openings of every purpose, not the desk's alone. */
  readonly authorizationId?: string | undefined;
  /** Of a search, or the kind of an opening: `case` …; */
  readonly purpose?: string | undefined;
  readonly kind?: (typeof REGISTER_KINDS)[number] | undefined;
  readonly from?: Date | undefined;
  /** Not included. */
  readonly until?: Date | undefined;
}

export interface RegisterEntry {
  readonly id: string;
  readonly kind: (typeof REGISTER_KINDS)[number];
  readonly authorizationId: string | null;
  readonly letterNumber: string | null;
  readonly institutionId: string | null;
  readonly caseId: string | null;
  readonly caseNumber: string | null;
  /**
   * As it was written: canonical JSON. An institution is told of its own letters alone: entries about letters of several
   * count its own and name no case or grant.
   */
  readonly body: string;
}
