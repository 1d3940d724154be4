import { html, type TemplateResult } from 'lit';
import { setWords, type SetWords } from '../../src/pages/words/set-words.js';
import type { Language } from '../../src/pages/words/index.js';
import type { Ceremony } from '../ceremony.js';
import type { SetLetterView } from '../signing-view.js';

const list = (
  said: SetWords,
  letters: readonly SetLetterView[],
  row: (letter: SetLetterView, n: number) => { mark: string; text: string; action?: unknown },
): TemplateResult =>
  html`<ol class="card set-list" aria-label=${said.label}>
    ${letters.map((letter, i) => {
      const { mark, text, action = '' } = row(letter, i + 1);
      return html`<li data-choice=${letter.choice} data-state=${letter.state} class=${mark}>
        <p class="set-title">${i + 1}. ${letter.title}</p>
        <p>
          <strong class="set-mark ${mark}">${text}</strong>
          <span class="soft number">${letter.letterNumber}</span>
        </p>
        ${action}
      </li>`;
    })}
  </ol>`;

/** Before the code: what was accepted and what was refused, each to be looked at again. */
export function setSummary(ceremony: Ceremony, language: Language): TemplateResult | '' {
  const { view, activity } = ceremony;
  if (!view?.set) return '';
  const { letters } = view.set;
  const said = setWords(language);
  const accepted = letters.filter(({ choice }) => choice === 'accepted').length;
  return html`<section class="set-summary" aria-labelledby="set-summary">
    <h2 id="set-summary">${said.summary(accepted, letters.length)}</h2>
    <p>${view.challenge ? said.summaryFinal : said.summaryText}</p>
    ${list(said, letters, (letter, n) => ({
      mark: letter.choice,
      text: said.choice[letter.choice],
      action: ['requested', 'presented', 'challenged'].includes(letter.state)
        ? html`<button
            class="button quiet"
            type="button"
            data-action="open-letter"
            ?disabled=${activity !== undefined}
            @click=${() => void ceremony.openLetter(letter.authorization)}
          >
            ${said.change}<span class="visually-hidden"> ${n}. ${letter.title}</span>
          </button>`
        : '',
    }))}
  </section>`;
}

/** While it is signed, and after: what became of each letter, and the copy of each that is signed. */
export function setOutcome(ceremony: Ceremony, language: Language): TemplateResult | '' {
  const { view } = ceremony;
  if (!view?.set) return '';
  const said = setWords(language);
  const { letters } = view.set;
  const signed = letters.filter(({ state }) => state === 'released').length;
  const done = view.step === 'done';
  return html`
    ${
      done
        ? html`<p class="lead">${said.done(signed, letters.length)}</p>
            <p>${said.doneText}</p>`
        : ''
    }
    ${list(said, letters, (letter) => {
      const became = outcomeOf(letter);
      return {
        mark: became === 'signed' ? 'accepted' : became === 'waiting' ? 'open' : became,
        text: said.state[became],
        action:
          done && became === 'signed'
            ? html`<a
                class="button secondary"
                href="/v1/signing/copy?visit=${view.visit}&authorization=${letter.authorization}"
                download="${letter.letterNumber}.pdf"
              >
                ${said.copy}<span class="visually-hidden">
                  ${letter.title} ${letter.letterNumber}
                </span>
              </a>`
            : '',
      };
    })}
  `;
}

/** Which letter is being signed just now. */
export const setProgress = (ceremony: Ceremony, language: Language): TemplateResult | '' => {
  const { view, signing } = ceremony;
  return view?.set && signing > 0
    ? html`<p class="lead" role="status">
        ${setWords(language).signing(signing, view.set.letters.length)}
      </p>`
    : '';
};

function outcomeOf({ choice, state, waiting }: SetLetterView): keyof SetWords['state'] {
  if (state === 'released') return 'signed';
  if (state === 'failed' || state === 'lapsed') return 'failed';
  if (choice === 'refused') return 'refused';
  return waiting ? 'waiting' : 'unsigned';
}
