import { html, nothing, type TemplateResult } from 'lit';
import {
  REGISTER_KINDS,
  registerForPaper,
  registerPage,
  registerQuery,
  type RegisterEntry,
  type RegisterFilter,
} from '../api/register.js';
import { SEARCH_PURPOSES } from '../api/searches.js';
import { DeskView } from '../desk-view.js';
import { moment } from '../moments.js';
import { actorName } from '../ui/actor-name.js';
import { dateField } from '../ui/date-field.js';
import { choiceField } from '../ui/fields.js';
import { lineField } from '../ui/line-field.js';
import { recordTable } from '../ui/record-table.js';
import { en as problemsEn } from '../words/en-problems.js';
import { en } from '../words/en-register.js';
import { en as searchEn } from '../words/en-search.js';
import { wordsFor } from '../words/words-for.js';
import { zh as problemsZh } from '../words/zh-problems.js';
import { zh } from '../words/zh-register.js';
import { zh as searchZh } from '../words/zh-search.js';

const NO_FILTER: RegisterFilter = {
  ...{ person: '', case: '', authorization: '', purpose: '', kind: '', from: '', until: '' },
};

/** The access register: narrowed, printed, exported. `?person=stf_…` narrows it to begin with. */
class RegisterView extends DeskView {
  static override properties = {
    ...DeskView.properties,
    filter: { state: true },
    shown: { state: true },
    items: { state: true },
    next: { state: true },
    personName: { state: true },
    paper: { state: true },
  };
  declare private filter: RegisterFilter;
  /** By which the list was made. */
  declare private shown: RegisterFilter;
  declare private items: readonly RegisterEntry[];
  declare private next: string | null;
  declare private personName: string;
  declare private paper: { items: readonly RegisterEntry[]; whole: boolean } | undefined;

  constructor() {
    super();
    this.filter = this.shown = NO_FILTER;
    this.items = [];
    this.next = null;
    this.personName = '';
  }

  protected override async load(): Promise<void> {
    const person = new URLSearchParams(location.search).get('person') ?? '';
    if (person) {
      this.filter = { ...NO_FILTER, person };
      this.personName = person;
    }
    await this.#show();
  }

