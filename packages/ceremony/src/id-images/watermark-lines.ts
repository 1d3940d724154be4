import { DomainError, type MarkLine } from '@mandate/core';
import { breakLines, loadFontFace, textOutlines } from '@mandate/letter';
import { formatDay, type Terms } from '@mandate/terms';

/** Em: longer lines would leave the picture before they are read. */
const LINE_WIDTH = 24;

/**
 * What stands over a picture of an identity document: who may use it, for what, under which letter and since when, and
 * that it is good for nothing else; in the letter's language. `source`: the name of the one it is shown to.
 * Throws `glyph-missing`.
 */
export async function watermarkLines(
  { institution, plain, letterNumber, language }: Terms,
  at: string,
  source?: string,
): Promise<MarkLine[]> {
  const day = formatDay(at, language);
  const texts =
    language === 'zh'
      ? [
          `仅供${institution.name}用于${plain.purpose}`,
          ...(source ? [`仅向${source}提供`] : []),
          `${letterNumber}　${day}　他用无效`,
        ]
      : [
          `Only for ${institution.name}: ${plain.purpose}`,
          ...(source ? [`Shown to ${source} only`] : []),
          `${letterNumber}  ${day}`,
          'Not valid for any other use',
        ];
  const face = await loadFontFace();
  const measure = (text: string): number =>
    [...text].reduce((sum, character) => sum + face.advance(character.codePointAt(0)!), 0);
  const lines = texts.flatMap((text) => breakLines(text, LINE_WIDTH * 1000, measure));
  return Promise.all(
    lines.map((line) => {
      if (line === null) throw new DomainError('internal', 'a letter wider than the line');
      return textOutlines(line);
    }),
  );
}
