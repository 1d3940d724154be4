import { Problem } from '@mandate/pages/browser/problem';
import { html, nothing, type TemplateResult } from 'lit';
import {
  templateSchema,
  templatesOf,
  type Difference,
  type TemplateDetail,
  type Templates,
  type TemplateText,
  type TemplateVersion,
} from '../api/templates.js';
import { DeskView } from '../desk-view.js';
import { day } from '../moments.js';
import { choiceField } from '../ui/fields.js';
import { mergeTexts, same, type Clash } from '../ui/merge-texts.js';
import { recordTable } from '../ui/record-table.js';
import { withValue, type JsonSchema } from '../ui/template-shape.js';
import { en as formEn } from '../words/en-template-form.js';
import { en } from '../words/en-templates.js';
import { wordsFor } from '../words/words-for.js';
import { zh as formZh } from '../words/zh-template-form.js';
import { zh } from '../words/zh-templates.js';
import './template-conflict.js';
import './template-preview.js';
import './template-steps.js';
import type { TemplateStep } from './template-steps.js';
import './template-writer.js';
import type { Written } from './template-writer.js';

/** What was written, over which text. */
interface Typed {
  readonly base: TemplateText;
  readonly written: Written;
}

/** Refusals of what was written because of what somebody else did since it was read. */
const MEANWHILE = new Set(['version-conflict', 'template-state']);

/** One version: its text with findings, the sample letter, what differs from others, and what comes next. */
class TemplateView extends DeskView {
  static override properties = {
    ...DeskView.properties,
    detail: { state: true },
    versions: { state: true },
    schema: { state: true },
    shown: { state: true },
    written: { state: true },
    live: { state: true },
    conflict: { state: true },
    from: { state: true },
    differences: { state: true },
  };
  declare private detail: TemplateDetail;
  declare private versions: readonly TemplateVersion[];
  declare private schema: JsonSchema;
  /** What the writer begins with: what is saved, or what came of a merge. */
  declare private shown: TemplateText;
  /** As typed; undefined: nothing was. */
  declare private written: Written | undefined;
  declare private live: boolean;
  /** Somebody else has saved meanwhile; where both changed something. */
  declare private conflict: readonly Clash[] | undefined;
  /** Version compared with. */
  declare private from: number | undefined;
  declare private differences: readonly Difference[];
  /** Under a text that was put back and reads as no template yet: what was saved then, where it is not what is now. */
  #before: TemplateText | undefined;

  constructor() {
    super();
    this.versions = this.differences = [];
    this.live = false;
  }

