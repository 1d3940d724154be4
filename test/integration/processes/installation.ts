import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { startRedis } from '../../../scripts/test-services.mjs';
import { freePort } from '../../kit/free-port.js';
import { startTestPostgres } from '../../kit/postgres.js';

export const ROOT = resolve(fileURLToPath(new URL('../../..', import.meta.url)));
const run = promisify(execFile);

export type ProcessName = 'web' | 'worker' | 'desk' | 'ra+vault' | 'ca+seal' | 'tsa' | 'ledger';
export const AUTHORITIES = ['ra+vault', 'ca+seal', 'tsa', 'ledger'] as const;
export type CallerName = 'web' | 'worker' | 'desk' | 'authority';

export interface Running {
  readonly child: ChildProcess;
  /** Everything it wrote. */
  log(): string;
  /** Ends it and resolves to its exit code (null after a signal that ended it). */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Exit code and both streams of a finished command. */
export interface Finished {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Installation {
  readonly url: string;
  /** Internal origin of each authority process. */
  readonly authorityUrls: Readonly<Record<(typeof AUTHORITIES)[number], string>>;
  readonly deskUrl: string;
  readonly callerKeys: Readonly<Record<CallerName, string>>;
  /** Database URL of each process's own login. */
  readonly logins: Readonly<Record<string, string>>;
  readonly ownerUrl: string;
  readonly redisUrl: string;
  readonly keysFolder: string;
  readonly trustFolder: string;
  readonly processes: Map<ProcessName, Running>;
  start(name: ProcessName): Promise<void>;
  mandate(...args: string[]): Promise<Finished>;
  /** Node's permission model as web and worker run under it: no path to any key. */
  readonly confined: readonly string[];
  stop(): Promise<void>;
}

/** Which database roles each process's login gets; the timestamp process needs no database. */
const LOGINS: Readonly<Record<string, string>> = {
  web: 'web',
  worker: 'worker',
  desk: 'desk',
  ra_vault: 'ra,vault',
  ca_seal: 'ca,seal',
  ledger: 'ledger',
};
const ROLES: Readonly<Record<(typeof AUTHORITIES)[number], string>> = {
  'ra+vault': 'ra,vault',
  'ca+seal': 'ca,seal',
  tsa: 'tsa',
  ledger: 'ledger',
};

/** A command with nothing of our own environment but PATH. */
export async function command(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Finished> {
  try {
    const { stdout, stderr } = await run(file, [...args], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      timeout: 60_000,
    });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}

/**
 * An installation as in production: set up by command, one database login per process, Redis for
 * the queue, the authority in four processes, web and worker without any way to a key.
 */
export async function install(): Promise<Installation> {
  const postgres = await startTestPostgres();
  const redis = await startRedis();
  const folder = await mkdtemp(join(tmpdir(), 'mandate-apart-'));
  await chmod(folder, 0o711);
  const [keysFolder, trustFolder, objects] = ['keys', 'trust', 'objects'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  await mkdir(objects);
  const suffix = randomBytes(4).toString('hex');
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const common = { PUBLIC_URL: url, LEDGER_ORIGIN: 'apart.test/ledger', TRUST_DIR: trustFolder };
  const keys = Object.fromEntries(
    ['RA', 'CA', 'TSA', 'SEAL', 'LEDGER', 'VAULT'].map((role) => [
      `KEYS_URL_${role}`,
      `file:${join(keysFolder, role.toLowerCase())}`,
    ]),
  );
  const mandate: Installation['mandate'] = (...args) =>
    command(process.execPath, [join(ROOT, 'packages/cli/dist/main.js'), ...args], {
      ...common,
      ...keys,
      DATA_DIR: folder,
      DATABASE_URL: postgres.url,
    });
  const must = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await mandate(...args);
    if (code !== 0) throw new Error(`mandate ${args.join(' ')}: ${code} ${err}`);
    return out;
  };

  await must('set-up', '--operator', 'Tests');
  const logins: Record<string, string> = {};
  await Promise.all(
    Object.entries(LOGINS).map(async ([name, roles]) => {
      const login = `${name}_${suffix}`;
      const out = await must('set-up', 'login', '--name', login, '--roles', roles, '--json');
      logins[name] = (JSON.parse(out) as { url: string }).url;
    }),
  );

  const callers: CallerName[] = ['web', 'worker', 'desk', 'authority'];
  const callerKeys = Object.fromEntries(
    callers.map((caller) => [caller, randomBytes(32).toString('base64url')]),
  ) as Record<CallerName, string>;
  const digests = callers
    .map((name) => `${name}=${createHash('sha256').update(callerKeys[name]).digest('hex')}`)
    .join(',');
  const authorityUrls = Object.fromEntries(
    await Promise.all(
      AUTHORITIES.map(async (name) => [name, `http://127.0.0.1:${await freePort()}`] as const),
    ),
  ) as Installation['authorityUrls'];
  const perRole = Object.fromEntries(
    AUTHORITIES.flatMap((name) =>
      ROLES[name]
        .split(',')
        .map((role) => [`AUTHORITY_URL_${role.toUpperCase()}`, authorityUrls[name]]),
    ),
  );
  const deskPort = await freePort();
  const deskUrl = `http://localhost:${deskPort}`;
  const queue = { QUEUE_URL: redis.url, SMS_URL: 'sandbox:', OBJECTS_URL: `file:${objects}` };
  const environments: Record<ProcessName, Record<string, string>> = {
    web: {
      ...common,
      ...queue,
      ...perRole,
      PORT: String(port),
      DATABASE_URL: logins['web']!,
      AUTHORITY_CALLER_KEY: callerKeys.web,
    },
    desk: {
      ...perRole,
      PUBLIC_URL: url,
      OBJECTS_URL: queue.OBJECTS_URL,
      QUEUE_URL: queue.QUEUE_URL,
      DATABASE_URL: logins['desk']!,
      AUTHORITY_CALLER_KEY: callerKeys.desk,
      DESK_PORT: String(deskPort),
      DESK_URL: deskUrl,
    },
    worker: {
      ...queue,
      ...perRole,
      DATABASE_URL: logins['worker']!,
      AUTHORITY_CALLER_KEY: callerKeys.worker,
    },
    ...(Object.fromEntries(
      AUTHORITIES.map((name) => {
        const roles = ROLES[name].split(',');
        const login = logins[roles.join('_')];
        return [
          name,
          {
            ...common,
            ...perRole,
            OBJECTS_URL: queue.OBJECTS_URL,
            ROLES: ROLES[name],
            DESK_URL: deskUrl,
            AUTHORITY_PORT: new URL(authorityUrls[name]).port,
            AUTHORITY_CALLER_KEY: callerKeys.authority,
            AUTHORITY_CALLERS: digests,
            ...(login ? { DATABASE_URL: login } : {}),
            ...Object.fromEntries(
              roles.map((role) => {
                const variable = `KEYS_URL_${role.toUpperCase()}`;
                return [variable, keys[variable]!];
              }),
            ),
          },
        ];
      }),
    ) as unknown as Record<(typeof AUTHORITIES)[number], Record<string, string>>),
  };

  const permission = Number(process.versions.node.split('.')[0]) >= 24 ? '' : 'experimental-';
  const confined = [
    `--${permission}permission`,
    `--allow-fs-read=${ROOT}`,
    `--allow-fs-read=${objects}`,
    `--allow-fs-write=${objects}`,
    '--allow-child-process',
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=SecurityWarning',
  ];
  const processes = new Map<ProcessName, Running>();
  const start = async (name: ProcessName): Promise<void> => {
    const service = name === 'web' || name === 'worker' || name === 'desk' ? name : 'authority';
    const running = launch(
      [
        ...(service === 'authority' ? [] : confined),
        join(ROOT, `services/${service}/dist/main.js`),
      ],
      { ...environments[name], NODE_ENV: 'test', HOST: '127.0.0.1' },
      folder,
    );
    processes.set(name, running);
    await ready(name, running);
  };
  const stop = async (): Promise<void> => {
    await Promise.all([...processes.values()].map((running) => running.end('SIGKILL')));
    await redis.stop();
    await dropLogins(postgres.url, logins);
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return {
    url,
    deskUrl,
    authorityUrls,
    callerKeys,
    logins,
    ownerUrl: postgres.url,
    redisUrl: redis.url,
    keysFolder,
    trustFolder,
    processes,
    start,
    mandate,
    confined,
    stop,
  };
}

function launch(args: readonly string[], env: Record<string, string>, cwd: string): Running {
  const child = spawn(process.execPath, [...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream!.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  return {
    child,
    log: () => text,
    end: async (signal) => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return (await exited)[0];
    },
  };
}

async function ready(name: string, running: Running): Promise<void> {
  for (let round = 0; round < 2400; round++) {
    if (/"msg":"ready"/.test(running.log())) return;
    if (running.child.exitCode !== null || running.child.signalCode !== null) break;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${name} does not start:\n${running.log()}`);
}

/** Logins belong to the server, not to the test's database: they are taken away again. */
async function dropLogins(ownerUrl: string, logins: Record<string, string>): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  for (const login of Object.values(logins))
    await client.query(`DROP ROLE IF EXISTS ${client.escapeIdentifier(new URL(login).username)}`);
  await client.end();
}
