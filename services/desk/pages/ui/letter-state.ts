import { html, nothing, type TemplateResult } from 'lit';
import type { Letter } from '../api/searches.js';
import { moment } from '../moments.js';
import type { CaseWords } from '../words/zh-cases.js';

/** State of a letter, and why it is frozen, withdrawn or erased, since when. */
export function letterState(
  letter: Letter,
  words: Pick<CaseWords, 'states' | 'withdrawn' | 'frozen' | 'erased' | 'reasons'>,
): TemplateResult {
  const limits = letterLimits(letter, words);
  return html`<span class="badge ${limits.length > 0 ? 'warning' : ''}" data-state=${letter.state}
      >${words.states[letter.state] ?? letter.state}</span
    >${limits.length > 0 ? html`<br /><span class="soft">${limits.join(' ')}</span>` : nothing}`;
}

export const letterLimits = (
  { withdrawnAt, frozenSince, frozenWhy, erasedAt }: Letter,
  words: Pick<CaseWords, 'withdrawn' | 'frozen' | 'erased' | 'reasons'>,
): string[] =>
  [
    withdrawnAt && words.withdrawn(moment(withdrawnAt)),
    frozenSince &&
      words.frozen(words.reasons[frozenWhy ?? ''] ?? frozenWhy ?? '', moment(frozenSince)),
    erasedAt && words.erased(moment(erasedAt)),
  ].filter((line): line is string => Boolean(line));
