import { parseArgs } from 'node:util';
import './typescript.mjs';

/**
 * A source's log against the uses of one institution, on PostgreSQL with everything that is done for each query: read
 * as CSV, resolved, its operator compared under the data key as role vault does it, kept, matched, and uses looked
 * through for those without a query. Beside the time the highest resident memory of this process above where it
 * stood before, and of a log ten times smaller: it must not grow with the log.
 */
export async function bench({ args, say }) {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: 'boolean' },
      count: { type: 'string', default: '100000' },
      'database-url': { type: 'string' },
    },
  });
  const count = Number(values.count);
  if (values['database-url']) process.env.TEST_DATABASE_URL = values['database-url'];
  const { default: pg } = await import('pg');
  const { migrate, openDatabase } = await import('@mandate/store');
  const { systemClock } = await import('@mandate/core');
  const { startTestPostgres } = await import('../test/kit/postgres.ts');
  const { usedByTheThousand } = await import('../test/kit/used-authorizations.ts');

  const postgres = await startTestPostgres();
  const owner = new pg.Pool({ connectionString: postgres.url, max: 2 });
  owner.on('error', () => undefined);
  await migrate(postgres.url, systemClock);
  const desk = openDatabase(postgres.url, 'desk', 4);
  const vault = openDatabase(postgres.url, 'vault', 4);
  try {
    const used = await usedByTheThousand(owner, { desk, vault }, count);
    await owner.query('VACUUM ANALYZE');
    await used.reconcile(Math.ceil(count / 10)); // and warms up
    const small = await used.reconcile(Math.ceil(count / 10));
    const whole = await used.reconcile(count);
    for (const [size, { received, matched, memory }] of [
      [Math.ceil(count / 10), small],
      [count, whole],
    ])
      say(
        `reconcile: ${size} queries received in ${received.toFixed(1)} s, matched in ${matched.toFixed(1)} s, ` +
          `${(memory / 1e6).toFixed(0)} MB above the start at most`,
      );
    return {
      'reconcile-seconds': Number((whole.received + whole.matched).toFixed(2)),
      'reconcile-queries-per-second': Number((count / (whole.received + whole.matched)).toFixed(1)),
      'reconcile-megabytes': Number((whole.memory / 1e6).toFixed(1)),
      'reconcile-megabytes-tenth': Number((small.memory / 1e6).toFixed(1)),
    };
  } finally {
    await desk.destroy();
    await vault.destroy();
    await owner.end();
    await postgres.stop();
  }
}
