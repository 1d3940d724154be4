import { html, LitElement, type TemplateResult } from 'lit';
import type { Language } from '../../src/pages/words/index.js';
import { widgetWords } from '../../src/pages/words/widget-words.js';
import type { Ceremony } from '../ceremony.js';

/** Long enough to read the end's heading and to say no. */
const SECONDS = 10;
/** Whoever may be under pressure is not sent anywhere by us. */
const NOT_BY_ITSELF: readonly unknown[] = ['someone-is-telling-me', 'not-me'];

/**
 * A full page with a way back to the institution's app or page: a quiet way out while it runs, and at
 * the end a button, which also presses itself. Only the outcome, the authorization and the
 * institution's own state go along.
 */
class WayBack extends LitElement {
  static override properties = {
    ceremony: { attribute: false },
    language: { attribute: false },
    left: { state: true },
  };
  declare ceremony: Ceremony;
  declare language: Language;
  /** Seconds until it goes by itself; undefined: it does not. */
  declare private left: number | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #began = false;
  #unsubscribe: (() => void) | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unsubscribe = this.ceremony.subscribe(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
    this.#stay();
  }

  protected override render(): TemplateResult | '' {
    const { view, declined } = this.ceremony;
    if (!view?.returnUrl || window.parent !== window) return '';
    const words = widgetWords(this.language);
    const over = view.step === 'done' || view.step === 'ended';
    if (over && !this.#began) this.#begin(!NOT_BY_ITSELF.includes(declined));
    this.toggleAttribute('data-over', over);
    return html`<nav class="way-back" aria-label=${words.backLabel}>
      <a class=${over ? 'button' : 'button quiet'} data-action="back" href=${addressOf(view)}
        >${over ? words.back(view.institution.name) : words.leave(view.institution.name)}</a
      >
      ${
        this.left === undefined
          ? ''
          : html`<button
                type="button"
                class="button secondary"
                data-action="stay"
                @click=${this.#stay}
              >
                ${words.stay}
              </button>
              <span class="soft">${words.backIn(this.left)}</span>`
      }
    </nav>`;
  }

  #begin(byItself: boolean): void {
    this.#began = true;
    if (!byItself) return;
    this.left = SECONDS;
    this.#timer = setInterval(() => {
      this.left = (this.left ?? 1) - 1;
      if (this.left > 0) return;
      this.#stay();
      location.assign(addressOf(this.ceremony.view!));
    }, 1000);
  }

  #stay = (): void => {
    clearInterval(this.#timer);
    this.left = undefined;
  };
}
customElements.define('mandate-way-back', WayBack);

function addressOf({ returnUrl, step, end }: NonNullable<Ceremony['view']>): string {
  const address = new URL(returnUrl!);
  const outcome = step === 'done' ? 'success' : end === 'declined' ? 'declined' : 'exit';
  address.searchParams.set('mandate', outcome);
  return address.href;
}
