import { disclosure } from '@mandate/pages/browser/ui/disclosure';
import { textField } from '@mandate/pages/browser/ui/text-field';
import { html, nothing, type TemplateResult } from 'lit';
import { approveSeal, askSeal, liftSeal, sealsOf, type AccessSeal } from '../api/seals.js';
import { ended, type CaseDetail } from '../api/cases.js';
import { DeskView } from '../desk-view.js';
import { moment } from '../moments.js';
import { agreeButton } from '../ui/agree-button.js';
import { choiceField } from '../ui/fields.js';
import { en as enAgreements } from '../words/en-agreements.js';
import { en } from '../words/en-seals.js';
import { wordsFor } from '../words/words-for.js';
import { zh as zhAgreements } from '../words/zh-agreements.js';
import { zh } from '../words/zh-seals.js';

/** Days a seal may be asked for. */
const TERMS = ['30', '90', '180', '365'] as const;
type Term = (typeof TERMS)[number];
const DAY = 86_400_000;

const stateOf = ({ approvedAt, liftedAt, until }: AccessSeal) => {
  if (liftedAt) return 'lifted';
  if (Date.parse(until) <= Date.now()) return 'over';
  return approvedAt ? 'hidden' : 'waiting';
};

/** What a court has hidden from the subject: one asks, another agrees. */
class CaseSeals extends DeskView {
  static override properties = {
    ...DeskView.properties,
    detail: { attribute: false },
    seals: { state: true },
    basis: { state: true },
    term: { state: true },
  };
  declare detail: CaseDetail;
  declare private seals: readonly AccessSeal[];
  declare private basis: string;
  declare private term: Term;

  constructor() {
    super();
    this.seals = [];
    this.basis = '';
    this.term = '90';
  }

  protected override async load(): Promise<void> {
    this.seals = await sealsOf(this.desk.client, this.detail.id);
  }

  override get typed(): string | undefined {
    return this.basis.trim() === '' || !this.#asking ? undefined : this.basis;
  }
  protected override putBack(basis: string): boolean {
    this.basis = basis;
    return this.#asking;
  }

  /** The form is offered. */
  get #asking(): boolean {
    return !ended(this.detail) && (this.desk.session?.roles.includes('officer') ?? false);
  }

  protected override content(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const asking = this.#asking;
    if (this.seals.length === 0 && !asking) return html``;
    return html`<section class="card" aria-labelledby="seals" data-seals>
      <h2 id="seals">${words.title}</h2>
      <p class="soft">${words.lead}</p>
      ${this.seals.map((seal) => this.#one(seal))}
      ${asking ? disclosure(words.ask, this.#form(), this.back) : nothing}
    </section>`;
  }

  #form(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return html`<form class="form" data-form="seal" @submit=${this.#ask}>
      ${textField({
        ...{ id: 'seal-basis', label: words.basis, hint: words.basisHint, obstacle: '' },
        ...{ value: this.basis, autocomplete: 'off', maximum: 200 },
        input: (value) => (this.basis = value),
      })}
      ${choiceField({
        ...{ id: 'seal-term', label: words.until, value: this.term },
        options: TERMS.map((it) => [it, words.days(Number(it))] as const),
        choose: (value) => (this.term = value),
      })}
      <button class="button secondary" data-action="ask-seal" ?disabled=${this.busy}>
        ${words.ask}
      </button>
    </form>`;
  }

  #one(seal: AccessSeal): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { roles = [], staff, institution } = this.desk.session ?? {};
    const state = stateOf(seal);
    const live = state === 'waiting' || state === 'hidden';
    const mine = seal.askedBy === staff;
    // an institution is never the second person: who agrees stands in the seal's state
    const agrees = institution === null && roles.includes('approver') && !mine;
    return html`<div data-seal=${state}>
      <p>
        <strong>${seal.legalBasis}</strong><br /><span class="soft"
          >${words.states[state]} · ${words.untilAt(moment(seal.until))}</span
        >
      </p>
      <div class="onward">
        ${
          state === 'waiting' && agrees
            ? agreeButton({
                ...{ language: this.language, id: `agreeing-${seal.id}`, action: 'approve-seal' },
                ...{ sentence: this.#sentence(seal), label: words.approve },
                ...{ busy: this.busy, means: this.desk.session?.means },
                agree: () =>
                  void this.#act(() =>
                    approveSeal(this.desk.client, seal.id, this.#sentence(seal)),
                  ),
              })
            : nothing
        }
        ${
          live && (mine || roles.includes('approver'))
            ? html`<button
                type="button"
                class="button secondary"
                data-action="lift-seal"
                ?disabled=${this.busy}
                @click=${() => this.#act(() => liftSeal(this.desk.client, seal.id))}
              >
                ${words.lift}
              </button>`
            : nothing
        }
      </div>
    </div>`;
  }

  #sentence({ until, legalBasis }: AccessSeal): string {
    return wordsFor(this.language, zhAgreements, enAgreements).seal({
      ...{ caseNumber: this.detail.number, until: moment(until), legalBasis },
    });
  }

  #ask = (event: Event): void => {
    event.preventDefault();
    const until = new Date(Date.now() + Number(this.term) * DAY).toISOString();
    const asked = { legalBasis: this.basis.trim(), until: `${until.slice(0, 19)}Z` };
    void this.#act(async () => {
      const seal = await askSeal(this.desk.client, this.detail.id, asked);
      this.basis = '';
      this.back = false;
      return seal;
    });
  };

  #act = (work: () => Promise<AccessSeal>): Promise<void> =>
    this.act(async () => {
      await work();
      await this.load();
    });
}
customElements.define('desk-case-seals', CaseSeals);
