import { html, type TemplateResult } from 'lit';
import { setOutcome, setProgress } from '../sets/set-list.js';
import { clockTime, StepElement } from '../step-element.js';
import { isSigning, signingProgress } from '../ui/signing-progress.js';

/** Step `sign`: the code was right, the signature is not there yet (a reload, or something failed). */
class SignStep extends StepElement {
  protected readonly place = 'sign';

  protected override render(): TemplateResult {
    const { sign } = this.words;
    const { activity, view } = this.ceremony;
    if (isSigning(activity))
      return html`${signingProgress(this.words, activity)}
      ${setProgress(this.ceremony, this.language)}`;
    const until = view?.confirmationGoodUntil;
    return html`
      <h1 tabindex="-1">${sign.resumeTitle}</h1>
      <p class="lead">
        ${until ? sign.resumeText(clockTime(until, this.language)) : sign.resumeTextPlain}
      </p>
      ${setOutcome(this.ceremony, this.language)}
      <div class="onward">
        <button
          class="button"
          type="button"
          data-action="sign"
          ?disabled=${activity !== undefined}
          @click=${() => void this.ceremony.sign()}
        >
          ${sign.resume}
        </button>
      </div>
    `;
  }
}
customElements.define('mandate-sign-step', SignStep);
