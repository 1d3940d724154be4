import { html, type TemplateResult } from 'lit';
import { StepElement } from '../step-element.js';

/** Step `gate`: the last six characters of the ID number, before any personal data is shown. */
class GateStep extends StepElement {
  static override properties = { ...StepElement.properties, incomplete: { state: true } };
  declare private incomplete: boolean;

  protected override render(): TemplateResult {
    const { gate } = this.words;
    const { view, activity, problem } = this.ceremony;
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
          aria-describedby="last-six-hint"
          aria-invalid=${this.incomplete || problem?.code === 'gate-mismatch'}
        />
        <p id="last-six-hint" class="soft">
          ${this.incomplete ? gate.incomplete : gate.hint}
          ${tries !== undefined ? html`<strong>${gate.triesLeft(tries)}</strong>` : ''}
        </p>
        <button class="button" type="submit" ?disabled=${activity !== undefined}>
          ${activity === 'identifying' ? this.words.workingOn : gate.submit}
        </button>
      </form>
    `;
  }

  #submit = (event: Event): void => {
    event.preventDefault();
    const input = this.querySelector<HTMLInputElement>('#last-six')!;
    // Full-width digits come from Chinese keyboards.
    const value = input.value.normalize('NFKC').replace(/\s/g, '').toUpperCase();
    this.incomplete = !/^[0-9A-Z]{6}$/.test(value);
    if (this.incomplete) return input.focus();
    void this.ceremony.identify(value);
  };
}
customElements.define('mandate-gate-step', GateStep);
