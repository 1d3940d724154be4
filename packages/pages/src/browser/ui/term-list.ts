import { html, type TemplateResult } from 'lit';

export interface Term {
  readonly label: unknown;
  readonly text: unknown;
  readonly id?: string;
}

/** Labels and what belongs to them, one under the other. `lang` where it is not the page's. */
export const termList = (
  terms: readonly Term[],
  lang = '',
  kind: '' | 'key-terms' = '',
): TemplateResult => html`
  <dl class="card terms ${kind}" lang=${lang || document.documentElement.lang}>
    ${terms.map(
      (term) =>
        html`<div data-term=${term.id ?? ''}>
          <dt>${term.label}</dt>
          <dd>${term.text}</dd>
        </div>`,
    )}
  </dl>
`;
