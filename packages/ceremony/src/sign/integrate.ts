import { sha256Hex, utf8 } from '@mandate/core';
import {
  assembleNote,
  checkpointBody,
  formatProof,
  Frontier,
  inclusionProof,
  leafHash,
  noteToSign,
  readCheckpoint,
} from '@mandate/ledger';
import type { LedgerRecord, LedgerRound, Probe } from '../ports.js';
import { cosignCheckpoint, type CosignDeps } from './cosign-checkpoint.js';
import type { LedgerGate } from './ledger-gate.js';
import { publishTiles, type PublishDeps } from './publish-tiles.js';

export interface LedgerDeps extends CosignDeps, PublishDeps {
  readonly record: LedgerRecord;
  readonly origin: string;
  /** Ed25519, SubjectPublicKeyInfo DER. */
  readonly publicKey: Uint8Array;
  /** Signs a checkpoint note's text. */
  readonly sign: (message: Uint8Array) => Promise<Uint8Array>;
  readonly gate: Pick<LedgerGate, 'pass' | 'saw'>;
  /** Distinct witnesses that must have cosigned before a letter leaves. */
  readonly quorum: number;
  readonly probe: Probe;
}

const BATCH = 512;

/**
 * One round: queued entries get their dense indexes and a checkpoint is signed; its files are published; witnesses
 * cosign it; the letters it holds are released with their proofs as soon as enough of them have. Each step is taken
 * up again by the next round if this one breaks off.
 */
export async function integrate(
  deps: LedgerDeps,
): Promise<{ size: number; more: boolean; released: readonly string[] }> {
  await deps.gate.pass();
  const { size, more } = await deps.record.round((round) => sequence(deps, round));
  deps.gate.saw(size);
  if (await publishTiles(deps)) deps.probe('ledger-published');
  // nobody waits for witnesses that are not needed: what they missed they are asked for later
  if (deps.quorum > 0) await cosignCheckpoint(deps);
  const note = await deps.record.newestCheckpoint(deps.quorum);
  const released = note
    ? await deps.record.round((round) => releaseLetters(deps, round, note))
    : [];
  if (deps.quorum === 0) await cosignCheckpoint(deps);
  return { size, more, released };
}

/** Integrates what is queued and signs the new head. Resolves to the tree's size, and whether more may wait. */
async function sequence(
  deps: LedgerDeps,
  round: LedgerRound,
): Promise<{ size: number; more: boolean }> {
  const queued = await round.queued(BATCH);
  if (queued.length === 0) return { size: round.size, more: false };
  const { entries, nodes, frontier } = await grow(round, queued);
  const at = deps.clock.now();
  const root = frontier.root();
  const text = checkpointBody({ origin: deps.origin, size: frontier.size, root });
  const signature = await deps.sign(noteToSign(text));
  const note = assembleNote(text, [{ name: deps.origin, publicKey: deps.publicKey, signature }]);
  await round.save({ entries, nodes: [...nodes.values()], size: frontier.size, root, note, at });
  deps.probe('ledger-saved');
  return { size: frontier.size, more: queued.length === BATCH };
}

/** Every letter in the tree of this checkpoint that waits for it. */
async function releaseLetters(
  deps: LedgerDeps,
  round: LedgerRound,
  note: string,
): Promise<readonly string[]> {
  const { size } = readCheckpoint(note);
  const at = deps.clock.now();
  const letters = await round.signedLetters(size, BATCH);
  // Rows in the order of their ids, as everybody locks them who locks several.
  const rows = letters.toSorted((a, b) => (a.authorizationId < b.authorizationId ? -1 : 1));
  for (const { authorizationId, index, entry } of rows) {
    const hashes = await inclusionProof(index, size, (level, i) => round.node(level, i));
    const proof = formatProof({ index, hashes, checkpoint: note, extra: utf8(entry) });
    const data = { index, size, checkpoint: sha256Hex(utf8(note)) };
    await round.release(authorizationId, proof, data, at);
  }
  if (letters.length > 0) deps.probe('ledger-released');
  return letters.map(({ authorizationId }) => authorizationId);
}

async function grow(round: LedgerRound, queued: Awaited<ReturnType<LedgerRound['queued']>>) {
  const frontier = await Frontier.load(round.size, (level, index) => round.node(level, index));
  const nodes = new Map<string, { level: number; index: number; hash: Uint8Array }>();
  const entries = queued.map((entry) => {
    const index = frontier.size;
    for (const node of frontier.append(leafHash(utf8(entry.entry))))
      nodes.set(`${node.level}/${node.index}`, node);
    return { ...entry, index };
  });
  return { entries, nodes, frontier };
}
