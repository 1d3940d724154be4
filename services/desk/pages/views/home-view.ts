import { html, nothing, type TemplateResult } from 'lit';
import {
  caseKinds,
  caseNumbered,
  listCases,
  type Case,
  type CaseClock,
  type CaseState,
} from '../api/cases.js';
import { newWaysIn, type NewWayIn } from '../api/agreements-own.js';
import { brokenGlass, waitingGrants, type Grant } from '../api/grants.js';
import { whatWaits, type Waiting } from '../api/waiting.js';
import { DeskView } from '../desk-view.js';
import { moment } from '../moments.js';
import { dueNote } from '../ui/due-note.js';
import { lineField } from '../ui/line-field.js';
import { ruleName } from '../ui/rule-name.js';
import { recordTable } from '../ui/record-table.js';
import { en } from '../words/en-cases.js';
import { en as grantsEn } from '../words/en-grants.js';
import { en as standingEn } from '../words/en-standing.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-cases.js';
import { zh as grantsZh } from '../words/zh-grants.js';
import { zh as standingZh } from '../words/zh-standing.js';
import { waitingDecisions } from './waiting-decisions.js';
import './waiting-grants.js';
import { waysIn } from './ways-in.js';

const NUMBER = /^C-\d{4}-\d{6,}$/;

/** What waits for whoever is here: cases by the day they are due, requests to agree to, broken glass. */
class HomeView extends DeskView {
  static override properties = {
    ...DeskView.properties,
    state: { state: true },
    cases: { state: true },
    next: { state: true },
    clocks: { state: true },
    waiting: { state: true },
    decisions: { state: true },
    broken: { state: true },
    ways: { state: true },
    number: { state: true },
    unknown: { state: true },
  };
  declare private state: CaseState;
  declare private cases: readonly Case[];
  declare private next: string | null;
  declare private clocks: ReadonlyMap<string, CaseClock>;
  declare private waiting: readonly Grant[];
  declare private decisions: Waiting;
  /** A case's number, to be looked up. */
  declare private number: string;
  declare private unknown: boolean;
  declare private ways: readonly NewWayIn[];
  declare private broken: readonly (Grant & { readonly openings: number })[];

  constructor() {
    super();
    this.cases = this.waiting = this.broken = this.ways = [];
    this.state = 'open';
    this.decisions = { outcomes: [], seals: [] };
    this.number = '';
    this.unknown = false;
    this.next = null;
    this.clocks = new Map();
  }

