import { html, nothing, type TemplateResult } from 'lit';
import {
  institutions,
  searchLetters,
  type Found,
  type FoundLetter,
  type Institution,
} from '../api/searches.js';
import { DeskView } from '../desk-view.js';
import { moment } from '../moments.js';
import { letterState } from '../ui/letter-state.js';
import { recordTable } from '../ui/record-table.js';
import { en as casesEn } from '../words/en-cases.js';
import { en } from '../words/en-search.js';
import { wordsFor } from '../words/words-for.js';
import { zh as casesZh } from '../words/zh-cases.js';
import { zh } from '../words/zh-search.js';
import './search-form.js';
import type { Asked } from './search-form.js';

/** Letters whose numbers stand on the page where a case is opened. */
const LETTERS_NAMED = 20;

/** Finds letters; what is found leads to their facts, or into a case. */
class SearchView extends DeskView {
  static override properties = {
    ...DeskView.properties,
    institutions: { state: true },
    asked: { state: true },
    found: { state: true },
    chosen: { state: true },
  };
  declare private institutions: readonly Institution[];
  declare private asked: Asked | undefined;
  declare private found: Found | undefined;
  /** Authorization ids. */
  declare private chosen: readonly string[];

  constructor() {
    super();
    this.institutions = this.chosen = [];
  }

  protected override async load(): Promise<void> {
    this.institutions = (await institutions(this.desk.client)).items;
  }

  protected override content(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return html`
      <h1 tabindex="-1">${words.title}</h1>
      <p class="lead">${words.lead}</p>
      <desk-search-form
        .desk=${this.desk}
        .language=${this.language}
        .institutions=${this.institutions}
        .disabled=${this.busy}
        @search=${this.#search}
      ></desk-search-form>
      ${this.found ? this.#result(this.found) : nothing}
    `;
  }

  #result({ items, missing, next }: Found): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return html`<section aria-labelledby="found" data-list="found">
      <h2 id="found" tabindex="-1">
        ${items.length === 0 ? words.none : words.found(items.length, next !== null)}
      </h2>
      ${items.length > 0 ? this.#table(items) : nothing}
      ${
        missing.length > 0
          ? html`<details class="disclosure" data-list="missing">
              <summary>${words.missing(missing.length)}</summary>
              <p class="lines">${missing.join('\n')}</p>
            </details>`
          : nothing
      }
      <div class="onward">
        ${
          this.chosen.length > 0
            ? html`<a
                class="button"
                data-action="open-case"
                href="/desk/cases/new?${this.#chosenLetters()}"
                >${words.openCase(this.chosen.length)}</a
              >`
            : nothing
        }
        ${
          next
            ? html`<button
                type="button"
                class="button secondary"
                data-action="more"
                ?disabled=${this.busy}
                @click=${() => this.#more(next)}
              >
                ${words.more}
              </button>`
            : nothing
        }
      </div>
    </section>`;
  }

  #table(items: readonly FoundLetter[]): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const states = wordsFor(this.language, casesZh, casesEn);
    const officer = this.desk.session?.roles.includes('officer');
    return recordTable<FoundLetter>(
      words.title,
      [
        [
          words.letter,
          (it) =>
            html`<span class="ticked"
                >${officer ? this.#tick(it) : nothing}<a
                  class="number"
                  href="/desk/letters/${it.authorization}"
                  data-letter=${it.authorization}
                  >${it.letterNumber}</a
                ></span
              ><span class="soft">${words.requested} ${moment(it.requestedAt)}</span>`,
        ],
        [
          words.subject,
          ({ subject, altered }) =>
            subject
              ? html`${subject.name}<br /><span class="soft number">${subject.idNumber}</span
                  ><br /><span class="soft number">${subject.phone}</span>`
              : altered
                ? html`<strong data-altered>${words.altered}</strong>`
                : html`<span class="soft">${words.noMasks}</span>`,
        ],
        [
          words.reference,
          (it) =>
            html`<span data-reference>${it.businessReference}</span><br /><span class="soft"
                >${it.institution.name}</span
              >`,
        ],
        [words.state, (it) => letterState(it, states)],
      ],
      items,
      { name: 'found', captionHidden: true },
    );
  }

  /** Letters of one institution become one case. */
  #tick({ authorization, letterNumber, institution }: FoundLetter): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const first = this.found?.items.find((it) => it.authorization === this.chosen[0]);
    return html`<input
      type="checkbox"
      class="tick"
      aria-label=${words.choose(letterNumber)}
      .checked=${this.chosen.includes(authorization)}
      ?disabled=${first !== undefined && first.institution.id !== institution.id}
      @change=${(event: Event) =>
        (this.chosen = (event.target as HTMLInputElement).checked
          ? [...this.chosen, authorization]
          : this.chosen.filter((id) => id !== authorization))}
    />`;
  }

  #search = (event: CustomEvent<Asked>): Promise<void> =>
    this.act(async () => {
      this.found = undefined;
      this.chosen = [];
      this.asked = event.detail;
      this.found = await searchLetters(this.desk.client, event.detail);
      await this.updateComplete;
      this.querySelector<HTMLElement>('#found')?.focus();
    });

  #more = (before: string): Promise<void> =>
    this.act(async () => {
      const page = await searchLetters(this.desk.client, { ...this.asked!, before });
      const { items, missing } = this.found!;
      this.found = { ...page, missing, items: [...items, ...page.items] };
    });

  /** What a case is opened about, and the first numbers by which people know it. */
  #chosenLetters(): URLSearchParams {
    const letters = (this.found?.items ?? [])
      .filter(({ authorization }) => this.chosen.includes(authorization))
      .slice(0, LETTERS_NAMED);
    return new URLSearchParams([
      ...this.chosen.map((id) => ['authorization', id]),
      ...letters.map(({ letterNumber }) => ['letter', letterNumber]),
    ]);
  }
}
customElements.define('desk-search', SearchView);
