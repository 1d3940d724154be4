import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

/** Modules that a file loads at run time; type imports leave no trace. */
function loaded(file: string): string[] {
  const source = readFileSync(new URL(file, import.meta.url), 'utf8');
  const statements = source.matchAll(/^(?:import|export)\s(?!type\b)[^;]*?from '([^']+)';/gm);
  return [...statements].map((match) => match[1]!);
}

test('what the browser loads touches no node module and no Buffer', () => {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { exports } = JSON.parse(manifest) as { exports: Record<string, unknown> };
  const names = Object.keys(exports).filter((name) => name !== '.');
  expect(names).toContain('./certificate-fields');
  const queue = names.map((name) => `${name}.ts`);
  const seen = new Set<string>();
  for (let file = queue.pop(); file; file = queue.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const target of loaded(file)) {
      if (target.startsWith('./')) queue.push(target.replace(/\.js$/, '.ts'));
      else expect([file, target]).toEqual([file, expect.stringMatching(/^@mandate\/core\//)]);
    }
    const source = readFileSync(new URL(file, import.meta.url), 'utf8');
    expect(source).not.toMatch(/\bBuffer\.|\bprocess\./);
  }
  expect(seen).toContain('./der-primitives.ts');
});
