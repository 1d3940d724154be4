import { html, type TemplateResult } from 'lit';
import { setOutcome } from '../sets/set-list.js';
import { StepElement } from '../step-element.js';
import { passkeyOffer } from '../ui/passkey-actions.js';
import { termList } from '@mandate/pages/browser/ui/term-list';

/** Step `done`: the copy, and what the subject can do from now on. */
class DoneStep extends StepElement {
  protected readonly place = 'done';

  protected override render(): TemplateResult {
    const { done, terms } = this.words;
    const view = this.ceremony.view!;
    const { contact, complaints, name } = view.institution;
    return html`
      <p class="seal" aria-hidden="true"></p>
      <h1 tabindex="-1">${done.title}</h1>
      <p class="lead">${done.lead(name)}</p>
      ${setOutcome(this.ceremony, this.language)} ${view.set ? '' : this.#copy()}
      ${passkeyOffer(this.ceremony, this.words)}
      <h2>${done.now}</h2>
      ${termList([
        {
          id: 'uses',
          label: done.uses,
          text: html`${done.usesText} <br /><a href="/my" target="_blank" rel="noopener"
              >${done.mine}</a
            >`,
        },
        {
          id: 'withdraw',
          label: done.withdraw,
          text: html`${done.withdrawText} <br />${done.withdrawContact}
            <strong>${contact}</strong>`,
        },
        {
          id: 'complain',
          label: done.complain,
          text: html`${done.complainText} <br />${done.complainContact}
            <strong>${complaints}</strong>`,
        },
        { id: 'remind', label: done.remind, text: done.remindText },
      ])}
      <h2>${done.next}</h2>
      <p>${done.nextText}</p>
      <div class="print-only">
        <h2>${terms.heading}</h2>
        ${termList(view.keyTerms ?? [], this.letterLang, 'key-terms')}
      </div>
    `;
  }

  /** Of one letter by itself; in a set each has its own. */
  #copy(): TemplateResult {
    const { done, who } = this.words;
    const view = this.ceremony.view!;
    return html`
      <p>${who.letterNumber} <b class="number">${view.letterNumber}</b></p>
      <div class="onward">
        <a
          class="button"
          href="/v1/signing/copy?visit=${view.visit}"
          download="${view.letterNumber ?? 'letter'}.pdf"
        >
          ${done.copy}
        </a>
        <a class="button quiet" href="/verify" target="_blank" rel="noopener">${done.verify}</a>
      </div>
      <p class="soft">${done.copyText}</p>
    `;
  }
}
customElements.define('mandate-done-step', DoneStep);
