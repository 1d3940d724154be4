import { html, type TemplateResult } from 'lit';
import { problemText } from '../../src/pages/words/index.js';
import type { IdentityOption } from '../signing-view.js';
import { StepElement } from '../step-element.js';
import { callout } from '@mandate/pages/browser/ui/callout';
import { disclosure } from '@mandate/pages/browser/ui/disclosure';

/** Step `identity`: only where the template asks who somebody is. Says what is asked, of whom, and what is kept. */
class IdentityStep extends StepElement {
  static override properties = {
    ...StepElement.properties,
    chosen: { state: true },
    value: { state: true },
    faulty: { state: true },
  };
  /** The check whose field is open. */
  declare private chosen: string | undefined;
  /** What was typed; survives a failed request. */
  declare private value: string;
  declare private faulty: boolean;
  protected readonly place = 'identity';

  constructor() {
    super();
    this.value = '';
    this.faulty = false;
  }

  protected override render(): TemplateResult {
    const { identity } = this.words;
    const view = this.ceremony.view!;
    const steps = view.identity?.steps ?? [];
    const at = steps.findIndex(({ missing }) => missing > 0);
    const here = steps[at];
    return html`
      <h1 tabindex="-1">${identity.title}</h1>
      <p class="lead">${identity.lead(view.institution.name)}</p>
      ${steps.length > 1 ? html`<p class="soft">${identity.step(at + 1, steps.length)}</p>` : ''}
      ${
        here && here.options.length > here.missing
          ? html`<p>${identity.choose(here.missing)}</p>`
          : ''
      }
      ${here ? this.#options(here.options) : ''}
      ${callout('plain', 'no-picture-title', identity.noPictureTitle, identity.noPicture)}
    `;
  }

  /** The first that can be taken stands open; what stands in for it is a tap away. */
  #options(options: readonly IdentityOption[]): TemplateResult {
    const usable = ({ available, check }: IdentityOption): boolean =>
      available && check !== 'institution';
    const [first, ...others] = [
      ...options.filter(usable),
      ...options.filter((option) => !usable(option)),
    ];
    return html`${first ? this.#option(first) : ''}
    ${
      others.length > 0
        ? disclosure(
            this.words.identity.another,
            html`${others.map((option) => this.#option(option))}`,
          )
        : ''
    }`;
  }

  #option(option: IdentityOption): TemplateResult {
    const { identity } = this.words;
    const { check, provider, state } = option;
    const { title, text } = identity.checks[check];
    const note = {
      open: '',
      matched: identity.done,
      failed: identity.failed,
    }[state];
    return html`<section class="card form" data-check=${check} aria-labelledby="check-${check}">
      <h2 id="check-${check}" class="label">${title}</h2>
      <p>${text}</p>
      ${provider && !provider.simulated ? html`<p class="soft">${identity.asked(provider.operator)}</p>` : ''}
      ${
        provider?.simulated
          ? html`<p class="obstacle" data-simulated>${identity.simulated}</p>`
          : ''
      }
      ${note ? html`<p><strong>${note}</strong></p>` : ''}
      ${state === 'matched' ? '' : this.#act(option)}
    </section>`;
  }

  #act({ check, input, available }: IdentityOption): TemplateResult {
    const { identity, workingOn } = this.words;
    if (!available || check === 'institution')
      return check === 'institution' ? html`` : html`<p class="soft">${identity.unavailable}</p>`;
    const { activity, problem } = this.ceremony;
    const tries = problem?.code === 'identity-failed' ? problem.facts.triesLeft : undefined;
    const mine = this.chosen === check;
    return html`<form
      class="form"
      novalidate
      @submit=${(event: Event) => this.#submit(event, check, input)}
    >
      ${input === 'none' ? '' : this.#field(check, input, mine)}
      ${
        mine && problem?.code === 'identity-failed'
          ? html`<p class="obstacle" role="alert" data-refused>
              ${problemText(this.words, problem.code)}
              ${tries === undefined ? '' : identity.triesLeft(tries)}
            </p>`
          : ''
      }
      <button class="button" type="submit" data-action="check" ?disabled=${activity !== undefined}>
        ${activity === 'asking' && mine ? workingOn : identity.begin}
      </button>
    </form>`;
  }

  #field(check: string, input: 'card' | 'credential', mine: boolean): TemplateResult {
    const { identity } = this.words;
    const card = input === 'card';
    const problem =
      mine && this.faulty ? (card ? identity.cardWrong : identity.credentialWrong) : '';
    return html`
      <label for="input-${check}">${card ? identity.card : identity.credential}</label>
      <input
        id="input-${check}"
        type="text"
        inputmode=${card ? 'numeric' : 'text'}
        autocomplete="off"
        autocorrect="off"
        spellcheck="false"
        maxlength=${card ? 24 : 512}
        required
        .value=${mine ? this.value : ''}
        @focus=${() => this.#open(check)}
        @input=${(event: Event) => (this.value = (event.target as HTMLInputElement).value)}
        aria-describedby="input-${check}-problem input-${check}-hint"
        aria-invalid=${problem !== ''}
      />
      <p id="input-${check}-problem" class="obstacle" role="alert">${problem}</p>
      <p id="input-${check}-hint" class="soft">
        ${card ? identity.cardHint : identity.credentialHint}
      </p>
    `;
  }

  #open(check: string): void {
    if (this.chosen === check) return;
    this.chosen = check;
    this.value = '';
    this.faulty = false;
  }

  #submit = async (event: Event, check: string, input: IdentityOption['input']): Promise<void> => {
    event.preventDefault();
    this.#open(check);
    const typed = this.value
      .normalize('NFKC')
      .replace(input === 'card' ? /[\s-]/g : /^\s+|\s+$/g, '');
    this.faulty =
      input === 'card'
        ? !isCardNumber(typed)
        : input === 'credential' && !/^[\x21-\x7e]{1,512}$/.test(typed);
    if (this.faulty) return this.querySelector<HTMLInputElement>(`#input-${check}`)?.focus();
    await this.ceremony.checkIdentity(check, input === 'none' ? undefined : typed);
    // A card number is not kept on the screen either.
    if (!this.ceremony.problem) this.value = '';
  };
}
customElements.define('mandate-identity-step', IdentityStep);

/** ISO/IEC 7812-1: 12 to 19 digits, the last one by Luhn's rule. */
function isCardNumber(text: string): boolean {
  if (!/^\d{12,19}$/.test(text)) return false;
  const sum = [...text].reverse().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
