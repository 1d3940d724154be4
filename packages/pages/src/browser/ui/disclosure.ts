import { html, type TemplateResult } from 'lit';

/** More for whoever wants it; the summary is a full-size target. */
export const disclosure = (
  summary: unknown,
  content: unknown,
  open = false,
): TemplateResult => html`
  <details class="disclosure" ?open=${open}>
    <summary>${summary}</summary>
    <div class="disclosed">${content}</div>
  </details>
`;
