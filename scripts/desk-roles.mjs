// Writes docs/desk-roles.md from the routes the desk declares, and drives them all once. A test compares the two.
import { join } from 'node:path';
import { fail, ROOT, run } from './steps.mjs';

const test = 'test/integration/api/desk-roles.test.ts';
const env = { WRITE_DESK_ROLES: '1' };
if ((await run(process.execPath, [join(ROOT, 'scripts/test.mjs'), test], { env })) !== 0)
  fail('the matrix of the desk’s routes and roles');
