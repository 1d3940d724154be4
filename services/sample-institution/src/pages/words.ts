import type { Request } from 'express';
import { EN } from './words-en.js';
import { ZH } from './words-zh.js';

export type Language = 'zh' | 'en';
export type Message = 'not-found' | 'bad-form' | 'mandate-away' | 'fault';
export type Words = typeof ZH;

export const wordsOf = (language: Language): Words => (language === 'zh' ? ZH : EN);

/** As asked for in the address, else as known from elsewhere, else as the browser prefers. */
export function languageOf(request: Request, known?: Language): Language {
  const asked = request.query['language'];
  if (asked === 'zh' || asked === 'en') return asked;
  return known ?? (request.acceptsLanguages('zh', 'en') === 'en' ? 'en' : 'zh');
}

/** Why Mandate refused, for the applicant; codes nobody foresaw are shown as they are. */
export function refusalWords(language: Language, code: string): string {
  const { refusals, refusedOtherwise } = wordsOf(language);
  return refusals[code] ?? refusedOtherwise(code);
}
