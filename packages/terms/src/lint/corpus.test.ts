import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Language } from '../moments.js';
import { creditReportTemplate } from '../templates/credit-report.js';
import { parseTemplate } from '../template.js';
import { textDocument, type LintDocument } from './lint-document.js';
import { lintDocument, lintTemplate, lintText } from './lint.js';
import { CURRENT_RULE_PACK as PACK } from './packs/index.js';
import type { LintFinding } from './rule.js';

/** A phrase in one language, a text in both, or the sample template with members set by path. */
interface Entry {
  /** The rule the entry is about: the one it breaks, or the one it only looks like breaking. */
  readonly about: string;
  readonly language?: Language;
  readonly text?: string;
  readonly zh?: string;
  readonly en?: string;
  readonly set?: Record<string, unknown>;
  /** Rules found, each once, by name. */
  readonly expect: readonly string[];
}

const read = (name: string): Entry[] =>
  JSON.parse(readFileSync(new URL(`corpus/${name}.json`, import.meta.url), 'utf8')) as Entry[];
const bad = read('bad');
const good = read('good');

function setMember(target: object, path: string, value: unknown): void {
  const names = path.split(/[.[\]]+/).filter(Boolean);
  const last = names.pop()!;
  let parent = target as Record<string, unknown>;
  for (const name of names) parent = parent[name] as Record<string, unknown>;
  expect(parent).toHaveProperty([last]);
  parent[last] = value;
}

/** One text in two languages. */
const pairDocument = (pair: Record<Language, string>): LintDocument => ({
  ...textDocument('', 'zh'),
  fields: (['zh', 'en'] as const).flatMap((language) =>
    textDocument(pair[language], language).fields.map((field) => ({ ...field, path: language })),
  ),
});

function lintEntry({ language, text, zh, en, set }: Entry): LintFinding[] {
  if (set) {
    const body = structuredClone(creditReportTemplate);
    for (const [path, value] of Object.entries(set)) setMember(body, path, value);
    return lintTemplate(parseTemplate(body));
  }
  if (zh !== undefined && en !== undefined) return lintDocument(pairDocument({ zh, en }), PACK);
  return lintText(text!, language!);
}

test('every entry of the corpus gives exactly the rules it names', () => {
  const wrong = [...bad, ...good]
    .map((entry) => ({
      entry,
      findings: lintEntry(entry),
    }))
    .filter(
      ({ entry, findings }) =>
        JSON.stringify([...new Set(findings.map(({ rule }) => rule))].sort()) !==
        JSON.stringify(entry.expect),
    )
    .map(({ entry: { expect: wanted, about, ...entry }, findings }) => ({
      about,
      wanted,
      found: findings.map(({ rule, path, excerpt }) => `${rule} ${path} ${excerpt}`),
      ...entry,
    }));
  expect(wrong).toEqual([]);
});

test('the corpus is large enough, and of both languages and whole templates', () => {
  expect(bad.length).toBeGreaterThanOrEqual(110);
  expect(good.length).toBeGreaterThanOrEqual(90);
  expect([...bad, ...good].filter(({ set }) => set).length).toBeGreaterThanOrEqual(12);
  for (const entries of [bad, good])
    for (const language of ['zh', 'en'])
      expect(entries.filter((entry) => entry.language === language).length).toBeGreaterThan(40);
  for (const entry of bad) expect(entry.expect).toContain(entry.about);
  for (const entry of good) expect(entry.expect).toEqual([]);
  const texts = [...bad, ...good].map(({ about: _about, expect: _expect, ...entry }) =>
    JSON.stringify(entry),
  );
  expect(texts.filter((text, i) => texts.indexOf(text) !== i)).toEqual([]);
});

test.each(PACK.rules.map(({ id }) => id))('%s has three bad and three good entries', (id) => {
  expect(bad.filter(({ about }) => about === id).length).toBeGreaterThanOrEqual(3);
  expect(good.filter(({ about }) => about === id).length).toBeGreaterThanOrEqual(3);
});
