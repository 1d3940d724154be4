/**
 * What the tests need besides npm packages: a Redis, a Chromium, and independent tools as oracles.
 * Nothing is skipped silently: what cannot be had is an error that says how to get it.
 */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CACHE = resolve(dirname(fileURLToPath(import.meta.url)), '..', 'test', '.cache');

/** First executable of that name on PATH, or undefined. */
function onPath(name) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const isDebian = () => existsSync('/etc/debian_version') && Boolean(onPath('apt-get'));
const isRoot = () => process.getuid?.() === 0;

/** sh becomes the server; the watcher it leaves ends it when our pipe closes, even after kill -9. */
const WATCHED =
  'exec 3<&0 </dev/null; (while read -r _ <&3; do :; done; kill -TERM $$) >/dev/null 2>&1 & exec 3<&-; exec "$@"';

// ---- Redis ------------------------------------------------------------------------------------

/**
 * A Redis for this test run: REDIS_URL when set, else a private server (PATH, or Debian's packages
 * unpacked below test/.cache without root). `stop` ends only what was started here.
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startRedis() {
  if (process.env.REDIS_URL) return { url: process.env.REDIS_URL, stop: async () => {} };
  const server = await findRedisServer();
  const folder = mkdtempSync(join(tmpdir(), 'mandate-redis-'));
  const port = await freePort();
  const settings = {
    bind: '127.0.0.1',
    port: String(port),
    dir: folder,
    save: '',
    appendonly: 'yes',
    'maxmemory-policy': 'noeviction',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn('/bin/sh', ['-c', WATCHED, 'sh', server.path, ...args], {
    env: { ...process.env, ...server.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdin.on('error', () => {});
  child.stdin.unref();
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text));
    stream.unref?.();
  }
  const exited = once(child, 'exit').catch((error) => (output += error.message));
  const end = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', end);
  const stop = async () => {
    process.removeListener('exit', end);
    child.ref();
    child.kill('SIGTERM');
    await exited;
    child.stdin.destroy();
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; !output.includes('Ready to accept connections'); tries++) {
    if (child.exitCode !== null || !child.pid || tries === 500) {
      await stop();
      throw new Error(`${server.path} does not start:\n${output}`);
    }
    await sleep(20);
  }
  // A suite that forgets `stop` must not hang for it.
  child.unref();
  return { url: `redis://127.0.0.1:${port}`, stop };
}

async function findRedisServer() {
  const path = onPath('redis-server');
  if (path) return { path, env: {} };
  if (isDebian() && onPath('dpkg')) {
    const root = await privatePackages('redis', ['redis-server', 'redis-tools']);
    const server = [`usr/bin/redis-server`, `usr/bin/redis-check-rdb`]
      .map((name) => join(root, name))
      .find(isExecutable);
    if (server) return { path: server, env: { LD_LIBRARY_PATH: libraryPath(root) } };
  }
  throw new Error(
    'The tests need a Redis 6.2 or newer: set REDIS_URL, or install redis-server ' +
      '(Debian: apt-get install redis-server; macOS: brew install redis).',
  );
}

/**
 * Downloads Debian packages and what they depend on, with private apt state (so neither root nor
 * current system lists are needed), and unpacks them below test/.cache. Returns that folder.
 */
async function privatePackages(name, packages) {
  const root = join(CACHE, name);
  const done = join(root, '.complete');
  if (existsSync(done)) return root;
  rmSync(root, { recursive: true, force: true });
  const [state, cache, debs] = ['state', 'cache', 'debs'].map((folder) => join(root, folder));
  for (const folder of [join(state, 'lists', 'partial'), join(cache, 'archives', 'partial'), debs])
    mkdirSync(folder, { recursive: true });
  const options = [
    `Dir::State=${state}`,
    `Dir::State::Lists=${join(state, 'lists')}`,
    'Dir::State::status=/var/lib/dpkg/status',
    `Dir::Cache=${cache}`,
    'Debug::NoLocking=1',
    'APT::Sandbox::User=',
  ].flatMap((option) => ['-o', option]);
  const apt = (tool, ...args) =>
    run(tool, [...options, ...args], { cwd: debs, maxBuffer: 64 << 20 });
  try {
    await apt('apt-get', 'update');
    const { stdout } = await apt(
      'apt-cache',
      ...['depends', '--recurse', '--important', '--no-suggests', '--no-conflicts'],
      ...['--no-breaks', '--no-replaces', '--no-enhances', ...packages],
    );
    const names = stdout.match(/^[a-z0-9][a-z0-9.+-]*(?::\w+)?$/gm) ?? [];
    // What the running system already has (libc above all) must not be shadowed.
    const missing = names.filter((each) => packages.includes(each) || !isInstalled(each));
    await apt('apt-get', 'download', ...missing);
    for (const deb of readdirSync(debs)) await run('dpkg', ['-x', join(debs, deb), root]);
  } catch (cause) {
    throw new Error(`${name}: Debian packages cannot be fetched: ${cause.stderr || cause}`, {
      cause,
    });
  }
  for (const folder of [state, cache, debs]) rmSync(folder, { recursive: true, force: true });
  writeFileSync(done, '');
  return root;
}

