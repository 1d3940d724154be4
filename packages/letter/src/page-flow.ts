import { DomainError } from '@mandate/core';
import { Canvas, GRAY, INK, LINE, NAVY, SHADE, type TextStyle } from './canvas.js';
import type { FontUse } from './font-use.js';
import { breakLines } from './line-breaks.js';

export const A4 = { width: 595.28, height: 841.89 } as const;
const MARGIN = { left: 58, right: 58, top: 54, bottom: 62 } as const;
const LEADING = 1.62;
const CELL = { x: 6, y: 4.5 } as const;

export interface ParagraphStyle extends TextStyle {
  readonly indent?: number;
  readonly leading?: number;
  readonly gapAfter?: number;
}

export interface FlowOptions {
  /** Chinese lines are justified, English ones are ragged. */
  readonly justify: boolean;
  readonly bodySize?: number;
}

interface Lines {
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
  /** Top of the free room on the current page. */
  y = 0;

  constructor(
    readonly font: FontUse,
    readonly options: FlowOptions,
  ) {
    this.bodySize = options.bodySize ?? 9.5;
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
    if (this.y - height >= MARGIN.bottom) return;
    if (height > A4.height - MARGIN.top - MARGIN.bottom)
      throw new DomainError('text-overflow', 'a block is higher than a page');
    this.newPage();
  }

  gap(points: number): void {
    this.y -= points;
  }

  heading(text: string, keepWith = 40): void {
    const size = this.bodySize + 1.5;
    this.need(size * 2.6 + keepWith);
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

  /** Label and text side by side, in a ruled grid. */
  rows(rows: readonly { label: string; text: string }[], labelWidth = 92): void {
    const size = this.bodySize;
    for (const row of rows) {
      const label = this.layOut(row.label, labelWidth - 2 * CELL.x, { size });
      const text = this.layOut(row.text, this.width - labelWidth - 2 * CELL.x, { size });
      const height = Math.max(label.height, text.height) + 2 * CELL.y;
      this.need(height);
      const bottom = this.y - height;
      this.page.box(this.left, bottom, labelWidth, height, { fill: SHADE });
      this.page.box(this.left, bottom, this.width, height, { stroke: LINE, lineWidth: 0.5 });
      this.page.line(this.left + labelWidth, bottom, this.left + labelWidth, this.y, 0.5);
      this.drawLines(label, this.left + CELL.x, this.y - CELL.y, 0, { size, color: GRAY });
      this.drawLines(
        text,
        this.left + labelWidth + CELL.x,
        this.y - CELL.y,
        this.width - labelWidth - 2 * CELL.x,
        { size },
      );
      this.y = bottom;
    }
    this.gap(3);
  }

  /** A ruled table; the head is drawn again on each new page. */
  table(
    head: readonly string[],
    weights: readonly number[],
    rows: readonly (readonly string[])[],
  ): void {
    const size = this.bodySize;
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const widths = weights.map((weight) => (this.width * weight) / total);
    const drawRow = (cells: readonly string[], isHead: boolean): void => {
      const laid = cells.map((cell, i) => this.layOut(cell, widths[i]! - 2 * CELL.x, { size }));
      const height = Math.max(...laid.map((cell) => cell.height)) + 2 * CELL.y;
      if (!isHead && this.y - height < MARGIN.bottom) {
        this.need(height);
        drawRow(head, true);
      }
      const bottom = this.y - height;
      if (isHead) this.page.box(this.left, bottom, this.width, height, { fill: SHADE });
      this.page.box(this.left, bottom, this.width, height, { stroke: LINE, lineWidth: 0.5 });
      let x = this.left;
      laid.forEach((cell, i) => {
        if (i > 0) this.page.line(x, bottom, x, this.y, 0.5);
        const color = isHead ? GRAY : INK;
        this.drawLines(cell, x + CELL.x, this.y - CELL.y, 0, { size, color });
        x += widths[i]!;
      });
      this.y = bottom;
    };
    this.need(60);
    drawRow(head, true);
    for (const row of rows) drawRow(row, false);
    this.gap(3);
  }

  /** A shaded frame with numbered items, for what must not be overlooked. */
  framedList(
    heading: string,
    note: string,
    items: readonly { number: string; text: string }[],
  ): void {
    const size = this.bodySize;
    const inner = this.width - 26;
    const numberWidth = 16;
    const noteStyle = { size: size - 1, color: GRAY };
    const noteLines = this.layOut(note, inner, noteStyle);
    const laid = items.map((item) => this.layOut(item.text, inner - numberWidth, { size }));
    const height =
      12 + size * 1.9 + noteLines.height + 4 + laid.reduce((sum, l) => sum + l.height + 3, 0) + 6;
    this.need(height);
    const bottom = this.y - height;
    this.page.box(this.left, bottom, this.width, height, { fill: SHADE, stroke: NAVY });
    this.page.box(this.left, bottom, 4, height, { fill: NAVY });
    const x = this.left + 15;
    let y = this.y - 9;
    this.page.text(heading, x, y - size - 1, { size: size + 1.5, bold: true, color: NAVY });
    y -= size * 1.9 + 3;
    this.drawLines(noteLines, x, y, inner, noteStyle);
    y -= noteLines.height + 4;
    laid.forEach((lines, i) => {
      const first = y - this.firstBaseline(size, lines.leading);
      this.page.text(items[i]!.number, x, first, { size, bold: true, color: NAVY });
      this.drawLines(lines, x + numberWidth, y, inner - numberWidth, { size, bold: true });
      y -= lines.height + 3;
    });
    this.y = bottom - 6;
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
