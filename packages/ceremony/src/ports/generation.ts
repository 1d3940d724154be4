import type { ArchiveRow } from './archive.js';

/** What the steps that add to evidence bundles need of the record. */

/** One later generation of a bundle; none is ever replaced. */
export interface GenerationRow {
  readonly authorizationId: string;
  /** From 1. */
  readonly generation: number;
  readonly object: string;
  /** SHA-256 of what it adds, packed, hex. */
  readonly digest: string;
  /** Every entry about the letter with a smaller index is in this generation or one before. */
  readonly ledgerSize: number;
  /** The last opening of the access register that is told. */
  readonly accesses: number;
  /** Of the archived letter that it holds, or one before held; 0: none. */
  readonly archiveGeneration: number;
  readonly madeAt: Date;
  /** When a younger seal is to cover its own, and by when one must: its authority may end before the letter's. */
  readonly renewFrom: Date;
  readonly renewBy: Date;
}

export interface GenerationReads {
  /** Oldest first. */
  generations(authorizationId: string): Promise<readonly GenerationRow[]>;
  inclusionProof(authorizationId: string): Promise<string | null>;
}

/** An entry about a letter after its signature. */
export interface LaterEntryRow {
  /** Null: it waits for its place. */
  readonly index: number | null;
  /** Canonical JSON. */
  readonly entry: string;
  /** Of the fact whose receipt goes with it; later steps of a use, renewals and a passkey's entries have none. */
  readonly factId: string | null;
}

/** Role ca. */
export interface GenerationRecord extends GenerationReads {
  archive(authorizationId: string, generation: number): Promise<ArchiveRow | null>;
  /** How often something happened so far that the bundle has to tell. */
  bundleChanges(authorizationId: string): Promise<number>;
  /** In the order of the ledger, what waits last. */
  laterEntries(authorizationId: string): Promise<readonly LaterEntryRow[]>;
  /** The generation, and so many changes told with it; false when that generation is there already. */
  addGeneration(row: GenerationRow, told: number): Promise<boolean>;
  /** Never lowers it. */
  tellChanges(authorizationId: string, told: number): Promise<void>;
}

/** Role worker. */
export interface GenerationSchedule {
  /** Bundles with something untold whose last change, and last generation, are long enough ago. */
  growingBundles(p: {
    at: Date;
    /** Generation n waits `seconds + growing · n³` after the one before. */
    pause: { seconds: number; growing: number };
    /** Most generations there may be. */
    most: number;
    /** So many of them, the last, are for renewals alone, which wait for no generation before. */
    reserved: number;
    limit: number;
  }): Promise<readonly string[]>;
}
