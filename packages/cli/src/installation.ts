import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@mandate/adapters';
import { systemClock, systemRandom, type Clock, type Random } from '@mandate/core';
import { loadConfig, type Config } from '@mandate/runtime';
import { administration, migrate, openDatabase, type Administration } from '@mandate/store';

/** What administration commands work with: the owner's connection of the configured installation. */
export interface Installation {
  readonly config: Config;
  readonly ownerUrl: string;
  readonly administration: Administration;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Opens the installation `DATABASE_URL` or `DATA_DIR` names: with the embedded database the running
 * one if there is one, else it is started for this command alone.
 */
export async function withInstallation<T>(work: (it: Installation) => Promise<T>): Promise<T> {
  const config = loadConfig('command');
  const clock = systemClock;
  const random = systemRandom;
  const closers: (() => Promise<unknown>)[] = [];
  try {
    let ownerUrl = config.databaseUrl;
    if (ownerUrl === 'embedded:') {
      const note = join(config.dataDir, 'owner-url');
      if (existsSync(note)) ownerUrl = readFileSync(note, 'utf8').trim();
      else {
        const postgres = await startEmbeddedPostgres({ dataDir: join(config.dataDir, 'postgres') });
        closers.push(postgres.stop);
        ownerUrl = postgres.url;
      }
    }
    await migrate(ownerUrl, clock);
    const owner = openDatabase(ownerUrl, undefined, 2);
    closers.push(() => owner.destroy());
    return await work({ config, ownerUrl, administration: administration(owner), clock, random });
  } finally {
    for (const close of closers.reverse()) await close();
  }
}
