import { html, LitElement, type TemplateResult } from 'lit';
import type { Language } from '../../src/pages/words/index.js';
import { ownWordsOf } from '../../src/pages/words/own-words.js';
import type { OwnDetail } from './own-view.js';

/**
 * The one question before withdrawal, dispute, deletion or the end of a passkey or picture: what happens now and what goes on. Both
 * answers have the same size. Fires `own-yes` with the reason of a dispute, `own-no`.
 */
class OwnQuestion extends LitElement {
  static override properties = {
    language: { attribute: false },
    what: { attribute: false },
    authorization: { attribute: false },
    reason: { state: true },
    asked: { state: true },
  };
  declare language: Language;
  declare what: 'withdraw' | 'dispute' | 'erase' | 'passkeys' | 'images';
  /** Of the dispute or withdrawal. */
  declare authorization: OwnDetail | undefined;
  declare private reason: string;
  declare private asked: boolean;

  constructor() {
    super();
    this.reason = '';
    this.asked = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    const dialog = this.querySelector('dialog')!;
    // WebViews without modal dialogs still show it, in place.
    if (dialog.showModal) dialog.showModal();
    else dialog.setAttribute('open', '');
    dialog.scrollTop = 0;
    dialog.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true });
  }

  protected override render(): TemplateResult {
    const words = ownWordsOf(this.language)[this.what];
    return html`<dialog
      class="sheet"
      aria-labelledby="question-title"
      @cancel=${this.#no}
      @close=${this.#no}
    >
      <h2 id="question-title" tabindex="-1">${words.title}</h2>
      ${this.what === 'dispute' ? this.#reasons() : ''}
      <ul class="numbered">
        ${words.effects.map((text) => html`<li>${text}</li>`)}
      </ul>
      ${
        this.what === 'dispute'
          ? html`<p><strong>${this.authorization?.complaints}</strong></p>
              <p>${ownWordsOf(this.language).dispute.fraud}</p>`
          : ''
      }
      <div class="actions">
        <button
          type="button"
          class="button ${this.what === 'dispute' ? 'danger' : ''}"
          data-action="yes"
          @click=${this.#yes}
        >
          ${words.yes}
        </button>
        <button type="button" class="button secondary" data-action="no" @click=${this.#no}>
          ${words.no}
        </button>
      </div>
    </dialog>`;
  }

  #reasons(): TemplateResult {
    const { dispute } = ownWordsOf(this.language);
    return html`<p>${dispute.lead}</p>
      <fieldset class="reasons">
        <legend>${dispute.question}</legend>
        ${Object.entries(dispute.reasons).map(
          ([value, text]) =>
            html`<label class="option">
              <input
                type="radio"
                name="reason"
                autocomplete="off"
                value=${value}
                .checked=${this.reason === value}
                @change=${() => (this.reason = value)}
              />
              <span>${text}</span>
            </label>`,
        )}
      </fieldset>
      <p class="obstacle" role="alert">
        ${this.asked && this.reason === '' ? dispute.choose : ''}
      </p>`;
  }

  #yes = async (): Promise<void> => {
    this.asked = true;
    if (this.what === 'dispute' && this.reason === '') {
      await this.updateComplete;
      this.querySelector<HTMLElement>('input[type=radio]')?.focus();
      return;
    }
    this.dispatchEvent(new CustomEvent<string>('own-yes', { detail: this.reason }));
  };

  #no = (): void => void this.dispatchEvent(new CustomEvent('own-no'));
}
customElements.define('mandate-own-question', OwnQuestion);
