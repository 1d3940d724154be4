import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { DATABASE_ROLES, DomainError, type Clock } from '@mandate/core';

const FOLDER = fileURLToPath(new URL('../migrations', import.meta.url));
/** Any number, the same everywhere: one migration at a time. */
const LOCK = 7_141_982;

/**
 * Brings the database to the newest schema: roles, then every `NNNN-name.sql` not yet applied, each
 * in its own transaction. Applied files are never edited: a changed digest throws `config-invalid`.
 * `url` is the owner's; it needs CREATEROLE the first time. Returns what was applied.
 */
export async function migrate(url: string, clock: Clock): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await createRoles(client);
    await client.query(
      `CREATE TABLE IF NOT EXISTS migrations
         (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL)`,
    );
    const { rows } = await client.query<{ name: string; checksum: string }>(
      'SELECT name, checksum FROM migrations',
    );
    const done = new Map(rows.map((row) => [row.name, row.checksum]));
    const applied: string[] = [];
    for (const { name, sql, digest } of await knownMigrations()) {
      if (done.has(name)) {
        if (done.get(name) !== digest)
          throw new DomainError(
            'config-invalid',
            `migration ${name} was changed after it was applied`,
          );
        continue;
      }
      await client.query('BEGIN');
      try {
        await client.query(sql);
        await client.query('INSERT INTO migrations VALUES ($1, $2, $3)', [
          name,
          digest,
          clock.now(),
        ]);
        await client.query('COMMIT');
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      }
      applied.push(name);
    }
    return applied;
  } finally {
    await client.end();
  }
}

/** The migrations of this build, in their order; `digest` is SHA-256, hex. */
export async function knownMigrations(): Promise<
  readonly { readonly name: string; readonly sql: string; readonly digest: string }[]
> {
  const names = (await readdir(FOLDER)).filter((name) => /^\d{4}-.*\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(`${FOLDER}/${name}`, 'utf8');
      return { name, sql, digest: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** Roles belong to the cluster, so another database may have made them already. */
async function createRoles(client: pg.Client): Promise<void> {
  for (const role of DATABASE_ROLES) {
    await client.query(`DO $$ BEGIN
        IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'mandate_${role}') THEN
          CREATE ROLE mandate_${role} NOLOGIN;
        END IF;
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
      END $$`);
  }
}

/**
 * A login that is a member of one role only, for a process of its own.
 * Throws `invalid-request` for an unknown role.
 */
export async function createLogin(
  url: string,
  roles: readonly string[],
  name: string,
  password: string,
): Promise<void> {
  if (
    !/^[a-z][a-z0-9_]{0,40}$/.test(name) ||
    roles.some((r) => !(DATABASE_ROLES as readonly string[]).includes(r))
  )
    throw new DomainError('invalid-request', 'unknown role or unusable login name');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
    const verb = rowCount ? 'ALTER' : 'CREATE';
    await client.query(
      `${verb} ROLE ${name} LOGIN INHERIT PASSWORD ${client.escapeLiteral(password)}`,
    );
    for (const role of roles) await client.query(`GRANT mandate_${role} TO ${name}`);
  } finally {
    await client.end();
  }
}
