import { bytesEqual, isDomainError, toHex } from '@mandate/core';
import { CLOCK_DISORDER, readStamps, StampTrack } from './check-stamps.js';
import type { GetStamp, JudgeStamp, StampedHead } from './check-stamps.js';
import { parseCheckpoint, type Checkpoint } from './checkpoint.js';
import { parseEntry, type LedgerEntry } from './entry.js';
import { verifyNote } from './note.js';
import { parseEntryBundle, parseTile, type GetTile } from './tile.js';
import { MAX_LEDGER_SIZE, newTiles, TILE_WIDTH, tilePath, type Tile } from './tile-path.js';
import { EMPTY_ROOT, Frontier, leafHash, type TreeNode } from './tree.js';
import type { Witnessed } from './witness.js';

/** What can be wrong with a ledger as anybody sees it. */
export type LedgerProblemCode =
  | 'checkpoint-unreadable'
  | 'checkpoint-unsigned'
  | 'checkpoint-too-large'
  | 'cosignature-wrong'
  | 'cosignatures-missing'
  | 'shrunk'
  | 'rewritten'
  | 'tile-missing'
  | 'tile-malformed'
  | 'bundle-mismatch'
  | 'tile-mismatch'
  | 'root-mismatch'
  | 'entry-unreadable'
  | 'second-letter'
  | 'letter-without-intent'
  | 'letter-and-void'
  | 'second-intent'
  | 'generation-gap'
  | 'time-backwards'
  | 'stamp-wrong'
  | 'stamp-order'
  | 'stamp-mismatch'
  | 'entry-after-stamp'
  | 'entry-before-stamp';

export interface LedgerProblem {
  readonly code: LedgerProblemCode;
  /** Index of the entry, or path of the file. */
  readonly at: string;
}

export interface LedgerCheck {
  /** The signed head, if it could be read. */
  readonly head: Checkpoint | null;
  readonly cosigners: readonly { readonly name: string; readonly at: Date }[];
  /** Entries read, by kind. */
  readonly counts: Readonly<Record<string, number>>;
  /** Heads whose stamps hold, oldest first; null when nobody asked for them, or the head is not to be believed. */
  readonly stamps: readonly StampedHead[] | null;
  readonly problems: readonly LedgerProblem[];
}

/** Problems after which nobody reads on: more would tell nothing, and cost memory. */
const MOST_PROBLEMS = 20_000;

/**
 * Reads the whole ledger from its files and recomputes everything: every leaf from its entry, every hash of
 * every tile, the root the checkpoint signs; that what was seen before (`previous`) is still its beginning; and
 * what entries may not say together. Nothing is believed that is not recomputed, and nothing is read under a head that
 * the ledger's key did not sign. A negative result is data.
 */
export async function checkLedgerFiles(ledger: {
  readonly checkpoint: string;
  /** Verifier keys of the ledger and, for cosignatures, of witnesses. */
  readonly vkeys: readonly string[];
  readonly getTile: GetTile;
  /** The head seen last time. */
  readonly previous?: Witnessed | null;
  /** Distinct witnesses that must have cosigned. */
  readonly quorum?: number;
  /** Where stamps are, and who judges their tokens. */
  readonly stamps?: { readonly getStamp: GetStamp; readonly judge: JudgeStamp } | undefined;
}): Promise<LedgerCheck> {
  const problems: LedgerProblem[] = [];
  const found = (code: LedgerProblemCode, at: string | number) =>
    void problems.push({ code, at: String(at) });
  let note: ReturnType<typeof verifyNote>;
  let head: Checkpoint;
  try {
    note = verifyNote(ledger.checkpoint, ledger.vkeys);
    head = parseCheckpoint(note.text);
  } catch (error) {
    if (!isDomainError(error, 'format-ledger')) throw error;
    found('checkpoint-unreadable', 'checkpoint');
    return { head: null, cosigners: [], counts: {}, stamps: null, problems };
  }
  const { cosigners, signers, failed } = note;
  if (!signers.includes(head.origin)) found('checkpoint-unsigned', 'checkpoint');
  if (failed.length > 0) found('cosignature-wrong', failed.join(', '));
  if (cosigners.length < (ledger.quorum ?? 0)) found('cosignatures-missing', 'checkpoint');
  const { previous } = ledger;
  if (previous && previous.size > head.size) found('shrunk', previous.size);
  if (head.size > MAX_LEDGER_SIZE) found('checkpoint-too-large', head.size);
  if (!signers.includes(head.origin) || head.size > MAX_LEDGER_SIZE)
    return { head, cosigners, counts: {}, stamps: null, problems };

  const stamps = ledger.stamps ? await readStamps(ledger.stamps, head, ledger.vkeys, found) : null;
  const track = new StampTrack(stamps ?? [], found);
  const frontier = new Frontier();
  const rows = new HashRows(ledger.getTile, found);
  const history = new EntryHistory(found);
  if (previous?.size === 0 && !bytesEqual(previous.root, EMPTY_ROOT)) found('rewritten', 0);
  for (const tile of newTiles(0, head.size, ['entries'])) {
    if (problems.length >= MOST_PROBLEMS)
      return { head, cosigners, counts: history.counts, stamps, problems };
    const leaves = await rows.read({ ...tile, level: 0 });
    const entries = await readBundle(ledger.getTile, tile, found);
    // the entry decides what a leaf is; without it the tile's hash keeps the rest checkable
    const hashes = entries?.map(leafHash) ?? leaves;
    if (hashes && leaves && !sameHashes(hashes, leaves)) found('bundle-mismatch', tilePath(tile));
    if (!hashes) return { head, cosigners, counts: history.counts, stamps, problems };
    for (const [i, hash] of hashes.entries()) {
      const entry = entries?.[i];
      track.entry(frontier.size, entry ? history.add(entry, frontier.size) : null);
      for (const node of frontier.append(hash)) {
        const compared = rows.add(node);
        if (compared) await compared;
      }
      if (frontier.size === previous?.size && !bytesEqual(frontier.root(), previous.root))
        found('rewritten', previous.size);
      track.grown(frontier.size, () => frontier.root());
    }
  }
  await rows.finish(head.size);
  if (!bytesEqual(frontier.root(), head.root)) found('root-mismatch', toHex(head.root));
  return { head, cosigners, counts: history.counts, stamps, problems };
}

