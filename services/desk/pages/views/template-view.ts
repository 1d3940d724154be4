import { html, nothing, type TemplateResult } from 'lit';
import {
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
import { recordTable } from '../ui/record-table.js';
import { en } from '../words/en-templates.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-templates.js';
import './template-editor.js';
import './template-preview.js';
import './template-steps.js';
import type { TemplateStep } from './template-steps.js';

/** One version: its text with findings, the sample letter, what differs from others, and what comes next. */
class TemplateView extends DeskView {
  static override properties = {
    ...DeskView.properties,
    detail: { state: true },
    versions: { state: true },
    written: { state: true },
    from: { state: true },
    differences: { state: true },
  };
  declare private detail: TemplateDetail;
  declare private versions: readonly TemplateVersion[];
  /** As typed and not saved; null: no JSON; undefined: nothing was typed. */
  declare private written: TemplateText | null | undefined;
  /** Version compared with. */
  declare private from: number | undefined;
  declare private differences: readonly Difference[];

  constructor() {
    super();
    this.versions = this.differences = [];
  }

  get #templates(): Templates {
    return templatesOf(this.desk.client, this.params['institution']!);
  }
  get #writes(): boolean {
    return this.desk.session?.roles.includes('template-author') ?? false;
  }

  protected override async load(): Promise<void> {
    const { id, version } = this.params as { id: string; version: string };
    const templates = this.#templates;
    const [detail, { items }] = await Promise.all([templates.read(id, version), templates.list()]);
    this.detail = detail;
    this.versions = items.filter((it) => it.id === detail.id);
    this.written = undefined;
    const before = [...this.versions].reverse().find((it) => it.version < detail.version);
    if (this.from === undefined && before) await this.#compare(before.version);
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
    const open = detail.status === 'draft' || detail.status === 'in-review';
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
      <section aria-labelledby="template-text">
        <h2 id="template-text">${words.text}</h2>
        <p class="soft">
          ${!open ? words.readOnly : this.#writes ? words.textHint : words.reading}
        </p>
        <desk-template-editor
          .desk=${desk}
          .language=${language}
          .body=${detail.body}
          ?locked=${!(open && this.#writes)}
          @written=${(event: CustomEvent<TemplateText | null>) => (this.written = event.detail)}
        ></desk-template-editor>
        ${this.#writes ? this.#save(open) : nothing}
      </section>
      <desk-template-preview
        .templates=${templates}
        .version=${detail}
        .language=${language}
      ></desk-template-preview>
      ${this.#compared()}
      <desk-template-steps
        .desk=${desk}
        .language=${language}
        .detail=${detail}
        .templates=${templates}
        ?disabled=${this.busy || this.written !== undefined}
        @step=${(event: CustomEvent<TemplateStep>) => void this.#step(event.detail)}
      ></desk-template-steps>
      <p class="soft">${words.time}</p>
    `;
  }

  #save(open: boolean): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return open
      ? html`<p role="status">${this.written === undefined ? '' : words.unsaved}</p>
          <button
            type="button"
            class="button"
            data-action="save"
            ?disabled=${this.busy || !this.written}
            @click=${this.#rewrite}
          >
            ${words.save}
          </button>`
      : html`<p class="soft">${words.newVersionHint}</p>
          <button
            type="button"
            class="button secondary"
            data-action="new-version"
            ?disabled=${this.busy}
            @click=${this.#newVersion}
          >
            ${words.newVersion}
          </button>`;
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
      await this.#templates.rewrite(this.detail, this.written!);
      await this.load();
      this.done = wordsFor(this.language, zh, en).saved;
    });

  #newVersion = (): Promise<void> =>
    this.act(async () => {
      const made = await this.#templates.addVersion(this.detail.id, this.detail.body);
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
