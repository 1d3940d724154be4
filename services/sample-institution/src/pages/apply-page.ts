import { html } from './html.js';
import { layout } from './layout.js';
import { refusalWords, wordsOf, type Language } from './words.js';

export interface ApplyForm {
  readonly number: string;
  readonly name: string;
  readonly idNumber: string;
  readonly phone: string;
  readonly amount: number;
}

/** The application form; its number is drawn with it, so that sending it twice is one application. */
export function applyPage(page: {
  readonly language: Language;
  readonly form: ApplyForm;
  readonly amounts: readonly number[];
  /** Code with which the particulars were refused. */
  readonly refusal?: string;
}): string {
  const { language, form, refusal } = page;
  const words = wordsOf(language);
  const { apply } = words;
  const field = (name: 'name' | 'idNumber' | 'phone', mode: string) =>
    html`<label
      ><span>${apply[name]}</span>
      <input name="${name}" value="${form[name]}" inputmode="${mode}" required maxlength="60" />
    </label>`;
  return layout({
    language,
    title: apply.title,
    step: 1,
    self: '/',
    main: html`<h1>${apply.title}</h1>
      <p class="lead">${apply.lead}</p>
      ${refusal !== undefined && html`<p class="notice bad" role="alert">${refusalWords(language, refusal)}</p>`}
      <form method="post" action="/applications?language=${language}">
        <input type="hidden" name="number" value="${form.number}" />
        <fieldset class="amounts">
          <legend>${apply.amount}</legend>
          ${page.amounts.map(
            (amount) =>
              html`<label
                ><input
                  type="radio"
                  name="amount"
                  value="${amount}"
                  ${amount === form.amount ? html`checked` : ''}
                /><span>${amount.toLocaleString('en')} ${apply.yuan}</span></label
              >`,
          )}
        </fieldset>
        <p class="hint">${apply.madeUp}</p>
        ${field('name', 'text')} ${field('idNumber', 'text')} ${field('phone', 'tel')}
        <p class="hint">${apply.next}</p>
        <button type="submit">${apply.submit}</button>
      </form>`,
  });
}
