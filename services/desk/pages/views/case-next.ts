import type { CaseStep } from '@mandate/core/desk';
import { Problem } from '@mandate/pages/browser/problem';
import { disclosure } from '@mandate/pages/browser/ui/disclosure';
import { html, nothing, type TemplateResult } from 'lit';
import { moreDays, noteCase, stepCase, type CaseDetail, type CaseTexts } from '../api/cases.js';
import { grantState, type Grant } from '../api/grants.js';
import { DeskView } from '../desk-view.js';
import { ruleName } from '../ui/rule-name.js';
import { longField } from '../ui/fields.js';
import { en } from '../words/en-cases.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-cases.js';

type Text = Exclude<keyof CaseTexts, 'documents'>;

/** What may follow each step: first the next one. The database has the same table. */
const FOLLOWS: Readonly<Record<CaseStep, readonly CaseStep[]>> = {
  applied: ['accepted', 'rejected'],
  accepted: ['extracted', 'closed', 'rejected'],
  extracted: ['verified'],
  verified: ['certified', 'extracted'],
  certified: ['closed'],
  closed: [],
  rejected: [],
};
const ENDS: ReadonlySet<CaseStep> = new Set(['closed', 'rejected']);
/** What has to be said with it. */
const SAID: Readonly<Partial<Record<CaseStep, readonly Text[]>>> = {
  accepted: ['standing', 'legalBasis', 'scope'],
  rejected: ['decision'],
  certified: ['decision'],
};

/** The next step of a case, and what else can be done in it. Fires `case-changed`. */
class CaseNext extends DeskView {
  static override properties = {
    ...DeskView.properties,
    detail: { attribute: false },
    grants: { attribute: false },
    texts: { state: true },
  };
  declare detail: CaseDetail;
  declare grants: readonly Grant[];
  /** What is being written, by step and name. */
  declare private texts: Readonly<Record<string, string>>;

  #otherOpen = false;

  constructor() {
    super();
    this.texts = {};
    this.grants = [];
  }

  override get typed(): Readonly<Record<string, string>> | undefined {
    return Object.values(this.texts).some((text) => text.trim() !== '') ? this.texts : undefined;
  }
  protected override putBack(typed: Readonly<Record<string, string>>): boolean {
    // also for a step that is no longer to be taken: it is shown then
    this.texts = typed;
    return true;
  }

  protected override content(): TemplateResult {
    const { view: words } = wordsFor(this.language, zh, en);
    const faster = this.problem?.code === 'version-conflict';
    return html`${faster ? html`<p class="callout">${words.readAnew}</p>` : nothing}
    ${this.#whatNext()} ${this.#stranded()}`;
  }

