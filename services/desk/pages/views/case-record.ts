import { html, nothing, type TemplateResult } from 'lit';
import type { CaseDetail, CaseEvent, CaseTexts } from '../api/cases.js';
import { moment } from '../moments.js';
import { saidText } from '../ui/said-text.js';
import type { CaseWords } from '../words/zh-cases.js';

const TEXTS = ['applicant', 'standing', 'documents', 'legalBasis', 'scope', 'decision'] as const;

/** What was said in a case, the latest of each kind, and what was done, step by step. */
export function caseRecord({ events }: CaseDetail, words: CaseWords): TemplateResult {
  const said: { -readonly [K in keyof CaseTexts]?: CaseTexts[K] } = {};
  for (const { texts } of events) Object.assign(said, texts ?? {});
  const destroyed = events.some(({ texts }) => texts === null);
  const known = TEXTS.filter((name) => said[name] !== undefined);
  return html`
    <section aria-labelledby="said">
      <h2 id="said">${words.view.said}</h2>
      ${
        known.length === 0
          ? html`<p>${destroyed ? words.view.destroyed : words.view.nothingSaid}</p>`
          : html`<dl class="card terms">
              ${known.map(
                (name) =>
                  html`<div data-text=${name}>
                    <dt>${words.texts[name]}</dt>
                    <dd>
                      ${saidText(name === 'documents' ? said.documents!.join('\n') : said[name]!)}
                    </dd>
                  </div>`,
              )}
            </dl>`
      }
    </section>
    <section aria-labelledby="trail">
      <h2 id="trail">${words.view.trail}</h2>
      <ol class="card moments" data-list="case-events">
        ${events.map((event) => eventLine(event, words))}
      </ol>
    </section>
  `;
}

function eventLine(event: CaseEvent, words: CaseWords): TemplateResult {
  const who =
    event.name ??
    (event.by.startsWith('institution:')
      ? words.view.institution
      : event.by.startsWith('staff:')
        ? event.by
        : words.view.subject);
  const what =
    event.type === 'stepped'
      ? words.events.toStep(words.steps[event.step])
      : words.events[event.type];
  return html`<li>
    <time datetime=${event.at}>${moment(event.at)}</time>
    <span>
      ${what} · ${who} ${event.texts?.note ? html`<br />${saidText(event.texts.note)}` : nothing}
    </span>
  </li>`;
}
