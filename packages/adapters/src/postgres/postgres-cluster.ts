import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DomainError, toBase64Url, toHex, type Random } from '@mandate/core';
import { writeOnce } from '../write-once.js';
import { canReach, postgresAccount, type PostgresAccount } from './postgres-account.js';

export const EMBEDDED_OWNER = 'mandate_owner';

/** No inherited environment: its locale, libraries and PG* variables are not ours to trust. */
export const POSTGRES_ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' };

/**
 * `<dataDir>/cluster`; but as root below an unreadable folder (/root, mktemp -d) the server's
 * account cannot get there, so the cluster lies in /var/lib/mandate and `cluster-path` says where.
 * It stays there when the data folder is deleted: removing data is nobody's side effect.
 */
export async function locateCluster(
  dataDir: string,
  random: Random,
  log: (line: string) => void,
): Promise<string> {
  const inside = join(dataDir, 'cluster');
  const pointer = join(dataDir, 'cluster-path');
  const elsewhere = (await readFile(pointer, 'utf8').catch(() => '')).trim();
  if (elsewhere) return elsewhere;
  if (await stat(inside).catch(() => undefined)) return inside;
  const account = await postgresAccount(inside);
  if (!account) return inside;
  // The account needs to pass through, not to list; password and log in here are 0600.
  await chmod(dataDir, 0o711);
  if (canReach(account, dataDir)) return inside;
  // What is made below a temporary folder may vanish with the others there.
  const passing = dataDir.startsWith(join(tmpdir(), '/'));
  const home = passing ? tmpdir() : '/var/lib/mandate';
  if (!passing) await mkdir(home, { recursive: true, mode: 0o755 });
  const outside = join(home, `mandate-cluster-${toHex(random.bytes(8))}`);
  await writeOnce(pointer, `${outside}\n`, 0o600);
  log(`PostgreSQL: ${dataDir} cannot be entered by an unprivileged account`);
  const chosen = (await readFile(pointer, 'utf8')).trim();
  log(`PostgreSQL: its data goes to ${chosen}`);
  return chosen;
}

/** The owner's password, drawn at first start. */
export async function keepPassword(path: string, random: Random): Promise<string> {
  await writeOnce(path, `${toBase64Url(random.bytes(24))}\n`, 0o600);
  return (await readFile(path, 'utf8')).trim();
}

export interface Installation {
  readonly cluster: string;
  readonly native: string;
  readonly account: PostgresAccount | undefined;
}

/** initdb beside the target, then rename: a crash in between leaves no half cluster. */
export async function initCluster(
  at: Installation & { password: string; random: Random },
): Promise<void> {
  const { cluster, native, account, password } = at;
  const fresh = `${cluster}.new-${toHex(at.random.bytes(8))}`;
  await mkdir(join(fresh, 'cluster'), { recursive: true, mode: 0o700 });
  const passwordFile = join(fresh, 'password');
  await (await open(passwordFile, 'wx', 0o600)).close();
  if (account)
    for (const path of [fresh, join(fresh, 'cluster'), passwordFile])
      await chown(path, account.uid, account.gid);
  const file = await open(passwordFile, 'w');
  await file.writeFile(password);
  await file.close();
  const args = [
    ['-D', join(fresh, 'cluster'), '-U', EMBEDDED_OWNER, '--pwfile', passwordFile],
    ['--auth=scram-sha-256', '--encoding=UTF8', '--no-instructions'],
    // Built-in locale: the same order on every system, whatever its C library or ICU says.
    ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
  ].flat();
  try {
    await promisify(execFile)(join(native, 'bin', 'initdb'), args, {
      ...account,
      cwd: '/',
      env: POSTGRES_ENVIRONMENT,
    });
    await rename(join(fresh, 'cluster'), cluster);
  } catch (cause) {
    // Another process may have been first; then its server decides what happens next.
    if (!(await stat(cluster).catch(() => undefined)))
      throw new DomainError('database-unavailable', 'embedded PostgreSQL: initdb failed', {
        cause,
      });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}
