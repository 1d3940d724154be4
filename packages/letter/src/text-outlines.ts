import fontkit from '@pdf-lib/fontkit';
import { DomainError, type MarkLine } from '@mandate/core';
import { loadFontFace, requireGlyphs } from './font-face.js';

let parsed: ReturnType<typeof fontkit.create> | undefined;

/**
 * A line of text as outlines of the letter's font, for pictures: whatever draws them needs no font of its own.
 * Throws `glyph-missing`.
 */
export async function textOutlines(text: string): Promise<MarkLine> {
  const face = await loadFontFace();
  requireGlyphs(face, text);
  const font = (parsed ??= fontkit.create(face.bytes));
  if (font.unitsPerEm !== 1000) throw new DomainError('internal', 'not the font this is made for');
  const glyphs: { path: string; x: number }[] = [];
  let x = 0;
  for (const character of text) {
    const glyph = font.glyphForCodePoint(character.codePointAt(0)!);
    glyphs.push({ path: glyph.path.toSVG(), x });
    x += glyph.advanceWidth;
  }
  return { glyphs, width: x };
}
