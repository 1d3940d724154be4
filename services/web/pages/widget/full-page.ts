import { html, LitElement, type TemplateResult } from 'lit';
import { widgetWords } from '../../src/pages/words/widget-words.js';
import { problemText, wordsOf, type Language } from '../../src/pages/words/index.js';
import { tellFullPage, tellOutcome } from '../widget-bridge.js';
import { currentHandOver } from './hand-over.js';

const REFRESH_MILLISECONDS = 4 * 60_000;
const POLL_MILLISECONDS = 3_000;

/**
 * Offers to go on in a full page, by real links: nothing here depends on scripts being allowed to open
 * windows. The frame then only waits to be told how it ended.
 */
class FullPage extends LitElement {
  static override properties = {
    language: { attribute: false },
    reason: { attribute: false },
    within: { attribute: false },
    address: { state: true },
    state: { state: true },
  };
  declare language: Language;
  /** The problem a full page mends, by its code. */
  declare reason: string;
  /** In a step, under its heading. */
  declare within: boolean;
  declare private address: string | undefined;
  declare private state: 'offered' | 'waiting' | 'finished' | 'impossible';
  #timers: ReturnType<typeof setInterval>[] = [];

  constructor() {
    super();
    this.state = 'offered';
    this.within = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#renew();
    this.#timers.push(setInterval(() => void this.#renew(), REFRESH_MILLISECONDS));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  protected override render(): TemplateResult {
    const words = widgetWords(this.language);
    if (this.state === 'finished') return html`<p class="lead">${words.finishedElsewhere}</p>`;
    if (this.state === 'impossible') return html`<p>${words.askAgain}</p>`;
    return html`
      ${
        this.within
          ? html`<h2 data-problem=${this.reason}>${words.fullPageTitle}</h2>`
          : html`<h1 tabindex="-1" data-problem=${this.reason}>${words.fullPageTitle}</h1>`
      }
      <p class="lead">${problemText(wordsOf(this.language), this.reason)}</p>
      ${this.state === 'waiting' ? html`<p role="status">${words.goOnThere}</p>` : ''}
      <div class="onward">
        ${
          this.address === undefined
            ? ''
            : html`<a
                  class="button"
                  data-action="full-page"
                  href=${this.address}
                  target="_blank"
                  rel="noopener"
                  @click=${this.#left}
                  >${words.fullPage}</a
                >
                <a
                  class="button secondary"
                  data-action="same-window"
                  href=${this.address}
                  target="_top"
                  @click=${this.#left}
                  >${words.sameWindow}</a
                >`
        }
      </div>
      <p class="soft">${words.fullPageText}</p>
    `;
  }

  /** The address is good once and for minutes, so there is always a fresh one. */
  async #renew(): Promise<void> {
    try {
      this.address = await currentHandOver()?.address();
    } catch {
      // the last address may still be good; without any, only the institution can help
    }
    if (this.address === undefined) this.state = 'impossible';
  }

  #left = (): void => {
    if (this.state !== 'waiting') {
      this.state = 'waiting';
      tellFullPage();
      this.#timers.push(setInterval(() => void this.#ask(), POLL_MILLISECONDS));
    }
    // After the browser has followed the link.
    setTimeout(() => void this.#renew(), 1_000);
  };

  async #ask(): Promise<void> {
    try {
      const told = await currentHandOver()?.outcome();
      if (!told || !tellOutcome(told.outcome, told.authorization)) return;
      this.disconnectedCallback();
      this.state = 'finished';
    } catch {
      // asked again soon
    }
  }
}
customElements.define('mandate-full-page', FullPage);
