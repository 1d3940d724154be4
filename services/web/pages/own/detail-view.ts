import { html, type TemplateResult } from 'lit';
import { wordsOf, type Language } from '../../src/pages/words/index.js';
import { ownWordsOf, type OwnWords } from '../../src/pages/words/own-words.js';
import { letterText } from '../letter-text.js';
import { disclosure } from '@mandate/pages/browser/ui/disclosure';
import { termList } from '@mandate/pages/browser/ui/term-list';
import { idImageList, type IdImageActions } from './id-image-list.js';
import { badge, usesLeft } from './list-view.js';
import { dayTime } from './moments.js';
import type { OwnAccess, OwnDetail } from './own-view.js';
import { holdNotes, withdrawalNote } from './outcome-notes.js';

/** Everything about one authorization. `ask` opens the question before something is done. */
export function detailView(
  language: Language,
  it: OwnDetail,
  ask: (what: 'withdraw' | 'dispute' | 'erase') => void,
  images: IdImageActions,
): TemplateResult {
  const own = ownWordsOf(language);
  const { detail } = own;
  const letterLang = wordsOf(it.language).htmlLang;
  return html`
    <div class="heading">
      <h1 tabindex="-1">${it.title[language]}</h1>
      ${badge(own, it.condition)}
    </div>
    <p class="lead">${own.conditions[it.condition].text}</p>
    ${withdrawalNote(language, it)} ${holdNotes(language, it)}
    ${termList([
      { id: 'institution', label: detail.institution, text: it.institution },
      { id: 'data', label: own.acts[it.act].data, text: it.data[language] },
      { id: 'purpose', label: detail.purpose, text: it.purpose[language] },
      { id: 'until', label: detail.until, text: dayTime(it.until, language) },
      ...(it.usesTotal === undefined
        ? []
        : [{ id: 'uses', label: detail.uses, text: usesLeft(own, it) }]),
      {
        id: 'letter-number',
        label: detail.letterNumber,
        text: html`<span class="number">${it.letterNumber}</span>`,
      },
      {
        id: 'check-code',
        label: detail.checkCode,
        text: html`<span class="check-code">${it.checkCode}</span>`,
      },
    ])}
    ${
      it.may.withdraw || it.may.dispute
        ? html`<div class="actions">
            ${
              it.may.withdraw
                ? html`<button
                    type="button"
                    class="button"
                    data-action="withdraw"
                    @click=${() => ask('withdraw')}
                  >
                    ${own.withdraw.button}
                  </button>`
                : ''
            }
            ${
              it.may.dispute
                ? html`<button
                    type="button"
                    class="button secondary"
                    data-action="dispute"
                    @click=${() => ask('dispute')}
                  >
                    ${own.dispute.button}
                  </button>`
                : ''
            }
          </div>`
        : ''
    }
    <h2>${detail.usesHeading}</h2>
    ${usesView(language, own, it, letterLang)}
    <h2>${detail.asked}</h2>
    <ul class="card agreed">
      ${[
        ...it.items,
        ...it.recipients.map(({ name, purpose, accepted }) => ({
          name: `${detail.recipients} ${name} · ${purpose}`,
          accepted,
        })),
      ].map(
        ({ name, accepted }) =>
          html`<li>
            <span lang=${letterLang}>${name}</span>
            <span class="badge ${accepted ? 'good' : ''}"
              >${accepted ? detail.accepted : detail.refused}</span
            >
          </li>`,
      )}
    </ul>
    ${it.may.download ? papers(language, own, it) : ''} ${idImageList(language, it, images)}
    ${data(language, own, it, ask)}
    <h2>${detail.accessHeading}</h2>
    <p class="soft">${detail.accessText}</p>
    ${disclosure(detail.accessShow(it.accesses.length), accessesView(language, own, it.accesses))}
    <h2>${detail.timelineHeading}</h2>
    ${disclosure(
      detail.timelineShow,
      html`<ol class="moments">
        ${it.timeline.map(
          ({ at, type }) =>
            html`<li>
              <time datetime=${at}>${dayTime(at, language)}</time>
              <span>${own.events[type] ?? type}</span>
            </li>`,
        )}
      </ol>`,
    )}
    <h2>${detail.letterHeading}</h2>
    ${disclosure(detail.letterShow, letterText(it.letterSections, letterLang))}
    <h2>${detail.channelHeading}</h2>
    <p>${detail.channelText}</p>
    ${termList([
      { label: detail.contact, text: it.contact },
      { label: detail.complaints, text: it.complaints },
      { label: detail.creditCode, text: html`<span class="number">${it.creditCode}</span>` },
    ])}
  `;
}

