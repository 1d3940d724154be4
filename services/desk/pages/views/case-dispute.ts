import { disclosure } from '@mandate/pages/browser/ui/disclosure';
import { textField } from '@mandate/pages/browser/ui/text-field';
import { html, nothing, type TemplateResult } from 'lit';
import type { CaseDetail } from '../api/cases.js';
import {
  approveOutcome,
  disputeOf,
  OUTCOMES,
  proposeOutcome,
  type Dispute,
  type Outcome,
  type Proposal,
} from '../api/disputes.js';
import { DeskView } from '../desk-view.js';
import { moment } from '../moments.js';
import { agreeButton } from '../ui/agree-button.js';
import { choiceField } from '../ui/fields.js';
import { en as enAgreements } from '../words/en-agreements.js';
import { en } from '../words/en-grants.js';
import { wordsFor } from '../words/words-for.js';
import { zh as zhAgreements } from '../words/zh-agreements.js';
import { zh } from '../words/zh-grants.js';

/** How the dispute of a case ends: one proposes, another agrees. Fires `case-changed`. */
class CaseDispute extends DeskView {
  static override properties = {
    ...DeskView.properties,
    detail: { attribute: false },
    dispute: { state: true },
    outcome: { state: true },
    grounds: { state: true },
  };
  declare detail: CaseDetail;
  declare private dispute: Dispute;
  /** Nothing is chosen beforehand: it is about somebody's right. */
  declare private outcome: Outcome | '';
  declare private grounds: string;

  constructor() {
    super();
    this.outcome = '';
    this.grounds = '';
  }

  protected override async load(): Promise<void> {
    this.dispute = await disputeOf(this.desk.client, this.detail.id);
  }

  override get typed(): Pick<Proposal, 'grounds'> | undefined {
    return !this.#proposes || this.grounds.trim() === '' ? undefined : { grounds: this.grounds };
  }
  protected override putBack({ grounds }: { readonly grounds: string }): boolean {
    this.grounds = grounds;
    return this.#proposes;
  }

  get #over(): boolean {
    return this.dispute.state !== 'open' && this.dispute.state !== 'proposed';
  }
  /** The form is offered. */
  get #proposes(): boolean {
    return this.ready && !this.#over && (this.desk.session?.roles.includes('officer') ?? false);
  }

  protected override content(): TemplateResult {
    const { dispute: words } = wordsFor(this.language, zh, en);
    const { state, proposed, proposal, resolvedAt } = this.dispute;
    const over = this.#over;
    return html`<section class="card" aria-labelledby="dispute" data-dispute=${state}>
      <h2 id="dispute">${words.title}</h2>
      ${over ? html`<p>${words.over(words.outcomes[state as Outcome], resolvedAt ? moment(resolvedAt) : '')}</p>` : nothing}
      ${proposed || over ? nothing : html`<p>${words.none}</p>`}
      ${proposed && !over ? html`<p>${words.proposed(words.outcomes[proposed])}</p>` : nothing}
      ${
        proposal && !over
          ? html`<p>
              ${words.grounds}: ${proposal.grounds ?? ''} · ${this.#nameOf(proposal.by)} ·
              ${moment(proposal.at)}
            </p>`
          : nothing
      }
      ${
        proposed && proposal && !over && this.#agrees
          ? html`<div class="onward">
              ${agreeButton({
                ...{ language: this.language, id: 'agreeing-outcome', action: 'approve-outcome' },
                ...{ sentence: this.#sentence(proposed, proposal), label: words.approve },
                ...{ busy: this.busy, means: this.desk.session?.means },
                agree: () => void this.#approve(proposed, proposal),
              })}
            </div>`
          : nothing
      }
      ${
        this.#proposes
          ? disclosure(
              words.proposing,
              html`<form class="form" data-form="dispute" @submit=${this.#propose}>
                ${choiceField({
                  ...{ id: 'outcome', label: words.outcome, value: this.outcome },
                  required: true,
                  options: [
                    ['', words.choose] as const,
                    ...OUTCOMES.map((it) => [it, words.outcomes[it]] as const),
                  ],
                  choose: (value) => (this.outcome = value),
                })}
                ${textField({
                  ...{ id: 'grounds', label: words.grounds, hint: words.groundsHint, obstacle: '' },
                  ...{ value: this.grounds, autocomplete: 'off', maximum: 200 },
                  input: (value) => (this.grounds = value),
                })}
                <button class="button secondary" data-action="propose" ?disabled=${this.busy}>
                  ${words.propose}
                </button>
              </form>`,
              this.back || (!proposed && ['verified', 'certified'].includes(this.detail.step)),
            )
          : nothing
      }
    </section>`;
  }

  /** An institution is never the second person. */
  get #agrees(): boolean {
    const { session } = this.desk;
    return session?.institution === null && session.roles.includes('approver');
  }

  /** Of whoever is in the case's own record. */
  #nameOf(by: string): string {
    const id = by.slice(by.indexOf(':') + 1);
    const found = this.detail.events.find((it) => it.name !== null && it.by.endsWith(id));
    return found?.name ?? wordsFor(this.language, zh, en).dispute.someone;
  }

  #propose = (event: Event): void => {
    event.preventDefault();
    const { outcome } = this;
    if (outcome === '') return;
    void this.act(async () => {
      const said = { outcome, grounds: this.grounds.trim() };
      this.dispute = await proposeOutcome(this.desk.client, this.detail.id, said);
      this.grounds = '';
      this.back = false;
    });
  };

  #sentence(proposed: Outcome, { grounds }: Proposal): string {
    const { outcomes } = wordsFor(this.language, zh, en).dispute;
    return wordsFor(this.language, zhAgreements, enAgreements).outcome({
      ...{ caseNumber: this.detail.number, outcome: outcomes[proposed], grounds: grounds ?? '—' },
    });
  }

  #approve = (outcome: Outcome, proposal: Proposal): Promise<void> =>
    this.act(async () => {
      const said = { holdId: this.dispute.hold, outcome, proposal: proposal.digest };
      const sentence = this.#sentence(outcome, proposal);
      this.dispute = await approveOutcome(this.desk.client, this.detail.id, said, sentence);
      this.dispatchEvent(new CustomEvent('case-changed'));
    });
}
customElements.define('desk-case-dispute', CaseDispute);
