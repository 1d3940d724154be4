import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { TemplateText } from '../api/templates.js';
import type { Language } from '../desk-view.js';
import { same, type Clash } from '../ui/merge-texts.js';
import { recordTable } from '../ui/record-table.js';
import { valueAt } from '../ui/template-shape.js';
import { en } from '../words/en-template-form.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-template-form.js';
import { placeName } from './template-notes.js';

/**
 * Somebody else saved the version while it was being written on: where both changed something, whose it is to be. Fires
 * `settled` with a way and its value, or `dropped`: their version, without what was written here.
 */
class TemplateConflict extends LitElement {
  static override properties = {
    language: { attribute: false },
    clashes: { attribute: false },
    body: { attribute: false },
  };
  declare language: Language;
  declare clashes: readonly Clash[];
  declare body: TemplateText | null | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Whoever pressed "save" stands anywhere in a long form. */
  protected override firstUpdated(): void {
    this.scrollIntoView({ block: 'start' });
  }

  protected override render(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return html`<div class="callout warning" role="alert" data-conflict=${this.clashes.length}>
        <p>${words.conflict}</p>
        ${this.clashes.length === 0 ? html`<p>${words.conflictNone}</p>` : nothing}
      </div>
      ${
        this.clashes.length === 0
          ? nothing
          : recordTable<Clash>(
              words.conflictPath,
              [
                [words.conflictPath, ({ path }) => placeName(path, this.language)],
                [words.mine, (clash) => this.#side(clash, clash.mine, words.takeMine)],
                [words.theirs, (clash) => this.#side(clash, clash.theirs, words.takeTheirs)],
              ],
              this.clashes,
              { name: 'clashes', captionHidden: true },
            )
      }
      <p>
        <button
          type="button"
          class="button quiet"
          data-action="drop"
          @click=${() => this.dispatchEvent(new CustomEvent('dropped'))}
        >
          ${words.dropMine}
        </button>
      </p>`;
  }

  #side(clash: Clash, value: unknown, text: string): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const taken = same(valueAt(this.body, clash.way), value);
    const told = value === undefined ? words.absent : value;
    return html`<span class="lines">${typeof told === 'string' ? told : JSON.stringify(told)}</span>
      <button
        type="button"
        class="button secondary compact"
        aria-pressed=${taken}
        aria-label="${text}: ${placeName(clash.path, this.language)}"
        @click=${() =>
          this.dispatchEvent(new CustomEvent('settled', { detail: { way: clash.way, value } }))}
      >
        ${text}
      </button>`;
  }
}
customElements.define('desk-template-conflict', TemplateConflict);
