// The verifier as one file that needs nothing but Node: `npm run build:verifier [-- FOLDER]`.
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { ROOT } from './steps.mjs';

const NAME = 'mandate-verify.mjs';
const BANNER = `#!/usr/bin/env node
// mandate verify: checks letters, bundles, receipts, reports and ledger files offline. Node 20 or newer, nothing else.
// Apache-2.0. Built from packages/cli/src/verifier-main.ts; the same sources give the same bytes.`;

const folder = resolve(process.argv[2] ?? join(ROOT, 'packages/cli/dist'));
const bytes = await bundle();
await mkdir(folder, { recursive: true });
await writeFile(join(folder, NAME), bytes);
console.log(`${createHash('sha256').update(bytes).digest('hex')}  ${NAME}`);

/** Not minified, so that an expert can read what he runs. */
async function bundle() {
  const { output } = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: 'packages/cli/dist/verifier-main.js',
      write: false,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        output: { entryFileNames: NAME, codeSplitting: false, banner: BANNER, comments: false },
      },
    },
  });
  const [chunk, ...others] = output;
  if (others.length > 0) throw new Error('the verifier did not become one file');
  // whatever is still imported has to come with Node
  const foreign = [...chunk.imports, ...chunk.dynamicImports].filter((name) => !isBuiltin(name));
  if (foreign.length > 0) throw new Error(`the verifier would need ${foreign.join(', ')}`);
  return Buffer.from(chunk.code);
}
