import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@mandate/adapters';
import pg from 'pg';

export interface TestPostgres {
  /** Owner of a database nobody else uses. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * A fresh database for one suite: on the server at TEST_DATABASE_URL (one per test run) when set, as a copy of
 * TEST_DATABASE_TEMPLATE there, otherwise empty on an embedded server of its own in a temporary folder.
 */
export async function startTestPostgres(): Promise<TestPostgres> {
  const shared = process.env['TEST_DATABASE_URL'];
  if (!shared) return startPrivate();
  const database = `test_${randomBytes(6).toString('hex')}`;
  // Migrated once for the whole run, copied for each suite: `migrate` finds nothing left to do there.
  const from = process.env['TEST_DATABASE_TEMPLATE'];
  await run(shared, `CREATE DATABASE ${database}${from ? ` TEMPLATE ${from}` : ''}`);
  // Rights on a database itself are not copied; this one is of migration 0004.
  if (from) await run(shared, `REVOKE TEMPORARY ON DATABASE ${database} FROM PUBLIC`);
  const url = new URL(shared);
  url.pathname = `/${database}`;
  return {
    url: url.href,
    stop: () => run(shared, `DROP DATABASE ${database} WITH (FORCE)`),
  };
}

async function startPrivate(): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'mandate-test-'));
  // As root the server runs under another account, which has to pass through.
  await chmod(folder, 0o711);
  const server = await startEmbeddedPostgres({ dataDir: folder });
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
