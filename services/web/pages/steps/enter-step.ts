import { html, type TemplateResult } from 'lit';
import { StepElement } from '../step-element.js';
import { codeInput } from '../ui/code-input.js';
import { lastSixOf } from './gate-step.js';

/** No link: the short address typed by hand, then letter number and last six. Also the way back in. */
class EnterStep extends StepElement {
  static override properties = {
    ...StepElement.properties,
    letterNumber: { state: true },
    lastSix: { state: true },
    asked: { state: true },
  };
  declare private letterNumber: string;
  declare private lastSix: string;
  declare private asked: boolean;
  protected readonly place = 'enter';

  constructor() {
    super();
    this.letterNumber = this.lastSix = '';
    this.asked = false;
  }

  protected override render(): TemplateResult {
    const { enter, gate } = this.words;
    const { activity, problem, outside, view } = this.ceremony;
    const wrong = problem?.code === 'gate-mismatch';
    const tries = problem?.facts.triesLeft;
    const back = !outside || view !== undefined;
    return html`
      <h1 tabindex="-1">${back ? enter.returning : enter.title}</h1>
      <p class="lead">${back ? enter.returningText : enter.lead}</p>
      <form class="card form" novalidate @submit=${this.#submit}>
        ${codeInput({
          id: 'letter-number',
          label: enter.letterNumber,
          hint: enter.letterNumberHint,
          problem: this.asked && !numberOf(this.letterNumber) ? enter.letterNumberWrong : '',
          value: this.letterNumber,
          input: (value) => (this.letterNumber = value),
          maximum: 30,
          kind: 'letter-number',
        })}
        ${codeInput({
          id: 'last-six',
          label: gate.label,
          hint: gate.hint,
          problem:
            this.asked && !lastSixOf(this.lastSix)
              ? gate.incomplete
              : wrong
                ? enter.mismatch + (tries === undefined ? '' : ` ${gate.triesLeft(tries)}`)
                : '',
          value: this.lastSix,
          input: (value) => (this.lastSix = value),
          maximum: 6,
          kind: 'id-number',
        })}
        <button class="button" type="submit" ?disabled=${activity !== undefined}>
          ${activity === 'entering' ? this.words.workingOn : enter.submit}
        </button>
      </form>
      <p class="soft">
        ${enter.signedText}
        <a href="/my" target="_blank" rel="noopener">${enter.signedLink}</a>
      </p>
      <p class="soft">${enter.safety}</p>
    `;
  }

  #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    this.asked = true;
    const number = numberOf(this.letterNumber);
    const lastSix = lastSixOf(this.lastSix);
    if (number && lastSix) {
      this.asked = false;
      return this.ceremony.enter(number, lastSix);
    }
    await this.updateComplete;
    this.querySelector<HTMLInputElement>('[aria-invalid=true]')?.focus();
  };
}
customElements.define('mandate-enter-step', EnterStep);

/** `m20261121 7f3k9q2m` is meant as `M20261121-7F3K9Q2M`. */
function numberOf(text: string): string | undefined {
  const bare = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '');
  return /^M\d{8}[0-9A-Z]{8}$/.test(bare) ? `${bare.slice(0, 9)}-${bare.slice(9)}` : undefined;
}
