import { sql, type RawBuilder } from 'kysely';
import type { Tx } from './connect.js';

/** Rows fetched at once. */
const PAGE = 1000;

/** A statement without parameters, its rows read as they are wanted. */
export async function* streamed<T extends object>(
  tx: Tx,
  name: string,
  statement: RawBuilder<unknown>,
): AsyncIterable<T> {
  const cursor = sql.id(name);
  await sql`DECLARE ${cursor} NO SCROLL CURSOR FOR ${statement}`.execute(tx);
  for (;;) {
    const { rows } = await sql<T>`FETCH ${sql.lit(PAGE)} FROM ${cursor}`.execute(tx);
    yield* rows;
    if (rows.length < PAGE) break;
  }
  await sql`CLOSE ${cursor}`.execute(tx);
}
