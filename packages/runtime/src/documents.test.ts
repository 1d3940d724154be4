import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AUTHORITY_ROLES } from '@mandate/core';
import { problemPage } from './problem-page.js';

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');

test('docs/problems.md is what the table says (node scripts/problems-page.mjs writes it)', () => {
  expect(read('docs/problems.md')).toBe(problemPage());
});

test('docs/operations.md names every variable that is read, and no other', () => {
  const config = read('packages/runtime/src/config.ts');
  const single = [...config.matchAll(/\bread\(\s*'([A-Z_]+)'/g)].map((match) => match[1]!);
  const perRole = [...config.matchAll(/\bperRole\(\s*'([A-Z_]+)'/g)].map((match) => match[1]!);
  expect(single.length).toBeGreaterThan(15);
  expect(perRole.toSorted()).toEqual(['AUTHORITY_URL', 'DATABASE_URL', 'KEYS_URL']);

  const table = read('docs/operations.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const first = table.map((line) => line.split(' | ')[0]!);
  const named = first.flatMap((cell) => [...cell.matchAll(/`([A-Z][A-Z_]+)`/g)].map((m) => m[1]!));
  const withRole = new Set(
    perRole.flatMap((name) => AUTHORITY_ROLES.map((role) => `${name}_${role.toUpperCase()}`)),
  );
  expect(named.filter((name) => !withRole.has(name)).toSorted()).toEqual(single.toSorted());
  for (const name of perRole)
    expect(first.some((cell) => cell.includes(`${name}_RA`) && cell.includes('_VAULT'))).toBe(true);
});
