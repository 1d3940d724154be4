import type { DrawnLetter } from '@mandate/pages/browser/pdf-pages';
import { disclosure } from '@mandate/pages/browser/ui/disclosure';
import { html, LitElement, type TemplateResult } from 'lit';
import type { OpenedFile } from '../desk-client.js';
import type { Language } from '../desk-view.js';
import { en } from '../words/en-grants.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-grants.js';

/** The copy for viewing, page by page, as the server marked it. Fires `closed`. */
class OpenedCopy extends LitElement {
  static override properties = {
    language: { attribute: false },
    file: { attribute: false },
    letterNumber: { attribute: false },
    heading: { attribute: false },
    drawn: { state: true },
    failed: { state: true },
  };
  declare language: Language;
  declare file: OpenedFile;
  declare letterNumber: string;
  /** What it is a copy of; of a letter unless said. */
  declare heading: string | undefined;
  declare private drawn: DrawnLetter | undefined;
  declare private failed: boolean;

  constructor() {
    super();
    this.failed = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override firstUpdated(): void {
    this.querySelector<HTMLElement>('h1')?.focus();
    void this.#draw();
  }

  protected override render(): TemplateResult {
    const { view: words } = wordsFor(this.language, zh, en);
    return html`
      <h1 tabindex="-1">${this.heading ?? words.copyOf}</h1>
      <p class="callout warning">
        <strong>${words.notEvidence}</strong><br /><span class="number"
          >${this.letterNumber} · ${words.opened(this.file.access)}</span
        >
      </p>
      <div class="onward">
        <button type="button" class="button secondary" data-action="close" @click=${this.#close}>
          ${words.close}
        </button>
      </div>
      ${this.#pages()}
    `;
  }

  #pages(): TemplateResult {
    const { view: words } = wordsFor(this.language, zh, en);
    if (this.failed) return html`<p class="callout bad" role="alert">${words.failed}</p>`;
    if (!this.drawn)
      return html`<div class="letter-frame waiting" role="status">
        <span class="spinner" aria-hidden="true"></span>${words.drawing}
      </div>`;
    const { pages } = this.drawn;
    return html`<div
        class="letter-frame"
        tabindex="0"
        role="group"
        aria-label=${this.heading ?? words.copyOf}
      >
        <div class="letter-pages">
          ${pages.map(({ canvas }, i) => {
            canvas.setAttribute('role', 'img');
            canvas.setAttribute('aria-label', words.page(i + 1, pages.length));
            return canvas;
          })}
        </div>
      </div>
      ${disclosure(
        words.asText,
        html`<div class="plain-text">
          ${pages.map(({ lines }) => lines.map((line) => html`<p>${line}</p>`))}
        </div>`,
      )}`;
  }

  #close = (): void => {
    this.dispatchEvent(new CustomEvent('closed'));
  };

  async #draw(): Promise<void> {
    try {
      // pdf.js, only now that it is needed
      const { drawLetter } = await import('@mandate/pages/browser/pdf-pages');
      this.drawn = await drawLetter(this.file.bytes, { withoutArtifacts: true });
    } catch (thrown) {
      console.error(thrown);
      this.failed = true;
    }
  }
}
customElements.define('desk-opened-copy', OpenedCopy);
