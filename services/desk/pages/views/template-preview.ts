import type { DrawnLetter } from '@mandate/pages/browser/pdf-pages';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Templates, TemplateVersion } from '../api/templates.js';
import type { Language } from '../desk-view.js';
import { saveFile } from '../ui/save-file.js';
import { en } from '../words/en-templates.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-templates.js';

/** The sample letter of a version, page by page. */
class TemplatePreview extends LitElement {
  static override properties = {
    templates: { attribute: false },
    version: { attribute: false },
    language: { attribute: false },
    drawn: { state: true },
    state: { state: true },
  };
  declare templates: Templates;
  declare version: TemplateVersion;
  declare language: Language;
  declare private drawn: DrawnLetter | undefined;
  declare private state: 'none' | 'drawing' | 'failed' | 'shown';
  #bytes: Uint8Array<ArrayBuffer> | undefined;

  constructor() {
    super();
    this.state = 'none';
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    // what was drawn is of another text
    const before = changed.get('version') as TemplateVersion | undefined;
    if (before && before.digest !== this.version.digest) this.state = 'none';
  }

  protected override render(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return html`<section aria-labelledby="preview">
      <h2 id="preview">${words.preview}</h2>
      <p class="soft">${words.previewHint}</p>
      <div class="acts">
        ${(['zh', 'en'] as const).map(
          (language) =>
            html`<button
              type="button"
              class="button secondary"
              data-preview=${language}
              ?disabled=${this.state === 'drawing'}
              @click=${() => void this.#draw(language)}
            >
              ${words.previewIn[language]}
            </button>`,
        )}
        ${
          this.state === 'shown'
            ? html`<button type="button" class="button secondary" @click=${this.#save}>
                ${words.download}
              </button>`
            : nothing
        }
      </div>
      <p role="status">${this.state === 'drawing' ? words.drawing : ''}</p>
      ${this.state === 'failed' ? html`<p class="callout bad" role="alert">${words.undrawn}</p>` : nothing}
      ${this.state === 'shown' && this.drawn ? this.#pages(this.drawn) : nothing}
    </section>`;
  }

  #pages({ pages }: DrawnLetter): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return html`<div class="letter-frame" tabindex="0" role="group" aria-label=${words.letter}>
      <div class="letter-pages">
        ${pages.map(({ canvas }, i) => {
          canvas.setAttribute('role', 'img');
          canvas.setAttribute('aria-label', words.page(i + 1, pages.length));
          return canvas;
        })}
      </div>
    </div>`;
  }

  async #draw(language: Language): Promise<void> {
    this.state = 'drawing';
    try {
      this.#bytes = await this.templates.preview(this.version, language);
      // pdf.js, only now that it is needed
      const { drawLetter } = await import('@mandate/pages/browser/pdf-pages');
      this.drawn = await drawLetter(this.#bytes);
      this.state = 'shown';
    } catch (thrown) {
      console.error(thrown);
      this.state = 'failed';
    }
  }

  #save = (): void => {
    const { name, version } = this.version;
    if (this.#bytes) saveFile(this.#bytes, `${name}-${version}-sample.pdf`, 'application/pdf');
  };
}
customElements.define('desk-template-preview', TemplatePreview);
