import { disclosure } from '@mandate/pages/browser/ui/disclosure';
import { html, nothing, type TemplateResult } from 'lit';
import type { OpenedTrail } from '../api/grants.js';
import type { Language } from '../desk-view.js';
import { moment } from '../moments.js';
import { lifePicture } from '../ui/life-picture.js';
import { recordTable } from '../ui/record-table.js';
import { watermark } from '../ui/watermark.js';
import { en } from '../words/en-grants.js';
import { wordsFor } from '../words/words-for.js';
import { en as searchEn } from '../words/en-search.js';
import { zh } from '../words/zh-grants.js';
import { zh as searchZh } from '../words/zh-search.js';

/** The bundle's trail as it stands there, over the marks of who reads it. */
export function openedTrail(
  { trail, timeline, marks }: OpenedTrail,
  letterNumber: string,
  language: Language,
  close: () => void,
): TemplateResult {
  const { view: words, trail: types, writers } = wordsFor(language, zh, en);
  const life = wordsFor(language, searchZh, searchEn);
  const line = [words.notEvidence, marks.reader, `${moment(marks.at)} UTC+8`, marks.caseNumber];
  return html`
    <h1 tabindex="-1">${words.trailOf}</h1>
    <p class="callout warning">
      <strong>${line.join(' · ')}</strong><br /><span class="number"
        >${letterNumber} · ${words.opened(marks.access)}</span
      >
    </p>
    <div class="onward">
      <button type="button" class="button secondary" data-action="close" @click=${close}>
        ${words.close}
      </button>
    </div>
    ${watermark(
      line.join(' · '),
      html`${lifePicture(timeline, life, life.one.life)}${recordTable<OpenedTrail['trail'][number]>(
        words.trailOf,
        [
          [words.moment, (it) => html`<time class="number">${it.at ? moment(it.at) : ''}</time>`],
          [words.what, (it) => types[it.type ?? ''] ?? it.type],
          [words.by, (it) => writers[it.by ?? ''] ?? it.by],
          [
            words.details,
            ({ data = {} }) => {
              const values = Object.entries(data);
              if (values.length === 0) return nothing;
              return disclosure(
                words.data(values.length),
                html`<ul class="details-list">
                  ${values.map(
                    ([name, value]) =>
                      html`<li>
                        <span class="soft">${name}</span>
                        <code>${typeof value === 'string' ? value : JSON.stringify(value)}</code>
                      </li>`,
                  )}
                </ul>`,
              );
            },
          ],
        ],
        trail,
        { name: 'opened-trail', captionHidden: true },
      )}`,
    )}
  `;
}
