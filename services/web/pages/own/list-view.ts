import { html, type TemplateResult } from 'lit';
import type { Language } from '../../src/pages/words/index.js';
import { ownWordsOf, type OwnWords } from '../../src/pages/words/own-words.js';
import { logoImage } from '../ui/logo-image.js';
import { day } from './moments.js';
import type { Condition, OwnList, OwnPasskey, OwnRow } from './own-view.js';
import { passkeyList } from './passkey-list.js';

/** Which colour a condition has; each says itself in words. */
const TONES: Partial<Record<Condition, string>> = {
  'in-force': 'good',
  'on-hold': 'warning',
  signing: 'warning',
  'not-signed': 'warning',
};

export const badge = (own: OwnWords, condition: Condition): TemplateResult =>
  html`<span class="badge ${TONES[condition] ?? ''}" data-condition=${condition}
    >${own.conditions[condition].word}</span
  >`;

/** `还可使用1次，共1次（每月）`; where nothing can be used any more, how often it was. Empty before it is signed. */
export function usesLeft({ list }: OwnWords, row: OwnRow): string {
  const { usesTotal: of, usesLeft: left = 0, per } = row;
  if (of === undefined) return '';
  const text = row.condition === 'in-force' ? list.usesLeft(left, of) : list.used(of - left, of);
  return text + (per ? list.per[per] : '');
}

export function listView(
  language: Language,
  list: OwnList,
  open: (id: string) => void,
  remove: (passkey: OwnPasskey) => void,
): TemplateResult {
  const own = ownWordsOf(language);
  const note = { code: '', passkey: own.visit.byPasskey, 'own-link': own.visit.byLink }[list.means];
  return html`
    <h1 tabindex="-1">${own.list.heading}</h1>
    ${note ? html`<p class="soft">${note}</p>` : ''}
    ${list.authorizations.length === 0 ? html`<p class="card">${own.list.none}</p>` : ''}
    <ul class="own-list">
      ${list.authorizations.map(
        (row) =>
          html`<li>
            <button
              type="button"
              class="card own-row"
              data-authorization=${row.id}
              @click=${() => open(row.id)}
            >
              <span class="heading">
                <span class="institution">
                  ${row.logo ? logoImage(row.logo, own.list.logo(row.institution)) : ''}
                  <strong>${row.institution}</strong>
                </span>
                ${badge(own, row.condition)}
              </span>
              <span>${row.data[language]} · ${row.purpose[language]}</span>
              <span class="soft">
                ${own.list.until} ${day(row.until, language)}
                ${row.condition === 'in-force' ? html`<br />${usesLeft(own, row)}` : ''}
              </span>
            </button>
          </li>`,
      )}
    </ul>
    ${passkeyList(language, list.passkeys, list.means === 'own-link' ? undefined : remove)}
  `;
}
