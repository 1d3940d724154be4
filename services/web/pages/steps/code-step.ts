import { html, type TemplateResult } from 'lit';
import { problemText } from '../../src/pages/words/index.js';
import { setWordsFor } from '../../src/pages/words/set-words.js';
import { setProgress, setSummary } from '../sets/set-list.js';
import { clockTime, StepElement } from '../step-element.js';
import { callout } from '@mandate/pages/browser/ui/callout';
import { codeInput } from '../ui/code-input.js';
import { passkeyAlone, passkeyWithCode } from '../ui/passkey-actions.js';
import { isSigning, signingProgress } from '../ui/signing-progress.js';

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
  protected readonly place = 'code';
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
    if (isSigning(activity))
      return html`${signingProgress(this.words, activity)}
      ${setProgress(this.ceremony, this.language)}`;
    const pause = Date.parse(view?.pauseUntil ?? '') - this.ceremony.now();
    return html`
      <h1 tabindex="-1">
        ${pause > 0 ? this.words.pause.title : this.ceremony.needsCode ? code.title : this.words.passkey.title}
      </h1>
      ${setSummary(this.ceremony, this.language)}
      ${callout('warning', 'fraud-title', code.warningTitle, code.warning)}
      ${pause > 0 ? this.#pause(pause) : this.#ask()} ${view?.set ? '' : this.#back()}
    `;
  }

  #back(): TemplateResult {
    return html`<p>
      <button
        class="button quiet"
        type="button"
        data-action="back"
        ?disabled=${this.ceremony.activity !== undefined}
        @click=${() => this.ceremony.readAgain()}
      >
        ${this.words.code.readAgain}
      </button>
    </p>`;
  }

  #pause(milliseconds: number): TemplateResult {
    const { pause } = this.words;
    const seconds = Math.ceil(milliseconds / 1000);
    return html`<section class="card" data-pause>
      <p class="lead">${pause.text(clockTime(this.ceremony.view!.pauseUntil!, this.language))}</p>
      <p>${pause.why}</p>
      <p class="countdown" role="timer">
        ${pause.left(Math.floor(seconds / 60), String(seconds % 60).padStart(2, '0'))}
      </p>
    </section>`;
  }

  #ask(): TemplateResult {
    const { needsCode, view } = this.ceremony;
    if (!needsCode && !view?.challenge?.withCode)
      return passkeyAlone(this.ceremony, this.words, this.language);
    return view?.challenge ? this.#enter() : this.#send();
  }

  #send(): TemplateResult {
    const { code } = this.words;
    const { view, activity } = this.ceremony;
    return html`
      <p class="lead">${code.sendLead(view?.subject?.maskedPhone ?? '')}</p>
      <div class="onward">
        <button
          class="button"
          type="button"
          data-action="send"
          ?disabled=${activity !== undefined}
          @click=${() => void this.ceremony.sendCode()}
        >
          ${activity === 'sending' ? this.words.workingOn : code.send}
        </button>
        ${this.#call(0)}
      </div>
    `;
  }

  #enter(): TemplateResult {
    const { code } = this.words;
    const { activity, problem, view, codeBy } = this.ceremony;
    const challenge = view!.challenge!;
    const now = this.ceremony.now();
    const dead = now >= Date.parse(challenge.expiresAt) || DEAD.includes(problem?.code ?? '');
    const wait = Math.ceil((Date.parse(challenge.resendAt) - now) / 1000);
    const wrong = problem?.code === 'code-wrong';
    const tries = problem?.facts.triesLeft;
    const lead = codeBy === 'voice' ? code.calledLead : code.sentLead;
    return html`
      <p class="lead">${lead(challenge.maskedPhone)}</p>
      <form class="card form" novalidate @submit=${this.#submit}>
        <p>${code.compare} <strong class="check-code large">${challenge.checkCode}</strong></p>
        ${codeInput({
          id: 'code',
          label: code.label,
          hint: dead ? code.hintDead : code.hint(clockTime(challenge.expiresAt, this.language)),
          problem: this.incomplete
            ? code.incomplete
            : wrong
              ? problemText(this.words, problem.code) +
                (tries === undefined ? '' : ` ${code.triesLeft(tries)}`)
              : '',
          value: this.value,
          input: (value) => (this.value = value),
          maximum: 8,
          kind: 'one-time-code',
        })}
        ${
          this.ceremony.needsPasskey
            ? passkeyWithCode(this.ceremony, this.words, {
                dead,
                setUp: this.#setUp,
                language: this.language,
              })
            : html`<button
                  class="button"
                  type="submit"
                  aria-describedby="submit-text"
                  ?disabled=${activity !== undefined || dead}
                >
                  ${code.submit}
                </button>
                <p id="submit-text" class="soft">
                  ${view?.set ? setWordsFor(this.words).submitText : code.submitText}
                </p>`
        }
      </form>
      <section class="resend" aria-labelledby="resend-title">
        <h2 id="resend-title">${code.notReceived}</h2>
        <div class="onward">
          <button
            class="button secondary"
            type="button"
            data-action="resend"
            ?disabled=${activity !== undefined || wait > 0}
            @click=${() => void this.#again('sms')}
          >
            ${
              activity === 'sending'
                ? this.words.workingOn
                : wait > 0
                  ? code.resendIn(wait)
                  : code.resend
            }
          </button>
          ${this.#call(wait)}
        </div>
        <p class="soft">${code.resendText}</p>
      </section>
    `;
  }

  /** For whoever cannot read a message, or gets none. */
  #call(wait: number): TemplateResult | '' {
    const { code } = this.words;
    const { activity, view } = this.ceremony;
    if (!view?.voice) return '';
    return html`<button
        class="button secondary"
        type="button"
        data-action="call"
        aria-describedby="call-text"
        ?disabled=${activity !== undefined || wait > 0}
        @click=${() => void this.#again('voice')}
      >
        ${activity === 'calling' ? this.words.workingOn : code.call}
      </button>
      <p id="call-text" class="soft">${code.callText}</p>`;
  }

  async #again(by: 'sms' | 'voice'): Promise<void> {
    this.incomplete = false;
    await this.ceremony.sendCode(by);
    if (!this.ceremony.problem) await this.#startOver();
  }

  #submit = (event: Event): void => {
    event.preventDefault();
    void this.#withDigits((digits) => this.ceremony.answer(digits));
  };

  #setUp = (): void => void this.#withDigits((digits) => this.ceremony.setUpPasskey(digits));

  async #withDigits(act: (digits: string) => Promise<void>): Promise<void> {
    // Full-width digits and spaces come from keyboards and from pasting.
    const digits = this.value.normalize('NFKC').replace(/\D/g, '');
    this.incomplete = !/^\d{6,8}$/.test(digits);
    if (this.incomplete) return this.querySelector<HTMLInputElement>('#code')?.focus();
    await act(digits);
    const { problem } = this.ceremony;
    if (problem?.code === 'code-wrong') await this.#startOver();
    else if (problem && DEAD.includes(problem.code)) this.value = '';
  }

  async #startOver(): Promise<void> {
    this.value = '';
    await this.updateComplete;
    this.querySelector<HTMLInputElement>('#code')?.focus();
  }
}
customElements.define('mandate-code-step', CodeStep);