  async #show(): Promise<void> {
    this.shown = this.filter;
    ({ items: this.items, next: this.next } = await registerPage(this.desk.client, this.filter));
    const named = this.items.find(({ by }) => by.id === this.filter.person)?.by.name;
    if (named) this.personName = named;
  }

  protected override content(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { paper } = this;
    return html`
      <h1 tabindex="-1">${words.title}</h1>
      <p class="lead">${words.lead}</p>
      ${this.#form()}
      <div class="onward">
        <button
          type="button"
          class="button secondary"
          data-action="to-paper"
          ?disabled=${this.busy}
          @click=${this.#print}
        >
          ${words.print}
        </button>
        <a
          class="button secondary"
          data-action="export"
          download
          href="/desk/api/register.csv?${registerQuery(this.shown)}"
          >${words.exportFile}</a
        >
      </div>
      ${paper ? html`<p>${words.count(paper.items.length, paper.whole)}</p>` : nothing}
      ${this.#table(paper?.items ?? this.items)}
      ${
        this.next && !paper
          ? html`<button
              type="button"
              class="button secondary"
              data-action="more"
              ?disabled=${this.busy}
              @click=${this.#more}
            >
              ${words.more}
            </button>`
          : nothing
      }
      <p class="print-only">
        ${words.printedAt(moment(new Date().toISOString()), this.desk.session?.name ?? '')}
      </p>
    `;
  }

  #form(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { purposes, accessPurposes } = wordsFor(this.language, searchZh, searchEn);
    const { filter } = this;
    const set = (name: keyof RegisterFilter) => (value: string) =>
      void (this.filter = { ...this.filter, [name]: value.trim() });
    return html`<form class="form search-form" data-form="register" @submit=${this.#submit}>
      <div class="side-by-side">
        ${choiceField<string>({
          ...{ id: 'kind', label: words.kind, value: filter.kind, choose: set('kind') },
          options: [['', words.any], ...REGISTER_KINDS.map((it) => [it, words.kinds[it]] as const)],
        })}
        ${choiceField<string>({
          ...{ id: 'purpose', label: words.purpose, value: filter.purpose, choose: set('purpose') },
          options: [
            ['', words.any],
            ...SEARCH_PURPOSES.map(
              (it) => [it, it === 'case' ? accessPurposes['case']! : purposes[it]] as const,
            ),
          ],
        })}
        ${lineField({
          ...{ id: 'case', label: words.case, value: filter.case, maximum: 20, input: set('case') },
        })}
      </div>
      <div class="side-by-side">
        ${dateField({ id: 'from', label: words.from, value: filter.from, input: set('from') })}
        ${dateField({ id: 'until', label: words.until, value: filter.until, input: set('until') })}
        ${lineField({
          ...{ id: 'authorization', label: words.authorization, hint: words.authorizationHint },
          ...{ value: filter.authorization, maximum: 60, input: set('authorization') },
        })}
      </div>
      ${
        filter.person
          ? html`<p>
              ${words.person}: <strong>${this.personName}</strong>
              <button
                type="button"
                class="button quiet"
                data-action="anybody"
                @click=${() => this.#only('')}
              >
                ${words.anybody}
              </button>
            </p>`
          : nothing
      }
      <div class="acts">
        <button class="button" data-action="show" ?disabled=${this.busy}>${words.show}</button>
        <button type="button" class="button quiet" data-action="clear" @click=${this.#clear}>
          ${words.clear}
        </button>
      </div>
    </form>`;
  }

  #table(items: readonly RegisterEntry[]): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const search = wordsFor(this.language, searchZh, searchEn);
    if (items.length === 0) return html`<p role="status">${words.none}</p>`;
    return recordTable<RegisterEntry>(
      words.title,
      [
        [words.when, (it) => html`<time class="number">${moment(it.at)}</time>`],
        [
          words.who,
          ({ by }) => {
            const name = actorName(by, search);
            return by.kind === 'staff' && by.id
              ? html`<button
                  type="button"
                  class="link"
                  data-person=${by.id}
                  aria-label=${words.onlyThis(name)}
                  @click=${() => this.#only(by.id!, name)}
                >
                  ${name}
                </button>`
              : name;
          },
        ],
        [words.what, (it) => this.#what(it)],
        [
          words.purpose,
          (it) =>
            it.act
              ? '–'
              : it.kind === 'search'
                ? (search.purposes[it.purpose as keyof typeof search.purposes] ?? it.purpose)
                : (search.accessPurposes[it.purpose ?? 'case'] ?? it.purpose),
        ],
        [words.about, (it) => this.#about(it)],
      ],
      items,
      { name: 'register', captionHidden: true },
    );
  }

  #what(it: RegisterEntry): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { kinds } = wordsFor(this.language, searchZh, searchEn);
    const { why } = wordsFor(this.language, problemsZh, problemsEn);
    const right = it.right ? (words.rights[it.right] ?? it.right) : '';
    return html`<span class="badge ${it.kind === 'refusal' ? 'warning' : ''}" data-kind=${it.kind}
        >${words.kinds[it.kind]}</span
      >
      ${
        it.kind === 'search'
          ? words.searched(
              kinds[it.searchedBy as keyof typeof kinds] ?? it.searchedBy ?? '',
              it.values ?? 1,
              it.results ?? 0,
            )
          : it.kind === 'refusal'
            ? `${right} · ${words.refused(why[it.why ?? ''] ?? it.why ?? '')}`
            : it.act
              ? (words.acts[it.act] ?? it.act)
              : right
      }
      ${
        it.searched
          ? html`<br /><code class="soft" title=${words.same}>${it.searched.slice(0, 12)}</code>`
          : nothing
      }`;
  }

  #about(it: RegisterEntry): TemplateResult {
    return html`${
      it.case
        ? html`<a class="number" href="/desk/cases/${it.case.id}">${it.case.number}</a>`
        : nothing
    }
    ${it.letterNumber ? html`<span class="number">${it.letterNumber}</span>` : nothing}
    ${
      it.about
        ? html`<a href="/desk/${it.kind === 'sample' ? 'samples' : 'reconciliations'}/${it.about}"
            ><code>${it.about.slice(0, 17)}…</code></a
          >`
        : nothing
    }`;
  }

  #submit = (event: Event): void => {
    event.preventDefault();
    this.paper = undefined;
    void this.act(() => this.#show());
  };

  #clear = (): void => {
    this.filter = NO_FILTER;
    this.paper = undefined;
    void this.act(() => this.#show());
  };

  #only(person: string, name = ''): void {
    this.filter = { ...this.filter, person };
    this.personName = name;
    this.paper = undefined;
    void this.act(() => this.#show());
  }

  #more = (): Promise<void> =>
    this.act(async () => {
      const { items, next } = await registerPage(this.desk.client, this.shown, this.next!);
      this.items = [...this.items, ...items];
      this.next = next;
    });

  /** On paper goes all of it, not the page that was on the screen. */
  #print = (): Promise<void> =>
    this.act(async () => {
      this.paper = await registerForPaper(this.desk.client, this.shown);
      await this.updateComplete;
      print();
    });
}
customElements.define('desk-register', RegisterView);
