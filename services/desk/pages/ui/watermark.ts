import { html, type TemplateResult } from 'lit';

const LINES = 60;

/** Content over a ground that says again and again who reads it; screen readers hear it once, above. */
export const watermark = (text: string, content: TemplateResult): TemplateResult => html`
  <div class="watermarked">
    <div class="watermark" aria-hidden="true">
      ${Array.from({ length: LINES }, () => html`<span>${text}　${text}　${text}</span>`)}
    </div>
    <div class="watermarked-content">${content}</div>
  </div>
`;
