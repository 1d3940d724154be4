import { html, type TemplateResult } from 'lit';
import type { Words } from '../../src/pages/words/index.js';

/** Yes or no with equal weight, nothing chosen beforehand. */
export function choiceRow(choice: {
  words: Words;
  name: string;
  question: unknown;
  details: unknown;
  value: boolean | undefined;
  choose: (yes: boolean) => void;
}): TemplateResult {
  const { yes, no } = choice.words.clauses;
  const option = (accept: boolean): TemplateResult => html`
    <label class="option">
      <input
        type="radio"
        name=${choice.name}
        autocomplete="off"
        value=${accept ? 'yes' : 'no'}
        .checked=${choice.value === accept}
        @change=${() => choice.choose(accept)}
      />
      <span>${accept ? yes : no}</span>
    </label>
  `;
  return html`<fieldset
    class="card choice ${choice.value === undefined ? '' : 'decided'}"
    data-choice=${choice.name}
  >
    <legend>${choice.question}</legend>
    ${choice.details}
    <div class="options">${option(true)}${option(false)}</div>
  </fieldset>`;
}
