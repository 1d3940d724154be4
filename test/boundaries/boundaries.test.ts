import { expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { findViolations, readTree } from '../../scripts/boundaries.mjs';
import { importsOf } from '../../scripts/source-text.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('the tree keeps its layers', () => {
  const files = readTree(root);
  expect(files.length).toBeGreaterThan(100);
  expect(findViolations(files)).toEqual([]);
});

/** Rules broken by one file alone. */
const rulesOf = (path: string, text: string): string[] => [
  ...new Set(findViolations([{ path, text }]).map(({ rule }) => rule)),
];

test.each([
  [
    'core imports a format',
    'packages/core/src/a.ts',
    "import { x } from '@mandate/terms';",
    'layer',
  ],
  [
    'a format imports an act',
    'packages/pki/src/a.ts',
    "import { x } from '@mandate/sign';",
    'layer',
  ],
  [
    'a format imports a format',
    'packages/evidence/src/a.ts',
    "import { x } from '@mandate/pki';",
    'layer',
  ],
  [
    'sign imports verify',
    'packages/sign/src/a.ts',
    "import type { V } from '@mandate/verify';",
    'layer',
  ],
  [
    'verify imports sign',
    'packages/verify/src/a.ts',
    "import { s } from '@mandate/sign';",
    'layer',
  ],
  [
    'verify imports ceremony',
    'packages/verify/src/a.ts',
    "export * from '@mandate/ceremony';",
    'layer',
  ],
  [
    'an act imports an edge',
    'packages/ceremony/src/a.ts',
    "import { s } from '@mandate/store';",
    'layer',
  ],
  [
    'a package imports a service',
    'packages/runtime/src/a.ts',
    "import { s } from '@mandate/web';",
    'layer',
  ],
  [
    'a service imports another',
    'services/web/src/a.ts',
    "import { s } from '@mandate/worker';",
    'layer',
  ],
  [
    'an import over several lines',
    'packages/pdf/src/a.ts',
    "import {\n  a,\n  b,\n} from '@mandate/pki';",
    'layer',
  ],
  ['a dynamic import', 'packages/pdf/src/a.ts', "const x = await import('@mandate/pki');", 'layer'],
  ['a side-effect import', 'packages/pdf/src/a.ts', "import '@mandate/pki';", 'layer'],
  [
    'the whole where a part is allowed',
    'packages/pdf/src/a.ts',
    "import { sha256 } from '@mandate/core';",
    'layer',
  ],
  [
    'another part than the allowed',
    'packages/pdf/src/a.ts',
    "import { x } from '@mandate/core/canonical';",
    'layer',
  ],
  [
    'a path into a neighbour',
    'packages/terms/src/a.ts',
    "import { x } from '../../core/src/ids.js';",
    'layer',
  ],
  ['itself by name', 'packages/core/src/a.ts', "import { x } from '@mandate/core';", 'layer'],
  ['an unknown workspace', 'packages/extra/src/a.ts', 'export const a = 1;', 'layer'],
  ['web opens keys', 'services/web/src/a.ts', "import { x } from '@mandate/sign';", 'owner'],
  [
    'the server plays the subject',
    'services/authority/src/a.ts',
    "import { x } from '@mandate/subject';",
    'owner',
  ],
  [
    'pdf-lib outside letter',
    'packages/sign/src/a.ts',
    "import { PDFDocument } from 'pdf-lib';",
    'owner',
  ],
  [
    'node-forge elsewhere in adapters',
    'packages/adapters/src/sms/a.ts',
    "import forge from 'node-forge';",
    'owner',
  ],
  [
    '@peculiar in verify',
    'packages/verify/src/a.ts',
    "import * as x from '@peculiar/x509';",
    'owner',
  ],
  ['an owned type', 'packages/ceremony/src/a.ts', "import type { Pool } from 'pg';", 'owner'],
  ['an unknown library', 'packages/store/src/a.ts', "import x from 'left-pad';", 'owner'],
  [
    'a library by require',
    'packages/store/src/a.ts',
    "createRequire(import.meta.url)('x'); require('left-pad');",
    'owner',
  ],
  ['a bare builtin', 'packages/store/src/a.ts', "import { join } from 'path';", 'builtin'],
  ['the environment', 'packages/store/src/a.ts', 'const x = process.env.HOME;', 'environment'],
  [
    'the environment by index',
    'packages/store/src/a.ts',
    "const x = process['env'];",
    'environment',
  ],
  [
    'the environment by destructuring',
    'packages/store/src/a.ts',
    'const { env } = process;',
    'environment',
  ],
  [
    'the environment by import',
    'packages/store/src/a.ts',
    "import { env } from 'node:process';",
    'environment',
  ],
  ['the present', 'packages/terms/src/a.ts', 'const at = new Date();', 'clock'],
  [
    'the present in a template',
    'packages/terms/src/a.ts',
    'const at = `at ${new Date().getTime()}`;',
    'clock',
  ],
  ['the present without parentheses', 'services/web/src/a.ts', 'const at = new Date;', 'clock'],
  ['the present as a number', 'services/web/src/a.ts', 'const at = Date.now();', 'clock'],
  ['chance', 'packages/terms/src/a.ts', 'const x = Math.random();', 'randomness'],
  [
    'strong chance',
    'packages/store/src/a.ts',
    "import { randomBytes } from 'node:crypto';",
    'randomness',
  ],
  [
    'a private key',
    'packages/pki/src/a.ts',
    "import { createPrivateKey } from 'node:crypto';",
    'private-keys',
  ],
  [
    'a signature',
    'packages/ceremony/src/a.ts',
    "import { sign } from 'node:crypto';",
    'private-keys',
  ],
  [
    'a signature under another name',
    'packages/ceremony/src/a.ts',
    "import { sign as s } from 'node:crypto';",
    'private-keys',
  ],
  [
    'a signature by namespace',
    'packages/store/src/a.ts',
    'crypto.sign(null, m, k);',
    'private-keys',
  ],
  [
    'a key in a browser page',
    'services/web/pages/a.ts',
    "crypto.subtle.generateKey({}, false, ['sign']);",
    'private-keys',
  ],
  ['a default export', 'packages/core/src/a.ts', 'export default class {}', 'default-export'],
  ['the jwk export', 'packages/subject/src/a.ts', "key.export({ format: 'jwk' });", 'jwk-export'],
  [
    'the database clock',
    'packages/store/migrations/a.sql',
    'UPDATE t SET at = now();',
    'database-clock',
  ],
  [
    'the database clock in code',
    'packages/store/src/a.ts',
    'sql`SELECT CURRENT_TIMESTAMP`;',
    'database-clock',
  ],
  ['a helper', 'packages/core/src/string-utils.ts', 'export const a = 1;', 'name'],
  ['a folder of helpers', 'packages/core/src/helpers/a.ts', 'export const a = 1;', 'name'],
  ['camel case', 'packages/core/src/myFile.ts', 'export const a = 1;', 'name'],
  [
    'Node in the browser',
    'packages/pdf/src/index.ts',
    "import { inflateSync } from 'node:zlib';",
    'browser',
  ],
])('%s is caught', (_name, path, text, rule) => {
  expect(rulesOf(path, text)).toContain(rule);
});

