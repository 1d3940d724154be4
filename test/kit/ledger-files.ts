import {
  assembleNote,
  checkpointBody,
  entryBytes,
  formatEntryBundle,
  formatProof,
  Frontier,
  inclusionProof,
  leafHash,
  newTiles,
  noteToSign,
  tileBytes,
  tilePath,
  type GetTile,
  type LedgerEntry,
} from '@mandate/ledger';
import type { TestAuthority } from './authority.js';

/** A ledger honestly made of these entries, with its files. */
export interface TestLedger {
  readonly checkpoint: string;
  readonly size: number;
  /** By path below the ledger's prefix. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly getTile: GetTile;
  /** Proof of an entry under this ledger's head. */
  proof(index: number): Promise<string>;
}

export async function ledgerOf(
  { origin, ledger }: Pick<TestAuthority, 'origin' | 'ledger'>,
  entries: readonly (LedgerEntry | Uint8Array)[],
): Promise<TestLedger> {
  const leaves = entries.map((entry) => (entry instanceof Uint8Array ? entry : entryBytes(entry)));
  const size = leaves.length;
  const frontier = new Frontier();
  const nodes = new Map<string, Uint8Array>();
  for (const leaf of leaves)
    for (const { level, index, hash } of frontier.append(leafHash(leaf)))
      nodes.set(`${level}/${index}`, hash);
  const node = (level: number, index: number) => nodes.get(`${level}/${index}`)!;
  const files = new Map<string, Uint8Array>();
  for (const tile of newTiles(0, size)) {
    const first = tile.index * 256;
    const bytes =
      tile.level === 'entries'
        ? formatEntryBundle(leaves.slice(first, first + tile.width))
        : await tileBytes(tile, node);
    files.set(tilePath(tile), bytes);
  }
  const text = checkpointBody({ origin, size, root: frontier.root() });
  const signature = ledger.sign(noteToSign(text));
  const checkpoint = assembleNote(text, [{ name: origin, publicKey: ledger.spki, signature }]);
  return {
    checkpoint,
    size,
    files,
    getTile: (tile) => files.get(tilePath(tile)) ?? null,
    proof: async (index) =>
      formatProof({
        index,
        hashes: await inclusionProof(index, size, node),
        checkpoint,
        extra: leaves[index]!,
      }),
  };
}
