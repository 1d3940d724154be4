import { html, type PropertyValues, type TemplateResult } from 'lit';
import { isLargePrint } from '@mandate/pages/browser/preferences';
import { optionalItems, thirdParties, type Reading } from '../reading/reading.js';
import { watchClauses } from '../reading/watch-clauses.js';
import { StepElement } from '../step-element.js';
import { choiceRow } from '../ui/choice-row.js';
import { disclosure } from '@mandate/pages/browser/ui/disclosure';

/** Step `read`, last page: key clauses one by one, each recipient and optional item by itself. */
class ClausesStep extends StepElement {
  static override properties = { ...StepElement.properties, asked: { state: true } };
  /** Somebody pressed the button before everything was there: say what is missing. */
  declare private asked: boolean;
  protected readonly place = 'clauses';
  #ticker: ReturnType<typeof setInterval> | undefined;
  #stopWatching: (() => void) | undefined;

  constructor() {
    super();
    this.asked = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#ticker = setInterval(() => this.#secondsLeft() >= 0 && this.requestUpdate(), 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticker);
    this.#stopWatching?.();
  }

  protected override firstUpdated(changed: PropertyValues): void {
    super.firstUpdated(changed);
    this.#stopWatching = watchClauses(this, this.#reading);
    // A reload lands here: the digest of the letter is needed to hand anything in.
    void this.ceremony.loadLetter();
  }

