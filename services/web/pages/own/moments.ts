import { wordsOf, type Language } from '../../src/pages/words/index.js';

/** Day and time in the reader's own time zone. */
export const dayTime = (at: string, language: Language): string =>
  new Intl.DateTimeFormat(wordsOf(language).htmlLang, {
    dateStyle: 'medium',
    timeStyle: 'short',
    hourCycle: 'h23',
  }).format(new Date(at));

export const day = (at: string, language: Language): string =>
  new Intl.DateTimeFormat(wordsOf(language).htmlLang, { dateStyle: 'medium' }).format(new Date(at));
