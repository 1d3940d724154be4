import {
  SchemaMigrationRequiredError,
  assertSchemaCompatibility,
  createPostgresBackend,
  runMigrations,
} from 'bullmq';
import { TOPICS } from '@mandate/core';
import pg from 'pg';
import { queueUnavailable, type QueueBackend } from './queue-backend.js';

const SCHEMA = 'bullmq';

/** Each queue and each worker's LISTEN may hold one connection; the rest is for what they run. */
const POOL_SIZE = 2 * TOPICS.length + 4;

/** One pool for all queues of a process. Throws `queue-unavailable`. */
export async function connectPostgres(
  url: string,
  log: (line: string) => void,
): Promise<QueueBackend> {
  const pool = new pg.Pool({
    connectionString: url,
    options: `-c search_path=${SCHEMA}`,
    max: POOL_SIZE,
    application_name: 'mandate-queue',
    connectionTimeoutMillis: 5000,
    query_timeout: 15_000,
    keepAlive: true,
  });
  // An idle session that breaks is replaced by the pool; without a listener it ends the process.
  pool.on('error', (error) => log(`queue: connection lost (${error.message})`));
  pool.setMaxListeners(0); // each queue adds one of its own
  try {
    await prepare(pool);
  } catch (cause) {
    await pool.end();
    throw queueUnavailable(cause);
  }
  return {
    producer: pool,
    consumer: pool,
    factory: createPostgresBackend as QueueBackend['factory'],
    close: () => pool.end(),
  };
}

async function prepare(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await assertSchemaCompatibility(client, SCHEMA);
  } catch (error) {
    if (!(error instanceof SchemaMigrationRequiredError)) throw error;
    await runMigrations(client, SCHEMA);
  } finally {
    client.release();
  }
}

/**
 * Makes or upgrades the queue's schema and lets `roles` use it. For the owner of the database,
 * before the processes start: their own roles may not create schemas. Throws `queue-unavailable`.
 */
export async function prepareQueue(url: string, roles: readonly string[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  try {
    await client.connect();
    await runMigrations(client, SCHEMA);
    // BullMQ would make its id sequences at the first wake-up, which the roles are not allowed to.
    for (const topic of TOPICS) await client.query(`SELECT ${SCHEMA}.next_job_id($1)`, [topic]);
    for (const role of roles.map((name) => client.escapeIdentifier(name)))
      await client.query(
        `GRANT USAGE ON SCHEMA ${SCHEMA} TO ${role};
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${SCHEMA} TO ${role};
         GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA ${SCHEMA} TO ${role};
         GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${SCHEMA} TO ${role};`,
      );
  } catch (cause) {
    throw queueUnavailable(cause);
  } finally {
    await client.end().catch(() => {});
  }
}