  get #reading(): Reading {
    return this.ceremony.reading!;
  }

  protected override render(): TemplateResult {
    const { clauses: said } = this.words;
    const { activity, reading, view } = this.ceremony;
    if (!reading || !view) return html``;
    const obstacle = this.#obstacle();
    return html`
      <h1 tabindex="-1">${said.title}</h1>
      <p class="lead">${said.lead}</p>
      <form novalidate @submit=${this.#submit}>
        ${this.#clauses()} ${this.#recipients()} ${this.#items()}
        <p
          id="obstacle"
          class=${this.asked ? 'obstacle' : 'soft'}
          role=${this.#complete() ? 'timer' : 'status'}
        >
          ${obstacle ?? ''}
        </p>
        <div class="onward">
          <button
            class="button"
            type="submit"
            aria-disabled=${obstacle !== undefined || activity !== undefined}
            aria-describedby="obstacle"
          >
            ${activity === 'presenting' ? this.words.workingOn : said.submit}
          </button>
          <button
            class="button quiet"
            type="button"
            data-action="back"
            @click=${() => this.ceremony.go('letter')}
          >
            ${this.words.back}
          </button>
        </div>
      </form>
    `;
  }

  #clauses(): TemplateResult {
    const { clauses: said } = this.words;
    const clauses = this.ceremony.view!.clauses ?? [];
    return html`<ul class="clauses">
      ${clauses.map(
        (clause, i) =>
          html`<li class="card clause" data-clause=${clause.id}>
            <p class="soft">${said.clause(i + 1, clauses.length)}</p>
            <p id="clause-${i}" lang=${this.letterLang}>${clause.text}</p>
            ${disclosure(
              said.explain,
              clause.explain
                ? html`<p lang=${this.letterLang}>${clause.explain}</p>`
                : html`<p>
                    ${said.toLetter}
                    <button
                      class="button quiet"
                      type="button"
                      @click=${() => this.ceremony.go('letter')}
                    >
                      ${said.toLetterLink}
                    </button>
                  </p>`,
            )}
            <label class="option">
              <input
                type="checkbox"
                autocomplete="off"
                aria-describedby="clause-${i}"
                .checked=${this.#reading.isAcknowledged(clause.id)}
                @change=${(event: Event) => {
                  const { checked } = event.target as HTMLInputElement;
                  this.#reading.acknowledge(clause.id, checked);
                  this.requestUpdate();
                }}
              />
              <span>${said.agree}</span>
            </label>
          </li>`,
      )}
    </ul>`;
  }

  #recipients(): TemplateResult | '' {
    const { clauses: said } = this.words;
    const recipients = thirdParties(this.ceremony.view!);
    if (recipients.length === 0) return '';
    return html`<section aria-labelledby="recipients-title">
      <h2 id="recipients-title">${said.recipients}</h2>
      <p>
        ${
          recipients.every(({ necessary }) => necessary)
            ? said.recipientsAloneText
            : said.recipientsText
        }
      </p>
      ${recipients.map((recipient) =>
        this.#choice(
          `recipient:${recipient.creditCode}`,
          said.recipient(recipient.name),
          html`<p class="soft">
              ${said.recipientPurpose}<br /><span lang=${this.letterLang}
                >${recipient.purpose}</span
              >
            </p>
            ${recipient.necessary ? html`<p>${said.recipientNecessary}</p>` : ''}`,
        ),
      )}
    </section>`;
  }

  #items(): TemplateResult | '' {
    const { clauses: said } = this.words;
    const items = optionalItems(this.ceremony.view!);
    if (items.length === 0) return '';
    return html`<section aria-labelledby="items-title">
      <h2 id="items-title">${said.items}</h2>
      <p>${said.itemsText}</p>
      ${items.map((item) =>
        this.#choice(
          `item:${item.code}`,
          html`<span lang=${this.letterLang}>${item.name}</span>`,
          item.class === 'sensitive' ? html`<p class="soft">${said.sensitive}</p>` : '',
        ),
      )}
    </section>`;
  }

  #choice(
    key: `item:${string}` | `recipient:${string}`,
    question: unknown,
    details: unknown,
  ): TemplateResult {
    return choiceRow({
      words: this.words,
      name: key,
      question,
      details,
      value: this.#reading.decision(key),
      choose: (yes) => {
        this.#reading.decide(key, yes);
        this.requestUpdate();
      },
    });
  }

  #secondsLeft(): number {
    return (this.ceremony.view?.minimumReadingSeconds ?? 0) - this.#reading.seconds;
  }

  /** Only the clock is left: a screen reader is not told every second. */
  #complete(): boolean {
    return this.#unanswered() === undefined && this.#secondsLeft() > 0;
  }

  #obstacle(): string | undefined {
    const seconds = this.#secondsLeft();
    const { keepReading } = this.words.clauses;
    return this.#unanswered() ?? (seconds > 0 ? keepReading(seconds) : undefined);
  }

  #unanswered(): string | undefined {
    const { clauses: said, letter } = this.words;
    const view = this.ceremony.view!;
    const reading = this.#reading;
    const open = (view.clauses ?? []).filter(({ id }) => !reading.isAcknowledged(id)).length;
    if (open > 0) return said.remaining(open);
    const undecided = [
      ...thirdParties(view).map(({ creditCode }) => reading.decision(`recipient:${creditCode}`)),
      ...optionalItems(view).map(({ code }) => reading.decision(`item:${code}`)),
    ].filter((decision) => decision === undefined).length;
    if (undecided > 0) return said.undecided(undecided);
    const refused = thirdParties(view).find(
      ({ necessary, creditCode }) => necessary && !reading.decision(`recipient:${creditCode}`),
    );
    if (refused) return said.necessaryRefused(refused.name);
    return this.ceremony.letter ? undefined : letter.waitLetter;
  }

  #submit = (event: Event): void => {
    event.preventDefault();
    this.asked = true;
    if (this.#obstacle() !== undefined) {
      this.querySelector<HTMLInputElement>(
        '.clause input:not(:checked), .choice:not(.decided) input',
      )?.focus();
      return;
    }
    this.#stopWatching?.();
    this.#stopWatching = watchClauses(this, this.#reading);
    const record = this.#reading.record(this.ceremony.view!, this.language, isLargePrint());
    void this.ceremony.present(record);
  };
}
customElements.define('mandate-clauses-step', ClausesStep);
