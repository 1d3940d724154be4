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
} from '../api/disputes.js';
import { DeskView } from '../desk-view.js';
import { moment } from '../moments.js';
import { choiceField } from '../ui/fields.js';
import { en } from '../words/en-grants.js';
import { wordsFor } from '../words/words-for.js';
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
  declare private outcome: Outcome;
  declare private grounds: string;

  constructor() {
    super();
    this.outcome = 'rejected';
    this.grounds = '';
  }

  protected override async load(): Promise<void> {
    this.dispute = await disputeOf(this.desk.client, this.detail.id);
  }

  protected override content(): TemplateResult {
    const { dispute: words } = wordsFor(this.language, zh, en);
    const { state, proposed, proposal, resolvedAt } = this.dispute;
    const roles = this.desk.session?.roles ?? [];
    const over = state !== 'open' && state !== 'proposed';
    return html`<section class="card" aria-labelledby="dispute" data-dispute=${state}>
      <h2 id="dispute">${words.title}</h2>
      ${over ? html`<p>${words.over(words.outcomes[state], resolvedAt ? moment(resolvedAt) : '')}</p>` : nothing}
      ${proposed && !over ? html`<p>${words.proposed(words.outcomes[proposed])}</p>` : nothing}
      ${
        proposal && !over
          ? html`<p>
              ${words.grounds}: ${proposal.grounds ?? ''} (${proposal.by}, ${moment(proposal.at)})
            </p>`
          : nothing
      }
      ${
        proposed && proposal && !over && roles.includes('approver')
          ? html`<div class="onward">
              <button
                type="button"
                class="button"
                data-action="approve-outcome"
                ?disabled=${this.busy}
                @click=${() => this.#approve(proposed, proposal.digest)}
              >
                ${words.approve}
              </button>
            </div>`
          : nothing
      }
      ${
        !over && roles.includes('officer')
          ? html`<form class="form" data-form="dispute" @submit=${this.#propose}>
              ${choiceField({
                ...{ id: 'outcome', label: words.outcome, value: this.outcome },
                options: OUTCOMES.map((it) => [it, words.outcomes[it]] as const),
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
            </form>`
          : nothing
      }
    </section>`;
  }

  #propose = (event: Event): void => {
    event.preventDefault();
    void this.act(async () => {
      const said = { outcome: this.outcome, grounds: this.grounds.trim() };
      this.dispute = await proposeOutcome(this.desk.client, this.detail.id, said);
    });
  };

  #approve = (outcome: Outcome, proposal: string): Promise<void> =>
    this.act(async () => {
      this.dispute = await approveOutcome(this.desk.client, this.detail.id, {
        ...{ outcome, proposal },
      });
      this.dispatchEvent(new CustomEvent('case-changed'));
    });
}
customElements.define('desk-case-dispute', CaseDispute);
