import { html, nothing, type TemplateResult } from 'lit';
import { ownAgreements, type OwnAgreement } from '../api/agreements-own.js';
import { DeskView } from '../desk-view.js';
import { moment } from '../moments.js';
import { recordTable } from '../ui/record-table.js';
import { en } from '../words/en-standing.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-standing.js';

/** What the signed-in person agreed to lately, so that they notice what was not theirs. */
class OwnAgreementsView extends DeskView {
  static override properties = {
    ...DeskView.properties,
    items: { state: true },
    next: { state: true },
  };
  declare private items: readonly OwnAgreement[];
  declare private next: string | null;

  constructor() {
    super();
    this.items = [];
    this.next = null;
  }

  protected override async load(): Promise<void> {
    ({ items: this.items, next: this.next } = await ownAgreements(this.desk.client));
  }

  protected override content(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return html`
      <h1 tabindex="-1">${words.title}</h1>
      <p class="lead">${words.lead}</p>
      <p class="callout" data-not-mine>${words.notMine}</p>
      ${
        this.items.length === 0
          ? html`<p>${words.none}</p>`
          : recordTable<OwnAgreement>(
              words.title,
              [
                [words.what, (it) => this.#what(it)],
                [words.when, ({ at }) => html`<time class="number">${moment(at)}</time>`],
                [
                  words.how,
                  ({ means, unaltered }) =>
                    html`${words.means[means]}${
                      unaltered
                        ? nothing
                        : html`<br /><span class="badge bad" data-altered>${words.altered}</span>`
                    }`,
                ],
              ],
              this.items,
              { name: 'own-agreements', captionHidden: true },
            )
      }
      ${
        this.next
          ? html`<button
              type="button"
              class="button secondary"
              ?disabled=${this.busy}
              @click=${() =>
                this.act(async () => {
                  const page = await ownAgreements(this.desk.client, this.next!);
                  [this.items, this.next] = [[...this.items, ...page.items], page.next];
                })}
            >
              ${words.more}
            </button>`
          : nothing
      }
      <p class="soft">${words.time}</p>
    `;
  }

  #what({ act, subject, institution, caseId, caseNumber }: OwnAgreement): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const says = words.acts[act];
    if (act === 'template') {
      const version = subject.split('/')[1] ?? '';
      const path = `/desk/templates/${institution}/${subject}`;
      return html`<a href=${path}>${says}</a> · ${words.ofTemplate(version)}`;
    }
    if (!caseId) return html`${says} · <code class="id">${subject}</code>`;
    const path = `/desk/cases/${caseId}${act === 'grant' ? `/grants/${subject}` : ''}`;
    return html`<a href=${path}>${says}</a> · <span class="number">${caseNumber}</span>`;
  }
}
customElements.define('desk-own-agreements', OwnAgreementsView);
