import type { DrawnLetter } from '@mandate/pages/browser/pdf-pages';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Templates, TemplateText, TemplateVersion } from '../api/templates.js';
import type { Language } from '../desk-view.js';
import { saveFile } from '../ui/save-file.js';
import { en } from '../words/en-templates.js';
import { en as formEn } from '../words/en-template-form.js';
import { wordsFor } from '../words/words-for.js';
import { zh as formZh } from '../words/zh-template-form.js';
import { zh } from '../words/zh-templates.js';

/** Pause after which what is written is drawn: it costs more than checking it. */
const PAUSE = 1200;

/** The sample letter of a version, page by page; of what is being written, where somebody writes. */
class TemplatePreview extends LitElement {
  static override properties = {
    templates: { attribute: false },
    version: { attribute: false },
    language: { attribute: false },
    written: { attribute: false },
    writable: { type: Boolean },
    live: { state: true },
    drawn: { state: true },
    state: { state: true },
  };
  declare templates: Templates;
  declare version: TemplateVersion;
  declare language: Language;
  /** Not saved: null while it is no template; undefined: what is saved is what stands there. */
  declare written: TemplateText | null | undefined;
  declare writable: boolean;
  /** Drawn anew after each change. */
  declare private live: boolean;
  declare private drawn: DrawnLetter | undefined;
  declare private state: 'none' | 'drawing' | 'failed' | 'shown';
  #bytes: Uint8Array<ArrayBuffer> | undefined;
  #language: Language = 'zh';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.state = 'none';
    this.writable = this.live = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    const before = changed.get('version') as TemplateVersion | undefined;
    const other = (before && before.digest !== this.version.digest) || changed.has('written');
    if (!other || this.state === 'none') return;
    // what was drawn is of another text
    if (!this.live) this.state = 'none';
    else if (this.written !== null) this.#soon();
  }

  protected override render(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const form = wordsFor(this.language, formZh, formEn);
    return html`<section aria-labelledby="preview">
      <h2 id="preview">${words.preview}</h2>
      <p class="soft">
        ${words.previewHint} ${this.written === undefined ? form.ofSaved : form.ofWritten}
      </p>
      <div class="acts">
        ${(['zh', 'en'] as const).map(
          (language) =>
            html`<button
              type="button"
              class="button secondary"
              data-preview=${language}
              aria-pressed=${this.state !== 'none' && this.#language === language}
              ?disabled=${this.state === 'drawing' || this.written === null}
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
      ${
        this.writable
          ? html`<label class="option compact">
                <input
                  type="checkbox"
                  name="live"
                  aria-describedby="live-hint"
                  .checked=${this.live}
                  @change=${this.#turn}
                />
                <span>${form.live}</span>
              </label>
              <p class="soft" id="live-hint">${form.liveHint}</p>`
          : nothing
      }
      <p role="status">
        ${this.state === 'drawing' ? words.drawing : this.written === null ? form.liveWaits : ''}
      </p>
      ${this.state === 'failed' ? html`<p class="callout bad" role="alert">${words.undrawn}</p>` : nothing}
      ${(this.state === 'shown' || (this.live && this.state === 'drawing')) && this.drawn ? this.#pages(this.drawn) : nothing}
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

  #turn = (event: Event): void => {
    this.live = (event.target as HTMLInputElement).checked;
    this.dispatchEvent(new CustomEvent<boolean>('live', { detail: this.live }));
    if (this.live && this.state === 'none' && this.written !== null)
      void this.#draw(this.#language);
  };

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#draw(this.#language), PAUSE);
  }

  async #draw(language: Language): Promise<void> {
    // one at a time; what was written meanwhile is drawn after it
    if (this.state === 'drawing') return this.#soon();
    const { written } = this;
    if (written === null) return;
    this.#language = language;
    this.state = 'drawing';
    try {
      this.#bytes = await this.templates.preview(this.version, language, written);
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
