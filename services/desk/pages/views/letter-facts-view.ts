import { html, nothing, type TemplateResult } from 'lit';
import { readLetter, type Access, type LetterDetail, type Use } from '../api/searches.js';
import { DeskView, type Language } from '../desk-view.js';
import { moment } from '../moments.js';
import { actorName } from '../ui/actor-name.js';
import { lifePicture } from '../ui/life-picture.js';
import { letterLimits } from '../ui/letter-state.js';
import { recordTable } from '../ui/record-table.js';
import { en as casesEn } from '../words/en-cases.js';
import { en } from '../words/en-search.js';
import { wordsFor } from '../words/words-for.js';
import { zh as casesZh } from '../words/zh-cases.js';
import { zh } from '../words/zh-search.js';

/** Who used this authorization, when, and why; and its whole life. Nothing is opened for it. */
class LetterFactsView extends DeskView {
  static override properties = { ...DeskView.properties, letter: { state: true } };
  declare private letter: LetterDetail;
  #loaded: Language | undefined;

  protected override async load(): Promise<void> {
    this.#loaded = this.language;
    this.letter = await readLetter(this.desk.client, this.params['id']!, this.language);
  }

  protected override content(): TemplateResult {
    // the picture's words come with it
    if (this.#loaded !== this.language) void this.reload();
    const { one: words } = wordsFor(this.language, zh, en);
    const { letter } = this;
    const officer = this.desk.session?.roles.includes('officer');
    return html`
      <header class="case-head">
        <p class="soft">${letter.institution.name} · ${letter.purpose}</p>
        <h1 tabindex="-1" class="number">${letter.letterNumber}</h1>
      </header>
      <p>${words.lead}</p>
      <section aria-labelledby="uses" data-list="uses">
        <h2 id="uses">${words.uses}</h2>
        ${letter.uses.length === 0 ? html`<p>${words.noUses}</p>` : this.#uses(letter.uses)}
        ${this.#more('uses', letter.next.uses !== null)}
      </section>
      <section aria-labelledby="accesses" data-list="accesses">
        <h2 id="accesses">${words.accesses}</h2>
        <p class="soft">${words.accessesLead}</p>
        ${letter.accesses.length === 0 ? html`<p>${words.noAccesses}</p>` : this.#accesses(letter.accesses)}
        ${this.#more('accesses', letter.next.accesses !== null)}
      </section>
      ${this.#facts()}
      <section aria-labelledby="life">
        <h2 id="life">${words.life}</h2>
        ${lifePicture(letter.timeline, wordsFor(this.language, zh, en), words.life)}
      </section>
      <div class="onward">
        ${
          officer
            ? html`<a
                class="button"
                data-action="open-case"
                href="/desk/cases/new?authorization=${letter.authorization}&letter=${letter.letterNumber}"
                >${words.openCase}</a
              >`
            : nothing
        }
        <a class="button secondary" href="/desk/search">${words.toSearch}</a>
      </div>
    `;
  }

  /** What the list does not hold yet is said, and fetched. */
  #more(list: 'uses' | 'accesses', left: boolean): TemplateResult | typeof nothing {
    const { one: words } = wordsFor(this.language, zh, en);
    if (!left) return nothing;
    return html`<p class="callout warning" data-whole="false">
      ${words.notAll(this.letter[list].length)}
      <button
        type="button"
        class="button secondary compact"
        data-action="more-${list}"
        ?disabled=${this.busy}
        @click=${() => void this.act(() => this.#older(list))}
      >
        ${words.older}
      </button>
    </p>`;
  }

  async #older(list: 'uses' | 'accesses'): Promise<void> {
    const { uses, accesses } = this.letter.next;
    const before = list === 'uses' ? { usesBefore: uses! } : { accessesBefore: accesses! };
    const { client } = this.desk;
    const page = await readLetter(client, this.params['id']!, this.language, before);
    this.letter = {
      ...this.letter,
      [list]: [...this.letter[list], ...page[list]],
      next: { ...this.letter.next, [list]: page.next[list] },
    };
  }

  #uses(uses: readonly Use[]): TemplateResult {
    const { one: words, ...other } = wordsFor(this.language, zh, en);
    return recordTable<Use>(
      words.uses,
      [
        [words.when, (it) => html`<time class="number">${moment(it.at)}</time>`],
        [words.who, (it) => it.recipient.name],
        [words.from, (it) => it.source.name],
        [words.why, (it) => other.usePurposes[it.purpose] ?? it.purpose],
        [words.how, (it) => html`<span data-use=${it.state}>${other.useStates[it.state]}</span>`],
      ],
      uses,
      { name: 'uses', captionHidden: true },
    );
  }

  #accesses(accesses: readonly Access[]): TemplateResult {
    const { one: words, ...other } = wordsFor(this.language, zh, en);
    return recordTable<Access>(
      words.accesses,
      [
        [words.when, (it) => html`<time class="number">${moment(it.at)}</time>`],
        [words.who, (it) => actorName(it.by, other)],
        [words.why, (it) => other.accessPurposes[it.purpose] ?? it.purpose],
      ],
      accesses,
      { name: 'accesses', captionHidden: true },
    );
  }

  #facts(): TemplateResult {
    const { one: words, ...other } = wordsFor(this.language, zh, en);
    const cases = wordsFor(this.language, casesZh, casesEn);
    const { letter } = this;
    const limits = letterLimits(letter, cases);
    const fact = (label: string, text: unknown): TemplateResult =>
      html`<div>
        <dt>${label}</dt>
        <dd>${text}</dd>
      </div>`;
    return html`<section aria-labelledby="facts">
      <h2 id="facts">${words.facts}</h2>
      <dl class="card terms">
        ${fact(other.reference, html`<span class="number">${letter.businessReference}</span>`)}
        ${fact(other.state, cases.states[letter.state] ?? letter.state)}
        ${fact(other.requested, moment(letter.requestedAt))}
        ${fact(words.until, moment(letter.endsAt))}
        ${limits.length > 0 ? fact(words.closed, limits.join(' ')) : nothing}
      </dl>
    </section>`;
  }
}
customElements.define('desk-letter', LetterFactsView);
