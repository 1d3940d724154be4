import { expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { deskRoutes } from '../../src/service.js';
import { en } from './en-problems.js';
import { zh } from './zh-problems.js';

const FOLDER = join(process.cwd(), 'services/desk/pages/words');
const topics = readdirSync(FOLDER)
  .map((name) => /^zh-(.+)\.ts$/.exec(name)?.[1])
  .filter((topic): topic is string => topic !== undefined);

/** Every string and sentence of a topic, by its place. */
function textsOf(value: unknown, at = ''): [string, string][] {
  if (typeof value === 'string') return [[at, value]];
  if (typeof value === 'function') return [[at, String(value(2, '乙', '丙'))]];
  return Object.entries(value as object).flatMap(([name, it]) => textsOf(it, `${at}.${name}`));
}

test('each topic has the same words in both languages, and Chinese ones no half-width punctuation', async () => {
  expect(topics.length).toBeGreaterThan(3);
  for (const topic of topics) {
    const chinese = textsOf((await import(`./zh-${topic}.ts`)).zh);
    const english = textsOf((await import(`./en-${topic}.ts`)).en);
    expect([topic, english.map(([at]) => at).sort()]).toEqual([
      topic,
      chinese.map(([at]) => at).sort(),
    ]);
    for (const [at, text] of chinese)
      expect(`${at} ${text}`).not.toMatch(/\p{Script=Han}[,;:?!()]/u);
    // names of columns and rules may stay, sentences not
    for (const [at, text] of english)
      expect(`${at} ${text.replace(/[乙丙]/gu, '')}`).not.toMatch(/\p{Script=Han}{12}|[，。；]/u);
  }
});

test('whatever the desk’s routes may answer reads as a sentence', () => {
  const routes = deskRoutes({ deskUrl: 'https://desk.test', authority: {} } as never);
  const codes = new Set(routes.flatMap(({ problems }) => [...problems]));
  expect(codes.size).toBeGreaterThan(10);
  for (const words of [zh, en])
    expect([...codes].filter((code) => !words.problems[code])).toEqual([]);
});
