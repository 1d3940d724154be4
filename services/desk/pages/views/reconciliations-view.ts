import { html, type TemplateResult } from 'lit';
import {
  beginReconciliation,
  listReconciliations,
  type Reconciliation,
} from '../api/reconciliations.js';
import { institutions, type Institution } from '../api/searches.js';
import { DeskView } from '../desk-view.js';
import { day, dayAfter, lastDay, moment, startOfDay } from '../moments.js';
import { dateField } from '../ui/date-field.js';
import { choiceField } from '../ui/fields.js';
import { lineField } from '../ui/line-field.js';
import { recordTable } from '../ui/record-table.js';
import { en } from '../words/en-reconciliation.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-reconciliation.js';

/** Reconciliations, and the beginning of a new one. */
class ReconciliationsView extends DeskView {
  static override properties = {
    ...DeskView.properties,
    items: { state: true },
    institutions: { state: true },
    institution: { state: true },
    wrong: { state: true },
  };
  declare private items: readonly Reconciliation[];
  declare private institutions: readonly Institution[];
  declare private institution: string;
  declare private wrong: 'sourceWrong' | 'datesWrong' | undefined;
  #source = '';
  #from = '';
  #to = '';

  constructor() {
    super();
    this.items = this.institutions = [];
    this.institution = '';
  }

  protected override async load(): Promise<void> {
    const { client } = this.desk;
    const [runs, known] = await Promise.all([listReconciliations(client), institutions(client)]);
    this.items = runs.items;
    this.institutions = known.items;
    this.institution ||= known.items[0]?.id ?? '';
  }

  protected override content(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const names = new Map(this.institutions.map(({ id, name }) => [id, name]));
    return html`
      <h1 tabindex="-1">${words.title}</h1>
      <p class="lead">${words.lead}</p>
      ${
        this.items.length === 0
          ? html`<p>${words.none}</p>`
          : recordTable<Reconciliation>(
              words.caption,
              [
                [
                  words.begun,
                  (it) =>
                    html`<a class="number" href="/desk/reconciliations/${it.id}"
                      >${moment(it.madeAt)}</a
                    >`,
                ],
                [words.institution, (it) => names.get(it.institution) ?? it.institution],
                [words.source, (it) => html`<code>${it.source}</code>`],
                [words.period, (it) => `${day(it.from)} – ${lastDay(it.to)}`],
                [
                  words.state,
                  (it) =>
                    html`<span class="badge" data-state=${it.state}
                      >${words.states[it.state]}</span
                    >`,
                ],
              ],
              this.items,
              { name: 'reconciliations' },
            )
      }
      ${this.#form()}
    `;
  }

  #form(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return html`<form class="card" novalidate @submit=${this.#begin} aria-labelledby="begin">
      <h2 id="begin">${words.beginTitle}</h2>
      <div class="side-by-side">
        ${choiceField({
          ...{ id: 'institution', label: words.institution, value: this.institution },
          options: this.institutions.map(({ id, name }) => [id, name] as const),
          choose: (value) => (this.institution = value),
        })}
        ${lineField({
          ...{ id: 'source', label: words.source, hint: words.sourceHint, maximum: 18 },
          value: this.#source,
          input: (value) => (this.#source = value.trim().toUpperCase()),
        })}
      </div>
      <div class="side-by-side">
        ${dateField({
          ...{ id: 'from', label: words.from, value: this.#from },
          input: (value) => (this.#from = value),
        })}
        ${dateField({
          ...{ id: 'to', label: words.to, value: this.#to },
          input: (value) => (this.#to = value),
        })}
      </div>
      <p class="soft">${words.toHint}</p>
      <p class="obstacle" role="alert">${this.wrong ? words[this.wrong] : ''}</p>
      <button class="button" data-action="begin" ?disabled=${this.busy}>${words.begin}</button>
    </form>`;
  }

  #begin = (event: Event): void => {
    event.preventDefault();
    const dated = this.#from !== '' && this.#to !== '' && this.#from <= this.#to;
    this.wrong = !/^[0-9A-Z]{18}$/.test(this.#source)
      ? 'sourceWrong'
      : dated
        ? undefined
        : 'datesWrong';
    if (this.wrong) return;
    void this.act(async () => {
      const { id } = await beginReconciliation(this.desk.client, {
        ...{ institution: this.institution, source: this.#source },
        ...{ from: startOfDay(this.#from), to: dayAfter(startOfDay(this.#to)) },
      });
      this.desk.go(`/desk/reconciliations/${id}`);
    });
  };
}
customElements.define('desk-reconciliations', ReconciliationsView);
