import { html, LitElement, type TemplateResult } from 'lit';
import { wordsOf, type Language } from '../../src/pages/words/index.js';
import { ownWordsOf } from '../../src/pages/words/own-words.js';
import type { Problem } from '@mandate/pages/browser/problem';
import { clockTime } from '../step-element.js';
import { callout } from '@mandate/pages/browser/ui/callout';
import { codeInput } from '../ui/code-input.js';
import { disclosure } from '@mandate/pages/browser/ui/disclosure';

/** After these only a new entry helps. */
const DEAD: readonly string[] = [
  'challenge-expired',
  'challenge-dead',
  'code-tries-exhausted',
  'challenge-missing',
];

/** The code of the message. Fires `own-code` with the digits, `own-again`. */
class OwnCodeForm extends LitElement {
  static override properties = {
    language: { attribute: false },
    busy: { attribute: false },
    problem: { attribute: false },
    expiresAt: { attribute: false },
    value: { state: true },
    incomplete: { state: true },
  };
  declare language: Language;
  declare busy: boolean;
  declare problem: Problem | undefined;
  declare expiresAt: string;
  declare private value: string;
  declare private incomplete: boolean;

  constructor() {
    super();
    this.value = '';
    this.busy = this.incomplete = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { code, enter, problems } = ownWordsOf(this.language);
    const dead = DEAD.includes(this.problem?.code ?? '');
    const wrong = this.problem?.code === 'code-wrong';
    const tries = this.problem?.facts.triesLeft;
    return html`
      <form class="card form" novalidate @submit=${this.#submit}>
        <p>${code.lead}</p>
        ${codeInput({
          id: 'code',
          label: code.label,
          hint: dead ? code.dead : code.hint(clockTime(this.expiresAt, this.language)),
          problem: this.incomplete
            ? code.incomplete
            : wrong
              ? problems['code-wrong'] + (tries === undefined ? '' : ` ${code.triesLeft(tries)}`)
              : '',
          value: this.value,
          input: (value) => (this.value = value),
          maximum: 8,
          kind: 'one-time-code',
        })}
        <button class="button" type="submit" ?disabled=${this.busy || dead}>
          ${this.busy ? wordsOf(this.language).workingOn : code.submit}
        </button>
      </form>
      ${callout('warning', 'fraud-title', enter.safetyTitle, enter.safety)}
      <p>
        <button
          class="button ${dead ? '' : 'quiet'}"
          type="button"
          data-action="again"
          ?disabled=${this.busy}
          @click=${() => this.dispatchEvent(new CustomEvent('own-again'))}
        >
          ${code.again}
        </button>
      </p>
      ${disclosure(
        code.nothing,
        html`<ul class="numbered">
          ${code.nothingText.map((text) => html`<li>${text}</li>`)}
        </ul>`,
      )}
    `;
  }

  #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const digits = this.value.normalize('NFKC').replace(/\D/g, '');
    this.incomplete = !/^\d{6,8}$/.test(digits);
    if (this.incomplete) {
      await this.updateComplete;
      this.querySelector<HTMLInputElement>('#code')?.focus();
      return;
    }
    this.value = '';
    this.dispatchEvent(new CustomEvent<string>('own-code', { detail: digits }));
  };
}
customElements.define('mandate-own-code', OwnCodeForm);
