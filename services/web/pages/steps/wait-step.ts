import { html, type TemplateResult } from 'lit';
import { setOutcome } from '../sets/set-list.js';
import { clockTime, StepElement } from '../step-element.js';

/** Step `wait`: signed by the subject, not yet released; without a timestamp it says until when it waits. */
class WaitStep extends StepElement {
  protected readonly place = 'wait';

  protected override render(): TemplateResult {
    const { wait } = this.words;
    const until = this.ceremony.view?.stampUntil;
    return html`
      <h1 tabindex="-1">${wait.title}</h1>
      <div class="card waiting" role="status">
        <span class="spinner" aria-hidden="true"></span>
        <p>${until ? wait.noStamp(clockTime(until, this.language)) : wait.text}</p>
      </div>
      ${setOutcome(this.ceremony, this.language)}
      <p class="soft">${wait.leave}</p>
    `;
  }
}
customElements.define('mandate-wait-step', WaitStep);
