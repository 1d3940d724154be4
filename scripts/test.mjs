// All tests, or those named: `npm test -- packages/pki`. `--faults`, `--races`, `--insider` and `--browser` run the
// whole of those suites instead of their seeded slices. Only Node's own modules may be imported here at the top.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { fail, ROOT, run } from './steps.mjs';
import { ensureTools, findChromium, startRedis } from './test-services.mjs';

const given = process.argv.slice(2);
const suite = ['faults', 'races', 'insider', 'browser'].find((name) => given.includes(`--${name}`));
const args = given.filter((arg) => arg !== `--${suite}`);

const NODE_ARGS = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  '--enable-source-maps',
];

/**
 * Long files of suites that have a command of their own. `npm test` runs one of them, which one the seed says;
 * `npm run test:browser`, `test:faults` and `test:desk` run all.
 */
const LONG = [
  ...['sample', 'sets', 'canary', 'dead-authorities', 'passkeys', 'limits', 'own', 'widget'].map(
    (name) => `test/browser/${name}.test`,
  ),
  'test/browser/accessibility.test',
  'test/faults/killing.test',
  'test/faults/reports.test',
  'test/browser/desk-reports.test',
  'test/integration/api/desk-reports.test',
  'test/browser/desk-review.test',
  'test/browser/desk-search.test',
  'test/browser/desk.test',
  'test/browser/desk-views.test',
];

/** Files of half a minute and more with no command of their own: one in three runs, by the seed; `TEST_FULL=1` runs all. */
const SLOW = [
  'test/integration/processes/apart.test',
  ...['attempts', 'archive', 'generations', 'desk-openings'].map(
    (name) => `test/integration/record/${name}.test`,
  ),
  ...['passkeys', 'presentation', 'standard-protocols', 'sets', 'id-images', 'steps'].map(
    (name) => `test/integration/api/${name}.test`,
  ),
  ...['desk-review', 'dead-authorities', 'webhooks', 'identity', 'own'].map(
    (name) => `test/integration/api/${name}.test`,
  ),
  'test/integration/command/commands.test',
  'test/browser/hostile-host.test',
  'test/browser/verification.test',
  'test/faults/points.test',
];

await ensureBuilt();

/** Everything started here, ended in reverse order whatever happens. */
const stops = [];
process.on('SIGINT', () => {}); // jest gets it as well and ends; what was started is stopped below
let code = 1;
try {
  await ensureTools();
  const chromium = await findChromium();
  const redis = await startRedis();
  stops.push(() => redis.stop());
  const postgres = await startPostgres();
  code = await run(
    process.execPath,
    [...NODE_ARGS, join(ROOT, 'node_modules/jest/bin/jest.js'), ...jestArgs()],
    {
      env: {
        CHROMIUM: chromium,
        REDIS_URL: redis.url,
        TEST_DATABASE_URL: postgres,
        TEST_DATABASE_TEMPLATE: await migratedTemplate(postgres),
        // suites with a full and a seeded form look here
        TEST_FULL: suite ? '1' : '',
        NODE_ENV: 'test',
      },
    },
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
} finally {
  for (const stop of stops.reverse()) await stop();
}
if (code !== 0) fail(suite ? `${suite} suite` : 'tests');

function leftOut() {
  const named = args.some((arg) => !arg.startsWith('-'));
  if (suite || named || process.env.TEST_FULL === '1') return [];
  const seed = Number(process.env.TEST_SEED ?? 20261125);
  const left = [
    ...LONG.filter((_, i) => i !== seed % LONG.length),
    ...SLOW.filter((_, i) => i % 3 !== seed % 3),
  ];
  console.log(`left out with seed ${seed} (TEST_FULL=1 runs all): ${left.join(', ')}`);
  return ['/node_modules/', '/dist/', ...left];
}

function jestArgs() {
  const workers = Math.max(2, Math.floor(availableParallelism() / 2));
  return [
    `--maxWorkers=${workers}`,
    // every test file is a module graph of its own, and Node 20 never frees one entirely
    '--workerIdleMemoryLimit=1GB',
    // the browser suite names its files itself
    ...(suite && suite !== 'browser' ? [`test/${suite}`] : []),
    ...leftOut().flatMap((pattern) => ['--testPathIgnorePatterns', pattern]),
    ...args,
  ];
}

/** A database with every migration applied, which nobody connects to; suites get copies of it. */
async function migratedTemplate(url) {
  const { migrate } = await import('@mandate/store');
  const { default: pg } = await import('pg');
  const name = `template_${randomBytes(6).toString('hex')}`;
  const say = async (sql) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await say(`CREATE DATABASE ${name}`);
  stops.push(() => say(`DROP DATABASE ${name} WITH (FORCE)`));
  const own = new URL(url);
  own.pathname = `/${name}`;
  await migrate(own.href, { now: () => new Date() });
  return name;
}

/** One real PostgreSQL for the whole run; each suite makes its own databases on it. */
async function startPostgres() {
  if (process.env.TEST_DATABASE_URL) return process.env.TEST_DATABASE_URL;
  const { startEmbeddedPostgres } = await import('@mandate/adapters');
  const folder = mkdtempSync(join(tmpdir(), 'mandate-test-postgres-'));
  // as root the server runs under another account, which has to pass through
  chmodSync(folder, 0o711);
  const server = await startEmbeddedPostgres({ dataDir: folder });
  stops.push(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return server.url;
}
