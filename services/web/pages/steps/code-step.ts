import { html, type TemplateResult } from 'lit';
import { problemText } from '../../src/pages/words/index.js';
import { clockTime, StepElement } from '../step-element.js';
import { signingProgress } from './signing-progress.js';

/** Problems after which only a new code helps. */
const DEAD: readonly string[] = ['challenge-expired', 'challenge-dead', 'code-tries-exhausted'];

/** Step `code`: sent only at the subject's tap; entering it is the act of signing. */
class CodeStep extends StepElement {
  static override properties = {
    ...StepElement.properties,
    incomplete: { state: true },
    value: { state: true },
  };
  declare private incomplete: boolean;
  /** What was typed; survives a failed request. */
  declare private value: string;
  #ticker: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.incomplete = false;
    this.value = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#ticker = setInterval(() => this.requestUpdate(), 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticker);
  }

  protected override render(): TemplateResult {
    const { code } = this.words;
    const { view, activity } = this.ceremony;
    if (activity && ['confirming', 'certifying', 'checking', 'signing'].includes(activity)) {
      return signingProgress(this.words, activity);
    }
    return html`
      <h1 tabindex="-1">${code.title}</h1>
      <aside class="notice warning" aria-labelledby="fraud-title">
        <strong id="fraud-title">${code.warningTitle}</strong>
        <p>${code.warning}</p>
      </aside>
      ${view?.challenge ? this.#enter() : this.#send()}
    `;
  }

  #send(): TemplateResult {
    const { code } = this.words;
    const { view, activity } = this.ceremony;
    return html`
      <p class="lead">${code.sendLead(view?.subject?.maskedPhone ?? '')}</p>
      <button
        class="button"
        type="button"
        ?disabled=${activity !== undefined}
        @click=${() => void this.ceremony.sendCode()}
      >
        ${activity === 'sending' ? this.words.workingOn : code.send}
      </button>
    `;
  }

  #enter(): TemplateResult {
    const { code } = this.words;
    const { activity, problem, view } = this.ceremony;
    const challenge = view!.challenge!;
    const now = this.ceremony.now();
    const dead = now >= Date.parse(challenge.expiresAt) || DEAD.includes(problem?.code ?? '');
    const wait = Math.ceil((Date.parse(challenge.resendAt) - now) / 1000);
    const wrong = problem?.code === 'code-wrong';
    const tries = problem?.facts.triesLeft;
    return html`
      <p class="lead">${code.sentLead(challenge.maskedPhone)}</p>
      <form class="card form" novalidate @submit=${this.#submit}>
        <p>${code.compare}</p>
        <p><strong class="check-code large">${challenge.checkCode}</strong></p>
        <label for="code">${code.label}</label>
        <input
          id="code"
          name="code"
          class="code"
          type="text"
          inputmode="numeric"
          autocomplete="one-time-code"
          pattern="[0-9]*"
          maxlength="8"
          required
          .value=${this.value}
          @input=${(event: Event) => (this.value = (event.target as HTMLInputElement).value)}
          aria-describedby="code-problem code-hint"
          aria-invalid=${this.incomplete || wrong}
        />
        <p id="code-problem" class="obstacle" role="alert">
          ${this.incomplete ? code.incomplete : wrong ? problemText(this.words, problem.code) : ''}
          ${wrong && tries !== undefined ? code.triesLeft(tries) : ''}
        </p>
        <p id="code-hint" class="soft">
          ${dead ? code.hintDead : code.hint(clockTime(challenge.expiresAt, this.language))}
        </p>
        <p>${code.submitText}</p>
        <button class="button" type="submit" ?disabled=${activity !== undefined || dead}>
          ${code.submit}
        </button>
      </form>
      <p class="resend">
        <button
          class="button secondary"
          type="button"
          ?disabled=${activity !== undefined || wait > 0}
          @click=${this.#resend}
        >
          ${
            activity === 'sending'
              ? this.words.workingOn
              : wait > 0
                ? code.resendIn(wait)
                : code.resend
          }
        </button>
        <span class="soft">${code.resendText}</span>
      </p>
    `;
  }

  #resend = async (): Promise<void> => {
    this.incomplete = false;
    await this.ceremony.sendCode();
    if (!this.ceremony.problem) await this.#startOver();
  };

  #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    // Full-width digits and spaces come from keyboards and from pasting.
    const digits = this.value.normalize('NFKC').replace(/\D/g, '');
    this.incomplete = !/^\d{6,8}$/.test(digits);
    if (this.incomplete) return this.querySelector<HTMLInputElement>('#code')?.focus();
    await this.ceremony.confirm(digits);
    const { problem } = this.ceremony;
    if (problem?.code === 'code-wrong') await this.#startOver();
    else if (problem && DEAD.includes(problem.code)) this.value = '';
  };

  async #startOver(): Promise<void> {
    this.value = '';
    await this.updateComplete;
    this.querySelector<HTMLInputElement>('#code')?.focus();
  }
}
customElements.define('mandate-code-step', CodeStep);
