import type { FrameWords, Language } from '@mandate/pages';

/** What stands on the page before its script runs, and in its frame afterwards. */
export interface ShellWords extends FrameWords {
  readonly opening: string;
  readonly noScript: string;
}

const zh: ShellWords = {
  htmlLang: 'zh-CN',
  product: '争议处理工作台',
  skip: '跳到正文',
  largePrint: '大字',
  otherLanguage: 'English',
  otherLanguageLabel: 'Switch this page to English',
  opening: '正在打开……',
  noScript: '本工作台需要启用 JavaScript。',
};
const en: ShellWords = {
  htmlLang: 'en',
  product: 'Disputes desk',
  skip: 'Skip to content',
  largePrint: 'Large print',
  otherLanguage: '中文',
  otherLanguageLabel: '切换为中文',
  opening: 'Opening…',
  noScript: 'The desk needs JavaScript.',
};

export const shellWordsOf = (language: Language): ShellWords => (language === 'en' ? en : zh);
