import { parseArgs } from 'node:util';
import './typescript.mjs';

/**
 * Redemptions per second on PostgreSQL, beside a bare conditional UPDATE on the same server in the same run,
 * both with the same number of connections and rows, in turns so that both see the same machine. A redemption
 * is what the record writes: lock, predicate, row, event, projection, ledger entry, wake-ups; seal and vault
 * are other roles' work and not in it.
 */
export async function bench({ args, say }) {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: 'boolean' },
      seconds: { type: 'string', default: '10' },
      connections: { type: 'string', default: '8' },
      'database-url': { type: 'string' },
    },
  });
  const seconds = Number(values.seconds);
  const connections = Number(values.connections);
  if (values['database-url']) process.env.TEST_DATABASE_URL = values['database-url'];
  const { default: pg } = await import('pg');
  const { systemClock } = await import('@mandate/core');
  const { migrate, openDatabase, webRecord } = await import('@mandate/store');
  const { startTestPostgres } = await import('../test/kit/postgres.ts');
  const { aUse, recorded, releasedAuthorizations } =
    await import('../test/kit/released-authorizations.ts');

  const postgres = await startTestPostgres();
  const owner = new pg.Pool({ connectionString: postgres.url, max: connections });
  owner.on('error', () => undefined);
  const db = await migrate(postgres.url, systemClock).then(() =>
    openDatabase(postgres.url, 'web', connections),
  );
  try {
    const record = webRecord(db);
    const count = Math.max(1000, seconds * 1500);
    const { ids } = await releasedAuthorizations(owner, count, { maxUses: 100 });
    await owner.query('CREATE TABLE bare (id text PRIMARY KEY, left_over integer NOT NULL)');
    await owner.query('INSERT INTO bare SELECT unnest($1::text[]), 1000000', [ids]);
    await owner.query('VACUUM ANALYZE');

    let next = 0;
    const redeem = async () => {
      const use = aUse(ids[next++ % ids.length]);
      await record.redeem(use, null, systemClock.now(), recorded.redemption(use.id));
    };
    let turn = 0;
    const bare = async () => {
      const { rowCount } = await owner.query(
        'UPDATE bare SET left_over = left_over - 1 WHERE id = $1 AND left_over > 0',
        [ids[turn++ % ids.length]],
      );
      if (rowCount !== 1) throw new Error('the bare update missed');
    };
    const done = { redeem: 0, bare: 0 };
    const spent = { redeem: 0, bare: 0 };
    const works = { redeem, bare };
    for (let slice = 0; slice < 5; slice++)
      for (const [name, work] of Object.entries(works)) {
        const start = performance.now();
        const until = start + (seconds * 1000) / 5;
        await Promise.all(
          Array.from({ length: connections }, async () => {
            while (performance.now() < until) {
              await work();
              done[name] += 1;
            }
          }),
        );
        spent[name] += performance.now() - start;
      }
    const rate = (name) => (done[name] * 1000) / spent[name];
    say(
      `redeem: ${rate('redeem').toFixed(0)} per second over ${connections} connections; ` +
        `a bare conditional UPDATE: ${rate('bare').toFixed(0)}`,
    );
    return {
      'redeem-per-second': Number(rate('redeem').toFixed(1)),
      'redeem-bare-update-per-second': Number(rate('bare').toFixed(1)),
      'redeem-to-bare-update': Number((rate('redeem') / rate('bare')).toFixed(4)),
    };
  } finally {
    await db.destroy();
    await owner.end();
    await postgres.stop();
  }
}
