import { addSeconds, DomainError, type Authority, type Clock } from '@mandate/core';
import {
  integrate,
  knownFacts,
  ledgerGate,
  publishedKeys,
  proveEntries,
  recordDeploy,
  recordKeys,
  stampCheckpoint,
  type KnownKey,
  type LedgerDeps,
  type StampDeps,
} from '@mandate/ceremony';
import { readTrustFolder } from '@mandate/adapters';
import { findSigner, parseToken } from '@mandate/pki';
import type { Log } from '@mandate/runtime';
import { ledgerRecord, type Database } from '@mandate/store';
import type { AuthorityParts } from './service.js';

/** Seconds between stamps of the ledger's head, where nobody says otherwise. */
export const STAMP_SECONDS = 3600;

/** Role ledger: one round at a time, shared by all who ask while it runs. */
export async function sequencing(
  parts: AuthorityParts,
  { tsa }: Pick<Authority, 'tsa'>,
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
  const anchors = await readTrustFolder(parts.trustFolder);
  const witnesses = parts.witnesses.map((witness) => witness.vkey);
  const published = publishedKeys({ ...anchors, ...parts, witnesses, publicKey: key.publicKey });
  await recordKeys({ ...parts, record }, 'in-use', published);
  const onToken = async (der: Uint8Array): Promise<void> => {
    const { signedData } = parseToken(der);
    const { der: certificate, spki } = findSigner(signedData, signedData.signers[0]!)!;
    const known: KnownKey = { purpose: 'timestamp', publicKey: spki, record: certificate };
    await recordKeys({ ...parts, record }, 'in-use', [known]);
  };
  const stamp = stamping({ ...parts, record, tsa, onToken });
  let running: Promise<unknown> = Promise.resolve();
  let next: ReturnType<Authority['ledger']['integrate']> | undefined;
  // Callers that come while a round runs share the next one: it will hold all their entries.
  const shared = (): ReturnType<Authority['ledger']['integrate']> =>
    (next ??= running.then(() => {
      next = undefined;
      const round = integrate(deps);
      running = round.then(stamp, () => undefined);
      return round;
    }));
  return {
    integrate: shared,
    deploy: async (request) => {
      const deployed = await recordDeploy(deps, request);
      if (deployed.recorded) await shared();
      return deployed;
    },
    prove: (request) => proveEntries(deps, request),
    holds: knownFacts({ ...deps, gate }),
    checkpoint: async () => {
      const note = await record.newestCheckpoint(parts.witnessQuorum);
      if (!note) throw new DomainError('not-found', 'the ledger is empty');
      return { note };
    },
  };
}

/** Seconds after a failure before an authority is asked again. */
const STAMP_RETRY = 60;

/** Stamps beside the rounds: neither a slow authority nor one that is away holds up a letter. */
function stamping(deps: {
  readonly clock: Clock;
  readonly log: Log;
  readonly record: StampDeps['record'];
  readonly objects: StampDeps['objects'];
  readonly tsa: StampDeps['tsa'];
  readonly stampSeconds?: number;
  readonly onToken: NonNullable<StampDeps['onToken']>;
}): () => void {
  const { clock, log, stampSeconds = STAMP_SECONDS } = deps;
  let busy = false;
  let notBefore = clock.now();
  return () => {
    if (busy || clock.now() < notBefore) return;
    busy = true;
    stampCheckpoint({ ...deps, stampSeconds })
      .catch((err: unknown) => {
        notBefore = addSeconds(clock.now(), STAMP_RETRY);
        log.error({ err }, 'the ledger’s head could not be stamped');
      })
      .finally(() => {
        busy = false;
      });
  };
}
