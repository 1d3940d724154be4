import { html, type TemplateResult } from 'lit';
import { setWords } from '../src/pages/words/set-words.js';
import { DECLINE_REASONS, type DeclineReason } from './signing-view.js';
import { CeremonyElement } from './step-element.js';

/**
 * The ways out, on every step alike and always in reach of a thumb. Each asks once before it acts;
 * "someone is telling me" answers with the whole screen: whoever is being guided needs to hear it.
 */
class WaysOut extends CeremonyElement {
  static override properties = { ...CeremonyElement.properties, reason: { state: true } };
  declare private reason: DeclineReason | undefined;

  protected override render(): TemplateResult {
    const { decline } = this.words;
    const busy = this.ceremony.activity === 'declining';
    // Before anybody has come in there is nothing to stop, but still something to hear.
    const reasons = this.ceremony.view
      ? DECLINE_REASONS
      : DECLINE_REASONS.filter((reason) => reason === 'someone-is-telling-me');
    return html`
      <section class="ways-out" aria-label=${decline.heading}>
        <ul>
          ${reasons.map(
            (reason) =>
              html`<li class=${reason}>
                <button
                  type="button"
                  data-reason=${reason}
                  ?disabled=${busy}
                  @click=${() => this.#ask(reason)}
                >
                  ${decline[reason]}
                </button>
              </li>`,
          )}
        </ul>
      </section>
      ${this.reason === 'someone-is-telling-me' ? this.#someone() : this.#question()}
    `;
  }

  #question(): TemplateResult {
    const { decline } = this.words;
    const reason = this.reason === 'someone-is-telling-me' ? 'refused' : this.reason;
    const { set } = this.ceremony.view ?? {};
    const { stopAll } = setWords(this.language);
    const asked =
      set && (reason ?? 'refused') === 'refused' ? stopAll : decline.confirm[reason ?? 'refused'];
    return html`<dialog class="sheet" aria-labelledby="ask-title" aria-describedby="ask-text">
      <h2 id="ask-title" tabindex="-1">${asked.title}</h2>
      <p id="ask-text">${asked.text}</p>
      <div class="actions">
        <button type="button" class="button danger" data-action="yes" @click=${this.#yes}>
          ${asked.yes}
        </button>
        <button type="button" class="button secondary" data-action="no" @click=${this.#close}>
          ${decline.no}
        </button>
      </div>
    </dialog>`;
  }

  #someone(): TemplateResult {
    const { someone } = this.words.decline;
    const institution = this.ceremony.view?.institution;
    const steps = [...someone.steps, ...(institution ? [someone.stopHere] : []), someone.family];
    const call = (label: string, number: string): TemplateResult =>
      html`<a class="button secondary" href="tel:${number}">${label} <b>${number}</b></a>`;
    return html`<dialog class="whole-screen" aria-labelledby="ask-title">
      <div class="page">
        <h2 id="ask-title" class="title" tabindex="-1">${someone.title}</h2>
        <p class="lead">${someone.lead}</p>
        <h3>${someone.now}</h3>
        <ol class="numbered">
          ${steps.map((step) => html`<li>${step}</li>`)}
        </ol>
        <div class="actions">
          ${
            institution
              ? html`<button
                  type="button"
                  class="button danger"
                  data-action="yes"
                  @click=${this.#yes}
                >
                  ${someone.yes}
                </button>`
              : ''
          }
          <button type="button" class="button secondary" data-action="no" @click=${this.#close}>
            ${someone.no}
          </button>
        </div>
        <div class="actions calls">
          ${call(someone.hotline, someone.hotlineNumber)}
          ${call(someone.police, someone.policeNumber)}
        </div>
        ${
          institution
            ? html`<p>
                  ${someone.verify(institution.name)} <strong>${institution.contact}</strong>
                </p>
                <p class="soft">${someone.secrecy}</p>`
            : ''
        }
      </div>
    </dialog>`;
  }

  get #dialog(): HTMLDialogElement {
    return this.querySelector('dialog')!;
  }

  async #ask(reason: DeclineReason): Promise<void> {
    this.reason = reason;
    await this.updateComplete;
    // WebViews without modal dialogs still show it, in place.
    if (this.#dialog.showModal) this.#dialog.showModal();
    else this.#dialog.setAttribute('open', '');
    // What it says comes before what it offers, on a small screen too.
    this.#dialog.scrollTop = 0;
    this.#dialog.querySelector<HTMLElement>('#ask-title')?.focus({ preventScroll: true });
  }

  #close = (): void => {
    if (this.#dialog.close) this.#dialog.close();
    else this.#dialog.removeAttribute('open');
  };

  #yes = (): void => {
    this.#close();
    if (this.reason) void this.ceremony.decline(this.reason);
  };
}
customElements.define('mandate-ways-out', WaysOut);
