/** One generation of a letter at level B-LTA; the newest counts, none is ever replaced. */
export interface ArchiveRow {
  readonly authorizationId: string;
  readonly generation: number;
  readonly level: 'B-LTA';
  readonly object: string;
  /** SHA-256 of the letter, hex. */
  readonly digest: string;
  readonly madeAt: Date;
  /** Renewal is due from then on. */
  readonly renewFrom: Date;
  /** Too late from then on. */
  readonly renewBy: Date;
}

export interface ArchiveReads {
  newestArchive(authorizationId: string): Promise<ArchiveRow | null>;
}
