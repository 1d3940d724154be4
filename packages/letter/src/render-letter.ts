import { utf8 } from '@mandate/core';
import {
  cleanText,
  letterContent,
  printedTexts,
  termsDigest,
  termsText,
  type LetterBlock,
  type LetterContent,
  type Terms,
} from '@mandate/terms';
import { Canvas, GRAY, INK, LINE, NAVY } from './canvas.js';
import { writeDocument, type EmptySignatureField } from './document.js';
import { loadFontFace, requireGlyphs } from './font-face.js';
import { FontUse } from './font-use.js';
import { drawFramedList } from './framed-list.js';
import { drawRows, drawTable, rowsKeep, tableKeep } from './grid.js';
import { DRAWING_WORDS } from './letter-words.js';
import { breakLines } from './line-breaks.js';
import { A4, PageFlow, type Lines } from './page-flow.js';
import { qrModules } from './qr-modules.js';

/** Name of the empty signature field. ISO 32000-1 §12.7.3.2 forbids a period in a partial name. */
export const SIGNATURE_FIELD = 'MandateSubject';
/** The associated file with the canonical terms. */
export const TERMS_FILE = 'terms.json';
/** Changes whenever the same terms would give other bytes. */
export const RENDERER = 'mandate-letter/v1';

/**
 * The letter of these terms: PDF 1.7 with PDF/A-3B structure, the canonical terms associated, one
 * empty signature field. Same terms and title, same bytes.
 * Throws `glyph-missing`, `text-overflow`, `text-forbidden-character`.
 */
export const renderLetter = (terms: Terms, title: string): Promise<Uint8Array> =>
  render(terms, title, false);

/** The same for a reader's eyes: marked as a sample on every page, without a field to sign or terms to use. */
export const renderSample = (terms: Terms, title: string): Promise<Uint8Array> =>
  render(terms, title, true);

const SAMPLE_MARK = '样张 SAMPLE';

async function render(terms: Terms, title: string, sample: boolean): Promise<Uint8Array> {
  const content = letterContent(terms, cleanText(title, 'title'));
  const face = await loadFontFace();
  // Before anything is drawn, over everything that will be.
  requireGlyphs(face, printedTexts(content).join(''));

  const words = DRAWING_WORDS[content.language];
  // Latin letters look larger than Chinese ones of the same size, and English needs more of them.
  const layout =
    content.language === 'zh'
      ? { justify: true, bodySize: 9.5, labelWidth: 92 }
      : { justify: false, bodySize: 9, labelWidth: 122 };
  const flow = new PageFlow(new FontUse(face), layout);
  drawLetterhead(flow, content, `${terms.verifyUrl}#${terms.lookupCode}`);
  flow.paragraph(content.preamble, { indent: indentOf(flow, content), gapAfter: 8 });
  drawFramedList(flow, content.clauses);
  const signature = layOutSignature(flow, content);
  drawSections(flow, content, flow.headingRoom + signature.height);
  const field = drawSignature(flow, content, signature);
  drawFooters(flow, terms.letterNumber, words.page);
  if (sample) for (const page of flow.pages) page.watermark(SAMPLE_MARK, 86);

  return writeDocument(flow.pages, {
    title: content.title,
    language: content.language,
    renderer: RENDERER,
    at: terms.issuedAt,
    seed: termsDigest(terms),
    ...(sample
      ? {}
      : {
          field,
          attachment: {
            name: TERMS_FILE,
            description: words.attachment,
            bytes: utf8(termsText(terms)),
            mime: 'application/json',
          },
        }),
  });
}

const indentOf = (flow: PageFlow, content: LetterContent): number =>
  content.language === 'zh' ? 2 * flow.bodySize : 0;

const QR_SIDE = 60;

