export interface QueuedEntry {
  readonly queueId: string;
  readonly entry: string;
  readonly authorizationId: string | null;
}

/** One sequencing round, alone under the head's lock. */
export interface LetterInTree {
  readonly authorizationId: string;
  readonly index: number;
  readonly entry: string;
}

export interface LedgerRound {
  readonly size: number;
  queued(limit: number): Promise<readonly QueuedEntry[]>;
  node(level: number, index: number): Promise<Uint8Array>;
  save(integrated: {
    entries: readonly (QueuedEntry & { index: number })[];
    nodes: readonly { level: number; index: number; hash: Uint8Array }[];
    size: number;
    root: Uint8Array;
    note: string;
    at: Date;
  }): Promise<void>;
  /** Letters in the tree of `size` entries that are still `signed`, oldest first. */
  signedLetters(size: number, limit: number): Promise<readonly LetterInTree[]>;
  /** Records the proof and turns `signed` into `released`. */
  release(
    authorizationId: string,
    proof: string,
    data: Readonly<Record<string, unknown>>,
    at: Date,
  ): Promise<void>;
}

/** How far the ledger is, for whoever must not go on behind it. */
export interface LedgerStandingReads {
  /** Entries under the newest signed head, published or not. */
  signedSize(): Promise<number>;
  /** Number of entries whose files are in the object store. */
  publishedSize(): Promise<number>;
  /** Entries as they were hashed. Throws `ledger-behind` when one is missing. */
  entries(first: number, count: number): Promise<readonly string[]>;
}

/** Entries that stand for themselves, beside no other row. */
export interface EntryQueue {
  /** False when one stands under that key already. */
  queue(dedupe: string, entry: string): Promise<boolean>;
}

export interface LedgerRecord extends EntryQueue, LedgerStandingReads, StampRecord {
  round<T>(work: (round: LedgerRound) => Promise<T>): Promise<T>;
  /**
   * The newest published one with at least that many cosignatures, all it has under it; `any`: the newest of all,
   * published or not.
   */
  newestCheckpoint(quorum: number | 'any'): Promise<string | null>;
  /** The oldest that holds the entry and has at least that many cosignatures, all it has under it. */
  oldestCheckpoint(index: number, quorum: number): Promise<string | null>;
  /** Never lowers it. */
  markPublished(size: number): Promise<void>;
  /** A hash of the stored tree. Throws `ledger-behind` when it is missing. */
  node(level: number, index: number): Promise<Uint8Array>;
  /** `count` of them from `first` on. Throws `ledger-behind` when one is missing. */
  nodes(level: number, first: number, count: number): Promise<readonly Uint8Array[]>;
  /** Size of the newest checkpoint this witness cosigned; 0: none. */
  cosignedSize(witness: string): Promise<number>;
  /** Once for each checkpoint and witness; further ones change nothing. */
  keepCosignature(cosignature: {
    size: number;
    witness: string;
    line: string;
    at: Date;
  }): Promise<void>;
}

/** A signed head as it was stamped, and the token over its bytes. */
export interface CheckpointStamp {
  /** 0, 1, 2 … without gaps. */
  readonly number: number;
  readonly size: number;
  readonly note: string;
  /** RFC 3161, DER. */
  readonly token: Uint8Array;
}

export interface StampRecord {
  /** The newest published head and the last stamp, if there are any. */
  stampStanding(): Promise<{
    readonly newest: { readonly size: number; readonly note: string } | null;
    readonly last: { readonly number: number; readonly size: number; readonly at: Date } | null;
  }>;
  /** False when that number or size has one already. `at`: the token's own time. */
  addStamp(stamp: Omit<CheckpointStamp, 'note'> & { readonly at: Date }): Promise<boolean>;
  /** Stamps whose files are not known to be in the object store, in order. */
  unpublishedStamps(): Promise<readonly CheckpointStamp[]>;
  markStampPublished(number: number): Promise<void>;
}
