import { html, type TemplateResult } from 'lit';
import { DECLINE_REASONS, type DeclineReason } from './signing-view.js';
import { StepElement } from './step-element.js';

/** The ways out, on every step alike; each asks once before it acts. */
class DeclinePanel extends StepElement {
  static override properties = { ...StepElement.properties, reason: { state: true } };
  declare private reason: DeclineReason | undefined;

  protected override render(): TemplateResult {
    const { decline } = this.words;
    const asked = decline.confirm[this.reason ?? 'refused'];
    const busy = this.ceremony.activity !== undefined;
    return html`
      <section class="decline" aria-labelledby="decline-title">
        <h2 id="decline-title">${decline.heading}</h2>
        <p class="soft">${decline.text}</p>
        <ul>
          ${DECLINE_REASONS.map(
            (reason) =>
              html`<li>
                <button
                  type="button"
                  class="button secondary ${reason}"
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
      <dialog aria-labelledby="ask-title" aria-describedby="ask-text">
        <h2 id="ask-title">${asked.title}</h2>
        <p id="ask-text">${asked.text}</p>
        <div class="actions">
          <button type="button" class="button danger" data-action="yes" @click=${this.#yes}>
            ${asked.yes}
          </button>
          <button type="button" class="button secondary" data-action="no" @click=${this.#close}>
            ${decline.no}
          </button>
        </div>
      </dialog>
    `;
  }

  protected override firstUpdated(): void {
    // Not a step: the heading of the step keeps the focus.
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
customElements.define('mandate-decline-panel', DeclinePanel);
