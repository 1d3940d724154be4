import type { Language } from '@mandate/pages';
import { en } from './en.js';
import { zh, type Words } from './zh.js';

export type { Words } from './zh.js';
export type { Language, PageProblemCode } from '@mandate/pages';
export { problemText } from './problem-words.js';

export const wordsOf = (language: Language): Words => (language === 'en' ? en : zh);
