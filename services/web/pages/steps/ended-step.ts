import { html, type TemplateResult } from 'lit';
import { StepElement } from '../step-element.js';

/** Whoever is not the subject, or is under pressure, is not sent to the institution. */
const WITHOUT_CONTACT: readonly string[] = ['not-me', 'someone-is-telling-me'];

/** Step `ended`: refused, stopped, lapsed or failed. */
class EndedStep extends StepElement {
  protected override render(): TemplateResult {
    const { ended } = this.words;
    const { declined, view } = this.ceremony;
    const reason = [declined, view!.end, view!.state].find(
      (key) => key !== undefined && Object.hasOwn(ended, key),
    );
    const { title, text, next } = ended[(reason ?? 'other') as keyof typeof ended];
    return html`
      <h1 tabindex="-1">${title}</h1>
      <p class="lead">${text}</p>
      <p class="card">
        ${next}
        ${WITHOUT_CONTACT.includes(reason ?? '') ? '' : html`<b>${view!.institution.contact}</b>`}
      </p>
    `;
  }
}
customElements.define('mandate-ended-step', EndedStep);
