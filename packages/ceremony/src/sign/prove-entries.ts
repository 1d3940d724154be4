import { DomainError, utf8, type LedgerRole } from '@mandate/core';
import { readCheckpoint, formatProof, inclusionProof, parseEntry } from '@mandate/ledger';
import type { LedgerDeps } from './integrate.js';

/**
 * Proofs of entries under the newest checkpoint that is published and cosigned as it has to be; what it does not hold
 * is left out. That a passkey was registered is proven under the oldest such checkpoint, where witnesses cosign: they
 * say since when it stood there. Throws `not-found` while the ledger is empty, `ledger-behind`.
 */
export async function proveEntries(
  { record, quorum }: Pick<LedgerDeps, 'record' | 'quorum'>,
  { indexes }: Parameters<LedgerRole['prove']>[0],
): ReturnType<LedgerRole['prove']> {
  const newest = await record.newestCheckpoint(quorum);
  if (!newest) throw new DomainError('not-found', 'the ledger is empty');
  const { size } = readCheckpoint(newest);
  const proofs = [];
  for (const index of indexes.filter((it) => it < size)) {
    const [entry = ''] = await record.entries(index, 1);
    const dated = quorum > 0 && parseEntry(utf8(entry)).kind === 'credential';
    const checkpoint = (dated && (await record.oldestCheckpoint(index, quorum))) || newest;
    const within = readCheckpoint(checkpoint).size;
    const hashes = await inclusionProof(index, within, (level, i) => record.node(level, i));
    proofs.push({ index, proof: formatProof({ index, hashes, checkpoint, extra: utf8(entry) }) });
  }
  return { size, proofs };
}
