import { DomainError } from '@mandate/core';
import { Canvas, NAVY, type TextStyle } from './canvas.js';
import type { FontUse } from './font-use.js';
import { breakLines } from './line-breaks.js';

export const A4 = { width: 595.28, height: 841.89 } as const;
const MARGIN = { left: 58, right: 58, top: 54, bottom: 62 } as const;
const PAGE_ROOM = A4.height - MARGIN.top - MARGIN.bottom;
const LEADING = 1.58;

export interface ParagraphStyle extends TextStyle {
  readonly indent?: number;
  readonly leading?: number;
  readonly gapAfter?: number;
}

export interface FlowOptions {
  /** Chinese lines are justified, English ones are ragged. */
  readonly justify: boolean;
  readonly bodySize?: number;
  /** Width of the label column of a grid, in points. */
  readonly labelWidth?: number;
}

/** A text broken to a width. */
export interface Lines {
  readonly lines: readonly string[];
  readonly leading: number;
  readonly height: number;
}

/**
 * Sets blocks one under another on A4 pages. A block never crosses a page, so that every text stands
 * on one page in one piece; tables break between rows. Throws `text-overflow`, `glyph-missing`.
 */
export class PageFlow {
  readonly pages: Canvas[] = [];
  readonly left = MARGIN.left;
  readonly right = A4.width - MARGIN.right;
  readonly width = A4.width - MARGIN.left - MARGIN.right;
  readonly bodySize: number;
  readonly labelWidth: number;
  /** Top of the free room on the current page. */
  y = 0;

  constructor(
    readonly font: FontUse,
    readonly options: FlowOptions,
  ) {
    this.bodySize = options.bodySize ?? 9.5;
    this.labelWidth = options.labelWidth ?? 92;
    this.newPage();
  }

  get page(): Canvas {
    return this.pages.at(-1)!;
  }

  newPage(): void {
    this.pages.push(new Canvas(this.font, A4.width, A4.height));
    this.y = A4.height - MARGIN.top;
  }

  /** Makes sure that `height` points are free, on a new page if need be. */
  need(height: number): void {
    if (this.hasRoom(height)) return;
    if (height > PAGE_ROOM) throw new DomainError('text-overflow', 'a block is higher than a page');
    this.newPage();
  }

  hasRoom(height: number): boolean {
    return this.y - height >= MARGIN.bottom;
  }

  gap(points: number): void {
    this.y -= points;
  }

  /** Under a heading, on a page of its own. */
  fitsPage(height: number): boolean {
    return this.headingRoom + height <= PAGE_ROOM;
  }

  /** What a heading takes with the gaps around it. */
  get headingRoom(): number {
    return (this.bodySize + 1.5) * 2.6;
  }

  /** `keepWith` is the height that must follow on the same page. */
  heading(text: string, keepWith = 40): void {
    const size = this.bodySize + 1.5;
    this.need(this.headingRoom + keepWith);
    this.gap(size * 0.9);
    const baseline = this.y - size;
    this.page.box(this.left, baseline - 1.5, 3, size + 1, { fill: NAVY });
    this.page.text(text, this.left + 9, baseline, { size, bold: true, color: NAVY });
    this.y = baseline - size * 0.7;
  }

  paragraph(text: string, style: Partial<ParagraphStyle> = {}): void {
    const set = { size: this.bodySize, ...style };
    const { indent = 0 } = set;
    // The indent is white space on the first line only: laid out as a narrower first line.
    const block = this.layOut(text, this.width, set, indent);
    this.need(block.height);
    this.drawLines(block, this.left, this.y, this.width, set, indent);
    this.y -= block.height + (set.gapAfter ?? 4);
  }

  /** Throws `text-overflow` when a line cannot be broken to the width. */
  layOut(text: string, width: number, style: Partial<ParagraphStyle>, indent = 0): Lines {
    const size = style.size ?? this.bodySize;
    const measure = (part: string): number => this.font.width(part, size);
    const first = indent > 0 ? this.firstLine(text, width - indent, measure) : '';
    const rest = breakLines(text.slice(first.length).trimStart(), width, measure);
    if (!rest) throw new DomainError('text-overflow', 'a text does not fit in its column');
    const lines = first === '' ? rest : [first.trimEnd(), ...rest.filter((line) => line !== '')];
    const leading = style.leading ?? size * LEADING;
    return { lines, leading, height: lines.length * leading };
  }

  private firstLine(text: string, width: number, measure: (text: string) => number): string {
    const lines = breakLines(text, width, measure);
    if (!lines) throw new DomainError('text-overflow', 'a text does not fit in its column');
    return lines[0] ?? '';
  }

  /** `y` is the top of the block. Lines but the last are justified to `width` when that is asked for. */
  drawLines(block: Lines, x: number, y: number, width: number, style: TextStyle, indent = 0): void {
    block.lines.forEach((line, i) => {
      const start = i === 0 ? indent : 0;
      const last = i === block.lines.length - 1;
      const slack = width - start - this.font.width(line, style.size);
      const count = [...line].length - 1;
      const justify = this.options.justify && !last && width > 0 && count > 0;
      const spacing = justify && slack > 0 && slack < style.size * 2.5 ? slack / count : 0;
      const baseline = y - this.firstBaseline(style.size, block.leading) - i * block.leading;
      this.page.text(line, x + start, baseline, { ...style, spacing });
    });
  }

  /** From the top of a line to its base line, so that Chinese glyphs stand in the middle. */
  firstBaseline(size: number, leading: number): number {
    return (leading - size) / 2 + size * 0.86;
  }
}
