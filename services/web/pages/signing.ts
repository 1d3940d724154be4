import { firstToken, takeToken } from './take-token.js';
import { html, LitElement, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { wordsOf, type Language } from '../src/pages/words/index.js';
import { Ceremony } from './ceremony.js';
import {
  applyPrint,
  browserLanguage,
  chosenLanguage,
  rememberLanguage,
} from '@mandate/pages/browser/preferences';
import { problemBanner } from './problem-banner.js';
import { READING_PLACES, type ReadingPlace } from './reading/reading.js';
import { offersWaysOut, placeOf, stepOf, type Place } from './step-registry.js';
import './sets/refuse-letter.js';
import { setBar } from './sets/set-bar.js';
import { pageBar } from '@mandate/pages/browser/ui/page-bar';
import { isSigning } from './ui/signing-progress.js';
import { stepper } from './ui/stepper.js';
import './ways-out.js';
import { followCeremony, FULL_PAGE } from './widget-bridge.js';
import './widget/full-page.js';
import './widget/way-back.js';

/** Told beside the field they are about. */
const FIELD_PROBLEMS: readonly string[] = ['gate-mismatch', 'code-wrong', 'identity-failed'];
/** After this a wait is said to be long. */
const SLOW_MILLISECONDS = 7_000;

/** The signing page: shows the step the server names, and nothing before it is known. */
class CeremonyPage extends LitElement {
  static override properties = {
    language: { state: true },
    slow: { state: true },
    online: { state: true },
  };
  declare private language: Language;
  declare private slow: boolean;
  declare private online: boolean;
  #ceremony = new Ceremony();
  #slowTimer: ReturnType<typeof setTimeout> | undefined;
  #place: Place | undefined;
  /** Without it no key can be made, and none is faked. */
  readonly #secure = isSecureContext && globalThis.crypto?.subtle !== undefined;

  constructor() {
    super();
    this.language = chosenLanguage() ?? browserLanguage();
    this.slow = false;
    this.online = navigator.onLine;
  }

  protected override createRenderRoot(): HTMLElement {
    // What the server sent is for the time before this script runs.
    this.replaceChildren();
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#start(firstToken);
    // A second link opened in the same tab changes the fragment only.
    addEventListener('hashchange', () => {
      const token = takeToken();
      if (token === undefined) return;
      this.#ceremony = new Ceremony();
      this.#start(token);
    });
    addEventListener('popstate', ({ state }) => {
      const { reading } = this.#ceremony;
      if (!reading) return;
      const place = READING_PLACES.find((known) => known === state?.place) ?? 'terms';
      this.#place = place;
      this.#ceremony.go(place);
    });
    for (const change of ['online', 'offline'])
      addEventListener(change, () => {
        this.online = navigator.onLine;
        // Reading something again changes nothing, so it needs no tap.
        if (this.online && this.#ceremony.letterProblem?.code === 'offline')
          void this.#ceremony.loadLetter();
      });
  }

  #start(token: string | undefined): void {
    if (!this.#secure) return;
    const ceremony = this.#ceremony;
    let followed = false;
    ceremony.subscribe(() => {
      if (ceremony !== this.#ceremony) return;
      if (ceremony.view && !followed) {
        followed = true;
        // The letter's language, unless this person chose another for the page.
        this.language = chosenLanguage() ?? ceremony.view.language;
      }
      this.#watchPatience();
      this.requestUpdate();
    });
    followCeremony(ceremony);
    void ceremony.open(token);
  }

  protected override render(): TemplateResult {
    const words = wordsOf(this.language);
    const place = this.#secure ? placeOf(this.#ceremony) : undefined;
    const step = place && stepOf(place);
    document.documentElement.lang = words.htmlLang;
    document.title = words.shell.title;
    return html`
      ${pageBar(words, this.#switchLanguage, () => this.requestUpdate())}
      <div class="offline" role="status">
        ${this.online ? '' : html`<p>${words.shell.offline}</p>`}
      </div>
      <main id="main" class="page" tabindex="-1">
        ${step?.walk ? stepper(words, step.walk, this.#ceremony.needsCode) : ''} ${this.#problem()}
        ${this.#content(place)}
        <mandate-way-back .ceremony=${this.#ceremony} .language=${this.language}></mandate-way-back>
      </main>
      ${this.#busy()}
      ${
        place && offersWaysOut(place, this.#ceremony)
          ? html`<mandate-ways-out
              .ceremony=${this.#ceremony}
              .language=${this.language}
            ></mandate-ways-out>`
          : ''
      }
    `;
  }

  #content(place: Place | undefined): TemplateResult | '' {
    const words = wordsOf(this.language);
    const { activity, problem } = this.#ceremony;
    if (!this.#secure) {
      const { title, text, next } = words.insecure;
      return html`<h1 tabindex="-1">${title}</h1>
        <p class="lead">${text}</p>
        <p class="card">${next}</p>`;
    }
    if (place === undefined) {
      return activity
        ? html`<h1 tabindex="-1">${words.shell.title}</h1>
            <div class="waiting">
              <span class="spinner" aria-hidden="true"></span>${words.shell.opening}
            </div>`
        : '';
    }
    // What was to be signed is not what was read: from here only the ways out are offered.
    if (problem?.code === 'update-mismatch') return '';
    const step = stepOf(place).show(this.#ceremony, this.language);
    const { view } = this.#ceremony;
    const reading = READING_PLACES.some((known) => known === place);
    if (!view?.set || !reading) return step;
    // Each letter of a set begins anew, at its heading.
    return html`${setBar(this.#ceremony, this.language)} ${keyed(view.authorization, step)}
      <mandate-refuse-letter
        .ceremony=${this.#ceremony}
        .language=${this.language}
      ></mandate-refuse-letter>`;
  }

  #problem(): TemplateResult {
    const words = wordsOf(this.language);
    const offer = FULL_PAGE.includes(this.#ceremony.problem?.code ?? '');
    const { retry, over, view, mayEnter, problem } = this.#ceremony;
    const beside = problem !== undefined && FIELD_PROBLEMS.includes(problem.code);
    // The region stands always, so that screen readers announce what appears in it.
    return html`<div role="alert">
        ${
          problem && !beside && !offer
            ? problemBanner(words, problem, (over || !view) && !mayEnter, retry)
            : ''
        }
      </div>
      ${
        offer
          ? html`<mandate-full-page
              .language=${this.language}
              .reason=${problem?.code}
            ></mandate-full-page>`
          : ''
      }`;
  }

  /** Every wait says what happens; the lines of the signing progress are on the page already. */
  #busy(): TemplateResult {
    const words = wordsOf(this.language);
    const { activity, view } = this.#ceremony;
    const said = activity && view ? words.busy[activity] : '';
    return html`<div
      class="toast ${isSigning(activity) && !this.slow ? 'visually-hidden' : ''}"
      role="status"
    >
      ${
        said
          ? html`<p>
              <span class="spinner" aria-hidden="true"></span>
              <span>${said} ${this.slow ? words.shell.stillWaiting : ''}</span>
            </p>`
          : ''
      }
    </div>`;
  }

  #watchPatience(): void {
    if (!this.#ceremony.activity) {
      clearTimeout(this.#slowTimer);
      this.#slowTimer = undefined;
      this.slow = false;
    } else this.#slowTimer ??= setTimeout(() => (this.slow = true), SLOW_MILLISECONDS);
  }

  #switchLanguage = (): void => {
    this.language = this.language === 'zh' ? 'en' : 'zh';
    rememberLanguage(this.language);
  };

  protected override updated(): void {
    this.#turn();
    if (this.#ceremony.problem) this.#showProblem();
  }

  /** Going on within the reading is a step the phone's back gesture can take back. */
  #turn(): void {
    const place = placeOf(this.#ceremony);
    const before = this.#place;
    this.#place = place;
    if (place === before || top !== window) return;
    const order = (at: Place | undefined): number => READING_PLACES.indexOf(at as ReadingPlace);
    if (order(before) >= 0 && order(place) > order(before)) history.pushState({ place }, '');
    else if (order(place) >= 0) history.replaceState({ place }, '');
  }

  #shown: unknown;
  /** A problem far above the button that caused it would go unseen on a phone. */
  #showProblem(): void {
    if (this.#shown === this.#ceremony.problem) return;
    this.#shown = this.#ceremony.problem;
    this.querySelector('[data-problem]')?.scrollIntoView({ block: 'center' });
  }
}

applyPrint();
customElements.define('mandate-ceremony', CeremonyPage);
