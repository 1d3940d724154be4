import { CamelCasePlugin, Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { DomainError, type DatabaseRole, type ErrorCode } from '@mandate/core';
import { preparingPool } from './prepared-statements.js';
import type { Tables } from './tables.js';

export type Database = Kysely<Tables>;
export type Tx = Transaction<Tables>;

// bigint columns are identities and ledger indexes: far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
// A day is no moment: as `YYYY-MM-DD`, in no time zone.
pg.types.setTypeParser(pg.types.builtins.DATE, String);

/**
 * Opens a pool that acts as `role` whatever login the URL names: in one process one login is a
 * member of all roles, in production each process has a login that is a member of its own only.
 * Without a role: the owner, for migrations and administration.
 */
export function openDatabase(url: string, role?: DatabaseRole, max = 8): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: 10_000,
    ...(role ? { options: `-c role=mandate_${role} -c statement_timeout=30000` } : {}),
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  return new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: preparingPool(pool) }),
    plugins: [new CamelCasePlugin()],
  });
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  MA001: 'illegal-transition',
  MA002: 'version-conflict',
  MA018: 'identity-required',
  '42501': 'forbidden',
  '40001': 'version-conflict',
  '40P01': 'version-conflict',
};

/** Runs database work; PostgreSQL's refusals become domain errors, its absence `database-unavailable`. */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DomainError) throw error;
    const sqlState = (error as { code?: unknown }).code;
    if (typeof sqlState === 'string') {
      const code = CODES[sqlState];
      if (code) throw new DomainError(code, 'refused by the database', { cause: error });
      // No connection, no resources, shutdown, or stopped by the statement time-out.
      if (/^(08|57P|53)|^57014$|^E[A-Z]+$/.test(sqlState))
        throw new DomainError('database-unavailable', 'the database does not answer', {
          cause: error,
        });
    }
    // The driver reports a pool that is exhausted and a connection that broke without a code.
    if (
      error instanceof Error &&
      /^(timeout exceeded when|Connection terminated|driver has already been destroyed)/.test(
        error.message,
      )
    )
      throw new DomainError('database-unavailable', 'the database does not answer', {
        cause: error,
      });
    throw error;
  }
}

/** True for a violated unique or foreign-key constraint of that name. */
export const violates = (error: unknown, constraint: string): boolean =>
  ['23505', '23503'].includes(String((error as { code?: unknown }).code)) &&
  (error as { constraint?: unknown }).constraint === constraint;

/** Resolves when the database answers. */
export const ping = (db: Database): Promise<unknown> =>
  guarded(() => db.selectNoFrom((e) => e.val(1).as('one')).execute());
