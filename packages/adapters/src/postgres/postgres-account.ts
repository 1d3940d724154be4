import { spawnSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { DomainError } from '@mandate/core';

/** The operating-system account PostgreSQL runs as; undefined means "as ourselves". */
export interface PostgresAccount {
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root, so root lends it an unprivileged account: the owner of an
 * existing cluster, else `postgres`, else `nobody`. It has to be in /etc/passwd because initdb
 * looks itself up there. Throws `config-invalid` when root finds none.
 */
export async function postgresAccount(cluster: string): Promise<PostgresAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(cluster).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  for (const name of ['postgres', 'nobody']) {
    const fields = passwd
      .split('\n')
      .map((line) => line.split(':'))
      .find((f) => f[0] === name);
    if (fields && Number(fields[2]) > 0) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new DomainError(
    'config-invalid',
    'PostgreSQL cannot run as root and there is no postgres or nobody account: start as another user, or set DATABASE_URL',
  );
}

/** Whether the account may enter `folder` or execute the file, asked of the kernel. */
export function canReach(account: PostgresAccount | undefined, path: string): boolean {
  const { status } = spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', path], {
    ...account,
    cwd: '/',
    env: {},
  });
  return status === 0;
}
