import { html, type TemplateResult } from 'lit';
import type { Case } from '../api/cases.js';
import { day, daysLeft } from '../moments.js';
import type { CaseWords } from '../words/zh-cases.js';

/** Until when, and how many days that is; in red when it is past, in amber within the last fifth. */
export function dueNote(
  { step, dueAt, extendedAt }: Case,
  clock: { readonly days: number } | undefined,
  words: Pick<CaseWords, 'due' | 'ended' | 'over' | 'left' | 'extended'>,
): TemplateResult {
  if (step === 'closed' || step === 'rejected')
    return html`<span class="soft">${words.ended}</span>`;
  const left = daysLeft(dueAt);
  const tone = left < 0 ? 'bad' : left <= Math.ceil((clock?.days ?? 15) / 5) ? 'warning' : '';
  return html`<span class="due ${tone}"
    ><strong class="number">${day(dueAt)}</strong> ${words.due} ·
    ${left < 0 ? words.over(-left) : words.left(left)}${extendedAt ? ` · ${words.extended}` : ''}</span
  >`;
}
