import { html, svg, type TemplateResult } from 'lit';

/** Pixels between lines, and of a sign: wide ones, others. */
const LINE = 44;
const WIDE = 15.5;
const NARROW = 8.5;

/**
 * Content over a ground that says again and again who reads it, however long it is; screen readers hear it once, above.
 */
export const watermark = (text: string, content: TemplateResult): TemplateResult => {
  const length = [...text].reduce((sum, sign) => sum + (sign > '\u2e7f' ? WIDE : NARROW), 60);
  // two lines a tile, the second half a mark on, so that every part of the page has one
  return html`
    <div class="watermarked">
      <svg class="watermark" width="100%" height="100%" aria-hidden="true">
        <defs>
          <pattern
            id="marks"
            width=${length}
            height=${2 * LINE}
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(-14)"
          >
            ${[0, -length / 2, length / 2].map((x) => svg`<text x=${x} y=${x === 0 ? LINE * 0.6 : LINE * 1.6}>${text}</text>`)}
          </pattern>
        </defs>
        <rect width="100%" height="100%" fill="url(#marks)"></rect>
      </svg>
      <div class="watermarked-content">${content}</div>
    </div>
  `;
};
