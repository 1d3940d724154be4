import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Linted, TemplateFault, TemplateText } from '../api/templates.js';
import type { Language } from '../desk-view.js';
import { TEMPLATE_SECTIONS, type TemplateSection } from '../ui/template-sections.js';
import {
  blankOf,
  fieldPaths,
  kindOf,
  nearest,
  pathOf,
  valueAt,
  withValue,
  type Member,
  type Shape,
  type Way,
} from '../ui/template-shape.js';
import { en } from '../words/en-template-form.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-template-form.js';
import { notesOf, type Note } from './template-notes.js';

/** Of the element that stands for a path. */
export const fieldId = (path: string): string =>
  `field-${path.replace(/[^A-Za-z0-9]+/g, '-').replace(/-$/, '')}`;

/**
 * A template as a form, made of the schema that the server checks by; what the rule pack and the schema say stands at
 * the field it is about. Fires `written` with the whole text after each change.
 */
class TemplateForm extends LitElement {
  static override properties = {
    language: { attribute: false },
    shape: { attribute: false },
    body: { attribute: false },
    linted: { attribute: false },
    locked: { type: Boolean },
    said: { state: true },
  };
  declare language: Language;
  declare shape: Shape & { kind: 'group' };
  declare body: TemplateText;
  declare linted: Linted | undefined;
  declare locked: boolean;
  /** What was just done to a list, for screen readers. */
  declare private said: string;
  #notes: ReadonlyMap<string, readonly Note[]> = new Map();

