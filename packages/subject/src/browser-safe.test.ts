import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const packages = resolve(import.meta.dirname, '../..');

/** Source file an import means, for imports that survive compiling; undefined for anything not ours. */
function target(specifier: string, from: string): string | undefined {
  if (specifier.startsWith('.')) return join(dirname(from), specifier.replace(/\.js$/, '.ts'));
  const m = /^@mandate\/([^/]+)(?:\/(.+))?$/.exec(specifier);
  return m ? join(packages, m[1]!, 'src', `${m[2] ?? 'index'}.ts`) : undefined;
}

test('everything the page loads is ours and needs nothing of Node', () => {
  const queue = [join(packages, 'subject/src/index.ts')];
  const seen = new Set(queue);
  for (const file of queue) {
    const source = readFileSync(file, 'utf8');
    const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    expect([file, /\b(?:Buffer|process|require|__dirname)\b/.exec(code)?.[0]]).toEqual([
      file,
      undefined,
    ]);
    for (const m of code.matchAll(/^(?:import|export)\s(?!type\s)[^;]*?from '([^']+)'/gm)) {
      const next = target(m[1]!, file);
      expect([file, m[1], next !== undefined && existsSync(next)]).toEqual([file, m[1], true]);
      if (!seen.has(next!)) {
        seen.add(next!);
        queue.push(next!);
      }
    }
  }
  expect(seen.size).toBeGreaterThan(20);
});
