import { DomainError } from '@mandate/core';
import { Canvas, GRAY, INK, LINE, NAVY, SHADE, type TextStyle } from './canvas.js';
import type { FontUse } from './font-use.js';
import { breakLines } from './line-breaks.js';

export const A4 = { width: 595.28, height: 841.89 } as const;
const MARGIN = { left: 58, right: 58, top: 54, bottom: 62 } as const;
const LEADING = 1.58;
const CELL = { x: 6, y: 4 } as const;

export interface ParagraphStyle extends TextStyle {
  readonly indent?: number;
  readonly leading?: number;
  readonly gapAfter?: number;
}

export interface FlowOptions {
  /** Chinese lines are justified, English ones are ragged. */
  readonly justify: boolean;
  readonly bodySize?: number;
  /** Width of the label column of `rows`, in points. */
  readonly labelWidth?: number;
}

interface Lines {
  readonly lines: readonly string[];
  readonly leading: number;
  readonly height: number;
}

export interface Row {
  readonly label: string;
  readonly text: string;
}

interface RowLine {
  readonly cells: readonly { x: number; label: Lines; text: Lines; textWidth: number }[];
  readonly height: number;
}

const sumOf = (lines: readonly { height: number }[]): number =>
  lines.reduce((sum, line) => sum + line.height, 0);

/** A grid up to this height is not split over two pages. */
const KEEP_TOGETHER = 260;

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
    if (this.y - height >= MARGIN.bottom) return;
    if (height > A4.height - MARGIN.top - MARGIN.bottom)
      throw new DomainError('text-overflow', 'a block is higher than a page');
    this.newPage();
  }

  gap(points: number): void {
    this.y -= points;
  }

  /** `keepWith` is the height that must follow on the same page. */
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

  /**
   * Labels and texts in a ruled grid, kept on one page where they fit; two short neighbours share a line.
   */
  rows(rows: readonly Row[], labelWidth = this.labelWidth): void {
    const lines = this.layOutRows(rows, labelWidth);
    this.need(this.rowsKeep(rows, labelWidth));
    for (const { cells, height } of lines) {
      this.need(height);
      const bottom = this.y - height;
      const top = this.y - CELL.y;
      for (const { x, label, text, textWidth } of cells) {
        this.page.box(x, bottom, labelWidth, height, { fill: SHADE });
        this.page.line(x + labelWidth, bottom, x + labelWidth, this.y, 0.5);
        if (x > this.left) this.page.line(x, bottom, x, this.y, 0.5);
        const style = { size: this.bodySize };
        this.drawLines(label, x + CELL.x, top, 0, { ...style, color: GRAY });
        this.drawLines(text, x + labelWidth + CELL.x, top, textWidth, style);
      }
      this.page.box(this.left, bottom, this.width, height, { stroke: LINE, lineWidth: 0.5 });
      this.y = bottom;
    }
    this.gap(3);
  }

  /** The height that must be free where a grid begins, for a heading that must stay with it. */
  rowsKeep(rows: readonly Row[], labelWidth = this.labelWidth): number {
    return Math.min(sumOf(this.layOutRows(rows, labelWidth)), KEEP_TOGETHER);
  }

  private layOutRows(rows: readonly Row[], labelWidth: number): RowLine[] {
    const style = { size: this.bodySize };
    const half = this.width / 2;
    const isShort = (row: Row | undefined): boolean =>
      row !== undefined &&
      this.font.width(row.label, this.bodySize) <= labelWidth - 2 * CELL.x &&
      this.font.width(row.text, this.bodySize) <= half - labelWidth - 2 * CELL.x;
    const lines: RowLine[] = [];
    for (let i = 0; i < rows.length;) {
      const count = isShort(rows[i]) && isShort(rows[i + 1]) ? 2 : 1;
      const textWidth = this.width / count - labelWidth - 2 * CELL.x;
      const cells = rows.slice(i, i + count).map((row, column) => ({
        x: this.left + column * half,
        label: this.layOut(row.label, labelWidth - 2 * CELL.x, style),
        text: this.layOut(row.text, textWidth, style),
        textWidth,
      }));
      const heights = cells.flatMap(({ label, text }) => [label.height, text.height]);
      lines.push({ cells, height: Math.max(...heights) + 2 * CELL.y });
      i += count;
    }
    return lines;
  }

  /** A ruled table, kept on one page where it fits; else the head is drawn again on each new page. */
  table(
    head: readonly string[],
    weights: readonly number[],
    rows: readonly (readonly string[])[],
  ): void {
    const widths = this.columnWidths(weights);
    const drawRow = (cells: readonly string[], isHead: boolean): void => {
      const { laid, height } = this.layOutCells(cells, widths);
      if (!isHead && this.y - height < MARGIN.bottom) {
        this.newPage();
        drawRow(head, true);
        this.need(height);
      }
      const bottom = this.y - height;
      if (isHead) this.page.box(this.left, bottom, this.width, height, { fill: SHADE });
      this.page.box(this.left, bottom, this.width, height, { stroke: LINE, lineWidth: 0.5 });
      let x = this.left;
      laid.forEach((cell, i) => {
        if (i > 0) this.page.line(x, bottom, x, this.y, 0.5);
        const style = { size: this.bodySize, color: isHead ? GRAY : INK };
        this.drawLines(cell, x + CELL.x, this.y - CELL.y, 0, style);
        x += widths[i]!;
      });
      this.y = bottom;
    };
    this.need(this.tableKeep(head, weights, rows));
    drawRow(head, true);
    for (const row of rows) drawRow(row, false);
    this.gap(3);
  }

  /** The height that must be free where a table begins: all of it, or its head and one row. */
  tableKeep(
    head: readonly string[],
    weights: readonly number[],
    rows: readonly (readonly string[])[],
  ): number {
    const widths = this.columnWidths(weights);
    const heights = [head, ...rows].map((cells) => this.layOutCells(cells, widths).height);
    const total = heights.reduce((sum, height) => sum + height, 0);
    return total <= KEEP_TOGETHER ? total : heights[0]! + (heights[1] ?? 0);
  }

  private columnWidths(weights: readonly number[]): number[] {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => (this.width * weight) / total);
  }

  private layOutCells(
    cells: readonly string[],
    widths: readonly number[],
  ): { laid: Lines[]; height: number } {
    const style = { size: this.bodySize };
    const laid = cells.map((cell, i) => this.layOut(cell, widths[i]! - 2 * CELL.x, style));
    return { laid, height: Math.max(...laid.map((cell) => cell.height)) + 2 * CELL.y };
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
