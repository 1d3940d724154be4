import { html, type TemplateResult } from 'lit';
import type { LetterBlock, LetterSection } from './signing-view.js';

/** The letter as text that grows, wraps and is read aloud; tables become labelled lines. */
export const letterText = (
  sections: readonly LetterSection[],
  lang: string,
): TemplateResult => html`
  <article class="card letter-text" lang=${lang}>
    ${sections.map(
      (section, i) =>
        html`<section data-section=${section.id}>
          ${i === 0 ? html`<h2>${section.title}</h2>` : html`<h3>${section.title}</h3>`}
          ${section.blocks.map(blockView)}
        </section>`,
    )}
    <div class="letter-end" aria-hidden="true"></div>
  </article>
`;

function blockView(block: LetterBlock): TemplateResult {
  if (block.kind === 'paragraph') return html`<p>${block.text}</p>`;
  const groups =
    block.kind === 'rows'
      ? [block.rows]
      : block.rows.map((row) => row.map((text, i) => ({ label: block.head[i] ?? '', text })));
  return html`${groups.map(
    (rows) =>
      html`<dl class="letter-rows">
        ${rows.map(
          ({ label, text }) =>
            html`<div>
              <dt>${label}</dt>
              <dd>${text}</dd>
            </div>`,
        )}
      </dl>`,
  )}`;
}

/** The same for the ear. */
export const spokenLetter = (sections: readonly LetterSection[]): string[] =>
  sections.flatMap((section) => [
    `${section.title}。`,
    ...section.blocks.map((block) => {
      if (block.kind === 'paragraph') return block.text;
      const rows =
        block.kind === 'rows'
          ? block.rows.map(({ label, text }) => `${label}：${text}`)
          : block.rows.map((row) => row.join('，'));
      return `${rows.join('；')}。`;
    }),
  ]);
