// Writes docs/problems.md from the table in packages/runtime. A test compares the two.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ROOT } from './steps.mjs';

await ensureBuilt();
const { problemPage } = await import('@mandate/runtime');
writeFileSync(join(ROOT, 'docs', 'problems.md'), problemPage());