  #is(...roles: readonly string[]): boolean {
    return this.desk.session?.roles.some((role) => roles.includes(role)) ?? false;
  }

  protected override async load(): Promise<void> {
    const { client } = this.desk;
    this.ways = (await newWaysIn(client)).items;
    if (this.#is('officer', 'approver', 'auditor')) {
      const [, kinds] = await Promise.all([this.#list(this.state), caseKinds(client)]);
      this.clocks = new Map(kinds.items.map((it) => [it.kind, it]));
    }
    if (this.#is('approver', 'custodian')) this.waiting = (await waitingGrants(client)).items;
    // such things are agreed to by the operator's own people
    if (this.#is('approver') && !this.desk.session?.institution)
      this.decisions = await whatWaits(client);
    if (this.#is('officer', 'approver', 'custodian', 'auditor'))
      this.broken = (await brokenGlass(client)).items;
  }

  protected override content(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const agreeing = this.#is('approver', 'custodian');
    const reading = this.#is('officer', 'approver', 'auditor');
    if (!agreeing && !reading)
      return html`<h1 tabindex="-1">${this.desk.session?.name}</h1>
        <p>${words.list.elsewhere}</p>
        ${this.#standing()}`;
    return html`
      ${
        agreeing
          ? html`<desk-waiting-grants
              .desk=${this.desk}
              .language=${this.language}
              .grants=${this.waiting}
              .first=${true}
              @case-changed=${() => void this.reload()}
            ></desk-waiting-grants>`
          : nothing
      }
      ${waitingDecisions(this.decisions, this.language)}
      ${reading ? this.#cases(!agreeing) : nothing} ${this.#glass()} ${this.#standing()}
    `;
  }

  /** How others can come in since lately, and where one's own agreements stand. */
  #standing(): TemplateResult {
    const { look } = wordsFor(this.language, standingZh, standingEn);
    return html`${waysIn(this.ways, this.language)}
      <p><a href="/desk/agreements" data-action="own-agreements">${look}</a></p>`;
  }

  #cases(first: boolean): TemplateResult {
    const { list: words, ...other } = wordsFor(this.language, zh, en);
    const over = this.state === 'over';
    return html`<section aria-labelledby="cases">
      <div class="heading">
        ${
          first
            ? html`<h1 id="cases" tabindex="-1">${words.title}</h1>`
            : html`<h2 id="cases">${words.title}</h2>`
        }
        ${
          this.#is('officer')
            ? html`<a class="button" href="/desk/cases/new" data-action="new-case"
                >${words.open}</a
              >`
            : nothing
        }
      </div>
      ${this.#which()}
      ${
        this.cases.length === 0
          ? html`<p>${over ? words.noneOver : words.none}</p>
              ${!over && this.#is('officer') ? html`<p class="soft">${words.how}</p>` : nothing}`
          : recordTable<Case>(
              over
                ? `${words.captionOver} · ${words.leadOver}`
                : `${words.caption} · ${words.lead}`,
              [
                [
                  words.number,
                  (it) =>
                    html`<a class="number" href="/desk/cases/${it.id}" data-case=${it.id}
                      >${it.number}</a
                    >`,
                ],
                [words.kind, (it) => other.kinds[it.kind]],
                [
                  words.step,
                  (it) =>
                    html`<span class="badge" data-step=${it.step}>${other.steps[it.step]}</span>`,
                ],
                [
                  words.due,
                  (it) => {
                    const clock = this.clocks.get(it.kind);
                    return html`${dueNote(it, clock, other, this.desk.client.now())}<br /><span
                        class="soft"
                        >${clock ? ruleName(clock.basis, this.language) : ''}</span
                      >`;
                  },
                ],
                [words.opened, (it) => html`<time class="number">${moment(it.openedAt)}</time>`],
              ],
              this.cases,
              { name: 'cases' },
            )
      }
      ${
        this.next
          ? html`<button
              type="button"
              class="button secondary"
              ?disabled=${this.busy}
              @click=${this.#more}
            >
              ${words.more}
            </button>`
          : nothing
      }
      <p class="soft">${other.time}</p>
    </section>`;
  }

  /** Open ones or those that are over, and the way to one by its number. */
  #which(): TemplateResult {
    const { list: words } = wordsFor(this.language, zh, en);
    return html`<div class="case-ways">
        <div class="choices" role="group" aria-label=${words.statesLabel}>
          ${(['open', 'over'] as const).map(
            (state) =>
              html`<button
                type="button"
                class="button ${this.state === state ? '' : 'secondary'}"
                data-state=${state}
                aria-pressed=${this.state === state}
                ?disabled=${this.busy}
                @click=${() => void this.act(() => this.#list(state))}
              >
                ${words.states[state]}
              </button>`,
          )}
        </div>
        <form data-form="number" @submit=${this.#find}>
          ${lineField({
            ...{ id: 'case-number', label: words.find, maximum: 20 },
            value: this.number,
            input: (value) => ([this.number, this.unknown] = [value, false]),
          })}
          <button class="button secondary" data-action="find-case" ?disabled=${this.busy}>
            ${words.toFind}
          </button>
        </form>
      </div>
      <p class="obstacle" role="alert">${this.unknown ? words.notFound : ''}</p>`;
  }

  #find = (event: Event): void => {
    event.preventDefault();
    const number = this.number.trim().toUpperCase();
    void this.act(async () => {
      const found = NUMBER.test(number) ? await caseNumbered(this.desk.client, number) : undefined;
      this.unknown = found === undefined;
      if (found) this.desk.go(`/desk/cases/${found.id}`);
    });
  };

  async #list(state: CaseState): Promise<void> {
    const { items, next } = await listCases(this.desk.client, state);
    [this.state, this.cases, this.next] = [state, items, next];
  }

  #glass(): TemplateResult | typeof nothing {
    if (this.broken.length === 0) return nothing;
    const { inbox, section } = wordsFor(this.language, grantsZh, grantsEn);
    return html`<section class="callout warning" aria-labelledby="glass" data-list="broken-glass">
      <h2 id="glass">${inbox.tale}</h2>
      <ul>
        ${this.broken.map(
          (it) =>
            html`<li>
              <a href="/desk/cases/${it.caseId}/grants/${it.id}">${moment(it.askedAt)}</a> ·
              ${it.requesterName ?? section.unnamed} · ${it.reason} · ${inbox.taleOne(it.openings)}
            </li>`,
        )}
      </ul>
    </section>`;
  }

  #more = (): Promise<void> =>
    this.act(async () => {
      const { items, next } = await listCases(this.desk.client, this.state, this.next!);
      this.cases = [...this.cases, ...items];
      this.next = next;
    });
}
customElements.define('desk-home', HomeView);
