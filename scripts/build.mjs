// Only Node's own modules may be imported here: nothing else exists before the installation.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
}

if (isMain(import.meta.url)) await ensureBuilt();