  get #templates(): Templates {
    return templatesOf(this.desk.client, this.params['institution']!);
  }
  get #writes(): boolean {
    return this.desk.session?.roles.includes('template-author') ?? false;
  }
  get #open(): boolean {
    return this.detail.status === 'draft' || this.detail.status === 'in-review';
  }
  /** Something was typed that is not saved. */
  get #dirty(): boolean {
    return this.written !== undefined && !same(this.written.body, this.detail.body);
  }

  override get typed(): Typed | undefined {
    const { written } = this;
    return written && this.#dirty ? { base: this.#before ?? this.detail.body, written } : undefined;
  }
  protected override putBack({ base, written }: Typed): boolean {
    if (!this.#writes) return false;
    if (written.body) this.#meet(base, written.body);
    else {
      this.written = written;
      this.#before = same(base, this.detail.body) ? undefined : base;
    }
    return true;
  }

  protected override async load(): Promise<void> {
    await this.#read();
    this.#begin(this.detail.body);
    this.schema ??= await templateSchema(this.desk.client);
    const before = [...this.versions].reverse().find((it) => it.version < this.detail.version);
    if (this.from === undefined && before) await this.#compare(before.version);
  }

  async #read(): Promise<void> {
    const { id, version } = this.params as { id: string; version: string };
    const templates = this.#templates;
    const [detail, { items }] = await Promise.all([templates.read(id, version), templates.list()]);
    this.detail = detail;
    this.versions = items.filter((it) => it.id === detail.id);
  }

  /** The writer begins with this, and nothing is typed. */
  #begin(body: TemplateText): void {
    this.shown = body;
    this.written = this.conflict = this.#before = undefined;
  }

  /** What was typed over another text, with what is saved now; nothing of it is lost. */
  #meet(base: TemplateText, mine: TemplateText): void {
    const { merged, clashes } = mergeTexts(base, mine, this.detail.body);
    this.conflict = same(base, this.detail.body) ? undefined : clashes;
    this.#before = undefined;
    this.shown = merged;
    this.written = { body: merged, whole: false };
  }

  async #compare(from: number): Promise<void> {
    const { id, version } = this.detail;
    this.differences = (await this.#templates.differences(id, from, version)).items;
    this.from = from;
  }

  protected override content(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { detail, desk, language } = this;
    const templates = this.#templates;
    const people = (those: TemplateVersion['authors']): string =>
      those.map(({ person, name }) => name ?? `${person}${words.apiPerson}`).join('、');
    return html`
      <p><a href="/desk/templates/${this.params['institution']}">${words.back}</a></p>
      <h1 tabindex="-1">${words.one(detail.name, detail.version)}</h1>
      <p>
        <span
          class="badge ${detail.status === 'published' ? 'good' : ''}"
          data-status=${detail.status}
          >${words.statuses[detail.status]}</span
        >
        ${words.written}: ${people(detail.authors)}
        ${detail.approver ? html` · ${words.approved}: ${people([detail.approver])}` : nothing}
      </p>
      ${
        detail.refusedFrom
          ? html`<p class="callout warning">${words.overdue(day(detail.refusedFrom))}</p>`
          : nothing
      }
      <div class="workbench ${this.live ? 'wide' : ''}">
        ${this.#writing()}
        <desk-template-preview
          .templates=${templates}
          .version=${detail}
          .language=${language}
          .written=${!this.#dirty ? undefined : this.written?.whole ? this.written.body : null}
          ?writable=${this.#open && this.#writes}
          @live=${(event: CustomEvent<boolean>) => (this.live = event.detail)}
        ></desk-template-preview>
      </div>
      ${this.#compared()}
      <desk-template-steps
        .desk=${desk}
        .language=${language}
        .detail=${detail}
        .templates=${templates}
        ?disabled=${this.busy || this.#dirty}
        @step=${(event: CustomEvent<TemplateStep>) => void this.#step(event.detail)}
      ></desk-template-steps>
      <p class="soft">${words.time}</p>
    `;
  }

  #writing(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const open = this.#open;
    return html`<section aria-labelledby="template-text">
      <h2 id="template-text">${words.text}</h2>
      <p class="soft">${!open ? words.readOnly : this.#writes ? words.textHint : words.reading}</p>
      ${
        this.conflict
          ? html`<desk-template-conflict
              .language=${this.language}
              .clashes=${this.conflict}
              .body=${this.written?.body}
              @settled=${({
                detail: { way, value },
              }: CustomEvent<Pick<Clash, 'way'> & { value: unknown }>) =>
                this.#put(withValue(this.written!.body!, way, value))}
              @dropped=${() => this.#begin(this.detail.body)}
            ></desk-template-conflict>`
          : nothing
      }
      <desk-template-writer
        .desk=${this.desk}
        .language=${this.language}
        .schema=${this.schema}
        .shown=${this.shown}
        .raw=${this.written?.text}
        ?locked=${!this.#writes || (!open && !this.#dirty)}
        @text-written=${({ detail }: CustomEvent<Written>) => this.#take(detail)}
      ></desk-template-writer>
      ${this.#writes ? this.#save() : nothing}
    </section>`;
  }

  /** As soon as it reads as a template, what was put back meets what somebody else saved meanwhile. */
  #take(written: Written): void {
    if (written.body && this.#before) this.#meet(this.#before, written.body);
    else this.written = written;
  }

  #put(body: TemplateText): void {
    this.shown = body;
    this.written = { body, whole: false };
  }

  #save(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const form = wordsFor(this.language, formZh, formEn);
    const dirty = this.#dirty;
    if (this.#open)
      return html`<div class="save-bar">
        <button
          type="button"
          class="button"
          data-action="save"
          ?disabled=${this.busy || !dirty || !this.written?.body}
          @click=${this.#rewrite}
        >
          ${this.conflict ? form.saveMerged : words.save}
        </button>
        <p role="status">${dirty ? words.unsaved : ''}</p>
      </div>`;
    return html`<div class="save-bar">
      <button
        type="button"
        class="button secondary"
        data-action="new-version"
        ?disabled=${this.busy || this.written?.body === null}
        @click=${this.#newVersion}
      >
        ${dirty ? form.asNewVersion : words.newVersion}
      </button>
      <p class=${dirty ? '' : 'soft'} role="status">
        ${dirty ? form.overMeanwhile : words.newVersionHint}
      </p>
    </div>`;
  }

  #compared(): TemplateResult | typeof nothing {
    const words = wordsFor(this.language, zh, en);
    const others = this.versions.filter(({ version }) => version !== this.detail.version);
    if (others.length === 0) return nothing;
    const told = (value: unknown): TemplateResult =>
      value === undefined
        ? html`<span class="soft">${words.absent}</span>`
        : html`<span class="lines"
            >${typeof value === 'string' ? value : JSON.stringify(value)}</span
          >`;
    return html`<section aria-labelledby="differences">
      <h2 id="differences">${words.differences}</h2>
      ${choiceField({
        ...{ id: 'from', label: words.differencesFrom, value: String(this.from ?? '') },
        options: [
          ...(this.from === undefined ? [['', '–'] as const] : []),
          ...others.map(
            ({ version, status }) =>
              [String(version), `${version} · ${words.statuses[status]}`] as const,
          ),
        ],
        choose: (value) => (value ? void this.act(() => this.#compare(Number(value))) : undefined),
      })}
      ${
        this.from === undefined
          ? nothing
          : this.differences.length === 0
            ? html`<p class="callout good">${words.same}</p>`
            : recordTable<Difference>(
                words.differences,
                [
                  [words.path, ({ path }) => html`<code class="id">${path}</code>`],
                  [words.before, ({ before }) => told(before)],
                  [words.after, ({ after }) => told(after)],
                ],
                this.differences,
                { name: 'differences', captionHidden: true },
              )
      }
    </section>`;
  }

  #rewrite = (): Promise<void> =>
    this.act(async () => {
      const mine = this.written!.body!;
      try {
        await this.#templates.rewrite(this.detail, mine);
      } catch (thrown) {
        const { code } = thrown as Problem;
        if (!(thrown instanceof Problem) || !MEANWHILE.has(code)) throw thrown;
        const base = this.detail.body;
        await this.#read();
        return this.#meet(base, mine);
      }
      await this.load();
      this.done = wordsFor(this.language, zh, en).saved;
    });

  #newVersion = (): Promise<void> =>
    this.act(async () => {
      const text = this.written?.body ?? this.detail.body;
      const made = await this.#templates.addVersion(this.detail.id, text);
      this.written = undefined;
      this.desk.go(`/desk/templates/${this.params['institution']}/${made.id}/${made.version}`);
    });

  #step({ work, done }: TemplateStep): Promise<void> {
    return this.act(async () => {
      await work();
      await this.load();
      this.done = wordsFor(this.language, zh, en)[done];
    });
  }
}
customElements.define('desk-template', TemplateView);
