import { html, type PropertyValues, type TemplateResult } from 'lit';
import { problemText } from '../../src/pages/words/index.js';
import { setWordsFor } from '../../src/pages/words/set-words.js';
import '../letter-pages.js';
import { letterText, spokenLetter } from '../letter-text.js';
import '../reading/read-aloud.js';
import type { LetterForm } from '../reading/reading.js';
import { StepElement } from '../step-element.js';
import { termList } from '@mandate/pages/browser/ui/term-list';

/** Step `read`, second page: the whole letter, as text and as the pages that are signed. */
class LetterStep extends StepElement {
  static override properties = {
    ...StepElement.properties,
    chosen: { state: true },
    drawn: { state: true },
    asked: { state: true },
  };
  declare private chosen: LetterForm | undefined;
  declare private drawn: boolean;
  declare private asked: boolean;
  protected readonly place = 'letter';
  #end: IntersectionObserver | undefined;
  #watched: Element | undefined;

  constructor() {
    super();
    this.drawn = this.asked = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.disconnect();
  }

  protected override firstUpdated(changed: PropertyValues): void {
    super.firstUpdated(changed);
    void this.ceremony.loadLetter();
  }

  protected override updated(): void {
    const { reading } = this.ceremony;
    if (this.#shown() && reading) reading.seen.add(this.#formShown);
    const end = this.querySelector('.letter-end') ?? undefined;
    if (end && end !== this.#watched) this.#watchEnd(end);
  }

  protected override render(): TemplateResult {
    const { letter: said } = this.words;
    const { view, letter } = this.ceremony;
    return html`
      <h1 tabindex="-1">${said.title}</h1>
      <p class="lead">${said.lead}</p>
      <div class="print-only">${termList(view!.keyTerms ?? [], this.letterLang, 'key-terms')}</div>
      ${this.#letter()}
      ${
        letter
          ? html`<div class="card digest">
              <p>
                ${said.checkCode} <strong class="check-code">${view!.letter!.checkCode}</strong>
                <span class="soft">
                  ${view!.set ? setWordsFor(this.words).checkCodeText : said.checkCodeText}
                </span>
              </p>
              <p class="ok">${said.digestOk}</p>
              <p class="soft">${said.digest}<br /><code>${letter.digest}</code></p>
            </div>`
          : ''
      }
      <p id="letter-obstacle" class=${this.asked ? 'obstacle' : 'soft'} role="status">
        ${this.#shown() ? '' : said.waitLetter}
      </p>
      <div class="onward">
        <button
          class="button"
          type="button"
          data-action="next"
          aria-disabled=${!this.#shown()}
          aria-describedby="letter-obstacle"
          @click=${this.#next}
        >
          ${said.submit}
        </button>
        <button class="button quiet" type="button" data-action="back" @click=${this.#back}>
          ${this.words.back}
        </button>
      </div>
    `;
  }

  #letter(): TemplateResult {
    const { letter: said, tryAgain } = this.words;
    const { view, letter, letterProblem } = this.ceremony;
    if (letterProblem) {
      return html`<div class="callout bad" role="alert" data-problem=${letterProblem.code}>
        <p>${problemText(this.words, letterProblem.code)}</p>
        <button
          class="button secondary"
          type="button"
          @click=${() => void this.ceremony.loadLetter()}
        >
          ${tryAgain}
        </button>
      </div>`;
    }
    if (!letter) {
      return html`<div class="letter-frame waiting" role="status">
        <span class="spinner" aria-hidden="true"></span>${said.loading}
      </div>`;
    }
    const { letterSections: sections } = view!;
    const option = (form: LetterForm, label: string): TemplateResult => html`
      <button
        type="button"
        data-form=${form}
        aria-pressed=${this.#formShown === form}
        @click=${() => (this.chosen = form)}
      >
        ${label}
      </button>
    `;
    return html`
      ${
        sections
          ? html`<div class="heading">
                <div class="switch" role="group" aria-label=${said.form}>
                  ${option('text', said.text)}${option('pages', said.original)}
                </div>
                <mandate-read-aloud
                  .language=${this.language}
                  .textLanguage=${view!.language}
                  .texts=${spokenLetter(sections)}
                  @read-aloud=${() => (this.ceremony.reading!.readAloud = true)}
                ></mandate-read-aloud>
              </div>
              <p class="soft">${said.textNote}</p>`
          : ''
      }
      ${
        this.#formShown === 'text' && sections
          ? letterText(sections, this.letterLang)
          : html`<mandate-letter-pages
              .letter=${letter}
              .language=${this.language}
              @letter-drawn=${() => (this.drawn = true)}
            ></mandate-letter-pages>`
      }
    `;
  }

  get #formShown(): LetterForm {
    return this.chosen ?? (this.ceremony.view?.letterSections ? 'text' : 'pages');
  }

  #shown(): boolean {
    const { letter, letterProblem } = this.ceremony;
    return letter !== undefined && !letterProblem && (this.#formShown === 'text' || this.drawn);
  }

  #watchEnd(end: Element): void {
    this.#watched = end;
    this.#end?.disconnect();
    this.#end = new IntersectionObserver((entries) => {
      if (this.ceremony.reading && entries.some((entry) => entry.isIntersecting))
        this.ceremony.reading.reachedEnd = true;
    });
    this.#end.observe(end);
  }

  #next = (): void => {
    this.asked = true;
    if (this.#shown()) this.ceremony.go('clauses');
  };

  #back = (): void => this.ceremony.go('terms');
}
customElements.define('mandate-letter-step', LetterStep);
