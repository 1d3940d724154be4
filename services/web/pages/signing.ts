import { firstToken, takeToken } from './take-token.js';
import { html, LitElement, type TemplateResult } from 'lit';
import { problemText, wordsOf, type Language } from '../src/pages/words/index.js';
import { Ceremony } from './ceremony.js';
import './decline-panel.js';
import {
  applyPrint,
  browserLanguage,
  chosenLanguage,
  pageBar,
  rememberLanguage,
} from './page-frame.js';
import type { Problem } from './problem.js';
import type { SigningView } from './signing-view.js';
import './steps/code-step.js';
import './steps/done-step.js';
import './steps/ended-step.js';
import './steps/gate-step.js';
import './steps/read-step.js';
import './steps/sign-step.js';
import './steps/wait-step.js';

const PROGRESS = ['gate', 'read', 'code', 'done'] as const;
const PLACE: Readonly<Record<SigningView['step'], number>> = {
  gate: 0,
  read: 1,
  code: 2,
  sign: 2,
  wait: 3,
  done: 4,
  ended: -1,
};

/** Told beside the field they are about. */
const FIELD_PROBLEMS: readonly string[] = ['gate-mismatch', 'code-wrong'];

/** The signing page: shows the step the server names, and nothing before it is known. */
class CeremonyPage extends LitElement {
  static override properties = { language: { state: true } };
  declare private language: Language;
  #ceremony = new Ceremony();
  /** Without it no key can be made, and none is faked. */
  readonly #secure = isSecureContext && globalThis.crypto?.subtle !== undefined;

  constructor() {
    super();
    this.language = chosenLanguage() ?? browserLanguage();
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
      this.requestUpdate();
    });
    void ceremony.open(token);
  }

  protected override render(): TemplateResult {
    const words = wordsOf(this.language);
    const { view } = this.#ceremony;
    document.documentElement.lang = words.htmlLang;
    document.title = words.shell.title;
    return html`
      ${pageBar(words, this.#switchLanguage, () => this.requestUpdate())}
      <main id="main" class="page" tabindex="-1">
        ${view && !this.#ceremony.over ? this.#progress(view) : ''} ${this.#problem()}
        ${this.#content()}
      </main>
    `;
  }

  #content(): TemplateResult | '' {
    const words = wordsOf(this.language);
    const { view, over, activity, problem } = this.#ceremony;
    if (!this.#secure) {
      const { title, text, next } = words.insecure;
      return html`<h1 tabindex="-1">${title}</h1>
        <p class="lead">${text}</p>
        <p class="card">${next}</p>`;
    }
    if (over) return '';
    if (!view) {
      return activity
        ? html`<h1 tabindex="-1">${words.shell.title}</h1>
            <div class="waiting" role="status">
              <span class="spinner" aria-hidden="true"></span>${words.shell.opening}
            </div>`
        : '';
    }
    const running = !['done', 'wait', 'ended'].includes(view.step);
    // What was to be signed is not what was read: from here only the ways out are offered.
    const step = problem?.code === 'update-mismatch' ? '' : this.#step(view.step);
    return html`${step}
    ${
      running
        ? html`<mandate-decline-panel
            .ceremony=${this.#ceremony}
            .language=${this.language}
          ></mandate-decline-panel>`
        : ''
    }`;
  }

  #step(step: SigningView['step']): TemplateResult {
    const ceremony = this.#ceremony;
    const language = this.language;
    const parts: Record<SigningView['step'], () => TemplateResult> = {
      gate: () =>
        html`<mandate-gate-step .ceremony=${ceremony} .language=${language}></mandate-gate-step>`,
      read: () =>
        html`<mandate-read-step .ceremony=${ceremony} .language=${language}></mandate-read-step>`,
      code: () =>
        html`<mandate-code-step .ceremony=${ceremony} .language=${language}></mandate-code-step>`,
      sign: () =>
        html`<mandate-sign-step .ceremony=${ceremony} .language=${language}></mandate-sign-step>`,
      wait: () =>
        html`<mandate-wait-step .ceremony=${ceremony} .language=${language}></mandate-wait-step>`,
      done: () =>
        html`<mandate-done-step .ceremony=${ceremony} .language=${language}></mandate-done-step>`,
      ended: () =>
        html`<mandate-ended-step .ceremony=${ceremony} .language=${language}></mandate-ended-step>`,
    };
    return parts[step]();
  }

  #progress(view: SigningView): TemplateResult | '' {
    const { steps } = wordsOf(this.language);
    const at = PLACE[view.step];
    if (at < 0) return '';
    return html`<ol class="steps" aria-label=${steps.label}>
      ${PROGRESS.map(
        (step, i) =>
          html`<li
            class=${i < at ? 'finished' : i === at ? 'current' : ''}
            aria-current=${i === at ? 'step' : 'false'}
          >
            ${steps[step]}
          </li>`,
      )}
    </ol>`;
  }

  #problem(): TemplateResult {
    const words = wordsOf(this.language);
    const { retry, over, view } = this.#ceremony;
    const problem = this.#bannerProblem;
    // The region stands always, so that screen readers announce what appears in it.
    return html`<div role="alert">
      ${
        problem
          ? html`<div class="notice bad" data-problem=${problem.code}>
              ${
                over || !view
                  ? html`<h1 tabindex="-1">${words.problemTitle}</h1>`
                  : html`<strong>${words.problemTitle}</strong>`
              }
              <p>${problemText(words, problem.code)}</p>
              ${
                retry
                  ? html`<button
                      class="button secondary"
                      type="button"
                      @click=${() => void retry()}
                    >
                      ${words.tryAgain}
                    </button>`
                  : ''
              }
              ${
                problem.facts.instance
                  ? html`<p class="soft">
                      ${words.reference}: <code>${problem.facts.instance}</code>
                    </p>`
                  : ''
              }
            </div>`
          : ''
      }
    </div>`;
  }

  get #bannerProblem(): Problem | undefined {
    const { problem } = this.#ceremony;
    return problem && FIELD_PROBLEMS.includes(problem.code) ? undefined : problem;
  }

  #switchLanguage = (): void => {
    this.language = this.language === 'zh' ? 'en' : 'zh';
    rememberLanguage(this.language);
  };

  protected override updated(): void {
    if (this.#ceremony.problem) this.#showProblem();
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
