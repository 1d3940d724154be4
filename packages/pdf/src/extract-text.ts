import { concat } from '@mandate/core/encoding';
import { contentOperations } from './content-operations.js';
import type { Inflate } from './filters.js';
import { fontDecoder, type FontDecoder } from './font-decoder.js';
import { readPages } from './pages.js';
import type { PdfFile } from './read-pdf.js';
import { overBudget, refuse } from './refusal.js';
import {
  isKind,
  isName,
  type PdfDict,
  type PdfObject,
  type PdfRef,
  type PdfValue,
} from './values.js';

/** a b c d e f of ISO 32000-1 §8.3.3. */
type Matrix = readonly [number, number, number, number, number, number];
const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

const MAX_OPERATIONS = 1_000_000;
/** A form drawn again is read again. */
const MAX_CONTENT_BYTES = 64 * 1024 * 1024;
/** Characters on one page; a ToUnicode map can make many of one code. */
const MAX_TEXT = 4_000_000;
/** In points; smaller steps are superscripts and rounding, not another line. */
const SAME_LINE = 1;

/**
 * Text of each page as drawn: shown strings in content order, a line feed where the baseline changes,
 * nothing else added (no spaces from positions). Forms drawn by `Do` are included, annotations are not.
 * Throws `format-pdf`, `budget-exceeded`, `unsupported-algorithm`.
 */
export function extractText(file: PdfFile, options: { inflate?: Inflate } = {}): string[] {
  file.allowInflate(options.inflate);
  const decoders = new Map<PdfDict, FontDecoder>();
  const spent = { operations: 0, bytes: 0 };
  return readPages(file).map((page) => {
    const drawing = new TextDrawing(file, decoders, spent);
    const parts = contentStreams(file, page.dict.entries.get('Contents'));
    drawing.run(parts, page.resources, IDENTITY, 0);
    return drawing.text;
  });
}

/** What one annotation shows. */
export interface AnnotationText {
  /** 0-based. */
  readonly page: number;
  /** Where it stands; undefined for one written into the page's list itself. */
  readonly ref: PdfRef | undefined;
  readonly dict: PdfDict;
  /** Of its normal appearance, as `extractText` reads pages; empty without one. */
  readonly text: string;
  /** The normal appearance is a stream and its only one. */
  readonly oneAppearance: boolean;
}

/**
 * Annotations of all pages in their order. Throws `format-pdf`, `budget-exceeded`, `unsupported-algorithm`.
 */
export function extractAnnotations(
  file: PdfFile,
  options: { inflate?: Inflate } = {},
): AnnotationText[] {
  file.allowInflate(options.inflate);
  const decoders = new Map<PdfDict, FontDecoder>();
  const spent = { operations: 0, bytes: 0 };
  return readPages(file).flatMap(({ dict }, page) => {
    const annotations = file.resolve(dict.entries.get('Annots'));
    if (annotations === null) return [];
    if (!isKind(annotations, 'array')) return refuse('/Annots is no array');
    return annotations.items.map((item): AnnotationText => {
      const annotation = file.resolve(item);
      if (!isKind(annotation, 'dict')) return refuse('an annotation is no dictionary');
      const appearances = file.dictAt(annotation, 'AP');
      const normal = appearances && file.resolve(appearances.entries.get('N'));
      const drawing = new TextDrawing(file, decoders, spent);
      if (isKind(normal ?? null, 'stream')) drawing.form(normal!);
      return {
        page,
        ref: isKind(item, 'ref') ? item : undefined,
        dict: annotation,
        text: drawing.text,
        oneAppearance: appearances?.entries.size === 1 && isKind(normal ?? null, 'stream'),
      };
    });
  });
}

/** Several streams read as one, with white space between them (§7.8.2). */
function contentStreams(file: PdfFile, contents: PdfValue | undefined): Uint8Array {
  const value = file.resolve(contents);
  if (value === null) return new Uint8Array(0);
  const items: readonly PdfObject[] = isKind(value, 'array') ? value.items : [value];
  const parts = items.map((item) => {
    const stream = file.resolve(item);
    return isKind(stream, 'stream') ? file.decode(stream) : refuse('page content is no stream');
  });
  return concat(...parts.flatMap((part) => [part, Uint8Array.of(10)]));
}

interface State {
  readonly ctm: Matrix;
  readonly decode: FontDecoder | undefined;
  readonly leading: number;
}

class TextDrawing {
  text = '';
  private baseline: number | undefined;

  constructor(
    private readonly file: PdfFile,
    private readonly decoders: Map<PdfDict, FontDecoder>,
    private readonly spent: { operations: number; bytes: number },
  ) {}

