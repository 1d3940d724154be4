import { approvalsNeeded, GRANT_RIGHTS, type GrantRight } from '@mandate/core/desk';
import { disclosure } from '@mandate/pages/browser/ui/disclosure';
import { textField } from '@mandate/pages/browser/ui/text-field';
import { html, nothing, type TemplateResult } from 'lit';
import { ended, type CaseDetail } from '../api/cases.js';
import { askGrant, grantState, type Grant } from '../api/grants.js';
import { DeskView } from '../desk-view.js';
import { moment } from '../moments.js';
import { choiceField, ticksField } from '../ui/fields.js';
import { ruleName } from '../ui/rule-name.js';
import { recordTable } from '../ui/record-table.js';
import { en } from '../words/en-grants.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-grants.js';

const HOURS = ['8', '24', '48', '72'] as const;

/** As typed; undefined: as it was offered. */
interface Typed {
  readonly legalBasis: string | undefined;
  readonly reason: string | undefined;
}

/** What was asked for in a case and who agreed; and a new request. Fires `case-changed`. */
class CaseGrants extends DeskView {
  static override properties = {
    ...DeskView.properties,
    detail: { attribute: false },
    grants: { attribute: false },
    legalBasis: { state: true },
    reason: { state: true },
    rights: { state: true },
    hours: { state: true },
    breakGlass: { state: true },
  };
  declare detail: CaseDetail;
  declare grants: readonly Grant[];
  declare private legalBasis: string | undefined;
  declare private reason: string | undefined;
  declare private rights: readonly GrantRight[];
  declare private hours: (typeof HOURS)[number];
  declare private breakGlass: boolean;

  constructor() {
    super();
    this.rights = ['view'];
    this.hours = '24';
    this.breakGlass = false;
  }

  override get typed(): Typed | undefined {
    const { legalBasis, reason } = this;
    if (legalBasis === undefined && reason === undefined) return undefined;
    return this.#mayAsk ? { legalBasis, reason } : undefined;
  }
  protected override putBack({ legalBasis, reason }: Typed): boolean {
    [this.legalBasis, this.reason] = [legalBasis, reason];
    return this.#mayAsk;
  }

  get #mayAsk(): boolean {
    return !ended(this.detail) && (this.desk.session?.roles.includes('officer') ?? false);
  }

  protected override content(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { detail, grants } = this;
    const running = grants.some((grant) => ['waiting', 'good'].includes(grantState(grant)));
    return html`<section aria-labelledby="grants">
      <h2 id="grants">${words.section.title}</h2>
      ${grants.length === 0 ? html`<p>${words.section.none}</p>` : this.#table()}
      ${
        this.#mayAsk
          ? disclosure(
              words.ask.title,
              this.#form(),
              this.back || (!running && detail.step !== 'applied'),
            )
          : nothing
      }
    </section>`;
  }

  #table(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return recordTable<Grant>(
      words.section.title,
      [
        [
          words.section.asked,
          (it) =>
            html`${it.requesterName ?? words.section.unnamed}<br /><time
                >${moment(it.askedAt)}</time
              >`,
        ],
        [
          words.section.what,
          (it) =>
            html`${it.rights.map((right) => words.rights[right]).join(' · ')}${it.breakGlass ? html` <span class="badge warning">${words.ask.breakGlass}</span>` : nothing}<br /><span
                class="soft"
                >${it.reason}</span
              >`,
        ],
        [
          words.section.people,
          (it) =>
            html`${words.section.agreed(it.approvals.length, approvalsNeeded(it.breakGlass))}<br /><span
                class="soft"
                >${it.approvals.map(({ name }) => name ?? words.section.unnamed).join(' · ')}</span
              >`,
        ],
        [
          words.section.state,
          (it) => {
            const state = grantState(it, ended(this.detail));
            return html`<span class="badge ${state === 'good' ? 'good' : ''}" data-grant=${state}
                >${words.states[state]}</span
              >
              ${it.good ? html`<br /><span class="soft">${words.section.until(moment(it.good.until))}</span>` : nothing}
              <br /><a href="/desk/cases/${it.caseId}/grants/${it.id}" data-action="open-grant"
                >${words.section.open}</a
              >`;
          },
        ],
      ],
      this.grants,
      { name: 'grants', captionHidden: true },
    );
  }

  #form(): TemplateResult {
    const { ask: words, ...other } = wordsFor(this.language, zh, en);
    return html`<form class="form" data-form="ask" @submit=${this.#ask}>
      <p>${words.lead}</p>
      ${textField({
        ...{ id: 'legal-basis', label: words.legalBasis, hint: '', obstacle: '' },
        ...{ value: this.#basis, autocomplete: 'off', maximum: 200 },
        input: (value) => (this.legalBasis = value),
      })}
      ${textField({
        ...{ id: 'reason', label: words.reason, hint: words.reasonHint, obstacle: '' },
        ...{ value: this.#why, autocomplete: 'off', maximum: 200 },
        input: (value) => (this.reason = value),
      })}
      ${ticksField<GrantRight>({
        ...{ id: 'rights', label: words.rights, values: this.rights },
        options: GRANT_RIGHTS.map((right) => [right, other.rights[right]]),
        choose: (values) => (this.rights = values),
      })}
      ${choiceField({
        ...{ id: 'hours', label: words.hours, value: this.hours },
        options: HOURS.map((hours) => [hours, words.hoursOf(Number(hours))] as const),
        choose: (value) => (this.hours = value),
      })}
      ${ticksField<'yes'>({
        ...{ id: 'break-glass', label: words.breakGlass },
        ...{ options: [['yes', words.breakGlassText]], values: this.breakGlass ? ['yes'] : [] },
        choose: (values) => (this.breakGlass = values.length > 0),
      })}
      <button class="button" data-action="ask" ?disabled=${this.busy || this.rights.length === 0}>
        ${words.submit}
      </button>
    </form>`;
  }

  get #basis(): string {
    return this.legalBasis ?? ruleName(this.detail.clock.basis, this.language);
  }
  get #why(): string {
    return this.reason ?? wordsFor(this.language, zh, en).ask.reasonOf(this.detail.number);
  }

  #ask = (event: Event): void => {
    event.preventDefault();
    void this.act(async () => {
      await askGrant(this.desk.client, this.detail.id, {
        ...{ legalBasis: this.#basis.trim(), reason: this.#why.trim() },
        rights: GRANT_RIGHTS.filter((right) => this.rights.includes(right)),
        ...{ hours: Number(this.hours), breakGlass: this.breakGlass },
      });
      this.legalBasis = this.reason = undefined;
      this.back = false;
      this.dispatchEvent(new CustomEvent('case-changed'));
    });
  };
}
customElements.define('desk-case-grants', CaseGrants);
