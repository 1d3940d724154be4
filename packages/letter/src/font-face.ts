import { readFile } from 'node:fs/promises';
import fontkit from '@pdf-lib/fontkit';
import { DomainError, sha256Hex } from '@mandate/core';

/** A font as the layout sees it. Lengths are in 1/1000 em. */
export interface FontFace {
  readonly postScriptName: string;
  readonly bytes: Uint8Array;
  readonly ascent: number;
  readonly descent: number;
  readonly capHeight: number;
  readonly boundingBox: readonly [number, number, number, number];
  hasGlyph(codePoint: number): boolean;
  advance(codePoint: number): number;
}

/** Noto Sans SC Regular 2.004, SIL Open Font License 1.1 (fonts/OFL.txt). */
const FONT_FILE = new URL('../fonts/NotoSansSC-Regular.ttf', import.meta.url);

/** Part of the renderer's identity: another font file would make other letters from the same terms. */
export const FONT_DIGEST = 'd45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16';

let loaded: Promise<FontFace> | undefined;

/** Read, checked and parsed once per process. Throws `internal` when the file is not the one we ship. */
export const loadFontFace = (): Promise<FontFace> => (loaded ??= readFace());

async function readFace(): Promise<FontFace> {
  const bytes = new Uint8Array(await readFile(FONT_FILE));
  if (sha256Hex(bytes) !== FONT_DIGEST)
    throw new DomainError('internal', 'the font file is not the one this renderer was built with');
  const font = fontkit.create(bytes);
  const scale = 1000 / font.unitsPerEm;
  const advances = new Map<number, number>();
  const glyphs = new Map<number, boolean>();
  const box = font.bbox;
  return {
    postScriptName: font.postscriptName ?? 'NotoSansSC-Regular',
    bytes,
    ascent: font.ascent * scale,
    descent: font.descent * scale,
    capHeight: font.capHeight * scale,
    boundingBox: [box.minX * scale, box.minY * scale, box.maxX * scale, box.maxY * scale],
    hasGlyph: (codePoint) => {
      let has = glyphs.get(codePoint);
      if (has === undefined) {
        has = font.hasGlyphForCodePoint(codePoint);
        glyphs.set(codePoint, has);
      }
      return has;
    },
    advance: (codePoint) => {
      let width = advances.get(codePoint);
      if (width === undefined) {
        width = font.glyphForCodePoint(codePoint).advanceWidth * scale;
        advances.set(codePoint, width);
      }
      return width;
    },
  };
}

/**
 * Refuses text that a face cannot draw: PDF writers draw an empty box for it without a word.
 * Throws `glyph-missing` naming the code point.
 */
export function requireGlyphs(face: FontFace, text: string): void {
  for (const character of text) {
    const codePoint = character.codePointAt(0)!;
    if (!face.hasGlyph(codePoint))
      throw new DomainError(
        'glyph-missing',
        `the font has no glyph for U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`,
      );
  }
}
