import type { Language } from './index.js';
import { ownEn } from './own-en.js';
import { ownZh, type OwnWords } from './own-zh.js';

export type { OwnWords } from './own-zh.js';

export const ownWordsOf = (language: Language): OwnWords => (language === 'en' ? ownEn : ownZh);
