import type { Language } from '../desk-view.js';

/** `征信业管理条例 25` as it is cited: with its article, where there is one. */
export function ruleName(basis: string, language: Language): string {
  const [, law, article] = /^(\p{Script=Han}+) (\d+)$/u.exec(basis) ?? [];
  if (law === undefined) return basis;
  return language === 'zh' ? `《${law}》第${article}条` : `《${law}》 art. ${article}`;
}