function isInstalled(name) {
  try {
    const args = ['-W', '-f', '${db:Status-Status}', name];
    return execFileSync('dpkg-query', args, { stdio: 'pipe' }).toString() === 'installed';
  } catch {
    return false;
  }
}

function libraryPath(root) {
  const folders = ['usr/lib', 'lib'].map((folder) => join(root, folder));
  const multiarch = folders.filter(existsSync).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('-linux-gnu'))
      .map((name) => join(folder, name)),
  );
  return [...multiarch, ...folders].join(':');
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

// ---- programs -----------------------------------------------------------------------------------

/**
 * Path of a Chromium: CHROMIUM when set, one on PATH, or as root on Debian installed now.
 * @returns {Promise<string>}
 */
export async function findChromium() {
  const named = process.env.CHROMIUM;
  if (named) {
    if (!isExecutable(named)) throw new Error(`CHROMIUM=${named} is not executable`);
    return named;
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const find = () => names.map(onPath).find(Boolean);
  if (!find()) await installOnDebian(['chromium', 'fonts-noto-cjk']);
  const found = find();
  if (found) return found;
  throw new Error(
    'The browser tests need Chromium: set CHROMIUM to its path, or install it ' +
      '(Debian: apt-get install chromium fonts-noto-cjk).',
  );
}

/** Independent implementations that the tests compare us with: command → Debian package. */
const TOOLS = {
  openssl: 'openssl',
  pdfsig: 'poppler-utils',
  pdftotext: 'poppler-utils',
  pdftoppm: 'poppler-utils',
  qpdf: 'qpdf',
  mutool: 'mupdf-tools',
  'Net::SMPP': 'libnet-smpp-perl',
  'cryptography for python3': 'python3-cryptography',
};

const hasNetSmpp = () => {
  try {
    execFileSync('perl', ['-MNet::SMPP', '-e', '1'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** The second verifier of bundles takes any Python 3 that has it, Debian's own included. */
const hasCryptography = () =>
  ['python3', '/usr/bin/python3'].some((python) => {
    try {
      execFileSync(python, ['-c', 'import cryptography'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });

/** What is no program on PATH. */
const LIBRARIES = { 'Net::SMPP': hasNetSmpp, 'cryptography for python3': hasCryptography };

/** Makes sure the oracles are there; as root on Debian installs them, otherwise names what is missing. */
export async function ensureTools() {
  const missing = () => Object.keys(TOOLS).filter((tool) => !(LIBRARIES[tool]?.() ?? onPath(tool)));
  if (missing().length === 0) return;
  await installOnDebian([...new Set(missing().map((tool) => TOOLS[tool]))]);
  const still = missing();
  if (still.length === 0) return;
  const packages = [...new Set(still.map((tool) => TOOLS[tool]))];
  throw new Error(
    `The tests need ${still.join(', ')}: install ${packages.join(', ')} ` +
      `(Debian: apt-get install ${packages.join(' ')}; macOS: brew install openssl poppler qpdf mupdf-tools).`,
  );
}

/**
 * OpenJDK and BouncyCastle, which one conformance suite asks as well: installed as root on Debian if
 * they are missing; where they cannot be had that suite says what is missing and counts as not run.
 */
export async function installJava() {
  if (onPath('javac') && existsSync('/usr/share/java/bcpkix.jar')) return;
  await installOnDebian(['default-jdk-headless', 'libbcpkix-java']).catch((error) =>
    console.error(error.message),
  );
}

/** Does nothing without root or apt-get: the caller then says what is missing. */
async function installOnDebian(packages) {
  if (!isRoot() || !isDebian()) return;
  console.error(`installing ${packages.join(' ')} (needed by the tests)`);
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 64 << 20,
  };
  try {
    await run('apt-get', ['update'], options);
    await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], options);
  } catch (cause) {
    throw new Error(`apt-get install ${packages.join(' ')} failed: ${cause.stderr || cause}`, {
      cause,
    });
  }
}
