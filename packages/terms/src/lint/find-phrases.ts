import type { Both, Phrase } from './rule.js';
import type { Language } from '../moments.js';

/** Offsets in folded text. */
export interface Hit {
  readonly start: number;
  readonly end: number;
}

export interface CompiledPhrase {
  readonly match: RegExp;
  readonly notAfter: RegExp | null;
  readonly notBefore: RegExp | null;
  readonly denial: RegExp | null;
}

/** How far before and after a hit its surroundings are read, in UTF-16 units. */
const BEFORE: Readonly<Record<Language, number>> = { zh: 48, en: 120 };
const AFTER: Readonly<Record<Language, number>> = { zh: 60, en: 160 };

/** More hits of one rule in one text tell a reader nothing, and would let a long text cost too much. */
export const MAXIMUM_HITS = 100;

export function compilePhrases(
  phrases: Both<readonly Phrase[]>,
  denial: Both<string>,
): Both<readonly CompiledPhrase[]> {
  const compile = (language: Language): CompiledPhrase[] =>
    phrases[language].map((phrase) => ({
      match: new RegExp(phrase.match, 'g'),
      notAfter: phrase.notAfter ? new RegExp(`(?:${phrase.notAfter})$`) : null,
      notBefore: phrase.notBefore ? new RegExp(`^(?:${phrase.notBefore})`) : null,
      denial: phrase.evenDenied ? null : new RegExp(`(?:${denial[language]})$`),
    }));
  return { zh: compile('zh'), en: compile('en') };
}

/** Hits in text order, overlapping ones joined to the longest that starts first. */
export function findPhrases(
  text: string,
  language: Language,
  phrases: readonly CompiledPhrase[],
): Hit[] {
  const hits: Hit[] = [];
  for (const phrase of phrases) {
    let count = 0;
    for (const found of text.matchAll(phrase.match)) {
      const start = found.index;
      const end = start + found[0].length;
      const before = text.slice(Math.max(0, start - BEFORE[language]), start);
      if (phrase.notAfter?.test(before)) continue;
      if (phrase.notBefore?.test(text.slice(end, end + AFTER[language]))) continue;
      if (phrase.denial?.test(before)) continue;
      hits.push({ start, end });
      count += 1;
      if (count === MAXIMUM_HITS) break;
    }
  }
  hits.sort((a, b) => a.start - b.start || b.end - a.end);
  let last = -1;
  return hits
    .filter(({ start, end }) => {
      if (start < last) return false;
      last = end;
      return true;
    })
    .slice(0, MAXIMUM_HITS);
}
