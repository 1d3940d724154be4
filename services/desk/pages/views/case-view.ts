import { html, nothing, type TemplateResult } from 'lit';
import { readCase, setByCourt, type CaseDetail } from '../api/cases.js';
import { grantsOf, type Grant } from '../api/grants.js';
import { DeskView } from '../desk-view.js';
import { day, moment } from '../moments.js';
import { dueNote } from '../ui/due-note.js';
import { ruleName } from '../ui/rule-name.js';
import { en } from '../words/en-cases.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-cases.js';
import { caseRecord } from './case-record.js';
import { caseSlots } from './case-slots.js';
import { standings } from './case-standings.js';
import './case-dispute.js';
import './case-grants.js';
import './case-next.js';

/** In the order of GB/T 39321; the ends stand beside them. */
const WALK = ['applied', 'accepted', 'extracted', 'verified', 'certified', 'closed'] as const;

/** One case: where it stands, what comes next, what may be opened for it, what was said and done. */
class CaseView extends DeskView {
  static override properties = {
    ...DeskView.properties,
    detail: { state: true },
    grants: { state: true },
    shown: { state: true },
  };
  declare private detail: CaseDetail;
  declare private grants: readonly Grant[];
  /** How many authorizations are listed. */
  declare private shown: number;

  constructor() {
    super();
    this.shown = 20;
  }

  protected override async load(): Promise<void> {
    const id = this.params['id']!;
    [this.detail, { items: this.grants }] = await Promise.all([
      readCase(this.desk.client, id),
      grantsOf(this.desk.client, id),
    ]);
  }

  protected override content(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { detail, language, desk } = this;
    const changed = (): void => void this.reload();
    return html`
      <header class="case-head">
        <p class="soft">${words.kinds[detail.kind]}</p>
        <h1 tabindex="-1">${detail.number}</h1>
        <p class="case-due">
          <span class="badge" data-step=${detail.step}>${words.steps[detail.step]}</span>
          ${dueNote(detail, detail.clock, words, desk.client.now())}
        </p>
        <p class="soft">
          ${words.receivedOn(day(detail.receivedAt))} ·
          ${this.#rule()}${detail.clock.received ? ` · ${words.received}` : ''}
        </p>
      </header>
      ${this.#walk()}
      <desk-case-next
        .desk=${desk}
        .language=${language}
        .detail=${detail}
        .grants=${this.grants}
        @case-changed=${changed}
      ></desk-case-next>
      ${standings(detail, this.shown, words, () => (this.shown += 100))}
      <desk-case-grants
        .desk=${desk}
        .language=${language}
        .detail=${detail}
        .grants=${this.grants}
        @case-changed=${changed}
      ></desk-case-grants>
      ${caseSlots({ desk, language, detail, grants: this.grants, changed })}
      ${
        detail.dispute
          ? html`<desk-case-dispute
              .desk=${desk}
              .language=${language}
              .detail=${detail}
              @case-changed=${changed}
            ></desk-case-dispute>`
          : nothing
      }
      ${caseRecord(detail, words)}
      <p class="soft">
        ${words.time}${detail.keptUntil ? ` ${words.view.keptUntil(moment(detail.keptUntil))}` : ''}
      </p>
    `;
  }

  #rule(): string {
    const words = wordsFor(this.language, zh, en);
    const { clock } = this.detail;
    const basis = ruleName(clock.basis, this.language);
    return setByCourt(clock, this.detail)
      ? words.setByCourt(basis)
      : words.rule({ ...clock, basis });
  }

  #walk(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const at = WALK.findIndex((step) => step === this.detail.step);
    return html`<ol class="case-walk" aria-label=${words.view.stepsLabel}>
      ${WALK.map(
        (step, i) =>
          html`<li
            class=${i < at ? 'past' : i === at ? 'here' : ''}
            aria-current=${i === at ? 'step' : 'false'}
          >
            ${words.steps[step]}
          </li>`,
      )}
    </ol>`;
  }
}
customElements.define('desk-case', CaseView);
