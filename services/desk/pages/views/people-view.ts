import { html, nothing, type TemplateResult } from 'lit';
import { accounts, type Account } from '../api/people.js';
import { DeskView } from '../desk-view.js';
import { day, moment } from '../moments.js';
import { recordTable } from '../ui/record-table.js';
import { en as frameEn } from '../words/en-frame.js';
import { en } from '../words/en-people.js';
import { wordsFor } from '../words/words-for.js';
import { zh as frameZh } from '../words/zh-frame.js';
import { zh } from '../words/zh-people.js';

/** Who works here: for auditors and operators, read only. */
class PeopleView extends DeskView {
  static override properties = { ...DeskView.properties, people: { state: true } };
  declare private people: readonly Account[];

  protected override async load(): Promise<void> {
    this.people = await accounts(this.desk.client);
  }

  protected override content(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { roles: named } = wordsFor(this.language, frameZh, frameEn);
    return html`
      <h1 tabindex="-1">${words.title}</h1>
      <p class="lead">${words.lead}</p>
      ${recordTable<Account>(
        words.title,
        [
          [
            words.person,
            (it) =>
              html`<a href="/desk/people/${it.staff}">${it.name}</a> ${
                  it.outsourced && it.contractUntil
                    ? html`<span class="badge warning"
                        >${words.outsourced(day(it.contractUntil))}</span
                      >`
                    : nothing
                }`,
          ],
          [words.place, (it) => `${it.institutionName ?? words.operator} · ${it.team}`],
          [
            words.roles,
            (it) =>
              it.roles.length === 0
                ? words.none
                : html`<ul class="plain">
                    ${it.roles.map(
                      ({ role, givenAt }) =>
                        html`<li>
                          ${named[role]} <span class="soft">${words.since(day(givenAt))}</span>
                        </li>`,
                    )}
                  </ul>`,
          ],
          [words.seen, (it) => (it.seenAt ? moment(it.seenAt) : words.never)],
          [words.reviewDue, (it) => this.#due(it)],
          [
            words.state,
            (it) =>
              it.locked
                ? html`<span class="badge warning" data-locked=${it.locked}
                    >${words.locks[it.locked]}</span
                  >`
                : words.works,
          ],
        ],
        this.people,
        { name: 'people', captionHidden: true },
      )}
    `;
  }

  #due({ reviewDueAt, closedAt }: Account): TemplateResult | string {
    const words = wordsFor(this.language, zh, en);
    if (closedAt) return '–';
    return Date.parse(reviewDueAt) <= this.desk.client.now()
      ? html`${day(reviewDueAt)} <span class="badge warning">${words.late}</span>`
      : day(reviewDueAt);
  }
}
customElements.define('desk-people', PeopleView);
