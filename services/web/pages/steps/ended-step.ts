import { html, type TemplateResult } from 'lit';
import { StepElement } from '../step-element.js';

/** Whoever is not the subject is not sent to the institution. */
const WITHOUT_CONTACT: readonly string[] = ['not-me'];

/** Step `ended`: refused, stopped, lapsed or failed. */
class EndedStep extends StepElement {
  protected readonly place = 'ended';

  protected override render(): TemplateResult {
    const { ended, decline, who } = this.words;
    const { declined, view } = this.ceremony;
    const reason = [declined, view!.end, view!.state].find(
      (key) => key !== undefined && Object.hasOwn(ended, key),
    );
    const { title, text, next } = ended[(reason ?? 'other') as keyof typeof ended];
    const { name, contact } = view!.institution;
    const pressed = reason === 'someone-is-telling-me';
    return html`
      <h1 tabindex="-1">${title}</h1>
      <p class="lead">${text}</p>
      <div class="card">
        <p>${next}</p>
        ${
          WITHOUT_CONTACT.includes(reason ?? '')
            ? ''
            : html`<p>
                ${pressed ? decline.someone.verify(name) : `${name} · ${who.contact}`}
                <strong>${contact}</strong>
              </p>`
        }
      </div>
      ${
        pressed
          ? html`<div class="actions calls">
              <a class="button secondary" href="tel:${decline.someone.hotlineNumber}">
                ${decline.someone.hotline} <b>${decline.someone.hotlineNumber}</b>
              </a>
              <a class="button secondary" href="tel:${decline.someone.policeNumber}">
                ${decline.someone.police} <b>${decline.someone.policeNumber}</b>
              </a>
            </div>`
          : ''
      }
    `;
  }
}
customElements.define('mandate-ended-step', EndedStep);
