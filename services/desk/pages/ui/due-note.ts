import { html, type TemplateResult } from 'lit';
import { ended, type Case } from '../api/cases.js';
import { day, daysLeft } from '../moments.js';
import type { CaseWords } from '../words/zh-cases.js';

const HOUR = 3_600_000;

/**
 * Until when, and how long that is, by the server's clock `now` (milliseconds): days of the calendar, hours within the
 * last or first 24. In red when it is past, in amber within the last fifth.
 */
export function dueNote(
  { step, dueAt, extensions }: Pick<Case, 'step' | 'dueAt' | 'extensions'>,
  clock: { readonly days: number } | undefined,
  words: Pick<CaseWords, 'due' | 'ended' | 'over' | 'left' | 'extended'>,
  now: number,
): TemplateResult {
  if (ended({ step })) return html`<span class="soft">${words.ended}</span>`;
  const span = Date.parse(dueAt) - now;
  const past = span <= 0;
  const long = {
    days: Math.abs(daysLeft(dueAt, now)),
    hours: Math.floor(Math.abs(span) / HOUR),
  };
  const tone = past ? 'bad' : long.days <= Math.ceil((clock?.days ?? 15) / 5) ? 'warning' : '';
  return html`<span class="due ${tone}"
    ><strong class="number">${day(dueAt)}</strong> ${words.due} ·
    ${past ? words.over(long) : words.left(long)}${extensions > 0 ? ` · ${words.extended(extensions)}` : ''}</span
  >`;
}
