import { DomainError } from '@mandate/core';
import { beijingMoment } from '@mandate/terms';
import {
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFName,
  PDFRef,
  PDFStream,
  type PDFContext,
  type PDFPage,
} from 'pdf-lib';
import { Canvas, type Color } from './canvas.js';
import { loadFontFace, type FontFace } from './font-face.js';
import { FontUse } from './font-use.js';

/** Who looked at what, when and why: what a copy tells about itself on every page. */
export interface CopyMarks {
  /** Name of the member of staff. */
  readonly reader: string;
  readonly at: Date;
  /** As people say it, e.g. `C-2026-000123`. */
  readonly caseNumber: string;
  /** Of the entry in the access register. */
  readonly access: string;
  readonly language: 'zh' | 'en';
}

const WORDS = {
  zh: {
    notEvidence: '查阅用副本，不是证据原件',
    reader: '查阅人',
    case: '案件',
    access: '登记号',
    title: '查阅用副本',
  },
  en: {
    notEvidence: 'Copy for viewing, not the evidence',
    reader: 'Read by',
    case: 'case',
    access: 'register',
    title: 'Copy for viewing',
  },
} as const;

const PALE: Color = [0.9, 0.74, 0.74];
const STRONG: Color = [0.6, 0.1, 0.1];
/** Points; between the slanted lines, and from the edge of the sheet to the lines along it. */
const STEP = 190;
const EDGE = 11;

/**
 * The letter's pages with who, when and for which case across and along each of them, and the words that this is not
 * the evidence: without signature, attachment or form, so that nobody takes it for the original. `letter` stays as it
 * is. Characters the font lacks stand as code points. Throws `invalid-request` for what is not a PDF with pages.
 */
export async function stampCopy(letter: Uint8Array, marks: CopyMarks): Promise<Uint8Array> {
  const original = await PDFDocument.load(letter.slice(), { updateMetadata: false }).catch(
    (cause: unknown) => {
      throw new DomainError('invalid-request', 'this is not a PDF', { cause });
    },
  );
  original.getPages().forEach(flatten);
  const copy = await PDFDocument.create({ updateMetadata: false });
  const face = await loadFontFace();
  const font = new FontUse(face);
  const pages = await copy.copyPages(original, original.getPageIndices());
  const canvases = pages.map((page) => drawMarks(page, font, fit(marks, face)));
  const resources = { Font: { F1: await font.embed(copy.context) } };
  pages.forEach((page, i) => {
    copy.addPage(page);
    overlay(copy.context, page, canvases[i]!, resources);
  });
  copy.setTitle(WORDS[marks.language].title);
  return copy.save({
    useObjectStreams: false,
    addDefaultPage: false,
    updateFieldAppearances: false,
  });
}

function drawMarks(page: PDFPage, font: FontUse, marks: CopyMarks): Canvas {
  const { width, height } = page.getSize();
  const words = WORDS[marks.language];
  const canvas = new Canvas(font, width, height);
  const when = `${beijingMoment(marks.at).slice(0, 16)} UTC+8`;
  const across = `${words.notEvidence} · ${marks.reader} · ${when} · ${marks.caseNumber}`;
  // Read aloud it is said once at each edge.
  canvas.artifact(() => {
    for (let y = -width; y < height; y += STEP)
      canvas.slanted(across, 0, y, { size: 16, color: PALE, stroke: 0.35 });
  });
  const line = (text: string, y: number): void => {
    const size = Math.min(8, (8 * (width - 2 * EDGE)) / font.width(text, 8));
    canvas.text(text, EDGE, y, { size, color: STRONG });
  };
  line(across, height - EDGE - 8);
  line(
    [
      words.notEvidence,
      `${words.reader} ${marks.reader}`,
      when,
      `${words.case} ${marks.caseNumber}`,
      `${words.access} ${marks.access}`,
    ].join(' · '),
    EDGE,
  );
  return canvas;
}

/** What the fields of a page show becomes part of the page; fields and remarks themselves go. */
function flatten(page: PDFPage): void {
  const { node } = page;
  const { context } = node;
  const annotations = node.lookupMaybe(PDFName.of('Annots'), PDFArray);
  const drawn: string[] = [];
  for (const annotation of annotations?.asArray() ?? []) {
    const dictionary = context.lookupMaybe(annotation, PDFDict);
    const appearance = dictionary?.lookupMaybe(PDFName.of('AP'), PDFDict)?.get(PDFName.of('N'));
    const rectangle = dictionary?.lookupMaybe(PDFName.of('Rect'), PDFArray)?.asRectangle();
    if (!rectangle || !(appearance instanceof PDFRef)) continue;
    if (!(context.lookup(appearance) instanceof PDFStream)) continue;
    const name = node.newXObject('Shown', appearance);
    drawn.push(`q 1 0 0 1 ${rectangle.x} ${rectangle.y} cm ${name.toString()} Do Q`);
  }
  node.delete(PDFName.of('Annots'));
  if (drawn.length > 0) append(context, page, drawn.join('\n'));
}

function overlay(
  context: PDFContext,
  page: PDFPage,
  canvas: Canvas,
  resources: Record<string, unknown>,
): void {
  const form = context.flateStream(canvas.content(), {
    Type: 'XObject',
    Subtype: 'Form',
    BBox: [0, 0, canvas.width, canvas.height],
    Resources: resources as never,
  });
  const name = page.node.newXObject('Marks', context.register(form));
  append(context, page, `q ${name.toString()} Do Q`);
}

/** After what the page draws already, whose settings end with it. */
function append(context: PDFContext, page: PDFPage, operators: string): void {
  const stream = (text: string): PDFRef => context.register(context.flateStream(text));
  page.node.normalize();
  if (!page.node.wrapContentStreams(stream('q'), stream('Q'))) return;
  page.node.addContentStream(stream(operators));
  // an empty one, which `normalize` makes
  page.node.delete(PDFName.of('Annots'));
}

/** What the font lacks, by its code point. */
const fit = (marks: CopyMarks, face: FontFace): CopyMarks => ({
  ...marks,
  reader: [...marks.reader]
    .map((it) =>
      face.hasGlyph(it.codePointAt(0)!)
        ? it
        : `<U+${it.codePointAt(0)!.toString(16).toUpperCase()}>`,
    )
    .join(''),
});
