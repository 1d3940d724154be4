import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { lint, type Linted, type LintFinding, type TemplateText } from '../api/templates.js';
import type { Desk, Language } from '../desk-view.js';
import { pathLines, placeOf, type PlacedValue } from '../ui/path-lines.js';
import { en } from '../words/en-templates.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-templates.js';

/** Pause in typing after which it is checked. */
const PAUSE = 600;

/** How wide a line is: a Chinese character takes two columns. */
const columns = (line: string): number =>
  line.length + (line.match(/[\u2e80-\uffef]/g)?.length ?? 0);

/**
 * A template's text with line numbers, and what the rule pack finds beside its lines while somebody writes. Fires
 * `written` with the text as it parses, or null while it does not.
 */
class TemplateEditor extends LitElement {
  static override properties = {
    desk: { attribute: false },
    language: { attribute: false },
    body: { attribute: false },
    locked: { type: Boolean },
    text: { state: true },
    linted: { state: true },
    checking: { state: true },
    broken: { state: true },
  };
  declare desk: Desk;
  declare language: Language;
  /** What is saved. */
  declare body: TemplateText;
  declare locked: boolean;
  declare private text: string;
  declare private linted: Linted | undefined;
  declare private checking: boolean;
  /** No JSON as it stands. */
  declare private broken: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Answers come when they come; only the newest question's counts. */
  #asked = 0;

  constructor() {
    super();
    this.text = '';
    this.locked = this.checking = this.broken = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('body')) return;
    this.text = JSON.stringify(this.body, null, 2);
    void this.#check(this.body);
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
    clearTimeout(this.#timer);
    let body: TemplateText | null = null;
    try {
      const parsed: unknown = JSON.parse(this.text);
      if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
        body = parsed as TemplateText;
    } catch {
      // said beside the text
    }
    this.broken = body === null;
    this.dispatchEvent(new CustomEvent<TemplateText | null>('written', { detail: body }));
    if (body) this.#timer = setTimeout(() => void this.#check(body), PAUSE);
  };

  async #check(body: TemplateText): Promise<void> {
    const asked = ++this.#asked;
    this.checking = true;
    try {
      const linted = await lint(this.desk.client, body);
      if (asked === this.#asked) this.linted = linted;
    } catch {
      // the next pause in typing asks again
    }
    if (asked === this.#asked) this.checking = false;
  }
}
customElements.define('desk-template-editor', TemplateEditor);
