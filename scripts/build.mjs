// Only Node's own modules may be imported here: nothing else exists before the installation.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fail, isMain, ROOT, run, tool } from './steps.mjs';

const OLDEST_NODE = [20, 19];

/** What of the lock file is not in node_modules as locked; null when all is there. */
function staleInstallation() {
  const hidden = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return 'nothing is installed';
  const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const locked = packagesOf(join(ROOT, 'package-lock.json'));
  const installed = packagesOf(hidden);
  for (const [path, entry] of Object.entries(locked)) {
    if (!path.includes('node_modules/')) continue;
    const found = installed[path];
    // npm leaves out what is for other platforms
    if (!found && entry.optional) continue;
    const same = found && found.version === entry.version && found.integrity === entry.integrity;
    if (!same || !existsSync(join(ROOT, path))) return `${path} is not as locked`;
  }
  return null;
}

/** Installs what the lock file says when node_modules is missing or says otherwise. */
export async function ensureInstalled() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]))
    fail(`Node ${OLDEST_NODE.join('.')} or newer is needed, this is ${process.versions.node}`);
  const reason = staleInstallation();
  if (reason === null) return;
  console.log(`installing: ${reason}`);
  // the npm that started us, if one did: its path needs no shell
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const code =
    npm && /npm-cli\.[cm]?js$/.test(npm)
      ? await run(process.execPath, [npm, ...args])
      : await run('npm', args);
  if (code !== 0) fail('npm ci');
}

/** Compiles whatever changed; turbo knows what did. */
export async function ensureBuilt() {
  await ensureInstalled();
  const code = await run(
    tool('turbo'),
    ['run', 'build', '--output-logs=errors-only', '--log-prefix=none', '--ui=stream'],
    { quiet: true },
  );
  if (code !== 0) fail('build');
  await writeServerBuild();
}

/** One command's output, trimmed; null where it cannot be had: an archive of the source has no repository. */
function ask(...command) {
  const { status, stdout } = spawnSync(command[0], command.slice(1), {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : null;
}

/** Where the build says what it is made of: source, dependencies, files. Bundles and the ledger name its digest. */
async function writeServerBuild() {
  // just built, so not there before
  const { kindDigestHex } = await import('../packages/core/dist/index.js');
  const digestOf = (path) =>
    createHash('sha256')
      .update(readFileSync(join(ROOT, path)))
      .digest('hex');
  const files = ['packages', 'services']
    .flatMap((group) => readdirSync(join(ROOT, group)).map((name) => `${group}/${name}/dist`))
    .filter((folder) => existsSync(join(ROOT, folder)))
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true })
        .map((name) => `${folder}/${name.split(sep).join('/')}`)
        .filter((path) => /\.m?js$/.test(path)),
    )
    .sort()
    .map((path) => ({ path, digest: digestOf(path) }));
  const head = ask('git', 'rev-parse', 'HEAD');
  const changed =
    head !== null && ask('git', 'status', '--porcelain', '--untracked-files=no') !== '';
  const pages = 'services/web/dist/assets/build.json';
  const list = {
    format: 'mandate-server-build/v1',
    commit: head === null ? 'unknown' : `${head}${changed ? '+changes' : ''}`,
    lockfile: digestOf('package-lock.json'),
    page: existsSync(join(ROOT, pages))
      ? kindDigestHex('page-build', JSON.parse(readFileSync(join(ROOT, pages), 'utf8')))
      : null,
    files,
  };
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  writeFileSync(join(ROOT, 'dist/server-build.json'), `${JSON.stringify(list)}\n`);
}

if (isMain(import.meta.url)) await ensureBuilt();
