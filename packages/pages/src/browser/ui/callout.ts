import { html, type TemplateResult } from 'lit';

export type Tone = 'plain' | 'warning' | 'bad' | 'good';

/** A framed remark. `id` names its title. */
export const callout = (
  tone: Tone,
  id: string,
  title: string,
  content: unknown,
): TemplateResult => html`
  <section class="callout ${tone}" aria-labelledby=${id}>
    <strong id=${id}>${title}</strong>
    ${typeof content === 'string' ? html`<p>${content}</p>` : content}
  </section>
`;