type Found = (code: LedgerProblemCode, at: string | number) => void;

const sameHashes = (some: readonly Uint8Array[], others: readonly Uint8Array[]): boolean =>
  some.length === others.length && some.every((hash, i) => bytesEqual(hash, others[i]!));

async function readBundle(
  getTile: GetTile,
  tile: Tile,
  found: Found,
): Promise<Uint8Array[] | null> {
  const bytes = await getTile(tile);
  if (!bytes) found('tile-missing', tilePath(tile));
  try {
    return bytes && parseEntryBundle(bytes, tile.width);
  } catch (error) {
    if (!isDomainError(error, 'format-ledger')) throw error;
    found('tile-malformed', tilePath(tile));
    return null;
  }
}

/** The recomputed hashes of each level of tiles, held against the files as soon as a tile is full. */
class HashRows {
  readonly #rows: Uint8Array[][] = [];
  readonly #done: number[] = [];

  constructor(
    private readonly getTile: GetTile,
    private readonly found: Found,
  ) {}

  async read(tile: Tile): Promise<Uint8Array[] | null> {
    const bytes = await this.getTile(tile);
    if (!bytes) this.found('tile-missing', tilePath(tile));
    try {
      return bytes && parseTile(bytes, tile.width);
    } catch (error) {
      if (!isDomainError(error, 'format-ledger')) throw error;
      this.found('tile-malformed', tilePath(tile));
      return null;
    }
  }

  /** Resolves when the tile that is full now has been compared; null when none is. */
  add(node: TreeNode): Promise<void> | null {
    // leaves are compared with their bundle; other levels of a tile are not stored in files
    if (node.level === 0 || node.level % 8 !== 0) return null;
    const level = node.level / 8;
    const row = (this.#rows[level] ??= []);
    row.push(node.hash);
    return row.length === TILE_WIDTH ? this.#compare(level) : null;
  }

  async finish(size: number): Promise<void> {
    for (const [level, row = []] of this.#rows.entries())
      if (row.length > 0 && size >= TILE_WIDTH ** level) await this.#compare(level);
  }

  async #compare(level: number): Promise<void> {
    const hashes = this.#rows[level]!;
    const index = (this.#done[level] ??= 0);
    this.#rows[level] = [];
    this.#done[level]!++;
    const tile = { level, index, width: hashes.length };
    const stored = await this.read(tile);
    if (stored && !stored.every((hash, i) => bytesEqual(hash, hashes[i]!)))
      this.found('tile-mismatch', tilePath(tile));
  }
}

/** What entries may not say together: one intent and at most one letter for a serial, nothing after a void. */
class EntryHistory {
  readonly counts: Record<string, number> = {};
  readonly #serials = new Map<string, { letter: boolean; void: boolean; generation: number }>();
  #newest = 0;

  constructor(private readonly found: Found) {}

  /** When it says it was made, milliseconds; null: it cannot be read. */
  add(bytes: Uint8Array, index: number): number | null {
    let entry: LedgerEntry;
    try {
      entry = parseEntry(bytes);
    } catch (error) {
      if (!isDomainError(error, 'format-ledger')) throw error;
      this.found('entry-unreadable', index);
      return null;
    }
    this.counts[entry.kind] = (this.counts[entry.kind] ?? 0) + 1;
    const at = Date.parse(entry.at);
    // several writers, one queue
    if (at < this.#newest - CLOCK_DISORDER) this.found('time-backwards', index);
    this.#newest = Math.max(this.#newest, at);
    if ('serial' in entry) this.#addSerial(entry, index);
    return at;
  }

  #addSerial(entry: Extract<LedgerEntry, { serial: string }>, index: number): void {
    const known = this.#serials.get(entry.serial);
    if (entry.kind === 'intent') {
      if (known) this.found('second-intent', index);
      else this.#serials.set(entry.serial, { letter: false, void: false, generation: 0 });
      return;
    }
    if (!known) {
      this.found('letter-without-intent', index);
      return;
    }
    if (entry.kind === 'void') {
      if (known.letter) this.found('letter-and-void', index);
      known.void = true;
    } else if (entry.kind === 'letter') {
      if (known.letter) this.found('second-letter', index);
      if (known.void) this.found('letter-and-void', index);
      known.letter = true;
    } else {
      if (entry.generation !== known.generation + 1) this.found('generation-gap', index);
      known.generation = entry.generation;
    }
  }
}
