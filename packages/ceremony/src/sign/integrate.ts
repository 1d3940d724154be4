import { sha256Hex, utf8, type LedgerRole } from '@mandate/core';
import {
  assembleNote,
  checkpointBody,
  formatProof,
  Frontier,
  inclusionProof,
  leafHash,
  noteToSign,
} from '@mandate/ledger';
import type { StepDeps } from '../deps.js';
import type { LedgerRecord, LedgerRound, Probe } from '../ports.js';

export interface LedgerDeps extends StepDeps {
  readonly record: LedgerRecord;
  readonly origin: string;
  /** Ed25519, SubjectPublicKeyInfo DER. */
  readonly publicKey: Uint8Array;
  /** Signs a checkpoint note's text. */
  readonly sign: (message: Uint8Array) => Promise<Uint8Array>;
  readonly probe: Probe;
}

const BATCH = 512;

/**
 * One round: queued entries get their dense indexes, a checkpoint is signed, letters are released
 * with their proofs, all in one transaction under the head's lock. Nothing queued: nothing written.
 */
export function integrate(deps: LedgerDeps): ReturnType<LedgerRole['integrate']> {
  return deps.record.round(async (round) => {
    const queued = await round.queued(BATCH);
    if (queued.length === 0) return { size: round.size, released: [] };
    const { entries, nodes, frontier } = await grow(round, queued);
    const at = deps.clock.now();
    const root = frontier.root();
    const text = checkpointBody({ origin: deps.origin, size: frontier.size, root });
    const signature = await deps.sign(noteToSign(text));
    const note = assembleNote(text, [{ name: deps.origin, publicKey: deps.publicKey, signature }]);
    await round.save({ entries, nodes: [...nodes.values()], size: frontier.size, root, note, at });
    deps.probe('ledger-saved');

    const released: string[] = [];
    for (const { index, entry, authorizationId } of entries) {
      if (!authorizationId) continue;
      const hashes = await inclusionProof(
        index,
        frontier.size,
        (level, i) => nodes.get(`${level}/${i}`)?.hash ?? round.node(level, i),
      );
      const proof = formatProof({ index, hashes, checkpoint: note, extra: utf8(entry) });
      const data = { index, size: frontier.size, checkpoint: sha256Hex(utf8(note)) };
      await round.release(authorizationId, proof, data, at);
      released.push(authorizationId);
    }
    deps.probe('ledger-released');
    return { size: frontier.size, released };
  });
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
