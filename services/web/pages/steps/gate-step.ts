import { html, type TemplateResult } from 'lit';
import { problemText } from '../../src/pages/words/index.js';
import { StepElement } from '../step-element.js';

/** Step `gate`: the last six characters of the ID number, before any personal data is shown. */
class GateStep extends StepElement {
  static override properties = { ...StepElement.properties, incomplete: { state: true } };
  declare private incomplete: boolean;

  protected override render(): TemplateResult {
    const { gate } = this.words;
    const { view, activity, problem } = this.ceremony;
    const wrong = problem?.code === 'gate-mismatch';
    const tries = problem?.facts.triesLeft;
    return html`
      <h1 tabindex="-1">${gate.title}</h1>
      <p class="lead">${gate.lead(view!.institution.name)}</p>
      <p>${gate.text}</p>
      <form class="card form" novalidate @submit=${this.#submit}>
        <label for="last-six">${gate.label}</label>
        <input
          id="last-six"
          name="last-six"
          class="code"
          type="text"
          maxlength="6"
          autocomplete="off"
          autocapitalize="characters"
          autocorrect="off"
          spellcheck="false"
          required
          aria-describedby="last-six-problem last-six-hint"
          aria-invalid=${this.incomplete || wrong}
        />
        <p id="last-six-problem" class="obstacle" role="alert">
          ${this.incomplete ? gate.incomplete : wrong ? problemText(this.words, problem.code) : ''}
          ${wrong && tries !== undefined ? gate.triesLeft(tries) : ''}
        </p>
        <p id="last-six-hint" class="soft">${gate.hint}</p>
        <button class="button" type="submit" ?disabled=${activity !== undefined}>
          ${activity === 'identifying' ? this.words.workingOn : gate.submit}
        </button>
      </form>
    `;
  }

  #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const input = this.querySelector<HTMLInputElement>('#last-six')!;
    // Full-width digits come from Chinese keyboards.
    const value = input.value.normalize('NFKC').replace(/\s/g, '').toUpperCase();
    this.incomplete = !/^[0-9A-Z]{6}$/.test(value);
    if (this.incomplete) return input.focus();
    await this.ceremony.identify(value);
    if (this.ceremony.problem?.code === 'gate-mismatch') input.select();
  };
}
customElements.define('mandate-gate-step', GateStep);
