import { html, type TemplateResult } from 'lit';
import { setWords } from '../../src/pages/words/set-words.js';
import { CeremonyElement } from '../step-element.js';

/** Under a letter of a set: refuse this one. It asks once, and says what follows. */
class RefuseLetter extends CeremonyElement {
  protected override render(): TemplateResult | '' {
    const { view, activity } = this.ceremony;
    const { set } = view ?? {};
    const letter = set?.letters[set.position - 1];
    if (!view || !set || !letter || letter.choice === 'refused') return '';
    const said = setWords(this.language);
    const others = set.letters.some((other) => other !== letter && other.choice === 'open');
    const consequence = view.keyTerms?.find(({ id }) => id === 'refuse')?.text;
    const late = letter.state === 'challenged';
    return html`<section class="refuse-letter">
        <button
          class="button secondary"
          type="button"
          data-action="refuse-letter"
          aria-describedby="refuse-letter-text"
          ?disabled=${activity !== undefined}
          @click=${this.#ask}
        >
          ${others ? said.refuse : said.refuseLast}
        </button>
        <p id="refuse-letter-text" class="soft">${said.refuseText}</p>
      </section>
      <dialog class="sheet" aria-labelledby="refuse-title">
        <h2 id="refuse-title" tabindex="-1">${said.ask.title}</h2>
        <p class="set-title">${letter.title}</p>
        ${
          letter.optional
            ? html`<p>${said.ask.optional}</p>`
            : html`<p>${said.ask.required}</p>
                <p class="callout" lang=${this.letterLang}>${consequence}</p>
                <p>${said.ask.others}</p>`
        }
        <p>${late ? said.ask.final : said.ask.untilCode}</p>
        <div class="actions">
          <button type="button" class="button danger" data-action="yes" @click=${this.#yes}>
            ${said.ask.yes}
          </button>
          <button type="button" class="button secondary" data-action="no" @click=${this.#close}>
            ${said.ask.no}
          </button>
        </div>
      </dialog>`;
  }

  get #dialog(): HTMLDialogElement {
    return this.querySelector('dialog')!;
  }

  #ask = (): void => {
    // WebViews without modal dialogs still show it, in place.
    if (this.#dialog.showModal) this.#dialog.showModal();
    else this.#dialog.setAttribute('open', '');
    this.#dialog.querySelector<HTMLElement>('h2')?.focus({ preventScroll: true });
  };

  #close = (): void => {
    if (this.#dialog.close) this.#dialog.close();
    else this.#dialog.removeAttribute('open');
  };

  #yes = (): void => {
    this.#close();
    void this.ceremony.refuseLetter();
  };
}
customElements.define('mandate-refuse-letter', RefuseLetter);
