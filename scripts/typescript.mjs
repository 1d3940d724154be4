// Lets scripts import the tests' own TypeScript (test/kit, test/fuzz) without compiling it first:
// `node --import ./scripts/typescript.mjs FILE.ts`, or imported before such an import. Types are
// stripped, not checked; packages are imported as built.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
