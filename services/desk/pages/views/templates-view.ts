import { html, nothing, type TemplateResult } from 'lit';
import { institutions, type Institution } from '../api/searches.js';
import {
  sampleTemplates,
  templatesOf,
  type TemplateText,
  type TemplateVersion,
} from '../api/templates.js';
import { DeskView } from '../desk-view.js';
import { moment } from '../moments.js';
import { choiceField } from '../ui/fields.js';
import { lineField } from '../ui/line-field.js';
import { recordTable } from '../ui/record-table.js';
import { en } from '../words/en-templates.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-templates.js';

const NAME = /^[a-z][a-z0-9-]{0,59}$/;

/** Templates of an institution and their versions; authors begin new ones from samples. */
class TemplatesView extends DeskView {
  static override properties = {
    ...DeskView.properties,
    institutions: { state: true },
    institution: { state: true },
    items: { state: true },
    samples: { state: true },
    sample: { state: true },
    wrong: { state: true },
  };
  declare private institutions: readonly Institution[];
  declare private institution: string;
  declare private items: readonly TemplateVersion[];
  declare private samples: readonly TemplateText[];
  declare private sample: string;
  declare private wrong: boolean;
  #name = '';

  constructor() {
    super();
    this.institutions = this.items = this.samples = [];
    this.institution = '';
    this.sample = '0';
    this.wrong = false;
  }

  get #writes(): boolean {
    return this.desk.session?.roles.includes('template-author') ?? false;
  }

  protected override async load(): Promise<void> {
    const { client } = this.desk;
    this.institutions = (await institutions(client)).items;
    this.institution =
      this.params['institution'] ?? (this.institution || (this.institutions[0]?.id ?? ''));
    if (this.#writes) this.samples = (await sampleTemplates(client)).items;
    if (this.institution) this.items = (await templatesOf(client, this.institution).list()).items;
  }

  protected override content(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const people = (those: TemplateVersion['authors']): string =>
      those.map(({ person, name }) => name ?? `${person}${words.apiPerson}`).join('、');
    return html`
      <h1 tabindex="-1">${words.title}</h1>
      <p class="lead">${words.lead}</p>
      ${
        this.institutions.length > 1
          ? choiceField({
              ...{ id: 'institution', label: words.institution, value: this.institution },
              options: this.institutions.map(({ id, name }) => [id, name] as const),
              choose: (value) => this.desk.go(`/desk/templates/${value}`),
            })
          : nothing
      }
      ${
        this.items.length === 0
          ? html`<p>${words.none}</p>`
          : recordTable<TemplateVersion>(
              words.caption,
              [
                [
                  words.name,
                  (it) =>
                    html`<a href="/desk/templates/${this.institution}/${it.id}/${it.version}"
                      >${it.name}</a
                    >`,
                ],
                [words.version, (it) => it.version],
                [
                  words.status,
                  (it) =>
                    html`<span
                      class="badge ${it.status === 'published' ? 'good' : ''} ${it.refusedFrom ? 'warning' : ''}"
                      data-status=${it.status}
                      >${words.statuses[it.status]}</span
                    >`,
                ],
                [words.written, (it) => people(it.authors)],
                [words.approved, (it) => (it.approver ? people([it.approver]) : '–')],
                [
                  words.changed,
                  (it) =>
                    html`<time class="number"
                      >${moment(it.retiredAt ?? it.publishedAt ?? it.submittedAt ?? it.createdAt)}</time
                    >`,
                ],
              ],
              this.items,
              { name: 'templates' },
            )
      }
      ${this.#writes ? this.#create() : nothing}
      <p class="soft">${words.time}</p>
    `;
  }

  #create(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const titles = this.samples.map(
      ({ title }, i) =>
        [String(i), (title as Record<string, string>)[this.language] ?? ''] as const,
    );
    return html`<form class="card" novalidate @submit=${this.#begin} aria-labelledby="create">
      <h2 id="create">${words.createTitle}</h2>
      <p>${words.createLead}</p>
      <div class="side-by-side">
        ${choiceField({
          ...{ id: 'sample', label: words.start, value: this.sample, options: titles },
          choose: (value) => (this.sample = value),
        })}
        ${lineField({
          ...{ id: 'name', label: words.newName, hint: words.newNameHint, maximum: 60 },
          value: this.#name,
          input: (value) => (this.#name = value.trim()),
        })}
      </div>
      <p class="obstacle" role="alert">${this.wrong ? words.nameWrong : ''}</p>
      <button class="button" data-action="create" ?disabled=${this.busy}>${words.create}</button>
    </form>`;
  }

  #begin = (event: Event): void => {
    event.preventDefault();
    this.wrong = !NAME.test(this.#name);
    if (this.wrong) return;
    void this.act(async () => {
      const text = { ...this.samples[Number(this.sample)]!, name: this.#name };
      const made = await templatesOf(this.desk.client, this.institution).create(text);
      this.desk.go(`/desk/templates/${this.institution}/${made.id}/${made.version}`);
    });
  };
}
customElements.define('desk-templates', TemplatesView);
