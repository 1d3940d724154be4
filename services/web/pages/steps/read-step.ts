import { html, type PropertyValues, type TemplateResult } from 'lit';
import '../letter-view.js';
import { ReadingClock } from '../reading-clock.js';
import { StepElement } from '../step-element.js';

/** Step `read`: key terms, the letter itself, and the key clauses, each acknowledged by hand. */
class ReadStep extends StepElement {
  static override properties = {
    ...StepElement.properties,
    drawn: { state: true },
    acknowledged: { state: true },
    asked: { state: true },
  };
  declare private drawn: boolean;
  declare private acknowledged: ReadonlySet<string>;
  /** Somebody pressed the button before everything was there: say what is missing. */
  declare private asked: boolean;
  readonly #clock = new ReadingClock();
  #ticker: ReturnType<typeof setInterval> | undefined;
  #reachedEnd = false;

  constructor() {
    super();
    this.drawn = this.asked = false;
    this.acknowledged = new Set();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#clock.stop();
    clearInterval(this.#ticker);
  }

  protected override firstUpdated(changed: PropertyValues): void {
    super.firstUpdated(changed);
    void this.ceremony.loadLetter();
  }

  protected override render(): TemplateResult {
    const { read } = this.words;
    const { view, activity } = this.ceremony;
    const { subject, letterNumber, keyTerms = [], clauses = [], letter } = view!;
    const obstacle = this.#obstacle();
    return html`
      <h1 tabindex="-1">${read.title(view!.institution.name)}</h1>
      <p class="lead">${read.lead}</p>
      <dl class="facts">
        <div>
          <dt>${read.you}</dt>
          <dd>${subject?.maskedName} ${subject?.maskedIdNumber}</dd>
        </div>
        <div>
          <dt>${read.letterNumber}</dt>
          <dd>${letterNumber}</dd>
        </div>
      </dl>

      <section aria-labelledby="terms-title">
        <h2 id="terms-title">${read.terms}</h2>
        <dl class="card terms">
          ${keyTerms.map(
            (term) =>
              html`<div>
                <dt>${term.label}</dt>
                <dd>${term.text}</dd>
              </div>`,
          )}
        </dl>
      </section>

      <section aria-labelledby="letter-title">
        <h2 id="letter-title">${read.letter}</h2>
        <p>${read.letterText}</p>
        <mandate-letter-view
          .letter=${this.ceremony.letter}
          .problem=${this.ceremony.letterProblem}
          .language=${this.language}
          .checkCode=${letter?.checkCode ?? ''}
          @letter-drawn=${this.#begin}
          @letter-end=${() => (this.#reachedEnd = true)}
          @letter-retry=${() => void this.ceremony.loadLetter()}
        ></mandate-letter-view>
      </section>

      <form aria-labelledby="clauses-title" novalidate @submit=${this.#submit}>
        <h2 id="clauses-title">${read.clauses}</h2>
        <p>${read.clausesText}</p>
        <ul class="clauses">
          ${clauses.map(
            (clause, i) =>
              html`<li>
                <label class="card clause">
                  <input
                    type="checkbox"
                    autocomplete="off"
                    .checked=${this.acknowledged.has(clause.id)}
                    @change=${(event: Event) => this.#acknowledge(clause.id, event)}
                  />
                  <span>
                    <span class="soft">${read.clause(i + 1, clauses.length)}</span>
                    ${clause.text}
                  </span>
                </label>
              </li>`,
          )}
        </ul>
        <p id="read-obstacle" class=${this.asked ? 'obstacle' : 'soft'} role="status">
          ${obstacle ?? ''}
        </p>
        <button
          class="button"
          type="submit"
          aria-disabled=${obstacle !== undefined || activity !== undefined}
          aria-describedby="read-obstacle"
        >
          ${activity === 'presenting' ? this.words.workingOn : read.submit}
        </button>
      </form>
    `;
  }

  #begin = (): void => {
    this.drawn = true;
    this.#clock.start();
    this.#ticker ??= setInterval(() => this.#remaining() >= 0 && this.requestUpdate(), 1000);
  };

  #acknowledge(id: string, event: Event): void {
    const next = new Set(this.acknowledged);
    if ((event.target as HTMLInputElement).checked) next.add(id);
    else next.delete(id);
    this.acknowledged = next;
  }

  #remaining(): number {
    return (this.ceremony.view?.minimumReadingSeconds ?? 0) - this.#clock.seconds;
  }

  #obstacle(): string | undefined {
    const { read } = this.words;
    const open = (this.ceremony.view?.clauses?.length ?? 0) - this.acknowledged.size;
    if (!this.drawn) return read.waitLetter;
    if (open > 0) return read.remaining(open);
    const remaining = this.#remaining();
    return remaining > 0 ? read.keepReading(remaining) : undefined;
  }

  #submit = (event: Event): void => {
    event.preventDefault();
    this.asked = true;
    if (this.#obstacle() !== undefined) {
      this.querySelector<HTMLInputElement>('.clause input:not(:checked)')?.focus();
      return;
    }
    void this.ceremony.present({
      acknowledged: (this.ceremony.view?.clauses ?? []).map(({ id }) => id),
      readingSeconds: this.#clock.seconds,
      reachedEnd: this.#reachedEnd,
    });
  };
}
customElements.define('mandate-read-step', ReadStep);
