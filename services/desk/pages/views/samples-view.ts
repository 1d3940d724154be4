import { html, type TemplateResult } from 'lit';
import {
  fixSample,
  listSamples,
  SAMPLE_KINDS,
  type Sample,
  type SampleKind,
} from '../api/samples.js';
import { institutions, type Institution } from '../api/searches.js';
import { DeskView } from '../desk-view.js';
import { day, dayAfter, lastDay, moment, startOfDay } from '../moments.js';
import { dateField } from '../ui/date-field.js';
import { choiceField } from '../ui/fields.js';
import { lineField } from '../ui/line-field.js';
import { recordTable } from '../ui/record-table.js';
import { en } from '../words/en-samples.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-samples.js';

/** Samples, and the fixing of a new one. */
class SamplesView extends DeskView {
  static override properties = {
    ...DeskView.properties,
    items: { state: true },
    institutions: { state: true },
    institution: { state: true },
    kind: { state: true },
    wrong: { state: true },
  };
  declare private items: readonly Sample[];
  declare private institutions: readonly Institution[];
  /** Empty: all of them. */
  declare private institution: string;
  declare private kind: SampleKind;
  declare private wrong: 'datesWrong' | 'wantedWrong' | undefined;
  #from = '';
  #to = '';
  #wanted = '25';

  constructor() {
    super();
    this.items = this.institutions = [];
    this.institution = '';
    this.kind = 'redemptions';
  }

  protected override async load(): Promise<void> {
    const { client, session } = this.desk;
    const [samples, known] = await Promise.all([listSamples(client), institutions(client)]);
    this.items = samples.items;
    this.institutions = known.items;
    if (session?.institution) this.institution = session.institution;
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
          : recordTable<Sample>(
              words.caption,
              [
                [
                  words.fixed,
                  (it) =>
                    html`<a class="number" href="/desk/samples/${it.id}">${moment(it.madeAt)}</a>`,
                ],
                [
                  words.institution,
                  (it) =>
                    it.institution === null
                      ? words.every
                      : (names.get(it.institution) ?? it.institution),
                ],
                [words.kind, (it) => words.kinds[it.kind]],
                [words.period, (it) => `${day(it.from)} – ${lastDay(it.to)}`],
                [words.wanted, (it) => it.wanted],
                [
                  words.state,
                  (it) =>
                    html`<span class="badge ${it.drawnAt ? 'good' : ''}"
                      >${it.drawnAt ? words.drawn : words.notDrawn}</span
                    >`,
                ],
              ],
              this.items,
              { name: 'samples' },
            )
      }
      ${this.#form()}
    `;
  }

  #form(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const all = this.desk.session?.institution ? [] : [['', words.every] as const];
    return html`<form class="card" novalidate @submit=${this.#fix} aria-labelledby="fix">
      <h2 id="fix">${words.fixTitle}</h2>
      <div class="side-by-side">
        ${choiceField({
          ...{ id: 'institution', label: words.institution, value: this.institution },
          options: [...all, ...this.institutions.map(({ id, name }) => [id, name] as const)],
          choose: (value) => (this.institution = value),
        })}
        ${choiceField({
          ...{ id: 'kind', label: words.kind, value: this.kind },
          options: SAMPLE_KINDS.map((it) => [it, words.kinds[it]] as const),
          choose: (value) => (this.kind = value),
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
        ${lineField({
          ...{ id: 'wanted', label: words.wanted, hint: words.wantedHint, maximum: 3 },
          value: this.#wanted,
          input: (value) => (this.#wanted = value),
        })}
      </div>
      <p class="obstacle" role="alert">${this.wrong ? words[this.wrong] : ''}</p>
      <p class="soft">${words.fixHint}</p>
      <button class="button" data-action="fix" ?disabled=${this.busy}>${words.fix}</button>
    </form>`;
  }

  #fix = (event: Event): void => {
    event.preventDefault();
    const dated = this.#from !== '' && this.#to !== '' && this.#from <= this.#to;
    const over = dated && Date.parse(dayAfter(startOfDay(this.#to))) <= Date.now();
    const wanted = Number(this.#wanted);
    const counted = Number.isInteger(wanted) && wanted >= 1 && wanted <= 500;
    this.wrong = !over ? 'datesWrong' : counted ? undefined : 'wantedWrong';
    if (this.wrong) return;
    void this.act(async () => {
      const { id } = await fixSample(this.desk.client, {
        ...(this.institution ? { institution: this.institution } : {}),
        ...{ kind: this.kind, wanted },
        ...{ from: startOfDay(this.#from), to: dayAfter(startOfDay(this.#to)) },
      });
      this.desk.go(`/desk/samples/${id}`);
    });
  };
}
customElements.define('desk-samples', SamplesView);
