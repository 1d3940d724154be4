import { html, type TemplateResult } from 'lit';
import { StepElement } from '../step-element.js';

/** Step `wait`: signed by the subject, not yet released. */
class WaitStep extends StepElement {
  protected override render(): TemplateResult {
    const { wait } = this.words;
    return html`
      <h1 tabindex="-1">${wait.title}</h1>
      <div class="card waiting" role="status">
        <span class="spinner" aria-hidden="true"></span>
        <p>${wait.text}</p>
      </div>
      <p class="soft">${wait.leave}</p>
    `;
  }
}
customElements.define('mandate-wait-step', WaitStep);
