// Types, lint, format, layers, links of the documents: everything that can be said about the code without running it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { reportBoundaries } from './boundaries.mjs';
import { ensureInstalled } from './build.mjs';
import { reportLinks } from './links.mjs';
import { fail, isMain, ROOT, run, tool } from './steps.mjs';

/** Browser code has its own compiler settings (DOM, no Node). */
const PAGES = ['services/web/pages/tsconfig.json', 'services/desk/pages/tsconfig.json'];

const force = process.argv.includes('--force') || Boolean(process.env.CI);

const steps = [
  // `--force` in CI: incremental state may keep an error that a changed base configuration has cured
  ['types', () => run(tool('tsc'), ['-b', ...(force ? ['--force'] : [])])],
  ['types of tests', () => run(tool('tsc'), ['-p', 'tsconfig.tests.json'])],
  ...PAGES.filter((path) => existsSync(join(ROOT, path))).map((path) => [
    `types of ${path.split('/')[1]}'s pages`,
    () => run(tool('tsc'), ['-p', path, '--noEmit']),
  ]),
  ['lint', () => run(tool('oxlint'), ['--deny-warnings'])],
  ['format', () => run(tool('prettier'), ['--check', '--log-level=warn', '.'])],
  ['layers', async () => (reportBoundaries(ROOT) ? 0 : 1)],
  ['links', async () => (reportLinks(ROOT) ? 0 : 1)],
];

if (isMain(import.meta.url)) {
  await ensureInstalled();
  const failed = [];
  for (const [name, step] of steps) {
    const started = performance.now();
    const code = await step();
    console.log(
      `${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${Math.round(performance.now() - started)} ms)`,
    );
    if (code !== 0) failed.push(name);
  }
  if (failed.length > 0) fail(failed.join(', '));
}
