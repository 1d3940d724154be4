import { html, type TemplateResult } from 'lit';
import { clockTime, StepElement } from '../step-element.js';
import { signingProgress } from './signing-progress.js';

/** Step `sign`: the code was right, the signature is not there yet (a reload, or something failed). */
class SignStep extends StepElement {
  protected override render(): TemplateResult {
    const { sign } = this.words;
    const { activity, view } = this.ceremony;
    if (activity && activity !== 'declining') return signingProgress(this.words, activity);
    const until = view?.confirmationGoodUntil;
    return html`
      <h1 tabindex="-1">${sign.resumeTitle}</h1>
      <p class="lead">
        ${until ? sign.resumeText(clockTime(until, this.language)) : sign.resumeTextPlain}
      </p>
      <button
        class="button"
        type="button"
        ?disabled=${activity !== undefined}
        @click=${() => void this.ceremony.sign()}
      >
        ${sign.resume}
      </button>
    `;
  }
}
customElements.define('mandate-sign-step', SignStep);
