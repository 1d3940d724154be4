import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { startEmbeddedPostgres } from './embedded-postgres.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mandate-pg-'));
  await chmod(folder, 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  // The server may end this session at any time; that is what some tests are about.
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end().catch(() => {});
  }
}

test('starts, keeps what it is told across kill -9, refuses a second start and a wrong password', async () => {
  const dataDir = join(folder, 'data');
  const first = await startEmbeddedPostgres({ dataDir });
  await query(first.url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
  const settings = await query(
    first.url,
    `SELECT current_setting('fsync') f, current_setting('server_encoding') e,
            pg_encoding_to_char(encoding) d, (SELECT rolcreaterole FROM pg_roles WHERE rolname = current_user) c
       FROM pg_database WHERE datname = current_database()`,
  );
  expect(settings).toEqual([{ f: 'on', e: 'UTF8', d: 'UTF8', c: true }]);

  await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
    code: 'already-running',
  });
  const wrong = new URL(first.url);
  wrong.password = 'guess';
  await expect(query(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });

  const pid = Number(
    (await readFile(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0],
  );
  process.kill(pid, 'SIGKILL');
  const second = await startEmbeddedPostgres({ dataDir });
  expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  await second.stop();
  await second.stop();
  await expect(query(second.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect((await stat(join(dataDir, 'cluster'))).mode & 0o777).toBe(0o700);
  expect((await stat(join(dataDir, 'password'))).mode & 0o777).toBe(0o600);
}, 60_000);

/** A process of its own on the built package, since this one must survive. */
function startElsewhere(dataDir: string) {
  const built = new URL('../../dist/index.js', import.meta.url).href;
  const script = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(built)});
    const { url } = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} });
    console.log(url);
    setInterval(() => {}, 1000);`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

test('the server ends with its process even after kill -9, and the next start waits for that', async () => {
  const dataDir = join(folder, 'killed');
  const child = startElsewhere(dataDir);
  const [first] = (await once(child.stdout, 'data')) as [Buffer];
  const url = first.toString().trim();
  await query(url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (8)');
  child.kill('SIGKILL');
  const next = await startEmbeddedPostgres({ dataDir });
  expect(await query(next.url, 'SELECT n FROM kept')).toEqual([{ n: 8 }]);
  await next.stop();
  await expect(query(url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
}, 60_000);

test('of two processes that start at once on a new folder one gets it', async () => {
  const dataDir = join(folder, 'raced');
  const results = await Promise.allSettled([
    startEmbeddedPostgres({ dataDir }),
    startEmbeddedPostgres({ dataDir }),
  ]);
  const won = results.filter((result) => result.status === 'fulfilled');
  expect(won).toHaveLength(1);
  expect(results.find((result) => result.status === 'rejected')).toMatchObject({
    reason: { code: 'already-running' },
  });
  expect(await query(won[0]!.value.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await won[0]!.value.stop();
}, 60_000);

test('a pid left by a crash and reused by another program does not stop the next start', async () => {
  const dataDir = join(folder, 'reused');
  const first = await startEmbeddedPostgres({ dataDir });
  const pidFile = join(dataDir, 'cluster', 'postmaster.pid');
  const left = await readFile(pidFile, 'utf8');
  await first.stop();
  const other = spawn('sleep', ['60']);
  await writeFile(pidFile, left.replace(/^\d+/, String(other.pid)));
  try {
    const second = await startEmbeddedPostgres({ dataDir });
    await second.stop();
  } finally {
    other.kill();
  }
}, 60_000);

const asRoot = process.getuid?.() === 0 ? test : test.skip;
asRoot(
  'root below an unreadable folder: the cluster goes where its account gets, and is found again',
  async () => {
    const hidden = join(folder, 'hidden');
    await mkdir(hidden, { mode: 0o700 });
    const dataDir = join(hidden, 'data');
    const lines: string[] = [];
    const first = await startEmbeddedPostgres({ dataDir, log: (line) => lines.push(line) });
    await query(first.url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (9)');
    await first.stop();
    const second = await startEmbeddedPostgres({ dataDir });
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 9 }]);
    await second.stop();
    const elsewhere = (await readFile(join(dataDir, 'cluster-path'), 'utf8')).trim();
    expect(lines.join()).toContain(elsewhere);
    expect(spawnSync('stat', ['-c', '%a %u', elsewhere]).stdout.toString()).toMatch(/^700 [1-9]/);
    await rm(elsewhere, { recursive: true });
  },
  60_000,
);
