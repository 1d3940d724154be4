import type { LetterBlock, LetterContent } from './letter-content.js';

/** A part of the letter as structured text; every one has a title. */
export interface LetterSection {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly LetterBlock[];
}

/**
 * The whole letter as text, from the content that the PDF is drawn from: the accessible form shows the same
 * words in the same order, and nothing else.
 */
export function letterSections(content: LetterContent): LetterSection[] {
  const { clauses, signature } = content;
  const paragraph = (text: string): LetterBlock => ({ kind: 'paragraph', text });
  return [
    {
      id: 'letter',
      title: content.title,
      blocks: [{ kind: 'rows', rows: content.header }, paragraph(content.preamble)],
    },
    {
      id: 'clauses',
      title: clauses.heading,
      blocks: [
        paragraph(clauses.note),
        ...clauses.items.map(({ number, text }) => paragraph(`${number} ${text}`)),
      ],
    },
    ...content.sections.map(({ id, heading, blocks }) => ({ id, title: heading, blocks })),
    {
      id: 'signature',
      title: signature.heading,
      blocks: [{ kind: 'rows', rows: signature.rows }, paragraph(signature.notice)],
    },
  ];
}
