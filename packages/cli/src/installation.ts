import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@mandate/adapters';
import { DomainError, systemClock, systemRandom, type Clock, type Random } from '@mandate/core';
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
 * one if there is one, else it is started for this command alone. `anew`: where there is none it is made; every other
 * command would make one beside the one that was meant. Throws `config-invalid`.
 */
export async function withInstallation<T>(
  work: (it: Installation) => Promise<T>,
  { anew = false }: { anew?: boolean } = {},
): Promise<T> {
  const config = loadConfig('command');
  const clock = systemClock;
  const random = systemRandom;
  const closers: (() => Promise<unknown>)[] = [];
  try {
    let ownerUrl = config.databaseUrl;
    if (ownerUrl === 'embedded:') {
      if (!anew && !existsSync(join(config.dataDir, 'postgres')))
        throw new DomainError(
          'config-invalid',
          `there is no installation in ${config.dataDir}: start it first (npm start), or say where it is (DATA_DIR or DATABASE_URL)`,
        );
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
