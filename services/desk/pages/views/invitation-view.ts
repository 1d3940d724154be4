import { makePasskey, passkeysWork } from '@mandate/pages/browser/passkeys';
import { html, nothing, type TemplateResult } from 'lit';
import { beginEnrolment, enrol, type Session } from '../api/sign-in.js';
import { DeskView } from '../desk-view.js';
import { en } from '../words/en-sign-in.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-sign-in.js';

/**
 * A new account: passkey, then the recovery codes, once. The invitation stands in the address's fragment. Also for
 * whoever came in by a recovery code, who can do nothing else.
 */
class InvitationView extends DeskView {
  static override properties = {
    ...DeskView.properties,
    codes: { state: true },
    kept: { state: true },
  };
  declare private codes: readonly string[];
  declare private kept: boolean;
  #invitation = '';
  #session: Session | undefined;

  constructor() {
    super();
    this.codes = [];
    this.kept = false;
  }

  protected override async load(): Promise<void> {
    this.#invitation = location.hash.slice(1);
    history.replaceState(null, '', location.pathname);
  }

  get #recovering(): boolean {
    return this.desk.session?.means === 'recovery-code';
  }

  protected override content(): TemplateResult {
    const { invitation: words, ...other } = wordsFor(this.language, zh, en);
    if (this.codes.length > 0) return this.#codesView();
    const recovering = this.#recovering;
    const missing = !recovering && this.#invitation === '';
    return html`<h1 tabindex="-1">${recovering ? words.again : words.title}</h1>
      ${
        missing
          ? html`<p class="callout bad">${words.missing}</p>`
          : html`<p class="lead">${recovering ? words.againText : words.lead}</p>`
      }
      ${passkeysWork() ? nothing : html`<p class="callout warning">${other.noPasskeys}</p>`}
      <div class="onward">
        <button
          type="button"
          class="button"
          data-action="enrol"
          ?disabled=${this.busy || missing || !passkeysWork()}
          @click=${this.#make}
        >
          ${words.make}
        </button>
      </div>`;
  }

  #codesView(): TemplateResult {
    const { invitation: words } = wordsFor(this.language, zh, en);
    return html`<h1 tabindex="-1">${words.codes}</h1>
      <p class="callout warning">${words.codesText}</p>
      <ol class="card recovery-codes">
        ${this.codes.map((code) => html`<li><code>${code}</code></li>`)}
      </ol>
      <div class="onward">
        <button type="button" class="button secondary" @click=${() => print()}>
          ${words.print}
        </button>
        <label class="option">
          <input
            type="checkbox"
            name="kept"
            .checked=${this.kept}
            @change=${(event: Event) => (this.kept = (event.target as HTMLInputElement).checked)}
          />
          <span>${words.kept}</span>
        </label>
        <button
          type="button"
          class="button"
          data-action="onward"
          ?disabled=${!this.kept}
          @click=${() => this.desk.signedIn(this.#session!, '/desk')}
        >
          ${words.onward}
        </button>
      </div>`;
  }

  #make = (): Promise<void> =>
    this.act(async () => {
      const invitation = this.#recovering ? undefined : this.#invitation;
      const { options } = await beginEnrolment(this.desk.client, invitation);
      const answer = await makePasskey(options);
      const { recoveryCodes, ...session } = await enrol(this.desk.client, invitation, answer);
      // Whoever agrees has none.
      if (recoveryCodes.length === 0) return this.desk.signedIn(session, '/desk');
      this.#session = session;
      this.codes = recoveryCodes;
    });
}
customElements.define('desk-invitation', InvitationView);
