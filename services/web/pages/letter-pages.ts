import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { wordsOf, type Language } from '../src/pages/words/index.js';
import type { Letter } from './ceremony.js';
import type { DrawnLetter } from '@mandate/pages/browser/pdf-pages';
import { disclosure } from '@mandate/pages/browser/ui/disclosure';

const ZOOMS = [1, 1.5, 2, 3];

/**
 * The letter's pages, drawn from the very bytes whose digest was checked.
 * Event: `letter-drawn` when every page stands.
 */
class LetterPages extends LitElement {
  static override properties = {
    letter: { attribute: false },
    language: { attribute: false },
    drawn: { state: true },
    failed: { state: true },
    zoom: { state: true },
  };
  declare letter: Letter;
  declare language: Language;
  declare private drawn: DrawnLetter | undefined;
  declare private failed: boolean;
  declare private zoom: number;
  #drawing: Letter | undefined;

  constructor() {
    super();
    this.failed = false;
    this.zoom = 0;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(_changed: PropertyValues): void {
    if (this.#drawing !== this.letter) void this.#draw(this.letter);
  }

  protected override render(): TemplateResult {
    const words = wordsOf(this.language);
    const said = words.letter;
    if (this.failed) {
      return html`<div class="callout bad" role="alert">
        <p>${said.failed}</p>
        <button class="button secondary" type="button" @click=${this.#retry}>
          ${words.tryAgain}
        </button>
      </div>`;
    }
    if (!this.drawn) {
      return html`<div class="letter-frame waiting" role="status">
        <span class="spinner" aria-hidden="true"></span>${said.drawing}
      </div>`;
    }
    const { pages } = this.drawn;
    const zoomButton = (label: string, sign: string, to: number): TemplateResult => html`
      <button
        class="button secondary small"
        type="button"
        aria-label=${label}
        ?disabled=${ZOOMS[to] === undefined}
        @click=${() => (this.zoom = to)}
      >
        ${sign}
      </button>
    `;
    return html`
      <div class="letter-tools">
        <span>${said.pages(pages.length)}</span>
        <span class="group">
          ${zoomButton(said.smaller, '−', this.zoom - 1)}
          ${zoomButton(said.larger, '+', this.zoom + 1)}
        </span>
      </div>
      <div class="letter-frame" tabindex="0" role="group" aria-label=${said.original}>
        <div class="letter-pages" .style=${`width:${ZOOMS[this.zoom]! * 100}%`}>
          ${pages.map((page, i) => {
            page.canvas.setAttribute('role', 'img');
            page.canvas.setAttribute('aria-label', said.page(i + 1, pages.length));
            return page.canvas;
          })}
        </div>
      </div>
      <div class="letter-end" aria-hidden="true"></div>
      ${disclosure(
        said.asText,
        html`<div class="plain-text">
          ${pages.map((page) => page.lines.map((line) => html`<p>${line}</p>`))}
        </div>`,
      )}
    `;
  }

  #retry = (): void => {
    this.failed = false;
    this.#drawing = undefined;
    this.requestUpdate();
  };

  async #draw(letter: Letter): Promise<void> {
    this.#drawing = letter;
    try {
      // 0.5 MB of pdf.js, only now that it is needed.
      const { drawLetter } = await import('@mandate/pages/browser/pdf-pages');
      this.drawn = await drawLetter(letter.bytes);
      await this.updateComplete;
      this.dispatchEvent(new CustomEvent('letter-drawn'));
    } catch (thrown) {
      console.error(thrown);
      this.failed = true;
    }
  }
}
customElements.define('mandate-letter-pages', LetterPages);
