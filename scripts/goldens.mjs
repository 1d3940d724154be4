// `npm run goldens [-- --add [--only NAME]…]`: says which folders of test/golden/v1 are missing; with --add makes those
// and enters their digests. What is there is never written again.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './build.mjs';
import { ensureTools } from './test-services.mjs';

const { values } = parseArgs({
  options: {
    add: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
  },
});
await ensureBuilt();
await import('./typescript.mjs');
const { GOLDEN, GOLDEN_DIGESTS, goldenFiles, goldenSums, V1_GOLDENS } =
  await import('../test/kit/golden.ts');

const missing = V1_GOLDENS.filter(
  (name) => !existsSync(join(GOLDEN, 'v1', name)) && (values.only ?? [name]).includes(name),
);
if (values.add && missing.length > 0) {
  await ensureTools();
  const { filesOf, makeGoldens } = await import('../test/kit/make-goldens.ts');
  for (const golden of await makeGoldens(missing)) {
    for (const [name, bytes] of filesOf(golden)) {
      const path = join(GOLDEN, 'v1', golden.name, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes, { flag: 'wx' });
    }
  }
  writeFileSync(GOLDEN_DIGESTS, goldenSums());
}
const names = missing.join(', ');
console.log(
  `goldens: ${goldenFiles().length} files` +
    (names === '' ? '' : values.add ? `, added ${names}` : `, missing ${names} (--add)`),
);
process.exit(names === '' || values.add ? 0 : 1);
