import type { CaseKind } from '@mandate/core/desk';
import { disclosure } from '@mandate/pages/browser/ui/disclosure';
import { html, nothing, type TemplateResult } from 'lit';
import { caseKinds, openCase, type CaseClock } from '../api/cases.js';
import { DeskView } from '../desk-view.js';
import { day, dayAfter, endOfDay, startOfDay } from '../moments.js';
import { dateField } from '../ui/date-field.js';
import { choiceField, longField } from '../ui/fields.js';
import { ruleName } from '../ui/rule-name.js';
import { en } from '../words/en-cases.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-cases.js';

const AUTHORIZATION = /^aut_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** How far back something may have been received, and how far ahead a day set: as role vault has it. */
const MOST_DAYS = 366;

/** As typed. */
interface Typed {
  readonly kind: CaseKind;
  readonly authorizations: string;
  readonly applicant: string;
  readonly documents: string;
  readonly received: string;
  readonly dueDay: string;
}

/**
 * A case for somebody who complains. `?authorization=aut_…` (once or more) fills in what a search has found, and
 * `letter=` by which numbers people know it.
 */
class OpenCaseView extends DeskView {
  static override properties = {
    ...DeskView.properties,
    kinds: { state: true },
    kind: { state: true },
    authorizations: { state: true },
    applicant: { state: true },
    documents: { state: true },
    received: { state: true },
    dueDay: { state: true },
    wrong: { state: true },
    chosen: { state: true },
  };
  declare private kinds: readonly (CaseClock & { readonly kind: CaseKind })[];
  declare private kind: CaseKind;
  declare private authorizations: string;
  declare private applicant: string;
  declare private documents: string;
  /** Days `2026-11-22` in UTC+8; empty: none. */
  declare private received: string;
  declare private dueDay: string;
  declare private wrong: boolean;
  /** What was chosen before: how many, and the letters' numbers; none where ids are typed. */
  declare private chosen: { readonly count: number; readonly letters: readonly string[] };

  /** What came with the address. */
  #given = '';

  constructor() {
    super();
    this.kinds = [];
    this.chosen = { count: 0, letters: [] };
    this.kind = 'consumer-complaint';
    this.authorizations = this.applicant = this.documents = '';
    this.received = this.dueDay = '';
    this.wrong = false;
  }

  override get typed(): Typed | undefined {
    const { kind, authorizations, applicant, documents, received, dueDay } = this;
    return authorizations !== this.#given || applicant !== '' || documents !== ''
      ? { kind, authorizations, applicant, documents, received, dueDay }
      : undefined;
  }
  protected override putBack(typed: Typed): boolean {
    Object.assign(this, typed);
    return true;
  }

  protected override async load(): Promise<void> {
    const asked = new URLSearchParams(location.search);
    const ids = asked.getAll('authorization');
    this.authorizations = this.#given = ids.join('\n');
    this.chosen = { count: ids.length, letters: asked.getAll('letter') };
    this.kinds = (await caseKinds(this.desk.client)).items;
    this.received = this.#today;
  }