/** The copy of everything, and having it deleted. */
const data = (
  language: Language,
  own: OwnWords,
  it: OwnDetail,
  ask: (what: 'erase') => void,
): TemplateResult => {
  const { restrictedAt, retention } = it.privacy;
  return html`
    <h2>${own.data.heading}</h2>
    ${
      restrictedAt
        ? html`<p class="callout" data-restricted>
            ${own.data.restricted(dayTime(restrictedAt, language))}
            ${
              retention?.byLaw
                ? own.data.kept(dayTime(retention.keptUntil, language), retention.basis)
                : own.data.nothingKeeps
            }
          </p>`
        : html`<p class="soft">${own.data.text}</p>`
    }
    <div class="onward">
      <a
        class="button secondary"
        href="/v1/own/${it.id}/export.txt"
        download="${it.letterNumber}-data.txt"
      >
        ${own.data.readable}
      </a>
      <a
        class="button secondary"
        href="/v1/own/${it.id}/export.json"
        download="${it.letterNumber}-data.json"
      >
        ${own.data.machine}
      </a>
      ${
        it.may.erase
          ? html`<button
              type="button"
              class="button secondary"
              data-action="erase"
              @click=${() => ask('erase')}
            >
              ${own.erase.button}
            </button>`
          : ''
      }
    </div>
  `;
};

const papers = (language: Language, own: OwnWords, it: OwnDetail): TemplateResult => html`
  <h2>${own.detail.papers}</h2>
  <div class="onward">
    <a class="button secondary" href="/v1/own/${it.id}/letter" download="${it.letterNumber}.pdf">
      ${own.detail.letter}
    </a>
    <a
      class="button secondary"
      href="/v1/own/${it.id}/report.${language}.pdf"
      download="${it.letterNumber}-report.pdf"
    >
      ${own.detail.report}
    </a>
  </div>
  <p class="soft">${own.detail.reportText}</p>
`;

function usesView(
  language: Language,
  { detail, acts }: OwnWords,
  { uses, act }: OwnDetail,
  letterLang: string,
): TemplateResult {
  if (uses.length === 0) return html`<p class="card">${detail.noUses}</p>`;
  return html`<ol class="card moments" data-uses>
    ${uses.map(
      (use) =>
        html`<li>
          <time datetime=${use.at}>${dayTime(use.at, language)}</time>
          <span>
            <strong>${acts[act].use(use.source, use.recipient)}</strong>
            (${detail.useStates[use.state]})<br />
            <span class="soft">
              ${detail.useNumber(use.number, use.of)}${use.period ? ` · ${use.period}` : ''} ·
              ${detail.operator} ${use.operator}${use.approved ? ` · ${detail.approved}` : ''}
            </span>
            <br /><span class="soft" lang=${letterLang}>${use.items.join('；')}</span>
          </span>
        </li>`,
    )}
  </ol>`;
}

/** Openings that follow each other for the same purpose are one line. */
function accessesView(
  language: Language,
  own: OwnWords,
  accesses: readonly OwnAccess[],
): TemplateResult {
  const { purposes, detail } = own;
  const runs: { access: OwnAccess; who: string; count: number }[] = [];
  for (const access of accesses) {
    const last = runs.at(-1);
    const who = whoOpened(own, access);
    if (last?.who === who && last.access.purpose === access.purpose) last.count++;
    else runs.push({ access, who, count: 1 });
  }
  return html`<ol class="moments" data-accesses>
    ${runs.map(
      ({ access, who, count }) =>
        html`<li>
          <time datetime=${access.at}>${dayTime(access.at, language)}</time>
          <span>
            <strong>${who}</strong> · ${purposes[access.purpose]}
            ${count > 1 ? html`<span class="soft">(${detail.times(count)})</span>` : ''}
          </span>
        </li>`,
    )}
  </ol>`;
}

/** Who came in on an institution's word is named by it: it may not have been the subject. */
function whoOpened({ by, vouched, hows }: OwnWords, access: OwnAccess): string {
  if (access.by !== 'vouched') return by[access.by];
  const { institution = '', by: staff = '', how = '' } = access.vouched ?? {};
  return vouched(institution, staff, hows[how] ?? how);
}
