import { html, LitElement, type TemplateResult } from 'lit';
import { wordsOf, type Language } from '../../src/pages/words/index.js';
import { ownWordsOf } from '../../src/pages/words/own-words.js';
import { passkeysWork } from '@mandate/pages/browser/passkeys';
import { callout } from '@mandate/pages/browser/ui/callout';
import { disclosure } from '@mandate/pages/browser/ui/disclosure';
import type { OwnPerson } from './own-view.js';
import { textField } from '@mandate/pages/browser/ui/text-field';

const NO_ONE: OwnPerson = { phone: '', name: '', idType: 'cn-resident-id', idNumber: '' };

/** Who are you: number, name, document. Fires `own-enter` with an `OwnPerson`, `own-passkey`. */
class OwnEnterForm extends LitElement {
  static override properties = {
    language: { attribute: false },
    busy: { attribute: false },
    person: { state: true },
    asked: { state: true },
  };
  declare language: Language;
  declare busy: boolean;
  declare private person: OwnPerson;
  declare private asked: boolean;

  constructor() {
    super();
    this.person = NO_ONE;
    this.asked = this.busy = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { enter } = ownWordsOf(this.language);
    const { phone, name, idNumber } = this.person;
    const wrong = (bad: boolean, text: string): string => (this.asked && bad ? text : '');
    const set = (field: keyof OwnPerson) => (value: string) =>
      (this.person = { ...this.person, [field]: value });
    return html`
      <form class="card form" novalidate @submit=${this.#submit}>
        <p>${enter.lead}</p>
        ${textField({
          id: 'phone',
          label: enter.phone,
          hint: enter.phoneHint,
          obstacle: wrong(!phoneOf(phone), enter.phoneWrong),
          value: phone,
          input: set('phone'),
          autocomplete: 'tel',
          inputmode: 'tel',
          maximum: 24,
        })}
        ${textField({
          id: 'name',
          label: enter.name,
          hint: enter.nameHint,
          obstacle: wrong(name.trim() === '', enter.nameWrong),
          value: name,
          input: set('name'),
          autocomplete: 'name',
          maximum: 60,
        })}
        ${this.#idType()}
        ${textField({
          id: 'id-number',
          label: enter.idNumber,
          hint: enter.idNumberHint,
          obstacle: wrong(!numberOf(idNumber), enter.idNumberWrong),
          value: idNumber,
          input: set('idNumber'),
          autocomplete: 'off',
          maximum: 32,
        })}
        <button class="button" type="submit" ?disabled=${this.busy}>
          ${this.busy ? wordsOf(this.language).workingOn : enter.submit}
        </button>
      </form>
      ${
        passkeysWork()
          ? html`<div class="card">
              <p>${enter.passkeyText}</p>
              <button
                class="button secondary"
                type="button"
                data-action="passkey"
                ?disabled=${this.busy}
                @click=${() => this.dispatchEvent(new CustomEvent('own-passkey'))}
              >
                ${enter.passkey}
              </button>
            </div>`
          : ''
      }
      ${disclosure(
        enter.lost,
        enter.lostText.map((text) => html`<p>${text}</p>`),
      )}
      ${callout('warning', 'fraud-title', enter.safetyTitle, enter.safety)}
    `;
  }

  #idType(): TemplateResult {
    const { enter } = ownWordsOf(this.language);
    return html`<div class="field">
      <label for="id-type">${enter.idType}</label>
      <select
        id="id-type"
        @change=${(event: Event) =>
          (this.person = {
            ...this.person,
            idType: (event.target as HTMLSelectElement).value,
          })}
      >
        ${Object.entries(enter.idTypes).map(
          ([value, text]) =>
            html`<option value=${value} ?selected=${value === this.person.idType}>${text}</option>`,
        )}
      </select>
    </div>`;
  }

  #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    this.asked = true;
    const phone = phoneOf(this.person.phone);
    const idNumber = numberOf(this.person.idNumber);
    const name = this.person.name.trim();
    if (phone && idNumber && name) {
      this.asked = false;
      const detail = { ...this.person, phone, idNumber, name };
      this.dispatchEvent(new CustomEvent<OwnPerson>('own-enter', { detail }));
      return;
    }
    await this.updateComplete;
    this.querySelector<HTMLInputElement>('[aria-invalid=true]')?.focus();
  };
}
customElements.define('mandate-own-enter', OwnEnterForm);

const bare = (text: string): string => text.normalize('NFKC').replace(/[\s-]/gu, '');
const phoneOf = (text: string): string | undefined =>
  /^\+?\d{7,16}$/.test(bare(text)) ? bare(text) : undefined;
const numberOf = (text: string): string | undefined =>
  /^[0-9A-Z]{5,18}$/.test(bare(text).toUpperCase()) ? bare(text).toUpperCase() : undefined;
