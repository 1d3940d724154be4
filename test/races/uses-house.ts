import { systemClock } from '@mandate/core';
import { migrate, openDatabase, webRecord, type Database } from '@mandate/store';
import pg from 'pg';
import { startTestPostgres } from '../kit/postgres.js';

/** A record that many processes' worth of connections fight over. */
export async function contendedRecord(connections: number) {
  const postgres = await startTestPostgres();
  await migrate(postgres.url, systemClock);
  const owner = new pg.Pool({ connectionString: postgres.url, max: 2 });
  owner.on('error', () => undefined);
  const databases: Database[] = [];
  // Two pools, as two web processes have.
  const records = [0, 1].map(() => {
    const db = openDatabase(postgres.url, 'web', connections);
    databases.push(db);
    return webRecord(db);
  });
  return {
    owner,
    records,
    stop: async () => {
      await Promise.all(databases.map((db) => db.destroy()));
      await owner.end();
      await postgres.stop();
    },
  };
}

/** In an order of the seed's. */
export function shuffled<T>(items: readonly T[], next: (below: number) => number): T[] {
  const all = [...items];
  for (let i = all.length - 1; i > 0; i--) {
    const j = next(i + 1);
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all;
}

/** How often each answer was given. */
export function tally(answers: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1;
  return counts;
}

export const full = Boolean(process.env['TEST_FULL']);
export const seed = Number(process.env['RACE_SEED'] ?? Date.now() % 1_000_000);
export const say = (line: string): void => void process.stdout.write(`${line}\n`);
