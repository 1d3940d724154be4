import fontkit from '@pdf-lib/fontkit';
import { DomainError, sha256 } from '@mandate/core';
import { PDFString, type PDFContext, type PDFRef } from 'pdf-lib';
import subsetFont from 'subset-font';
import { requireGlyphs, type FontFace } from './font-face.js';

/**
 * The characters one document uses of a face, and how it names them. Each *code point* gets its own
 * CID, in order of first use, so that 金 and ⾦, which share a glyph, stay apart in extracted text.
 */
export class FontUse {
  readonly #cids = new Map<number, number>();

  constructor(readonly face: FontFace) {}

  /** Width in points. */
  width(text: string, size: number): number {
    let sum = 0;
    for (const character of text) sum += this.face.advance(character.codePointAt(0)!);
    return (sum * size) / 1000;
  }

  /** Two-byte codes in hex, for `<…> Tj` under Identity-H. Throws `glyph-missing`. */
  encode(text: string): string {
    requireGlyphs(this.face, text);
    let hex = '';
    for (const character of text) {
      const codePoint = character.codePointAt(0)!;
      let cid = this.#cids.get(codePoint);
      if (cid === undefined) this.#cids.set(codePoint, (cid = this.#cids.size + 1));
      hex += hex16(cid);
    }
    return hex;
  }

  /**
   * Writes the font objects for everything encoded so far: a TrueType subset made by harfbuzz (pdf-lib's
   * own subsetter loses Chinese glyphs), a CID-to-glyph map and a ToUnicode map by code point.
   */
  async embed(context: PDFContext): Promise<PDFRef> {
    const codePoints = [...this.#cids.keys()];
    const program = await subset(this.face, codePoints);
    const font = fontkit.create(program);
    const glyphs = new Uint8Array(2 * (codePoints.length + 1));
    codePoints.forEach((codePoint, i) => {
      const glyph = font.glyphForCodePoint(codePoint).id;
      if (glyph === 0) throw new DomainError('internal', 'the subset lost a glyph');
      glyphs[2 * i + 2] = glyph >> 8;
      glyphs[2 * i + 3] = glyph & 0xff;
    });
    const name = `${subsetTag(program)}+${this.face.postScriptName}`;
    const file = context.register(context.flateStream(program, { Length1: program.length }));
    const descriptor = context.register(
      context.obj({
        Type: 'FontDescriptor',
        FontName: name,
        Flags: 4,
        FontBBox: [...this.face.boundingBox],
        ItalicAngle: 0,
        Ascent: this.face.ascent,
        Descent: this.face.descent,
        CapHeight: this.face.capHeight,
        StemV: 80,
        FontFile2: file,
      }),
    );
    const descendant = context.register(
      context.obj({
        Type: 'Font',
        Subtype: 'CIDFontType2',
        BaseFont: name,
        CIDSystemInfo: {
          Registry: PDFString.of('Adobe'),
          Ordering: PDFString.of('Identity'),
          Supplement: 0,
        },
        FontDescriptor: descriptor,
        DW: 1000,
        W: [1, codePoints.map((codePoint) => Math.round(this.face.advance(codePoint)))],
        CIDToGIDMap: context.register(context.flateStream(glyphs)),
      }),
    );
    return context.register(
      context.obj({
        Type: 'Font',
        Subtype: 'Type0',
        BaseFont: name,
        Encoding: 'Identity-H',
        DescendantFonts: [descendant],
        ToUnicode: context.register(context.flateStream(toUnicode(codePoints))),
      }),
    );
  }
}

async function subset(face: FontFace, codePoints: number[]): Promise<Uint8Array> {
  const text = [...codePoints].sort((a, b) => a - b).map((c) => String.fromCodePoint(c));
  const program = await subsetFont(Buffer.from(face.bytes.buffer), text.join(''), {
    targetFormat: 'truetype',
    noLayoutClosure: true,
    noHinting: true,
    dropTables: ['GSUB', 'GPOS', 'GDEF', 'BASE', 'VORG', 'vhea', 'vmtx', 'STAT', 'name', 'DSIG'],
  });
  return new Uint8Array(program);
}

/** Six capitals in front of a subset's name (ISO 32000-1 §9.6.4), here from its own bytes. */
const subsetTag = (program: Uint8Array): string =>
  String.fromCharCode(...[...sha256(program).subarray(0, 6)].map((byte) => 65 + (byte % 26)));

/** ToUnicode CMap (ISO 32000-1 §9.10.3), one entry per CID; at most 100 entries per block. */
function toUnicode(codePoints: number[]): string {
  const entries = codePoints.map((codePoint, i) => {
    const units = String.fromCodePoint(codePoint);
    const target = [...Array(units.length).keys()].map((k) => hex16(units.charCodeAt(k))).join('');
    return `<${hex16(i + 1)}> <${target}>`;
  });
  const blocks: string[] = [];
  for (let i = 0; i < entries.length; i += 100) {
    const block = entries.slice(i, i + 100);
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`);
  }
  return [
    '/CIDInit /ProcSet findresource begin',
    '12 dict begin',
    'begincmap',
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
    '/CMapName /Adobe-Identity-UCS def',
    '/CMapType 2 def',
    '1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange',
    ...blocks,
    'endcmap',
    'CMapName currentdict /CMap defineresource pop',
    'end\nend',
  ].join('\n');
}

const hex16 = (n: number): string => n.toString(16).toUpperCase().padStart(4, '0');
