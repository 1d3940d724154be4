import { askPasskey, passkeysWork } from '@mandate/pages/browser/passkeys';
import { disclosure } from '@mandate/pages/browser/ui/disclosure';
import { textField } from '@mandate/pages/browser/ui/text-field';
import { html, nothing, type TemplateResult } from 'lit';
import {
  beginPasskey,
  beginProvider,
  signInByPasskey,
  signInByRecoveryCode,
} from '../api/sign-in.js';
import { DeskView } from '../desk-view.js';
import { somethingKept } from '../typed-texts.js';
import { en } from '../words/en-sign-in.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-sign-in.js';

/** Stands at any address while nobody is signed in; whoever comes in goes on there. */
class SignInView extends DeskView {
  static override properties = {
    ...DeskView.properties,
    note: { attribute: false },
    code: { state: true },
  };
  declare note: 'over' | 'left' | undefined;
  declare private code: string;

  constructor() {
    super();
    this.code = '';
  }

  protected override content(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return html`
      <h1 tabindex="-1">${words.title}</h1>
      ${this.note ? html`<p class="callout" role="status" data-note=${this.note}>${words[this.note]}${somethingKept() ? html`<br /><span data-kept>${words.keptTexts}</span>` : nothing}</p>` : nothing}
      <p class="lead">${words.lead}</p>
      <div class="onward">
        ${
          passkeysWork()
            ? html`<button
                type="button"
                class="button"
                data-action="passkey"
                ?disabled=${this.busy}
                @click=${this.#passkey}
              >
                ${words.passkey}
              </button>`
            : html`<p class="callout warning">${words.noPasskeys}</p>`
        }
        ${
          this.desk.providerSignIn
            ? html`<button
                type="button"
                class="button secondary"
                data-action="provider"
                ?disabled=${this.busy}
                @click=${this.#provider}
              >
                ${words.provider}
              </button>`
            : nothing
        }
      </div>
      ${disclosure(
        words.recovery,
        html`<form class="form" @submit=${this.#recovery}>
          <p>${words.recoveryText}</p>
          ${textField({
            ...{ id: 'recovery-code', label: words.recoveryCode, hint: words.recoveryHint },
            ...{ obstacle: '', value: this.code, autocomplete: 'off', maximum: 40 },
            input: (value) => (this.code = value),
          })}
          <button class="button" ?disabled=${this.busy}>${words.signIn}</button>
        </form>`,
      )}
    `;
  }

  #passkey = (): Promise<void> =>
    this.act(async () => {
      const { options } = await beginPasskey(this.desk.client);
      const answer = await askPasskey(options, options.challenge);
      this.desk.signedIn(await signInByPasskey(this.desk.client, answer));
    });

  #provider = (): Promise<void> =>
    this.act(async () => {
      location.assign((await beginProvider(this.desk.client)).address);
    });

  #recovery = (event: Event): void => {
    event.preventDefault();
    void this.act(async () => {
      this.desk.signedIn(await signInByRecoveryCode(this.desk.client, this.code.trim()));
    });
  };
}
customElements.define('desk-sign-in', SignInView);
