import { html, type TemplateResult } from 'lit';
import { StepElement } from '../step-element.js';

/** Step `done`: the copy, and what the subject can do from now on. */
class DoneStep extends StepElement {
  protected override render(): TemplateResult {
    const { done, read } = this.words;
    const view = this.ceremony.view!;
    const { contact, complaints, name } = view.institution;
    const withdraw = view.keyTerms?.find(({ id }) => id === 'withdraw')?.text;
    return html`
      <p class="seal" aria-hidden="true"></p>
      <h1 tabindex="-1">${done.title}</h1>
      <p class="lead">${done.lead(name)}</p>
      <p>${read.letterNumber} <b>${view.letterNumber}</b></p>
      <p>
        <a class="button" href="/v1/signing/copy" download="${view.letterNumber ?? 'letter'}.pdf">
          ${done.copy}
        </a>
      </p>
      <p class="soft">
        ${done.copyText} <a href="/verify" target="_blank" rel="noopener">${done.verify}</a>
      </p>
      <dl class="card terms">
        <div>
          <dt>${done.next}</dt>
          <dd>${done.nextText}</dd>
        </div>
        <div>
          <dt>${done.withdraw}</dt>
          <dd>${withdraw ?? done.withdrawText} <b>${contact}</b></dd>
        </div>
        <div>
          <dt>${done.complain}</dt>
          <dd>${done.complainText} <b>${complaints}</b></dd>
        </div>
        <div>
          <dt>${done.remind}</dt>
          <dd>${done.remindText}</dd>
        </div>
      </dl>
    `;
  }
}
customElements.define('mandate-done-step', DoneStep);
