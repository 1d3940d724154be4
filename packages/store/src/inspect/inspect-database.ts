import pg from 'pg';
import { GRANT_RULES, ROLE_NAMES } from './grant-rules.js';
import { knownMigrations } from '../migrate.js';

/** What a look at the database finds; nothing is changed by looking. Empty lists are good. */
export interface DatabaseInspection {
  /** Of the server, e.g. `18.1`. */
  readonly server: string;
  readonly migrations: {
    readonly applied: number;
    /** In this build and not in the database. */
    readonly pending: readonly string[];
    /** Applied with another content than this build has. */
    readonly changed: readonly string[];
    /** In the database and not in this build, which is then the older one. */
    readonly unknown: readonly string[];
  };
  readonly missingRoles: readonly string[];
  /** Roles of ours that may log in, or are more than roles: `mandate_web LOGIN`. */
  readonly strongRoles: readonly string[];
  /** Logins that act as several roles which must be apart: `name: web, vault`. */
  readonly mixedLogins: readonly string[];
  /** `mandate_web has UPDATE on events`, `mandate_vault lacks SELECT on data_keys`. */
  readonly grants: readonly string[];
  /** Rules that are switched off: `events.event_chain`. */
  readonly disabledTriggers: readonly string[];
}

/** Which must never come together in one login: whoever asks, whoever issues, whoever opens. */
const APART = ['mandate_web', 'mandate_ra', 'mandate_ca', 'mandate_ledger', 'mandate_desk'];

/** Throws what the driver throws when nobody answers. */
export async function inspectDatabase(url: string): Promise<DatabaseInspection> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  await client.connect();
  const column = async (sql: string, values: unknown[] = []): Promise<string[]> =>
    (await client.query<{ is: string }>(sql, values)).rows.map((row) => row.is);
  try {
    const [server] = await column(`SELECT current_setting('server_version') AS is`);
    const known = await knownMigrations();
    const [there] = await column(`SELECT to_regclass('public.migrations')::text AS is`);
    const applied = new Map(
      there
        ? (
            await client.query<{ name: string; checksum: string }>(
              'SELECT name, checksum FROM public.migrations',
            )
          ).rows.map((row) => [row.name, row.checksum] as const)
        : [],
    );
    const roles = await column('SELECT rolname AS is FROM pg_roles WHERE rolname = ANY ($1)', [
      ROLE_NAMES,
    ]);
    const pending = known.filter(({ name }) => !applied.has(name)).map(({ name }) => name);
    const complete = pending.length === 0 && roles.length === ROLE_NAMES.length;
    return {
      server: server!.split(' ')[0]!,
      migrations: {
        applied: applied.size,
        pending,
        changed: known
          .filter(({ name, digest }) => applied.has(name) && applied.get(name) !== digest)
          .map(({ name }) => name),
        unknown: [...applied.keys()].filter((name) => !known.some((it) => it.name === name)),
      },
      missingRoles: ROLE_NAMES.filter((name) => !roles.includes(name)),
      strongRoles: await column(
        `SELECT rolname || ' ' || concat_ws(' ', CASE WHEN rolsuper THEN 'SUPERUSER' END,
           CASE WHEN rolcanlogin THEN 'LOGIN' END, CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
           CASE WHEN rolbypassrls THEN 'BYPASSRLS' END) AS is
         FROM pg_roles WHERE rolname = ANY ($1) AND (rolsuper OR rolcanlogin OR rolcreaterole OR rolbypassrls)`,
        [ROLE_NAMES],
      ),
      mixedLogins: await column(
        `SELECT l.rolname || ': ' || string_agg(substr(r.rolname, 9), ', ' ORDER BY r.rolname) AS is
         FROM pg_auth_members m JOIN pg_roles l ON l.oid = m.member JOIN pg_roles r ON r.oid = m.roleid
         WHERE r.rolname = ANY ($1) AND l.rolcanlogin AND NOT l.rolsuper AND NOT l.rolcreaterole
         GROUP BY l.rolname HAVING count(*) > 1`,
        [APART],
      ),
      grants: complete ? await wrongGrants(client) : [],
      disabledTriggers: await column(
        `SELECT c.relname || '.' || t.tgname AS is FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
         WHERE NOT t.tgisinternal AND t.tgenabled = 'D' AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
      ),
    };
  } finally {
    await client.end();
  }
}

async function wrongGrants(client: pg.Client): Promise<string[]> {
  const rules = GRANT_RULES.flatMap(({ table, privilege, roles }) =>
    ROLE_NAMES.map((role) => ({
      ...{ role, table, privilege },
      expected: roles.some((it) => `mandate_${it}` === role),
    })),
  );
  // Column grants count: half a table is enough to break a promise.
  const { rows } = await client.query<{ wrong: string }>(
    `SELECT format('%s %s %s on %s', role, CASE WHEN expected THEN 'lacks' ELSE 'has' END, privilege, "table") AS wrong
     FROM unnest($1::text[], $2::text[], $3::text[], $4::boolean[]) AS rule (role, "table", privilege, expected)
     WHERE expected IS DISTINCT FROM (has_table_privilege(role, 'public.' || "table", privilege)
       OR (privilege IN ('SELECT', 'INSERT', 'UPDATE') AND has_any_column_privilege(role, 'public.' || "table",
         CASE WHEN privilege IN ('SELECT', 'INSERT', 'UPDATE') THEN privilege ELSE 'SELECT' END)))
     ORDER BY 1`,
    [
      rules.map((it) => it.role),
      rules.map((it) => it.table),
      rules.map((it) => it.privilege),
      rules.map((it) => it.expected),
    ],
  );
  return rows.map(({ wrong }) => wrong);
}
