import { en } from './en.js';
import { zh, type Words } from './zh.js';

export type { Words } from './zh.js';
export { problemText, type PageProblemCode } from './problem-words.js';

export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export const wordsOf = (language: Language): Words => (language === 'en' ? en : zh);

/** Picks from an `Accept-Language` header or `navigator.languages`; Chinese unless English comes first. */
export function preferredLanguage(tags: readonly string[]): Language {
  for (const tag of tags) {
    const primary = tag.trim().slice(0, 2).toLowerCase();
    if (primary === 'zh' || primary === 'en') return primary;
  }
  return 'zh';
}
