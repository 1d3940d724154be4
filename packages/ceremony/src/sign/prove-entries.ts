import { DomainError, utf8, type LedgerRole } from '@mandate/core';
import { formatProof, inclusionProof, parseCheckpoint, parseNote } from '@mandate/ledger';
import type { LedgerDeps } from './integrate.js';

/**
 * Proofs of entries under the newest checkpoint that is published and cosigned as it has to be; what it does not hold
 * is left out. Throws `not-found` while the ledger is empty, `ledger-behind`.
 */
export async function proveEntries(
  { record, quorum }: Pick<LedgerDeps, 'record' | 'quorum'>,
  { indexes }: Parameters<LedgerRole['prove']>[0],
): ReturnType<LedgerRole['prove']> {
  const checkpoint = await record.newestCheckpoint(quorum);
  if (!checkpoint) throw new DomainError('not-found', 'the ledger is empty');
  const { size } = parseCheckpoint(parseNote(checkpoint).text);
  const proofs = [];
  for (const index of indexes.filter((it) => it < size)) {
    const hashes = await inclusionProof(index, size, (level, i) => record.node(level, i));
    const [entry = ''] = await record.entries(index, 1);
    const proof = formatProof({ index, hashes, checkpoint, extra: utf8(entry) });
    proofs.push({ index, proof });
  }
  return { size, proofs };
}
