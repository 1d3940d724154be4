import {
  addSeconds,
  canonicalBytes,
  canonicalize,
  commitment,
  encrypt,
  newId,
  systemClock,
  systemRandom,
  toHex,
  utf8,
  type ComparedUse,
} from '@mandate/core';
import {
  comparedAnswers,
  knownValues,
  receiveQueryLog,
  reconcileRun,
  type ReconciliationRow,
} from '@mandate/ceremony';
import { reconciliationRows, reviewRows, type Database } from '@mandate/store';
import type pg from 'pg';
import { releasedAuthorizations, SOURCE } from './released-authorizations.js';

const AT_ONCE = 5000;
/**
 * Authorizations used once each, with their operators sealed under real data keys, and a way to reconcile logs of
 * them: rows written by the server's owner past the rules, for measuring. One query in a hundred is of somebody else.
 */
export async function usedByTheThousand(
  owner: pg.Pool,
  { desk, vault }: { desk: Database; vault: Database },
  count: number,
) {
  const now = systemClock.now();
  const wrappingKey = systemRandom.bytes(32);
  const { institution, ids } = await releasedAuthorizations(owner, count, { maxUses: 1 });
  const atOf = (i: number): Date => addSeconds(now, -86_400 + (i % 80_000));
  const staff = newId('staff', systemClock, systemRandom);
  const client = await owner.connect();
  try {
    await client.query(`SET session_replication_role = replica`);
    await client.query(
      `INSERT INTO staff SELECT * FROM jsonb_populate_record(NULL::staff, $1::jsonb)`,
      [
        JSON.stringify({
          ...{ id: staff, name: 'x', team: 't', outsourced: false, opened_at: now },
          ...{ reviewed_at: now, opening_undertaking: 'U', change: 1 },
          mac: `\\x${'00'.repeat(32)}`,
        }),
      ],
    );
    for (let from = 0; from < count; from += AT_ONCE) {
      const rows = ids.slice(from, from + AT_ONCE).map((authorization, i) => {
        const at = atOf(from + i);
        const id = newId('redemption', { now: () => at }, systemRandom);
        const [dataKey, salt] = [systemRandom.bytes(32), systemRandom.bytes(32)];
        const operator = { id: `op-${(from + i) % 50}` };
        const box = canonicalBytes({ operator, salt: toHex(salt) });
        return {
          ...{ id, authorization, at, unique: toHex(systemRandom.bytes(16)) },
          operator: toHex(commitment(salt, 'operator', canonicalize(operator))),
          box: encrypt(dataKey, box, `redemptions/${id}`, systemRandom),
          wrapped: encrypt(wrappingKey, dataKey, `data_keys/${authorization}`, systemRandom),
        };
      });
      const column = <K extends keyof (typeof rows)[number]>(name: K) =>
        rows.map((row) => row[name]);
      await client.query(
        `INSERT INTO redemptions (id, authorization_id, state, period, number, purpose, source, recipient, items,
           operator, box, digest, ledger_entry, request_key, request_digest, at)
         SELECT id, authorization_id, 'confirmed', '', 1, 'loan-approval', $1, 'r', '{a}', operator, box, u, u, u, u, at
         FROM unnest($2::text[], $3::text[], $4::text[], $5::bytea[], $6::text[], $7::timestamptz[])
           AS t (id, authorization_id, operator, box, u, at)`,
        [
          ...[SOURCE, column('id'), column('authorization'), column('operator')],
          ...[column('box').map((box) => Buffer.from(box)), column('unique'), column('at')],
        ],
      );
      await client.query(
        `INSERT INTO data_keys (authorization_id, wrapped, made_at)
         SELECT id, wrapped, $1 FROM unnest($2::text[], $3::bytea[]) AS t (id, wrapped)`,
        [now, column('authorization'), column('wrapped').map((key) => Buffer.from(key))],
      );
    }
  } finally {
    await client.query(`SET session_replication_role = origin`);
    client.release();
  }

  const record = reconciliationRows(desk);
  const sealed = {
    ...{ review: reviewRows(vault), wrappingKey, secret: wrappingKey, clock: systemClock },
  };
  const review = {
    compareUses: async (p: { institutionId: string; asked: readonly ComparedUse[] }) => ({
      answers: await comparedAnswers(
        ...([sealed, staff, await knownValues(sealed, p.institutionId, p.asked), p.asked] as const),
      ),
    }),
  };
  async function* log(size: number) {
    yield utf8('time,query,authorization,purpose,operator\n');
    for (let i = 0; i < size; i++) {
      const at = addSeconds(atOf(i), 5).toISOString();
      const operator = i % 100 === 99 ? 'somebody' : `op-${i % 50}`;
      yield utf8(`${at},Q-${i},${ids[i]},loan-approval,${operator}\n`);
    }
  }
  return {
    /** Seconds of receiving and matching, and bytes of memory above where it stood. */
    reconcile: async (size: number) => {
      const run: ReconciliationRow = {
        id: newId('reconciliation', systemClock, systemRandom),
        ...{ institutionId: institution, source: SOURCE, windowMinutes: 60 },
        ...{ from: addSeconds(now, -2 * 86_400), to: now, state: 'receiving', faults: [] },
        ...{ madeBy: staff, madeAt: now, received: 0, chain: '', digest: null, bytes: null },
        ...{ reached: '', endedAt: null, sweptAt: null },
      };
      await record.createRun(run);
      (globalThis as { gc?: () => void }).gc?.();
      const before = process.memoryUsage.rss();
      let highest = before;
      const watch = setInterval(() => {
        highest = Math.max(highest, process.memoryUsage.rss());
      }, 50);
      const begun = performance.now();
      await receiveQueryLog(
        { record, vault: review, clock: systemClock },
        { run, secret: systemRandom.bytes(32), pieces: log(size) },
      );
      const received = performance.now();
      while (await reconcileRun({ record, clock: systemClock }, { worker: 'bench' }));
      clearInterval(watch);
      const counts = await record.counts(run.id);
      const wrong = Math.floor(size / 100);
      if (counts.matched !== size - wrong || counts['wrong-operator'] !== wrong)
        throw new Error(`not what was sent: ${JSON.stringify(counts)}`);
      return {
        received: (received - begun) / 1000,
        matched: (performance.now() - received) / 1000,
        memory: highest - before,
      };
    },
  };
}