function drawLetterhead(flow: PageFlow, content: LetterContent, address: string): void {
  const { page, font, left, right } = flow;
  const top = flow.y;
  const words = DRAWING_WORDS[content.language];

  page.modules(qrModules(address), right - QR_SIDE, top - QR_SIDE, QR_SIDE);
  const scanWidth = font.width(words.scan, 7);
  page.text(words.scan, right - QR_SIDE / 2 - scanWidth / 2, top - QR_SIDE - 9, {
    size: 7,
    color: GRAY,
  });

  const room = flow.width - QR_SIDE - 24;
  const name = flow.layOut(content.institution, room, { size: 10.5 });
  flow.drawLines(name, left, top + 3, 0, { size: 10.5, color: NAVY, bold: true });
  const size = content.language === 'zh' ? 21 : 16;
  const heading = balanced(flow, content.title, room, { size, leading: size * 1.25 });
  flow.drawLines(heading, left, top - name.height - 6, 0, { size, bold: true });

  const depth = Math.max(QR_SIDE + 16, name.height + heading.height + 14);
  flow.y = top - depth;
  page.line(left, flow.y, right, flow.y, 1.6, NAVY);
  page.line(left, flow.y - 3, right, flow.y - 3, 0.5, NAVY);
  flow.gap(8);
  drawHeaderRows(flow, content);
}

/** In as few lines as the room allows, as long as each other: no single word is left for the last one. */
function balanced(
  flow: PageFlow,
  text: string,
  room: number,
  style: { size: number; leading: number },
): Lines {
  const measure = (part: string): number => flow.font.width(part, style.size);
  const fewest = breakLines(text, room, measure)?.length;
  let width = room;
  for (let narrower = room; narrower > room / 2; narrower -= style.size / 2) {
    if (breakLines(text, narrower, measure)?.length !== fewest) break;
    width = narrower;
  }
  return flow.layOut(text, width, style);
}

/** Number, references and time in two columns under the rule. */
function drawHeaderRows(flow: PageFlow, content: LetterContent): void {
  const style = { size: 8.5 };
  const half = flow.width / 2;
  for (let i = 0; i < content.header.length; i += 2) {
    const pair = content.header.slice(i, i + 2).map(({ label, text }) => {
      const labelWidth = flow.font.width(`${label}  `, style.size);
      return { label, labelWidth, text: flow.layOut(text, half - labelWidth - 8, style) };
    });
    const height = Math.max(...pair.map((item) => item.text.height));
    pair.forEach(({ label, labelWidth, text }, column) => {
      const x = flow.left + column * half;
      const baseline = flow.y - flow.firstBaseline(style.size, text.leading);
      flow.page.text(label, x, baseline, { ...style, color: GRAY });
      flow.drawLines(text, x + labelWidth, flow.y, 0, style);
    });
    flow.y -= height;
  }
  flow.gap(8);
}

/** Above a paragraph that explains a table, and below a paragraph, points. */
const TABLE_GAP = 4;
const PARAGRAPH_GAP = 4;

/** `signatureRoom` stands on the page of the last section: nobody signs on a page that says nothing. */
function drawSections(flow: PageFlow, content: LetterContent, signatureRoom: number): void {
  const indent = indentOf(flow, content);
  for (const section of content.sections) {
    const keep = keepOf(flow, section.blocks[0]!, indent);
    const last = section === content.sections.at(-1) && section.blocks.length === 1;
    const together = keep + PARAGRAPH_GAP + signatureRoom;
    flow.heading(section.heading, last && flow.fitsPage(together) ? together : keep);
    for (const [i, block] of section.blocks.entries()) {
      if (block.kind === 'paragraph' && section.blocks[i - 1]?.kind === 'table')
        flow.gap(TABLE_GAP);
      if (block.kind === 'paragraph') flow.paragraph(block.text, { indent });
      else if (block.kind === 'rows') drawRows(flow, block.rows);
      else drawTable(flow, block);
    }
  }
}

function keepOf(flow: PageFlow, block: LetterBlock, indent: number): number {
  if (block.kind === 'rows') return rowsKeep(flow, block.rows);
  if (block.kind === 'table') return tableKeep(flow, block);
  return flow.layOut(block.text, flow.width, {}, indent).height;
}

