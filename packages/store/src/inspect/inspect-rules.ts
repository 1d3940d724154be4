import pg from 'pg';
import { toHex, type Clock, type Random } from '@mandate/core';
import { migrate } from '../migrate.js';

/** Tables that hold rules: their rows come from migrations alone. */
const RULE_TABLES = [
  ...['transitions', 'event_writers', 'ledger_writers', 'wakers', 'webhook_types'],
  ...['retention_rules', 'identity_policies'],
  ...['case_kinds', 'case_steps', 'staff_role_kinds', 'staff_roles_apart'],
];

/** Everything in the database that decides, one line each: `function …`, `trigger …`, `constraint …`, `row …`. */
const RULES = `
  SELECT 'function ' || p.oid::regprocedure || ' ' || md5(pg_get_functiondef(p.oid)) AS rule
    FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  UNION ALL
  SELECT 'trigger ' || c.relname || '.' || t.tgname || ' ' || md5(pg_get_triggerdef(t.oid))
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
  UNION ALL
  SELECT 'constraint ' || c.relname || '.' || k.conname || ' ' || md5(pg_get_constraintdef(k.oid))
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE c.relnamespace = 'public'::regnamespace AND k.contype <> 'n'
  UNION ALL
  SELECT 'index ' || i.indexname || ' ' || md5(i.indexdef) FROM pg_indexes i WHERE i.schemaname = 'public'
  UNION ALL
  SELECT 'view ' || v.viewname || ' ' || md5(v.definition) FROM pg_views v WHERE v.schemaname = 'public'`;

/** What decides and is not as released; `null`: this login may not make the database it is compared with. */
export interface RulesInspection {
  /** Of a fresh database and not of this one, without digests: `trigger events.event_chain`. */
  readonly missing: readonly string[];
  readonly added: readonly string[];
}

/**
 * Compares functions, triggers, constraints, indexes, views and rows of rules with those of a fresh database that
 * the same build makes beside this one, for a moment, and drops again.
 */
export async function inspectRules(
  url: string,
  { clock, random }: { clock: Clock; random: Random },
): Promise<RulesInspection | null> {
  const name = `mandate_doctor_${toHex(random.bytes(6))}`;
  const made = await statement(url, `CREATE DATABASE ${name}`).catch((error: { code?: string }) => {
    // insufficient_privilege, or a template somebody is connected to
    if (error.code === '42501' || error.code === '55006') return null;
    throw error;
  });
  if (!made) return null;
  const fresh = new URL(url);
  fresh.pathname = `/${name}`;
  try {
    await migrate(fresh.href, clock);
    const [expected, actual] = [await rulesOf(fresh.href), await rulesOf(url)];
    const named = (of: ReadonlySet<string>, without: ReadonlySet<string>): string[] =>
      [...of]
        .filter((rule) => !without.has(rule))
        .map((rule) => rule.replace(/ [0-9a-f]{32}$/, ''));
    return { missing: named(expected, actual), added: named(actual, expected) };
  } finally {
    await statement(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}

async function rulesOf(url: string): Promise<ReadonlySet<string>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ rule: string }>(RULES);
    const rules = new Set(rows.map(({ rule }) => rule));
    for (const table of RULE_TABLES) {
      const { rows: there } = await client.query<{ row: string }>(
        `SELECT t::text AS row FROM public.${table} t`,
      );
      for (const { row } of there) rules.add(`row ${table} ${row}`);
    }
    return rules;
  } finally {
    await client.end();
  }
}

async function statement(url: string, sql: string): Promise<true> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    await client.query(sql);
    return true;
  } finally {
    await client.end();
  }
}