  get #today(): string {
    return day(new Date(this.desk.client.now()).toISOString());
  }

  protected override content(): TemplateResult {
    const { open: words, ...other } = wordsFor(this.language, zh, en);
    const clock = this.kinds.find(({ kind }) => kind === this.kind);
    return html`
      <h1 tabindex="-1">${words.title}</h1>
      <p class="lead">${words.lead}</p>
      ${this.authorizations === '' ? html`<p><a class="button secondary" href="/desk/search">${words.search}</a></p>` : nothing}
      <form class="form" data-form="open" @submit=${this.#submit}>
        ${choiceField({
          ...{ id: 'kind', label: words.kind, value: this.kind },
          ...(clock
            ? { hint: other.rule({ ...clock, basis: ruleName(clock.basis, this.language) }) }
            : {}),
          options: this.kinds
            .filter(({ kind, offered }) => offered && kind !== 'subject-dispute')
            .map(({ kind }) => [kind, other.kinds[kind]] as const),
          choose: (value) => (this.kind = value),
        })}
        ${clock ? this.#term(clock) : nothing} ${this.#authorizations()}
        <p class="obstacle" role="alert">${this.wrong ? words.wrong : ''}</p>
        ${longField({
          id: 'applicant',
          label: `${other.texts.applicant}${other.view.optional}`,
          ...{ hint: other.hints.applicant, value: this.applicant, maximum: 4000 },
          input: (value) => (this.applicant = value),
        })}
        ${longField({
          id: 'documents',
          label: `${other.texts.documents}${other.view.optional}`,
          ...{ hint: other.hints.documents, value: this.documents, maximum: 10_000 },
          input: (value) => (this.documents = value),
        })}
        <button class="button" data-action="open-case" ?disabled=${this.busy}>
          ${words.submit}
        </button>
      </form>
    `;
  }

  /** Since when the term runs, and until when. */
  #term(clock: CaseClock): TemplateResult {
    const { open: words } = wordsFor(this.language, zh, en);
    const today = this.#today;
    const dayFrom = (from: string, days: number): string => day(dayAfter(startOfDay(from), days));
    return html`${dateField({
        ...{ id: 'received', label: words.received, hint: words.receivedHint },
        ...{ value: this.received, from: dayFrom(today, 1 - MOST_DAYS), to: today },
        input: (value) => (this.received = value),
      })}
      ${
        clock.ownDate
          ? dateField({
              ...{ id: 'due-day', label: words.dueDay, hint: words.dueDayHint },
              ...{ value: this.dueDay, from: today, to: dayFrom(today, MOST_DAYS - 1) },
              input: (value) => (this.dueDay = value),
            })
          : nothing
      }
      <p data-due-then>
        ${words.dueThen(
          clock.ownDate && this.dueDay !== ''
            ? this.dueDay
            : dayFrom(this.received || today, clock.days),
        )}
      </p>`;
  }

  /** The ids, out of the way where letters were chosen by their numbers. */
  #authorizations(): TemplateResult {
    const { open: words } = wordsFor(this.language, zh, en);
    const { count, letters } = this.chosen;
    const field = longField({
      ...{ id: 'authorizations', label: words.authorizations, maximum: 50_000 },
      ...{ hint: words.authorizationsHint, value: this.authorizations, required: count === 0 },
      input: (value) => (this.authorizations = value),
    });
    if (count === 0) return field;
    return html`<div data-chosen=${count}>
      <p><strong>${words.chosen(count)}</strong></p>
      <ul class="number">
        ${letters.map((number) => html`<li>${number}</li>`)}${letters.length < count && letters.length > 0 ? html`<li>…</li>` : nothing}
      </ul>
      ${disclosure(words.change, field)}
    </div>`;
  }

  #submit = (event: Event): void => {
    event.preventDefault();
    const lines = (text: string): string[] =>
      text
        .split(/[\s,，;；]*\n[\s,，;；]*|[\s,，;；]+(?=aut_)/u)
        .map((line) => line.trim())
        .filter((line) => line !== '');
    const authorizations = [...new Set(lines(this.authorizations))];
    this.wrong =
      authorizations.length === 0 || !authorizations.every((id) => AUTHORIZATION.test(id));
    if (this.wrong) return;
    const clock = this.kinds.find(({ kind }) => kind === this.kind);
    void this.act(async () => {
      const [applicant, documents] = [this.applicant.trim(), lines(this.documents)];
      const { id } = await openCase(this.desk.client, {
        ...{ kind: this.kind, authorizations },
        // today: as of now
        ...(this.received !== '' && this.received !== this.#today
          ? { receivedAt: endOfDay(this.received) }
          : {}),
        ...(clock?.ownDate && this.dueDay !== '' ? { dueAt: endOfDay(this.dueDay) } : {}),
        texts: {
          ...(applicant ? { applicant } : {}),
          ...(documents.length > 0 ? { documents } : {}),
        },
      });
      this.#given = this.authorizations;
      this.applicant = this.documents = '';
      this.desk.go(`/desk/cases/${id}`);
    });
  };
}
customElements.define('desk-open-case', OpenCaseView);