  #whatNext(): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    const { step, openedBy } = this.detail;
    const { session } = this.desk;
    const roles = session?.roles ?? [];
    const [next, ...others] = FOLLOWS[step].filter(
      (to) =>
        (roles.includes('officer') ||
          (roles.includes('approver') && step === 'applied' && SAID[to] !== undefined)) &&
        // no case ends before its dispute
        !(ENDS.has(to) && this.#disputeOpen),
    );
    if (
      next === undefined &&
      step === 'certified' &&
      this.#disputeOpen &&
      roles.includes('officer')
    )
      return this.#card(html`${this.#disputeFirst()} ${this.#other([])}`);
    if (FOLLOWS[step].length === 0) return html`<p class="callout">${words.view.nothingNext}</p>`;
    if (next === undefined)
      return this.#card(
        html`<p>
          ${step === 'accepted' && this.#waiting ? words.view.agreeing : words.waitsFor[step]}
        </p>`,
      );
    if (step === 'applied' && openedBy === `staff:${session?.staff}`)
      return this.#card(
        html`<p>${words.view.openerWaits}</p>
          ${this.#other([])}`,
      );
    if (step === 'accepted' && !this.#mayExtract)
      return this.#card(html`${this.#beforeExtraction()} ${this.#other([next, ...others])}`);
    return this.#card(html`${this.#form(next, true)} ${this.#other(others)}`);
  }

  #card(content: unknown): TemplateResult {
    const { view: words } = wordsFor(this.language, zh, en);
    return html`<section class="card" aria-labelledby="next">
      <h2 id="next">${words.next}</h2>
      ${content}
    </section>`;
  }

  /** Somebody could have opened something: until then there is nothing that was extracted. */
  get #mayExtract(): boolean {
    return this.grants.some((grant) => ['good', 'over'].includes(grantState(grant)));
  }

  get #waiting(): boolean {
    return this.grants.some((grant) => grantState(grant) === 'waiting');
  }

  #beforeExtraction(): TemplateResult {
    const { view: words } = wordsFor(this.language, zh, en);
    return this.#waiting
      ? html`<p data-next="asked">${words.asked}</p>`
      : html`<p data-next="ask">${words.askFirst}</p>
          ${this.#toForm('ask', '[data-form=ask] input', words.toAsk)}`;
  }

  get #disputeOpen(): boolean {
    const { dispute, authorizations } = this.detail;
    return (
      dispute !== null &&
      authorizations.some(({ hold }) => hold?.id === dispute && !hold.resolvedAt)
    );
  }

  /** The dispute ends before its case does. */
  #disputeFirst(): TemplateResult {
    const { view: words } = wordsFor(this.language, zh, en);
    return html`<p class="callout warning" data-next="dispute">${words.disputeFirst}</p>
      ${this.#toForm('dispute', '[data-dispute] select', words.toDispute)}`;
  }

  /** To a form further down on the page. */
  #toForm(name: string, selector: string, label: string): TemplateResult {
    const go = (): void => {
      const field = document.querySelector<HTMLElement>(selector);
      const closed = field?.closest('details');
      if (closed) closed.open = true;
      field?.focus();
      field?.scrollIntoView({ block: 'center' });
    };
    return html`<p>
      <button type="button" class="button" data-action="to-${name}" @click=${go}>${label}</button>
    </p>`;
  }

  #form(to: CaseStep, primary: boolean): TemplateResult {
    const words = wordsFor(this.language, zh, en);
    return html`<form
      class="form"
      data-to=${to}
      @submit=${(event: Event) => {
        event.preventDefault();
        void this.#step(to);
      }}
    >
      <p>${words.toText[to]}</p>
      ${this.#said(to).map((name) =>
        longField({
          ...{ id: `${to}-${name}`, label: words.texts[name], hint: words.hints[name] },
          ...{ value: this.#text(to, name), maximum: 4000, required: true },
          input: (value) => this.#write(`${to}-${name}`, value),
        }),
      )}
      <button class="button ${primary ? '' : 'secondary'}" data-action=${to} ?disabled=${this.busy}>
        ${words.to[to]}
      </button>
    </form>`;
  }

  #other(others: readonly CaseStep[]): TemplateResult | typeof nothing {
    if (!this.desk.session?.roles.includes('officer') && others.length === 0) return nothing;
    const words = wordsFor(this.language, zh, en);
    const more = moreDays(this.detail.clock, this.detail);
    const note = (type: 'noted' | 'extended', label: string, text?: string): TemplateResult =>
      html`<form
        class="form"
        data-note=${type}
        @submit=${(event: Event) => {
          event.preventDefault();
          void this.#note(type);
        }}
      >
        ${text ? html`<p>${text}</p>` : nothing}
        ${longField({
          ...{ id: `${type}-note`, label: words.view.note, maximum: 4000, required: true },
          value: this.texts[`${type}-note`] ?? '',
          input: (value) => this.#write(`${type}-note`, value),
        })}
        <button class="button secondary" data-action=${type} ?disabled=${this.busy}>
          ${label}
        </button>
      </form>`;
    // what was written in there is not out of sight, and does not go out of sight while somebody writes
    this.#otherOpen ||= this.#writtenIn(...others, 'noted', 'extended');
    return disclosure(
      words.view.other,
      html`<div class="forms">
        ${others.map((to) => this.#form(to, false))} ${note('noted', words.view.addNote)}
        ${more > 0 ? note('extended', words.view.extend, words.view.extendText(more)) : nothing}
      </div>`,
      this.#otherOpen,
    );
  }

  #writtenIn(...forms: readonly string[]): boolean {
    return Object.entries(this.texts).some(
      ([field, text]) => text.trim() !== '' && forms.includes(field.split('-')[0]!),
    );
  }

  /** What was written, or what most cases of this kind say, to be looked at and changed. */
  #text(to: CaseStep, name: Text): string {
    const written = this.texts[`${to}-${name}`];
    if (written !== undefined) return written;
    for (const { texts } of [...this.detail.events].reverse())
      if (texts?.[name] !== undefined && to === 'accepted') return texts[name];
    if (to !== 'accepted') return '';
    const { usual } = wordsFor(this.language, zh, en);
    if (name === 'legalBasis') return ruleName(this.detail.clock.basis, this.language);
    if (name === 'scope') return usual.scope;
    return this.detail.openedBy.startsWith('staff:') ? '' : usual.standing;
  }

  /** A case that ends without a conclusion says why. */
  #said(to: CaseStep): readonly Text[] {
    return SAID[to] ?? (to === 'closed' && this.detail.step === 'accepted' ? ['decision'] : []);
  }

  #write(field: string, value: string): void {
    this.texts = { ...this.texts, [field]: value };
  }

  /** What was written for a step that is no longer to be taken: nobody types it twice. */
  #stranded(): TemplateResult | typeof nothing {
    const words = wordsFor(this.language, zh, en);
    const { step, clock } = this.detail;
    const open = FOLLOWS[step].length > 0;
    const offered = (form: string): boolean =>
      FOLLOWS[step].some((to) => to === form) ||
      (open && (form === 'noted' || (form === 'extended' && moreDays(clock, this.detail) > 0)));
    const lost = Object.entries(this.texts).filter(
      ([field, text]) => text.trim() !== '' && !offered(field.split('-')[0]!),
    );
    if (lost.length === 0) return nothing;
    return html`<section class="callout warning" data-stranded>
      <p>${words.view.stranded}</p>
      ${lost.map(([, text]) => html`<p class="lines">${text}</p>`)}
      <button
        type="button"
        class="button secondary"
        data-action="drop-stranded"
        @click=${() => lost.forEach(([field]) => this.#clear(field))}
      >
        ${words.view.dropStranded}
      </button>
    </section>`;
  }

  #step = (to: CaseStep): Promise<void> =>
    this.act(async () => {
      const texts = Object.fromEntries(
        this.#said(to).map((name) => [name, this.#text(to, name).trim()]),
      );
      await this.#sent(to, stepCase(this.desk.client, this.detail, to, texts));
    });

  #note = (type: 'noted' | 'extended'): Promise<void> =>
    this.act(async () => {
      const note = (this.texts[`${type}-note`] ?? '').trim();
      await this.#sent(type, noteCase(this.desk.client, this.detail, type, { note }));
    });

  /**
   * The case is read anew, and of what was written only this form's is gone; where somebody was faster nothing is, so
   * that it can be sent again.
   */
  async #sent(form: string, sent: Promise<unknown>): Promise<void> {
    try {
      await sent;
      this.#clear(form);
    } catch (thrown) {
      if (!(thrown instanceof Problem) || thrown.code !== 'version-conflict') throw thrown;
      this.dispatchEvent(new CustomEvent('case-changed'));
      throw thrown;
    }
    this.dispatchEvent(new CustomEvent('case-changed'));
  }

  /** What was written in a form, or one field of it. */
  #clear(form: string): void {
    this.texts = Object.fromEntries(
      Object.entries(this.texts).filter(
        ([field]) => field !== form && !field.startsWith(`${form}-`),
      ),
    );
  }
}
customElements.define('desk-case-next', CaseNext);
