import { html, type TemplateResult } from 'lit';
import { problemText } from '../../src/pages/words/index.js';
import { StepElement } from '../step-element.js';
import { codeInput } from '../ui/code-input.js';
import { whoAsks } from '../ui/who-asks.js';

/** Step `gate`: who asks, and the last six of the ID number before any personal data is shown. */
class GateStep extends StepElement {
  static override properties = {
    ...StepElement.properties,
    incomplete: { state: true },
    value: { state: true },
  };
  declare private incomplete: boolean;
  /** What was typed; survives a failed request. */
  declare private value: string;
  protected readonly place = 'gate';

  constructor() {
    super();
    this.incomplete = false;
    this.value = '';
  }

  protected override render(): TemplateResult {
    const { gate } = this.words;
    const { view, activity, problem } = this.ceremony;
    const wrong = problem?.code === 'gate-mismatch';
    const tries = problem?.facts.triesLeft;
    return html`
      <h1 tabindex="-1">${gate.title}</h1>
      <p class="lead">${gate.lead(view!.institution.name)}</p>
      <form class="card form" novalidate @submit=${this.#submit}>
        <p>${gate.text}</p>
        ${codeInput({
          id: 'last-six',
          label: gate.label,
          hint: gate.hint,
          problem: this.incomplete
            ? gate.incomplete
            : wrong
              ? problemText(this.words, problem.code) +
                (tries === undefined ? '' : ` ${gate.triesLeft(tries)}`)
              : '',
          value: this.value,
          input: (value) => (this.value = value),
          maximum: 6,
          kind: 'id-number',
        })}
        <button class="button" type="submit" ?disabled=${activity !== undefined}>
          ${activity === 'identifying' ? this.words.workingOn : gate.submit}
        </button>
      </form>
      ${whoAsks(this.words, view!)}
    `;
  }

  #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const lastSix = lastSixOf(this.value);
    this.incomplete = lastSix === undefined;
    const input = this.querySelector<HTMLInputElement>('#last-six')!;
    if (lastSix === undefined) return input.focus();
    await this.ceremony.identify(lastSix);
    if (this.ceremony.problem?.code === 'gate-mismatch') input.select();
  };
}
customElements.define('mandate-gate-step', GateStep);

/** Full-width digits come from Chinese keyboards. */
export function lastSixOf(text: string): string | undefined {
  const value = text.normalize('NFKC').replace(/\s/g, '').toUpperCase();
  return /^[0-9A-Z]{6}$/.test(value) ? value : undefined;
}