const FIELD = { width: 176, height: 66 };

const PAD = 12;

/** Rows and notice of the signature, laid out; `height` is that of their frame. */
function layOutSignature(flow: PageFlow, { signature }: LetterContent) {
  const style = { size: flow.bodySize };
  const noteStyle = { size: flow.bodySize - 1, color: GRAY };
  const room = flow.width - FIELD.width - 3 * PAD;
  const labelWidth =
    Math.max(...signature.rows.map((row) => flow.font.width(row.label, style.size))) + 10;
  const rows = signature.rows.map((row) => ({
    label: row.label,
    text: flow.layOut(row.text, room - labelWidth, style),
  }));
  const notice = flow.layOut(signature.notice, flow.width - 2 * PAD, noteStyle);
  const rowsHeight = rows.reduce((sum, row) => sum + row.text.height + 2, 0);
  const upper = Math.max(rowsHeight, FIELD.height) + 2 * PAD;
  return { style, noteStyle, labelWidth, rows, notice, upper, height: upper + notice.height + PAD };
}

/** Rows and notice on the left, the field on the right, all in one frame on one page. */
function drawSignature(
  flow: PageFlow,
  content: LetterContent,
  laid: ReturnType<typeof layOutSignature>,
): EmptySignatureField {
  const { style, noteStyle, labelWidth, rows, notice, upper, height } = laid;
  flow.heading(content.signature.heading, height);
  const { page, left, right } = flow;
  const bottom = flow.y - height;
  page.box(left, bottom, flow.width, height, { stroke: NAVY, lineWidth: 0.8 });
  let y = flow.y - PAD;
  for (const row of rows) {
    const baseline = y - flow.firstBaseline(style.size, row.text.leading);
    page.text(row.label, left + PAD, baseline, { ...style, color: GRAY });
    flow.drawLines(row.text, left + PAD + labelWidth, y, 0, style);
    y -= row.text.height + 2;
  }
  const ruleY = flow.y - upper;
  page.line(left + PAD, ruleY + 4, right - PAD, ruleY + 4, 0.5, LINE);
  flow.drawLines(notice, left + PAD, ruleY, flow.width - 2 * PAD, noteStyle);

  const x = right - PAD - FIELD.width;
  const fieldTop = flow.y - PAD;
  flow.y = bottom;
  return {
    name: SIGNATURE_FIELD,
    page: flow.pages.length - 1,
    rectangle: [x, fieldTop - FIELD.height, x + FIELD.width, fieldTop],
    appearance: drawStamp(flow, content),
  };
}

/** The field's appearance. It stands there before anybody signs, so it must not say that somebody has. */
function drawStamp(flow: PageFlow, content: LetterContent): Canvas {
  const { width, height } = FIELD;
  const stamp = new Canvas(flow.font, width, height);
  stamp.box(0.75, 0.75, width - 1.5, height - 1.5, { stroke: NAVY, lineWidth: 1.5 });
  stamp.box(4, 4, width - 8, height - 8, { stroke: LINE, lineWidth: 0.5 });
  const sizes = [13, 8.5, 8.5];
  let y = height - 25;
  content.signature.stamp.forEach((text, i) => {
    const size = sizes[i] ?? 8.5;
    const x = (width - flow.font.width(text, size)) / 2;
    stamp.text(text, x, y, { size, bold: i === 0, color: i === 0 ? NAVY : INK });
    y -= i === 0 ? 17 : 13;
  });
  return stamp;
}

function drawFooters(
  flow: PageFlow,
  letterNumber: string,
  pageWords: (n: number, total: number) => string,
): void {
  const size = 8;
  flow.pages.forEach((page, i) => {
    page.line(flow.left, 44, flow.right, 44, 0.5, LINE);
    page.text(letterNumber, flow.left, 32, { size, color: GRAY });
    const text = pageWords(i + 1, flow.pages.length);
    page.text(text, A4.width - flow.left - flow.font.width(text, size), 32, { size, color: GRAY });
  });
}
