import { html, nothing, type TemplateResult } from 'lit';
import type { RunAgain } from '../api/reports.js';
import type { Language } from '../desk-view.js';
import { moment } from '../moments.js';
import { watermark } from '../ui/watermark.js';
import { en as grantsEn } from '../words/en-grants.js';
import { en } from '../words/en-reports.js';
import { wordsFor } from '../words/words-for.js';
import { zh as grantsZh } from '../words/zh-grants.js';
import { zh } from '../words/zh-reports.js';

/** What came out when a report was made once more, and what has changed since. */
export function comparedReport(
  { facts, programs, same, before, after, digests, changes, marks }: RunAgain,
  letterNumber: string,
  language: Language,
  close: () => void,
): TemplateResult {
  const { again: words, verdicts } = wordsFor(language, zh, en);
  const { view } = wordsFor(language, grantsZh, grantsEn);
  const line = [
    ...[view.notEvidence, marks.reader, `${moment(marks.at)} UTC+8`, marks.caseNumber],
  ].join(' · ');
  const stored = facts === 'stored';
  // Programs that were renewed since give other bytes; that is no alarm.
  const renewed = stored && programs === 'changed';
  const gone = changes.some(({ what }) => what === 'vanished');
  const bad = gone || (stored && !same && !renewed);
  const said = stored
    ? same
      ? words.same
      : renewed
        ? words.renewed
        : words.differs
    : same
      ? words.unchanged
      : words.changed(changes.length);
  const verdict = ({ indication }: RunAgain['before']) => verdicts[indication] ?? indication;
  return html`
    <h1 tabindex="-1">${words.title(letterNumber)}</h1>
    <p class="callout ${same ? 'good' : bad ? 'bad' : 'warning'}" data-same=${same}>
      <strong>${said}</strong><br />${verdict(before)} → ${verdict(after)}
    </p>
    <p class="soft" data-marks>
      ${line}<br /><span class="number">${view.opened(marks.access)}</span>
    </p>
    ${
      changes.length > 0
        ? watermark(
            line,
            html`<ul data-list="changes">
              ${changes.map(({ what, text }) => html`<li data-what=${what}>${text[language]}</li>`)}
            </ul>`,
          )
        : nothing
    }
    ${
      // on today's facts the bytes always differ: that says nothing
      stored
        ? html`<p class="soft digest">
            ${words.digest}:
            ${digests.before}${digests.after === digests.before ? '' : html`<br />→ ${digests.after}`}
          </p>`
        : nothing
    }
    <p>
      <button type="button" class="button secondary" data-action="close" @click=${close}>
        ${words.close}
      </button>
    </p>
  `;
}
