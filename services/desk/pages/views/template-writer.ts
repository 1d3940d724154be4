import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { lint, type Linted, type TemplateText } from '../api/templates.js';
import type { Desk, Language } from '../desk-view.js';
import type { JsonSchema, Shape } from '../ui/template-shape.js';
import { shapeOf } from '../ui/template-shape.js';
import { en } from '../words/en-template-form.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-template-form.js';
import type { EditorText } from './template-editor.js';
import './template-editor.js';
import './template-form.js';
import { notesOf, placeName } from './template-notes.js';

/** Pause in typing after which it is checked. */
const PAUSE = 600;
const TABS = ['form', 'text'] as const;
type Tab = (typeof TABS)[number];

/**
 * What somebody has written: null where the text is no JSON, and the text as it stands then; `whole`: nothing keeps it
 * from being a template.
 */
export interface Written {
  readonly body: TemplateText | null;
  readonly text?: string;
  readonly whole: boolean;
}

/**
 * A template as a form or as text, whichever somebody prefers, checked while they write. Fires `written` after each
 * change, and again once it is checked.
 */
class TemplateWriter extends LitElement {
  static override properties = {
    desk: { attribute: false },
    language: { attribute: false },
    schema: { attribute: false },
    shown: { attribute: false },
    raw: { attribute: false },
    body: { state: true },
    locked: { type: Boolean },
    tab: { state: true },
    linted: { state: true },
    checking: { state: true },
    broken: { state: true },
  };
  declare desk: Desk;
  declare language: Language;
  declare schema: JsonSchema;
  /** What it begins with; another one replaces what is written. */
  declare shown: TemplateText;
  /** The text of what is written, while it is no JSON: it stands on its tab. */
  declare raw: string | undefined;
  /** As it stands now. */
  declare private body: TemplateText;
  declare locked: boolean;
  declare private tab: Tab;
  declare private linted: Linted | undefined;
  declare private checking: boolean;
  /** The text is no JSON as it stands. */
  declare private broken: boolean;
  #shape: (Shape & { kind: 'group' }) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Answers come when they come; only the newest question's counts. */
  #asked = 0;

  constructor() {
    super();
    this.tab = 'form';
    this.locked = this.checking = this.broken = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('schema')) this.#shape = shapeOf(this.schema) as Shape & { kind: 'group' };
    if (changed.has('raw') || changed.has('shown')) this.broken = this.raw !== undefined;
    if (this.broken) this.tab = 'text';
    if (!changed.has('shown')) return;
    this.body = this.shown;
    void this.#check(this.body);
  }

  protected override render(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return html`
      <div class="tabs" role="tablist" aria-label=${words.tabsLabel} @keydown=${this.#turn}>
        ${TABS.map(
          (tab) =>
            html`<button
              type="button"
              role="tab"
              id="tab-${tab}"
              aria-controls="panel-${tab}"
              aria-selected=${this.tab === tab}
              tabindex=${this.tab === tab ? 0 : -1}
              ?disabled=${tab === 'form' && this.broken}
              @click=${() => (this.tab = tab)}
            >
              ${words.tabs[tab]}
            </button>`,
        )}
      </div>
      <div role="tabpanel" id="panel-${this.tab}" aria-labelledby="tab-${this.tab}">
        ${
          this.tab === 'form'
            ? html`${this.#summary()}
                <desk-template-form
                  .language=${this.language}
                  .shape=${this.#shape}
                  .body=${this.body}
                  .linted=${this.linted}
                  ?locked=${this.locked}
                  @written=${({ detail: body }: CustomEvent<TemplateText>) => this.#written({ body })}
                ></desk-template-form>`
            : html`<desk-template-editor
                .language=${this.language}
                .body=${this.body}
                .raw=${this.raw}
                .linted=${this.linted}
                ?checking=${this.checking}
                ?locked=${this.locked}
                @edited=${({ detail }: CustomEvent<EditorText>) => this.#written(detail)}
              ></desk-template-editor>`
        }
      </div>
    `;
  }

  /** How many findings there are, and a way to each. */
  #summary(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { linted } = this;
    const notes = notesOf(linted, this.language);
    const errors = notes.filter(({ severity }) => severity === 'error').length;
    return html`<div class="form-summary">
      <p aria-live="polite" data-findings=${linted ? notes.length : nothing}>
        ${
          !linted
            ? nothing
            : linted.faults.length > 0
              ? html`<strong data-invalid>${words.faulty(linted.faults.length)}</strong>`
              : html`<strong>${words.found(errors, notes.length - errors)}</strong>`
        }
        <span class="soft">${linted?.pack ?? ''}</span>
      </p>
      ${
        notes.length === 0
          ? nothing
          : html`<ul>
              ${notes.map(
                ({ path, severity, text, excerpt }) =>
                  html`<li class=${severity}>
                    <button type="button" class="link" @click=${() => this.#show(path)}>
                      ${placeName(path, this.language)}
                    </button>
                    ${text} ${excerpt ? html`<q>${excerpt}</q>` : nothing}
                  </li>`,
              )}
            </ul>`
      }
    </div>`;
  }

  #show(path: string): void {
    (this.querySelector('desk-template-form') as unknown as { show(path: string): void }).show(
      path,
    );
  }

  /** Tabs by arrow keys, as tabs are. */
  #turn = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: 1, Home: 0, End: 0 }[event.key];
    if (step === undefined || this.broken) return;
    event.preventDefault();
    this.tab =
      event.key === 'Home' ? 'form' : event.key === 'End' || this.tab === 'form' ? 'text' : 'form';
    void this.updateComplete.then(() =>
      this.querySelector<HTMLElement>(`#tab-${this.tab}`)?.focus(),
    );
  };

  #written(written: EditorText): void {
    const { body } = written;
    clearTimeout(this.#timer);
    this.broken = body === null;
    if (body) {
      this.body = body;
      this.#timer = setTimeout(() => void this.#check(body), PAUSE);
    }
    // not whole until it is checked
    this.#tell({ ...written, whole: false });
  }

  #tell(written: Written): void {
    this.dispatchEvent(new CustomEvent<Written>('text-written', { detail: written }));
  }

  async #check(body: TemplateText): Promise<void> {
    const asked = ++this.#asked;
    this.checking = true;
    try {
      const linted = await lint(this.desk.client, body);
      if (asked === this.#asked) {
        this.linted = linted;
        if (!this.broken && body === this.body)
          this.#tell({ body, whole: linted.faults.length === 0 });
      }
    } catch {
      // the next pause in typing asks again
    }
    if (asked === this.#asked) this.checking = false;
  }
}
customElements.define('desk-template-writer', TemplateWriter);
