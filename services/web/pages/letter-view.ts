import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { problemText, wordsOf, type Language } from '../src/pages/words/index.js';
import type { Letter } from './ceremony.js';
import type { DrawnLetter } from './pdf-pages.js';
import type { Problem } from './problem.js';

const ZOOMS = [1, 1.5, 2, 3];

/**
 * The letter as it will be signed: pages drawn from the digested bytes, and their text.
 * Events: `letter-drawn` when every page stands, `letter-end` when its end was on screen.
 */
class LetterView extends LitElement {
  static override properties = {
    letter: { attribute: false },
    problem: { attribute: false },
    language: { attribute: false },
    checkCode: { attribute: false },
    drawn: { state: true },
    failed: { state: true },
    zoom: { state: true },
  };
  declare letter: Letter | undefined;
  declare problem: Problem | undefined;
  declare language: Language;
  declare checkCode: string;
  declare private drawn: DrawnLetter | undefined;
  declare private failed: boolean;
  declare private zoom: number;
  #drawing: Letter | undefined;
  #end: IntersectionObserver | undefined;

  constructor() {
    super();
    this.failed = false;
    this.zoom = 0;
    this.checkCode = '';
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.disconnect();
  }

  protected override updated(changed: PropertyValues): void {
    if (this.letter && this.#drawing !== this.letter) void this.#draw(this.letter);
    if (changed.has('drawn') && this.drawn) this.#watchEnd();
  }

  protected override render(): TemplateResult {
    const words = wordsOf(this.language);
    const { read } = words;
    if (this.problem || this.failed) {
      return html`<div class="notice bad" role="alert">
        <p>${this.problem ? problemText(words, this.problem.code) : read.letterFailed}</p>
        <button class="button secondary" type="button" @click=${this.#retry}>
          ${words.tryAgain}
        </button>
      </div>`;
    }
    if (!this.letter || !this.drawn) {
      return html`<div class="letter-frame waiting" role="status">
        <span class="spinner" aria-hidden="true"></span>
        ${this.letter ? read.letterDrawing : read.letterLoading}
      </div>`;
    }
    const { pages } = this.drawn;
    return html`
      <div class="letter-tools">
        <span>${read.pages(pages.length)}</span>
        <span class="group">
          <button
            class="button small secondary"
            type="button"
            aria-label=${read.smaller}
            ?disabled=${this.zoom === 0}
            @click=${() => (this.zoom -= 1)}
          >
            −
          </button>
          <button
            class="button small secondary"
            type="button"
            aria-label=${read.larger}
            ?disabled=${this.zoom === ZOOMS.length - 1}
            @click=${() => (this.zoom += 1)}
          >
            +
          </button>
        </span>
      </div>
      <div class="letter-frame" tabindex="0" role="group" aria-label=${read.letter}>
        <div class="letter-pages" .style=${`width:${ZOOMS[this.zoom]! * 100}%`}>
          ${pages.map((page, i) => {
            page.canvas.setAttribute('role', 'img');
            page.canvas.setAttribute('aria-label', read.page(i + 1, pages.length));
            return page.canvas;
          })}
          <div class="letter-end" aria-hidden="true"></div>
        </div>
      </div>
      <details class="plain-text">
        <summary>${read.asText}</summary>
        ${pages.map((page) => page.lines.map((line) => html`<p>${line}</p>`))}
      </details>
      <div class="card digest">
        <p>
          ${read.checkCode}
          <strong class="check-code">${this.checkCode}</strong>
          <span class="soft">${read.checkCodeText}</span>
        </p>
        <p class="ok">${read.digestOk}</p>
        <details>
          <summary>${read.digest}</summary>
          <code>${this.letter.digest}</code>
        </details>
      </div>
    `;
  }

  #retry = (): void => {
    if (this.problem) {
      this.dispatchEvent(new CustomEvent('letter-retry'));
      return;
    }
    this.failed = false;
    this.#drawing = undefined;
    this.requestUpdate();
  };

  async #draw(letter: Letter): Promise<void> {
    this.#drawing = letter;
    try {
      // 0.5 MB of pdf.js, only now that it is needed.
      const { drawLetter } = await import('./pdf-pages.js');
      this.drawn = await drawLetter(letter.bytes);
      await this.updateComplete;
      this.dispatchEvent(new CustomEvent('letter-drawn'));
    } catch (thrown) {
      console.error(thrown);
      this.failed = true;
    }
  }

  #watchEnd(): void {
    this.#end?.disconnect();
    this.#end = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) {
        this.dispatchEvent(new CustomEvent('letter-end'));
      }
    });
    const end = this.querySelector('.letter-end');
    if (end) this.#end.observe(end);
  }
}
customElements.define('mandate-letter-view', LetterView);
