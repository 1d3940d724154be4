import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { digestOfProgram, REPORT_PACKAGES } from './published-verifier.js';

const root = mkdtempSync(join(tmpdir(), 'mandate-program-'));
afterAll(() => rmSync(root, { recursive: true }));

let packages: string;
const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(packages, path)), { recursive: true });
  writeFileSync(join(packages, path), text);
};
beforeEach(() => {
  packages = mkdtempSync(join(root, 'p-'));
  for (const name of REPORT_PACKAGES) {
    write(`${name}/dist/index.js`, `export * from './deep/${name}.js';`);
    write(`${name}/dist/deep/${name}.js`, `export const name = '${name}';`);
  }
});

test('a package of ours on which reports rest is not left out', () => {
  const needed = new Set(['report']);
  // a set is walked to what is added meanwhile
  for (const name of needed) {
    const path = new URL(`../../${name}/package.json`, import.meta.url);
    const { dependencies = {} } = JSON.parse(readFileSync(path, 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    for (const other of Object.keys(dependencies))
      if (other.startsWith('@mandate/')) needed.add(other.slice('@mandate/'.length));
  }
  expect([...needed].sort()).toEqual([...REPORT_PACKAGES].sort());
});

test('where a package is not built the program has no digest, not an empty one', () => {
  rmSync(join(packages, 'pdf', 'dist'), { recursive: true });
  expect(digestOfProgram(packages)).toBeNull();
  mkdirSync(join(packages, 'pdf', 'dist'));
  expect(digestOfProgram(packages)).toBeNull();
});

test.each(REPORT_PACKAGES)('another %s is another program', (name) => {
  const before = digestOfProgram(packages);
  expect(before).toMatch(/^[0-9a-f]{64}$/);
  // Neither types nor maps run.
  write(`${name}/dist/index.d.ts`, 'x');
  write(`${name}/dist/index.js.map`, 'x');
  expect(digestOfProgram(packages)).toBe(before);
  write(`${name}/dist/deep/${name}.js`, `export const name = 'another';`);
  expect(digestOfProgram(packages)).not.toBe(before);
});
