/** A topic's words in the page's language. */
export const wordsFor = <Words>(language: 'zh' | 'en', zh: Words, en: Words): Words =>
  language === 'en' ? en : zh;