  constructor() {
    super();
    this.locked = false;
    this.said = '';
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(): void {
    const paths = fieldPaths(this.shape, this.body);
    const notes = new Map<string, Note[]>();
    for (const note of notesOf(this.linted, this.language)) {
      const at = nearest(paths, note.path);
      notes.set(at, [...(notes.get(at) ?? []), note]);
    }
    this.#notes = notes;
  }

  /** Brings a path's field to eyes and keyboard. */
  show(path: string): void {
    const at = nearest(fieldPaths(this.shape, this.body), path);
    const place = at === '' ? null : this.querySelector<HTMLElement>(`#${fieldId(at)}`);
    if (!place) return;
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: 'center' });
  }

  get #words() {
    return wordsFor(this.language, zh, en);
  }

  protected override render(): TemplateResult {
    const words = this.#words;
    const sections = Object.entries(TEMPLATE_SECTIONS) as [TemplateSection, readonly string[]][];
    return html`
      <nav class="form-jump" aria-label=${words.jump}>
        ${sections.map(
          ([name]) =>
            html`<button type="button" class="link" @click=${() => this.#jump(name)}>
              ${words.sections[name]}
            </button>`,
        )}
      </nav>
      ${sections.map(([name, members]) => this.#section(name, members))}
      <p class="visually-hidden" role="status">${this.said}</p>
    `;
  }

  #jump(name: TemplateSection): void {
    const heading = this.querySelector<HTMLElement>(`#section-${name}`)!;
    heading.focus({ preventScroll: true });
    heading.scrollIntoView({ block: 'start' });
  }

  #section(name: TemplateSection, members: readonly string[]): TemplateResult {
    return html`<section class="form-section" aria-labelledby="section-${name}">
      <h3 id="section-${name}" tabindex="-1">${this.#words.sections[name]}</h3>
      ${members.map((name) => {
        const member = this.shape.members.find((it) => it.name === name);
        return member ? this.#member(member, []) : nothing;
      })}
    </section>`;
  }

  #member(member: Member, before: Way): TemplateResult | typeof nothing {
    const { shape, optional } = member;
    const way = [...before, member.name];
    const { label } = this.#wordsOf(way);
    switch (shape.kind) {
      case 'fixed':
        return nothing;
      case 'flag':
        return this.#flag(way, shape, label);
      case 'group':
      case 'both':
        if (optional) return this.#optional(way, shape, label);
        return shape.kind === 'both' ? this.#both(way, shape) : this.#group(way, shape);
      case 'list':
        return this.#list(way, shape);
      case 'ticks':
        return this.#ticks(way, shape.values, label);
      case 'choice':
        return this.#choice(way, shape.values, optional, label);
      case 'number':
        return this.#number(way, shape, label);
      case 'text':
        return this.#line(way, shape, label);
    }
  }

  #group(way: Way, { members }: Shape & { kind: 'group' }): TemplateResult {
    const narrow = members.filter(
      ({ shape }) => shape.kind === 'number' || shape.kind === 'choice',
    );
    const fields = members.map((member) => this.#member(member, way));
    // without words of its own it is only where its members lie
    return html`<div id=${fieldId(pathOf(way))} tabindex="-1" class="form-group">
      ${narrow.length === members.length ? html`<div class="side-by-side">${fields}</div>` : fields}
      ${this.#told(pathOf(way))}
    </div>`;
  }

  /** What may be absent: there with a tick. */
  #optional(way: Way, shape: Shape, label: string): TemplateResult {
    const there = valueAt(this.body, way) !== undefined;
    if (this.locked && !there) return html``;
    return html`<div class="form-optional">
      ${this.#tick(`${fieldId(pathOf(way))}-there`, label, there, (on) =>
        this.#set(way, on ? blankOf(shape) : undefined),
      )}
      ${
        there
          ? shape.kind === 'both'
            ? this.#both(way, shape, true)
            : this.#group(way, shape as Shape & { kind: 'group' })
          : nothing
      }
    </div>`;
  }

  #both(way: Way, { most }: Shape & { kind: 'both' }, named = false): TemplateResult {
    const words = this.#words;
    const { label, hint } = this.#wordsOf(way);
    const path = pathOf(way);
    const id = fieldId(path);
    return html`<fieldset class="both" id=${id} tabindex="-1">
      <legend class=${named ? 'visually-hidden' : ''}>${label}</legend>
      ${hint === undefined ? nothing : html`<p class="soft" id="${id}-hint">${hint}</p>`}
      <div class="side-by-side">
        ${(['zh', 'en'] as const).map((side) => {
          const value = textOf(valueAt(this.body, [...way, side]));
          const place = `${path}.${side}`;
          const sideId = fieldId(place);
          return html`<div class="field">
            <label for=${sideId}>${words.sides[side]}</label>
            <textarea
              id=${sideId}
              lang=${side === 'zh' ? 'zh-CN' : 'en'}
              rows="1"
              autocomplete="off"
              ?readonly=${this.locked}
              aria-describedby="${hint === undefined ? '' : `${id}-hint `}${sideId}-told"
              aria-invalid=${this.#wrong(place)}
              .value=${value}
              @input=${(event: Event) => this.#typed([...way, side], side, event)}
            ></textarea>
            <p class="length ${value.length > most[side] ? 'obstacle' : 'soft'}" aria-hidden="true">
              ${words.length(value.length, most[side])}
            </p>
            ${this.#told(place)}
          </div>`;
        })}
      </div>
      ${this.#told(path)}
    </fieldset>`;
  }

  /**
   * Letters have no line breaks; pasted ones become what stands between sentences of that language. Outer spaces stay in
   * the field alone: between two words they are typed first.
   */
  #typed(way: Way, side: 'zh' | 'en', event: Event): void {
    const { value } = event.target as HTMLTextAreaElement;
    this.#set(way, value.replace(/\s*[\r\n]+\s*/g, side === 'zh' ? '' : ' ').trim());
  }

  #line(way: Way, { most, system }: Shape & { kind: 'text' }, label: string): TemplateResult {
    const path = pathOf(way);
    const id = fieldId(path);
    const { hint } = this.#wordsOf(way);
    return html`<div class="field">
      <label for=${id}>${label}</label>
      <input
        id=${id}
        type="text"
        class=${system ? 'for-systems' : ''}
        autocomplete="off"
        autocorrect="off"
        spellcheck="false"
        maxlength=${most ?? 100}
        ?readonly=${this.locked || path === 'name'}
        aria-describedby="${hint === undefined ? '' : `${id}-hint `}${id}-told"
        aria-invalid=${this.#wrong(path)}
        .value=${textOf(valueAt(this.body, way))}
        @input=${(event: Event) => this.#set(way, (event.target as HTMLInputElement).value.trim())}
      />
      ${hint === undefined ? nothing : html`<p class="soft" id="${id}-hint">${hint}</p>`}
      ${this.#told(path, system ? { format: this.#words.systemFormat } : {})}
    </div>`;
  }

  #number(way: Way, shape: Shape & { kind: 'number' }, label: string): TemplateResult {
    const path = pathOf(way);
    const id = fieldId(path);
    const { hint } = this.#wordsOf(way);
    const value = valueAt(this.body, way);
    const put = (event: Event): void => {
      const text = (event.target as HTMLInputElement).value.trim();
      const number = /^\d{1,6}$/.test(text) ? Number(text) : undefined;
      // what is no number yet is told as a fault of the whole, and stays in the field
      this.#set(way, text === '' && shape.empty ? null : (number ?? text));
    };
    return html`<div class="field">
      <label for=${id}>${label}</label>
      <input
        id=${id}
        type="text"
        inputmode="numeric"
        autocomplete="off"
        maxlength="6"
        ?readonly=${this.locked}
        aria-describedby="${id}-hint ${id}-told"
        aria-invalid=${this.#wrong(path)}
        .value=${value === null || value === undefined ? '' : String(value)}
        @input=${put}
      />
      <p class="soft" id="${id}-hint">
        ${this.#words.range(shape.least, shape.most)}${hint === undefined ? '' : ` · ${hint}`}
      </p>
      ${this.#told(path, { wrong: this.#words.range(shape.least, shape.most) })}
    </div>`;
  }

  #choice(way: Way, values: readonly string[], optional: boolean, label: string): TemplateResult {
    const words = this.#words;
    const path = pathOf(way);
    const id = fieldId(path);
    const { hint } = this.#wordsOf(way);
    const value = textOf(valueAt(this.body, way));
    const known = value === '' || values.includes(value);
    const option = (it: string, name: string) =>
      html`<option value=${it} ?selected=${it === value}>${name}</option>`;
    return html`<div class="field">
      <label for=${id}>${label}</label>
      <select
        id=${id}
        ?disabled=${this.locked}
        aria-describedby="${hint === undefined ? '' : `${id}-hint `}${id}-told"
        aria-invalid=${this.#wrong(path)}
        .value=${value}
        @change=${(event: Event) =>
          this.#set(way, (event.target as HTMLSelectElement).value || undefined)}
      >
        ${optional || value === '' ? option('', words.absent) : nothing}
        ${known ? nothing : option(value, value)}
        ${values.map((it) => option(it, words.values[kindOf(way)]?.[it] ?? it))}
      </select>
      ${hint === undefined ? nothing : html`<p class="soft" id="${id}-hint">${hint}</p>`}
      ${this.#told(path)}
    </div>`;
  }

  #ticks(way: Way, values: readonly string[], label: string): TemplateResult {
    const words = this.#words;
    const path = pathOf(way);
    const { hint } = this.#wordsOf(way);
    const there = listOf(valueAt(this.body, way));
    return html`<fieldset class="ticks" id=${fieldId(path)} tabindex="-1">
      <legend>${label}</legend>
      ${hint === undefined ? nothing : html`<p class="soft">${hint}</p>`}
      <div class="side-by-side">
        ${values.map((value) =>
          this.#tick(
            `${fieldId(path)}-${value}`,
            words.values[kindOf(way)]?.[value] ?? value,
            there.includes(value),
            (on) =>
              this.#set(way, on ? [...there, value] : there.filter((other) => other !== value)),
          ),
        )}
      </div>
      ${this.#told(path)}
    </fieldset>`;
  }

  #flag(way: Way, { on, off }: Shape & { kind: 'flag' }, label: string): TemplateResult {
    const path = pathOf(way);
    return html`${this.#tick(fieldId(path), label, valueAt(this.body, way) === on, (ticked) =>
      this.#set(way, ticked ? on : off),
    )}
    ${this.#told(path)}`;
  }

  #tick(id: string, label: string, on: boolean, change: (on: boolean) => void): TemplateResult {
    return html`<label class="option">
      <input
        type="checkbox"
        id=${id}
        .checked=${on}
        ?disabled=${this.locked}
        @change=${(event: Event) => change((event.target as HTMLInputElement).checked)}
      />
      <span>${label}</span>
    </label>`;
  }

  #list(way: Way, shape: Shape & { kind: 'list' }): TemplateResult {
    const words = this.#words;
    const path = pathOf(way);
    const entries = listOf(valueAt(this.body, way));
    const { hint, add, none } = this.#wordsOf(way);
    return html`<div class="form-list" id=${fieldId(path)} tabindex="-1" data-list=${path}>
      ${hint === undefined ? nothing : html`<p class="soft">${hint}</p>`}
      ${entries.length === 0 && none ? html`<p>${none}</p>` : nothing} ${this.#told(path)}
      ${entries.map((_, i) => this.#entry(way, shape, entries, i))}
      ${
        this.locked
          ? nothing
          : html`<button
                type="button"
                class="button secondary compact"
                data-add=${path}
                ?disabled=${entries.length >= shape.most}
                @click=${() => this.#add(way, shape, entries)}
              >
                ${add}
              </button>
              ${entries.length >= shape.most ? html`<p class="soft">${words.atMost(shape.most)}</p>` : nothing}`
      }
    </div>`;
  }

  #entry(
    way: Way,
    shape: Shape & { kind: 'list' },
    entries: readonly unknown[],
    i: number,
  ): TemplateResult {
    const words = this.#words;
    const at = [...way, i];
    const name = this.#nameOf(way, entries, i);
    const { of } = shape;
    const button = (act: string, text: string, off: boolean, click: () => void) =>
      html`<button
        type="button"
        class="button quiet"
        data-act=${act}
        aria-label="${text}: ${name}"
        ?disabled=${off}
        @click=${click}
      >
        ${text}
      </button>`;
    return html`<fieldset class="form-entry" id=${fieldId(pathOf(at))} tabindex="-1">
      <legend>${name}</legend>
      ${
        this.locked
          ? nothing
          : html`<div class="entry-acts">
              ${button('up', words.up, i === 0, () => this.#move(way, entries, i, i - 1))}
              ${button('down', words.down, i === entries.length - 1, () =>
                this.#move(way, entries, i, i + 1),
              )}
              ${button('remove', words.remove, entries.length <= shape.least, () =>
                this.#remove(way, entries, i),
              )}
            </div>`
      }
      ${of.kind === 'group' ? of.members.map((member) => this.#member(member, at)) : nothing}
      ${this.#told(pathOf(at))}
    </fieldset>`;
  }

  /** `Clause 2: …`, with the first text it has in the language of the page. */
  #nameOf(way: Way, entries: readonly unknown[], i: number): string {
    const words = this.#words;
    const { entry = '' } = this.#wordsOf(way);
    const record = (entries[i] ?? {}) as Record<string, unknown>;
    const text = Object.values(record).find((it) => typeof it === 'object' && it !== null);
    const said = textOf((text as Record<string, unknown> | undefined)?.[this.language]);
    const short = said.length > 24 ? `${said.slice(0, 24)}…` : said;
    return words.entry(entry, i + 1, short || words.unnamed);
  }

  #add(way: Way, { of }: Shape & { kind: 'list' }, entries: readonly unknown[]): void {
    const at = entries.length;
    this.#set(way, [...entries, blankOf(of)]);
    this.said = this.#words.added(this.#wordsOf(way).entry ?? '', at + 1);
    void this.#focus(`#${fieldId(pathOf([...way, at]))} :is(textarea, input)`);
  }

  #remove(way: Way, entries: readonly unknown[], i: number): void {
    this.said = this.#words.removed(this.#nameOf(way, entries, i));
    this.#set(
      way,
      entries.filter((_, other) => other !== i),
    );
    const next = Math.min(i, entries.length - 2);
    void this.#focus(
      next < 0 ? `[data-add="${pathOf(way)}"]` : `#${fieldId(pathOf([...way, next]))}`,
    );
  }

  #move(way: Way, entries: readonly unknown[], from: number, to: number): void {
    const moved = [...entries];
    moved.splice(to, 0, ...moved.splice(from, 1));
    this.said = this.#words.moved(this.#nameOf(way, entries, from), to + 1, entries.length);
    this.#set(way, moved);
    const act = to < from ? 'up' : 'down';
    const entry = `#${fieldId(pathOf([...way, to]))}`;
    void this.#focus(`${entry} [data-act=${act}]:enabled`, `${entry} [data-act]:enabled`);
  }

  /** The first of these that stands there once the change does. */
  async #focus(...places: string[]): Promise<void> {
    await this.updateComplete;
    for (const place of places) {
      const found = this.querySelector<HTMLElement>(place);
      if (!found) continue;
      found.focus();
      found.scrollIntoView({ block: 'nearest' });
      return;
    }
  }

  #told(path: string, own: Partial<Record<TemplateFault['code'], string>> = {}): TemplateResult {
    const notes = this.#notes.get(path) ?? [];
    return html`<div class="field-notes" id="${fieldId(path)}-told">
      ${notes.map(
        ({ fault, rule, severity, text, excerpt, article }) =>
          html`<p class="field-note ${severity}" data-note=${rule ?? fault} data-at=${path}>
            ${(fault && own[fault]) ?? text} ${excerpt ? html`<q>${excerpt}</q>` : nothing}
            ${article ? html`<span class="soft">${article}</span>` : nothing}
          </p>`,
      )}
    </div>`;
  }

  #wrong = (path: string): 'true' | 'false' =>
    this.#notes.get(path)?.some(({ severity }) => severity === 'error') ? 'true' : 'false';

  #wordsOf = (way: Way) =>
    this.#words.fields[kindOf(way)] ?? { label: String(way.at(-1)), add: '+', entry: '' };

  #set(way: Way, value: unknown): void {
    this.body = withValue(this.body, way, value);
    this.dispatchEvent(new CustomEvent<TemplateText>('written', { detail: this.body }));
  }
}
customElements.define('desk-template-form', TemplateForm);

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