test.each([
  [
    'words in comments',
    'packages/core/src/a.ts',
    "// new Date(), process.env, import x from 'pg'\n/* Math.random() */",
  ],
  ['words in strings', 'packages/core/src/a.ts', "export const a = 'new Date() and process.env';"],
  ['words in templates', 'packages/core/src/a.ts', 'export const a = `Date.now() ${1}`;'],
  [
    'a date from a value',
    'packages/terms/src/a.ts',
    'export const a = (t: string): Date => new Date(t);',
  ],
  ['verifying', 'packages/pki/src/a.ts', "import { verify, createPublicKey } from 'node:crypto';"],
  ['the owner itself', 'packages/letter/src/a.ts', "import { PDFDocument } from 'pdf-lib';"],
  [
    'the key store',
    'packages/adapters/src/keys/a.ts',
    "import { createPrivateKey, sign } from 'node:crypto';",
  ],
  ['a type from the whole', 'packages/pdf/src/a.ts', "import type { Json } from '@mandate/core';"],
  ['an allowed part', 'packages/subject/src/a.ts', "import { readDer } from '@mandate/pki/der';"],
  ['the environment at home', 'packages/runtime/src/config.ts', 'export const a = process.env;'],
  ['a clock', 'packages/store/src/a.ts', 'export const a = (c: { now(): Date }) => c.now();'],
  ['tests', 'packages/pki/src/a.test.ts', "import { x509 } from '@peculiar/x509'; new Date();"],
  ['all', 'services/all/src/a.ts', "import { startWeb } from '@mandate/web';"],
])('%s pass', (_name, path, text) => {
  expect(rulesOf(path, text)).toEqual([]);
});

test('browser code is followed through what it imports', () => {
  const files = [
    { path: 'packages/subject/src/index.ts', text: "export * from './key.js';" },
    { path: 'packages/subject/src/key.ts', text: "import { readDer } from '@mandate/pki/der';" },
    { path: 'packages/pki/src/der.ts', text: "import { x } from './deep.js';" },
    { path: 'packages/pki/src/deep.ts', text: "import { createHash } from 'node:crypto';" },
  ];
  const found = findViolations(files);
  expect(found.map(({ file, rule }) => [file, rule])).toEqual([
    ['packages/pki/src/deep.ts:1', 'browser'],
  ]);
});

test('manifests and references say exactly what is imported', () => {
  const tree = (dependencies: object, references: object[], text: string) => [
    { path: 'packages/store/package.json', text: JSON.stringify({ dependencies }) },
    { path: 'packages/store/tsconfig.json', text: JSON.stringify({ references }) },
    { path: 'packages/store/src/a.ts', text },
  ];
  const rulesIn = (...tree_: Parameters<typeof tree>) =>
    findViolations(tree(...tree_)).map(({ rule }) => rule);
  const core = { '@mandate/core': '*' };
  const text = "import { sha256 } from '@mandate/core';";
  expect(rulesIn(core, [{ path: '../core' }], text)).toEqual([]);
  expect(rulesIn({}, [{ path: '../core' }], text)).toEqual(['dependencies']);
  expect(rulesIn(core, [], text)).toEqual(['references']);
  expect(rulesIn({ ...core, pg: '8' }, [{ path: '../core' }], text)).toEqual(['dependencies']);
  expect(rulesIn(core, [{ path: '../core' }, { path: '../pki' }], text)).toEqual(['references']);
});

test('imports are found with their line and kind', () => {
  const text = [
    "import { a, type B } from 'one'; // import x from 'no'",
    'export {',
    '  c,',
    "} from 'two';",
    "import type { D } from 'three';",
    'const s = "import z from \'never\'";',
    "import { type E } from 'four';",
  ].join('\n');
  expect(importsOf(text)).toEqual([
    { from: 'one', names: ['a', 'B'], typeOnly: false, line: 1 },
    { from: 'two', names: ['c'], typeOnly: false, line: 2 },
    { from: 'three', names: ['D'], typeOnly: true, line: 5 },
    { from: 'four', names: ['E'], typeOnly: true, line: 7 },
  ]);
});
