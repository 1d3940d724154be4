/** The few words outside the frame. */
export interface WidgetWords {
  readonly title: string;
  readonly close: string;
  readonly askTitle: string;
  readonly askText: string;
  readonly stay: string;
  readonly leave: string;
}

const WORDS: Readonly<Record<'zh' | 'en', WidgetWords>> = {
  zh: {
    title: '签署授权书',
    close: '关闭',
    askTitle: '要离开签署吗？',
    askText: '授权书还没有签署。离开后可以向机构重新打开；您填写的内容不会被签署。',
    stay: '继续签署',
    leave: '离开',
  },
  en: {
    title: 'Sign an authorization',
    close: 'Close',
    askTitle: 'Leave without signing?',
    askText:
      'The authorization is not signed yet. You can ask the institution to open it again; nothing you entered will be signed.',
    stay: 'Continue signing',
    leave: 'Leave',
  },
};

export type WidgetLanguage = keyof typeof WORDS;

export const widgetWords = (language: WidgetLanguage): WidgetWords => WORDS[language];

/** What was asked for, else the host page's language. */
export function widgetLanguage(asked: string | null): WidgetLanguage {
  if (asked === 'zh' || asked === 'en') return asked;
  return /^zh\b/i.test(document.documentElement.lang) ? 'zh' : 'en';
}
