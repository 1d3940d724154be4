import { DomainError, type Authority } from '@mandate/core';
import { integrate, ledgerGate, recordDeploy, type LedgerDeps } from '@mandate/ceremony';
import { ledgerRecord, type Database } from '@mandate/store';
import type { AuthorityParts } from './service.js';

/** Role ledger: one round at a time, shared by all who ask while it runs. */
export async function sequencing(
  parts: AuthorityParts,
  _authority: Authority,
  db: Database,
): Promise<Authority['ledger']> {
  const record = ledgerRecord(db);
  const key = await parts.keys('ledger').signingKey('ledger');
  const gate = ledgerGate({ record, objects: parts.objects });
  const deps: LedgerDeps = {
    ...parts,
    record,
    gate,
    origin: parts.ledgerOrigin,
    publicKey: key.publicKey,
    sign: key.sign,
    quorum: parts.witnessQuorum,
    onWitness: (what) => parts.log.error(what, 'a witness has not cosigned the checkpoint'),
  };
  await gate.open();
  let running: Promise<unknown> = Promise.resolve();
  let next: ReturnType<Authority['ledger']['integrate']> | undefined;
  // Callers that come while a round runs share the next one: it will hold all their entries.
  const shared = (): ReturnType<Authority['ledger']['integrate']> =>
    (next ??= running.then(() => {
      next = undefined;
      const round = integrate(deps);
      running = round.catch(() => undefined);
      return round;
    }));
  return {
    integrate: shared,
    deploy: async (request) => {
      const deployed = await recordDeploy(deps, request);
      if (deployed.recorded) await shared();
      return deployed;
    },
    checkpoint: async () => {
      const note = await record.newestCheckpoint(parts.witnessQuorum);
      if (!note) throw new DomainError('not-found', 'the ledger is empty');
      return { note };
    },
  };
}
