import type { Problem } from '@mandate/pages/browser/problem';
import { html, nothing, type TemplateResult } from 'lit';
import { en } from '../words/en-problems.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-problems.js';

/** What went wrong and what to do next. */
export function problemNote(language: 'zh' | 'en', { code, facts }: Problem): TemplateResult {
  const words = wordsFor(language, zh, en);
  const { why } = facts as { why?: string };
  const sentences: Readonly<Record<string, string>> = words.problems;
  const reasons: Readonly<Record<string, string>> = words.why;
  return html`<div class="callout bad" data-problem=${code} data-why=${why ?? nothing}>
    <strong>${words.title}</strong>
    <p>
      ${(why !== undefined && Object.hasOwn(reasons, why) && reasons[why]) || (Object.hasOwn(sentences, code) ? sentences[code] : words.other)}
    </p>
    ${facts.instance ? html`<p class="soft">${words.reference} <code>${facts.instance}</code></p>` : nothing}
  </div>`;
}
