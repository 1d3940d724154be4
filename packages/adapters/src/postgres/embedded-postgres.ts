import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, rename, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError, systemRandom, type Random } from '@mandate/core';
import pg from 'pg';
import { postgresAccount } from './postgres-account.js';
import { postgresBinaries } from './postgres-binaries.js';
import {
  EMBEDDED_OWNER,
  POSTGRES_ENVIRONMENT,
  initCluster,
  keepPassword,
  locateCluster,
  type Installation,
} from './postgres-cluster.js';
import { dropReusedPid, livePostmaster } from './postmaster-pid.js';

export const EMBEDDED_DATABASE = 'mandate';

export interface EmbeddedPostgres {
  /** `postgres://mandate_owner:…@127.0.0.1:port/mandate`; the port differs from start to start. */
  readonly url: string;
  /** Fast shutdown: open sessions are ended, data is checkpointed. Idempotent. */
  stop(): Promise<void>;
}

/** Small on purpose: an evaluation machine has 2 cores, and PostgreSQL is not the only guest. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '240',
  shared_buffers: '32MB',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  io_method: 'sync',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  jit: 'off',
};

// sh is replaced by the server; the watcher it leaves behind holds our pipe, and ends the server
// (SIGINT: fast shutdown) when the pipe closes, which the kernel does even after kill -9.
const WATCHED =
  'exec 3<&0 </dev/null; (while read -r _ <&3; do :; done; kill -INT $$) >/dev/null 2>&1 & exec 3<&-; exec "$@"';

/**
 * Starts a real PostgreSQL on a folder of its own, on loopback with a password, and creates the
 * database `mandate`. It ends with this process, however that ends.
 * Throws `already-running` when another process has this folder's server, `config-invalid` when
 * the platform or account is unfit, `database-unavailable` when the server does not come up.
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string;
  log?: (line: string) => void;
  random?: Random;
}): Promise<EmbeddedPostgres> {
  const { log = () => {}, random = systemRandom } = options;
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true });
  const cluster = await locateCluster(dataDir, random, log);
  const account = await postgresAccount(cluster);
  const native = await postgresBinaries(account, dataDir, random);
  await refuseSecond(cluster, log);
  const password = await keepPassword(join(dataDir, 'password'), random);
  if (!(await stat(cluster).catch(() => undefined))) {
    log('PostgreSQL: first start, making the cluster');
    await initCluster({ cluster, native, account, password, random });
  }
  const { child, port } = await startServer({ cluster, native, account, dataDir, log });
  const stop = stopper(child);
  const urlOf = (database: string): string =>
    `postgres://${EMBEDDED_OWNER}:${password}@127.0.0.1:${port}/${database}`;
  try {
    await createDatabase(urlOf('postgres'));
  } catch (cause) {
    await stop();
    throw new DomainError('database-unavailable', 'embedded PostgreSQL refused us', { cause });
  }
  log(`PostgreSQL: ready on 127.0.0.1:${port}`);
  return { url: urlOf(EMBEDDED_DATABASE), stop };
}

/** A server that is stopping (its launcher was just killed) is waited for; a settled one is not ours to touch. */
async function refuseSecond(cluster: string, log: (line: string) => void): Promise<void> {
  for (let waited = 0; ; waited += 50) {
    const running = await livePostmaster(cluster);
    if (!running) return dropReusedPid(cluster);
    // A fresh orphan needs a moment to notice; one that has begun to stop may checkpoint for long.
    if (waited >= (running.status === 'stopping' ? 60_000 : 2000))
      throw new DomainError('already-running', `a server with pid ${running.pid} has this folder`);
    if (waited === 0) log('PostgreSQL: waiting for the previous server to end');
    await sleep(50);
  }
}

/** A port can be taken between choosing and binding, and dying backends can hold memory: try again. */
async function startServer(
  at: Installation & { dataDir: string; log: (line: string) => void },
): Promise<{ child: ChildProcess; port: number }> {
  const logPath = join(at.dataDir, 'postgres.log');
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const child = await spawnServer(at, port, logPath);
    if (await becomesReady(child, at.cluster)) return { child, port };
    child.stdin?.destroy();
    const other = await livePostmaster(at.cluster);
    if (other)
      throw new DomainError('already-running', `a server with pid ${other.pid} has this folder`);
    if (attempt === 5)
      throw new DomainError('database-unavailable', `embedded PostgreSQL ended, see ${logPath}`);
    at.log(`PostgreSQL: attempt ${attempt} failed, again`);
    await sleep(200 * attempt);
  }
}

async function spawnServer(at: Installation, port: number, logPath: string): Promise<ChildProcess> {
  const big = ((await stat(logPath).catch(() => undefined))?.size ?? 0) > 8 << 20;
  if (big) await rename(logPath, `${logPath}.1`);
  const out = await open(logPath, 'a', 0o600);
  const settings = Object.entries({ ...SETTINGS, port: String(port) });
  const child = spawn(
    '/bin/sh',
    [
      ['-c', WATCHED, 'sh', join(at.native, 'bin', 'postgres'), '-D', at.cluster],
      settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ].flat(),
    {
      ...at.account,
      cwd: '/',
      env: POSTGRES_ENVIRONMENT,
      stdio: ['pipe', out.fd, out.fd],
      // Its own process group: Ctrl-C in the terminal must reach us, who drain first, not it.
      detached: true,
    },
  );
  await Promise.race([once(child, 'spawn'), once(child, 'error')]).finally(() => out.close());
  return child;
}

async function becomesReady(child: ChildProcess, cluster: string): Promise<boolean> {
  child.stdin?.on('error', () => {});
  while (child.exitCode === null && child.signalCode === null && child.pid) {
    const running = await livePostmaster(cluster);
    if (running?.pid === child.pid && running.status === 'ready') {
      // It must not keep a finished process alive; our end closes the pipe, the pipe ends it.
      child.unref();
      (child.stdin as unknown as { unref?(): void } | null)?.unref?.();
      return true;
    }
    await sleep(20);
  }
  return false;
}

function stopper(child: ChildProcess): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    const ended = once(child, 'exit');
    child.stdin?.destroy();
    child.kill('SIGINT');
    await ended;
  };
  return () => (stopping ??= stop());
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [
      EMBEDDED_DATABASE,
    ]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${EMBEDDED_DATABASE}`);
  } finally {
    await client.end();
  }
}
