import { html, type TemplateResult } from 'lit';
import type { Language, Words } from '../../src/pages/words/index.js';
import type { Ceremony } from '../ceremony.js';
import { passkeysWork } from '@mandate/pages/browser/passkeys';
import { callout } from '@mandate/pages/browser/ui/callout';

/** Before any code: what a passkey does here, and its one button; whoever has none is told how to get one. */
export function passkeyAlone(ceremony: Ceremony, words: Words, language: Language): TemplateResult {
  const { passkey } = words;
  if (!passkeysWork()) return cannot(words, language);
  const busy = ceremony.activity !== undefined;
  const none = ceremony.passkeys?.registered === false;
  const phone = ceremony.view?.subject?.maskedPhone ?? '';
  return html`<section class="card" data-passkey=${none ? 'none' : 'ask'}>
    <p class="lead">${none ? passkey.noneLead(phone) : passkey.lead}</p>
    <div class="onward">
      ${
        none
          ? html`<button
              class="button"
              type="button"
              data-action="enrol"
              ?disabled=${busy}
              @click=${() => void ceremony.sendCode('sms', true)}
            >
              ${ceremony.activity === 'sending' ? words.workingOn : words.code.send}
            </button>`
          : html`<button
                class="button"
                type="button"
                data-action="passkey"
                ?disabled=${busy}
                @click=${() => void ceremony.answer()}
              >
                ${busy ? words.workingOn : passkey.confirm}
              </button>
              ${
                ceremony.passkeys
                  ? html`<button
                      class="button quiet"
                      type="button"
                      data-action="enrol"
                      ?disabled=${busy}
                      @click=${() => void ceremony.sendCode('sms', true)}
                    >
                      ${passkey.enrolHere}
                    </button>`
                  : ''
              }`
      }
    </div>
    <p class="soft">${passkey.what}</p>
  </section>`;
}

/** Under the code, in its form: the button that submits it says what the device will be asked for. */
export function passkeyWithCode(
  ceremony: Ceremony,
  words: Words,
  {
    dead,
    setUp,
    language,
  }: { readonly dead: boolean; readonly setUp: () => void; readonly language: Language },
): TemplateResult {
  const { passkey } = words;
  if (!passkeysWork()) return cannot(words, language);
  const off = ceremony.activity !== undefined || dead;
  const registered = ceremony.passkeys?.registered === true;
  return html`<div data-passkey=${registered ? 'ask' : 'none'}>
    ${ceremony.enrolled ? html`<p role="status"><strong>${passkey.ready}</strong></p>` : ''}
    <p>${registered ? passkey.submitText : passkey.setUpText}</p>
    <div class="onward">
      <button class="button" type="submit" data-action="passkey" ?disabled=${off}>
        ${
          ceremony.activity === 'enrolling'
            ? words.workingOn
            : registered
              ? passkey.confirm
              : passkey.setUp
        }
      </button>
      ${
        registered && !ceremony.enrolled
          ? html`<button
              class="button quiet"
              type="button"
              data-action="set-up"
              ?disabled=${off}
              @click=${setUp}
            >
              ${passkey.setUpHere}
            </button>`
          : ''
      }
    </div>
    <p class="soft">${passkey.what}</p>
  </div>`;
}

/** When the letter is signed: a passkey for the next one, for whoever wants it. */
export function passkeyOffer(ceremony: Ceremony, words: Words): TemplateResult | '' {
  const { passkey } = words;
  const { passkeys, enrolled, activity, needsPasskey } = ceremony;
  if (needsPasskey || !passkeysWork() || !passkeys || (passkeys.registered && !enrolled)) return '';
  return html`<section class="card" aria-labelledby="passkey-offer" data-passkey="offer">
    <h2 id="passkey-offer">${passkey.offerTitle}</h2>
    <p role="status">${enrolled ? passkey.offerDone : passkey.offerText}</p>
    ${
      enrolled
        ? ''
        : html`<div class="onward">
              <button
                class="button secondary"
                type="button"
                data-action="set-up"
                ?disabled=${activity !== undefined}
                @click=${() => void ceremony.setUpPasskey()}
              >
                ${activity === 'enrolling' ? words.workingOn : passkey.offer}
              </button>
            </div>
            <p class="soft">${passkey.what}</p>`
    }
  </section>`;
}

/** In a frame of another site no answer would count: the way on is the full page, where all is read again. */
const cannot = (words: Words, language: Language): TemplateResult =>
  'PublicKeyCredential' in globalThis && window.top !== window.self
    ? html`<section class="card" data-passkey="framed">
        <mandate-full-page
          .language=${language}
          .reason=${'passkey-framed'}
          .within=${true}
        ></mandate-full-page>
      </section>`
    : callout('bad', 'passkey-cannot', words.passkey.cannotTitle, words.passkey.unsupported);
