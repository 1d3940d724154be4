import { html, type TemplateResult } from 'lit';
import type { Language } from '../../src/pages/words/index.js';
import { ownWordsOf } from '../../src/pages/words/own-words.js';
import { dayTime } from './moments.js';
import type { OwnPasskey } from './own-view.js';

/** The passkeys this visit sees, each with its one button; empty where there never was any. */
export function passkeyList(
  language: Language,
  passkeys: readonly OwnPasskey[],
  remove: ((passkey: OwnPasskey) => void) | undefined,
): TemplateResult | '' {
  const { passkeys: words } = ownWordsOf(language);
  if (passkeys.length === 0) return '';
  return html`<section aria-labelledby="passkeys-title" data-passkeys>
    <h2 id="passkeys-title">${words.heading}</h2>
    <p class="soft">${words.lead}</p>
    <ul class="own-list">
      ${passkeys.map(
        (it) =>
          html`<li
            class="card own-passkey"
            data-passkey=${it.id}
            data-removed=${it.removed !== null}
          >
            <strong id="name-${it.id}">${words.kinds[it.kind]}</strong>
            <span>${words.under(it.institution, it.letterNumber)}</span>
            <span class="soft">
              ${words.registered} ${dayTime(it.registeredAt, language)}<br />
              ${
                it.lastUsedAt
                  ? `${words.lastUsed} ${dayTime(it.lastUsedAt, language)}`
                  : words.neverUsed
              }
              ${it.here ? html`<br />${words.here}` : ''}
              ${
                it.removed
                  ? html`<br />${words.removed(dayTime(it.removed.at, language))} ·
                      ${words.why[it.removed.why]}`
                  : ''
              }
            </span>
            ${
              it.removed
                ? html`<span class="badge">${words.removedWord}</span>`
                : remove &&
                  html`<button
                    type="button"
                    class="button secondary"
                    data-action="remove-passkey"
                    aria-describedby="name-${it.id}"
                    @click=${() => remove(it)}
                  >
                    ${words.remove}
                  </button>`
            }
          </li>`,
      )}
    </ul>
  </section>`;
}