  run(content: Uint8Array, resources: PdfDict | undefined, ctm: Matrix, depth: number): void {
    if (depth > 16) overBudget('forms are nested too deeply');
    this.spent.bytes += content.length;
    if (this.spent.bytes > MAX_CONTENT_BYTES) overBudget('too much page content');
    let state: State = { ctm, decode: undefined, leading: 0 };
    const saved: State[] = [];
    let line: Matrix = IDENTITY;
    const nextLine = (x: number, y: number): void => {
      line = multiply([1, 0, 0, 1, x, y], line);
    };
    const show = (value: PdfValue | undefined): void => {
      if (!isKind(value, 'string')) return refuse('shown text is no string');
      if (!state.decode) return refuse('text is shown without a font');
      this.show(state.decode(value.bytes), multiply(line, state.ctm)[5]);
    };
    for (const { operator, operands } of contentOperations(content, this.file.budget)) {
      if (++this.spent.operations > MAX_OPERATIONS) overBudget('too many drawing operations');
      switch (operator) {
        case 'q':
          saved.push(state);
          break;
        case 'Q':
          state = saved.pop() ?? refuse('Q without q');
          break;
        case 'cm':
          state = { ...state, ctm: multiply(matrixOf(operands), state.ctm) };
          break;
        case 'BT':
          line = IDENTITY;
          break;
        case 'Tf':
          state = { ...state, decode: this.font(resources, operands[0]) };
          break;
        case 'TL':
          state = { ...state, leading: numberOf(operands[0]) };
          break;
        case 'Td':
          nextLine(numberOf(operands[0]), numberOf(operands[1]));
          break;
        case 'TD':
          state = { ...state, leading: -numberOf(operands[1]) };
          nextLine(numberOf(operands[0]), numberOf(operands[1]));
          break;
        case 'Tm':
          line = matrixOf(operands);
          break;
        case 'T*':
          nextLine(0, -state.leading);
          break;
        case 'Tj':
          show(operands[0]);
          break;
        case "'":
          nextLine(0, -state.leading);
          show(operands[0]);
          break;
        case '"':
          nextLine(0, -state.leading);
          show(operands[2]);
          break;
        case 'TJ':
          for (const item of itemsOf(operands[0])) if (!isKind(item, 'number')) show(item);
          break;
        case 'Do':
          this.drawForm(resources, operands[0], state.ctm, depth);
          break;
      }
    }
  }

  private show(text: string, baseline: number): void {
    if (this.baseline !== undefined && Math.abs(this.baseline - baseline) > SAME_LINE)
      this.text += '\n';
    this.baseline = baseline;
    this.text += text;
    if (this.text.length > MAX_TEXT) overBudget('too much text on a page');
  }

  private font(resources: PdfDict | undefined, name: PdfValue | undefined): FontDecoder {
    const font = this.resource(resources, 'Font', name);
    if (!isKind(font, 'dict')) return refuse('text in an unknown font');
    let decoder = this.decoders.get(font);
    if (!decoder) this.decoders.set(font, (decoder = fontDecoder(this.file, font)));
    return decoder;
  }

  private drawForm(
    resources: PdfDict | undefined,
    name: PdfValue | undefined,
    ctm: Matrix,
    depth: number,
  ): void {
    const form = this.resource(resources, 'XObject', name);
    if (!isKind(form, 'stream')) return refuse('an unknown object is drawn');
    if (!isName(this.file.resolve(form.dict.entries.get('Subtype')), 'Form')) return;
    this.form(form, resources, ctm, depth);
  }

  /** A form as drawn by `Do`, or an appearance, which is one. */
  form(form: PdfObject, resources?: PdfDict, ctm: Matrix = IDENTITY, depth = 0): void {
    if (!isKind(form, 'stream')) return refuse('an appearance is no stream');
    const matrix = this.file.resolve(form.dict.entries.get('Matrix'));
    const placed = isKind(matrix, 'array') ? multiply(matrixOf(matrix.items), ctm) : ctm;
    const own = this.file.dictAt(form.dict, 'Resources') ?? resources;
    this.run(this.file.decode(form), own, placed, depth + 1);
  }

  private resource(
    resources: PdfDict | undefined,
    kind: string,
    name: PdfValue | undefined,
  ): PdfObject {
    const group = resources && this.file.dictAt(resources, kind);
    return isKind(name, 'name') && group ? this.file.resolve(group.entries.get(name.value)) : null;
  }
}

function multiply(m: Matrix, n: Matrix): Matrix {
  return [
    m[0] * n[0] + m[1] * n[2],
    m[0] * n[1] + m[1] * n[3],
    m[2] * n[0] + m[3] * n[2],
    m[2] * n[1] + m[3] * n[3],
    m[4] * n[0] + m[5] * n[2] + n[4],
    m[4] * n[1] + m[5] * n[3] + n[5],
  ];
}

const numberOf = (value: PdfValue | undefined): number =>
  isKind(value, 'number') ? value.value : refuse('a number is missing in a content stream');

const itemsOf = (value: PdfValue | undefined): readonly PdfValue[] =>
  isKind(value, 'array') ? value.items : refuse('an array is missing in a content stream');

function matrixOf(operands: readonly PdfValue[]): Matrix {
  const [a, b, c, d, e, f] = operands.map(numberOf);
  if (operands.length !== 6) return refuse('a matrix needs six numbers');
  return [a!, b!, c!, d!, e!, f!];
}
