import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Linted, LintFinding, TemplateText } from '../api/templates.js';
import type { Language } from '../desk-view.js';
import { same } from '../ui/merge-texts.js';
import { pathLines, placeOf, type PlacedValue } from '../ui/path-lines.js';
import { en } from '../words/en-templates.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-templates.js';

/** How wide a line is: a Chinese character takes two columns. */
const columns = (line: string): number =>
  line.length + (line.match(/[\u2e80-\uffef]/g)?.length ?? 0);

/** The text as it parses, or null and the text as it stands while it does not. */
export type EditorText =
  { readonly body: TemplateText } | { readonly body: null; readonly text: string };

/** A template's text with line numbers, and what was found beside its lines. Fires `edited` with `EditorText`. */
class TemplateEditor extends LitElement {
  static override properties = {
    language: { attribute: false },
    body: { attribute: false },
    raw: { attribute: false },
    locked: { type: Boolean },
    linted: { attribute: false },
    checking: { type: Boolean },
    text: { state: true },
    broken: { state: true },
  };
  declare language: Language;
  /** What it begins with; another value than the one that is typed replaces it. */
  declare body: TemplateText;
  /** What stands there instead, where it parses as no template. */
  declare raw: string | undefined;
  declare locked: boolean;
  declare linted: Linted | undefined;
  declare checking: boolean;
  declare private text: string;
  /** No JSON as it stands. */
  declare private broken: boolean;

  constructor() {
    super();
    this.text = '';
    this.locked = this.checking = this.broken = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('body') && !changed.has('raw')) return;
    if (this.raw === undefined && same(parsed(this.text), this.body)) return;
    this.text = this.raw ?? JSON.stringify(this.body, null, 2);
    this.broken = this.raw !== undefined;
  }

  protected override render(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const lines = this.text.split('\n');
    const marked = new Set(this.#placed().map(({ place }) => place.line));
    return html`<div class="editor">
      <div class="editor-text">
        <pre class="editor-lines" aria-hidden="true">
${lines.map((_, i) => `${marked.has(i + 1) ? '● ' : ''}${i + 1}`).join('\n')}</pre>
        <textarea
          class="editor-area"
          id="text"
          aria-label=${words.textLabel}
          rows=${Math.min(lines.length + 1, 4000)}
          cols=${Math.max(60, ...lines.map(columns)) + 2}
          wrap="off"
          spellcheck="false"
          autocomplete="off"
          ?readonly=${this.locked}
          .value=${this.text}
          @input=${this.#typed}
        ></textarea>
      </div>
      <div class="editor-findings" aria-live="polite">${this.#findings()}</div>
    </div>`;
  }

  #findings(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    if (this.broken) return html`<p class="callout warning">${words.notJson}</p>`;
    if (!this.linted) return html`<p class="soft">${words.checking}</p>`;
    const { invalid, items, pack } = this.linted;
    const placed = this.#placed();
    const errors = items.filter(({ severity }) => severity === 'error').length;
    return html`
      <p class="soft">${words.pack(pack)}${this.checking ? ` · ${words.checking}` : ''}</p>
      ${
        invalid === null
          ? items.length === 0
            ? html`<p class="callout good" data-findings="0">${words.noFindings}</p>`
            : html`<p data-findings=${items.length}>
                <strong>${words.errors(errors, items.length - errors)}</strong>
              </p>`
          : html`<p class="callout bad" data-invalid>${words.invalid} <code>${invalid}</code></p>`
      }
      ${
        placed.length === 0
          ? nothing
          : html`<ul>
              ${placed.map(({ finding, place }) => this.#finding(finding, place))}
            </ul>`
      }
    `;
  }

  #placed(): { finding: LintFinding; place: PlacedValue }[] {
    if (this.broken || !this.linted) return [];
    const places = pathLines(this.text);
    return this.linted.items
      .map((finding) => ({ finding, place: placeOf(places, finding.path) }))
      .sort((a, b) => a.place.line - b.place.line);
  }

  #finding(
    { severity, message, article, excerpt, path, rule }: LintFinding,
    place: PlacedValue,
  ): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return html`<li class="finding" data-rule=${rule} data-line=${place.line}>
      <span class="badge ${severity === 'error' ? 'warning' : ''}"
        >${words.severity[severity]}</span
      >
      <button type="button" class="link" @click=${() => this.#show(place, excerpt)}>
        ${words.line(place.line)}
      </button>
      <span>${message[this.language]}</span>
      ${excerpt ? html`<q>${excerpt}</q>` : nothing}
      <span class="soft">${article} · <code>${path}</code></span>
    </li>`;
  }

  /** Selects the words, or the whole value, and brings its line into sight. */
  #show({ from, to }: PlacedValue, excerpt: string): void {
    const area = this.querySelector('textarea')!;
    const within = excerpt === '' ? -1 : this.text.slice(from, to).indexOf(excerpt);
    const [start, end] = within < 0 ? [from, to] : [from + within, from + within + excerpt.length];
    area.focus();
    area.setSelectionRange(start, end);
    const before = this.text.slice(0, start).split('\n');
    const frame = area.closest('.editor-text')!;
    const height = Number.parseFloat(getComputedStyle(area).lineHeight);
    frame.scrollTop = Math.max(0, (before.length - 4) * height);
    const shift = (area.clientWidth * columns(before.at(-1)!)) / area.cols;
    frame.scrollLeft = Math.max(0, shift - frame.clientWidth / 3);
  }

  #typed = (event: Event): void => {
    this.text = (event.target as HTMLTextAreaElement).value;
    const { text } = this;
    const body = parsed(text);
    this.broken = body === null;
    const detail: EditorText = body ? { body } : { body, text };
    this.dispatchEvent(new CustomEvent('edited', { detail }));
  };
}
customElements.define('desk-template-editor', TemplateEditor);

function parsed(text: string): TemplateText | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as TemplateText)
      : null;
  } catch {
    return null;
  }
}
