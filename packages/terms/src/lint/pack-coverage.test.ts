import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Language } from '../moments.js';
import { compilePhrases, findPhrases } from './find-phrases.js';
import { foldText } from './fold-text.js';
import { CURRENT_RULE_PACK as PACK } from './packs/index.js';
import type { Phrase } from './rule.js';

interface Entry {
  readonly language?: Language;
  readonly text?: string;
  readonly set?: Record<string, unknown>;
  readonly expect: readonly string[];
}

const read = (name: string): Entry[] =>
  JSON.parse(readFileSync(new URL(`corpus/${name}.json`, import.meta.url), 'utf8')) as Entry[];
const bad = read('bad');
const good = read('good');

const textsOf = (entries: readonly Entry[], language: Language): string[] =>
  entries.flatMap((entry) => {
    if (entry.text !== undefined) return entry.language === language ? [entry.text] : [];
    return Object.entries(entry.set ?? {}).flatMap(([path, value]) =>
      path.endsWith(`.${language}`) ? [String(value)] : [],
    );
  });

function hits(phrase: Phrase, text: string, language: Language): boolean {
  const phrases = { zh: [], en: [], [language]: [phrase] };
  const compiled = compilePhrases(phrases, PACK.denial)[language];
  return findPhrases(foldText(text).text, language, compiled).length > 0;
}

const phrases = PACK.rules.flatMap(({ id, matcher }) =>
  matcher.kind !== 'phrases'
    ? []
    : (['zh', 'en'] as const).flatMap((language) =>
        matcher.phrases[language].map((phrase) => ({ id, language, phrase })),
      ),
);

test('every phrase of the pack finds something in the bad corpus', () => {
  const idle = phrases.filter(({ id, language, phrase }) => {
    const breaking = bad.filter((entry) => entry.expect.includes(id));
    return !textsOf(breaking, language).some((text) => hits(phrase, text, language));
  });
  expect(idle).toEqual([]);
});

test('every guard of a phrase spares something in the good corpus', () => {
  const idle = phrases.flatMap(({ id, language, phrase }) =>
    (['notAfter', 'notBefore'] as const)
      .filter((guard) => {
        const { [guard]: given, ...bare } = phrase;
        return given && !textsOf(good, language).some((text) => hits(bare, text, language));
      })
      .map((guard) => `${id} ${language} ${guard} of ${phrase.match}`),
  );
  expect(idle).toEqual([]);
});
