import { systemClock } from '@mandate/core';
import { migrate } from '@mandate/store';
import pg from 'pg';

/** Every row of a database that somebody goes on using, into a new one of the same schema. */
export async function backUp(from: string, to: string): Promise<void> {
  await migrate(to, systemClock);
  const [source, target] = [new pg.Client(from), new pg.Client(to)];
  await Promise.all([source.connect(), target.connect()]);
  try {
    await source.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await target.query('SET session_replication_role = replica');
    const { rows: tables } = await source.query<{ name: string; columns: string; json: string }>(
      `SELECT table_name AS name, string_agg(format('%I', column_name), ', ' ORDER BY ordinal_position) AS columns
       FROM information_schema.columns JOIN pg_tables t ON t.tablename = table_name AND t.schemaname = 'public'
       WHERE table_schema = 'public' AND is_generated = 'NEVER' GROUP BY table_name`,
    );
    for (const { name, columns } of tables) {
      const { rows } = await source.query(`SELECT to_jsonb(t)::text AS row FROM public.${name} t`);
      await target.query(`DELETE FROM public.${name}`);
      await target.query(
        `INSERT INTO public.${name} (${columns}) OVERRIDING SYSTEM VALUE
         SELECT ${columns} FROM jsonb_populate_recordset(NULL::public.${name}, $1::jsonb)`,
        [`[${rows.map(({ row }) => row).join(',')}]`],
      );
    }
    const { rows: serials } = await target.query<{ name: string; column: string }>(
      `SELECT table_name AS name, column_name AS column FROM information_schema.columns
       WHERE table_schema = 'public' AND is_identity = 'YES'`,
    );
    for (const { name, column } of serials)
      await target.query(
        `SELECT setval(pg_get_serial_sequence('public.${name}', '${column}'),
           greatest(1, (SELECT max(${column}) FROM public.${name})))`,
      );
  } finally {
    await Promise.all([source.end(), target.end()]);
  }
}
