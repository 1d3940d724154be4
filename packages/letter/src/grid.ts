import { GRAY, INK, LINE, SHADE } from './canvas.js';
import type { Lines, PageFlow } from './page-flow.js';

export interface Row {
  readonly label: string;
  readonly text: string;
}

export interface Table {
  readonly head: readonly string[];
  /** Relative column widths. */
  readonly weights: readonly number[];
  readonly rows: readonly (readonly string[])[];
}

interface RowLine {
  readonly cells: readonly { x: number; label: Lines; text: Lines; textWidth: number }[];
  readonly height: number;
}

const CELL = { x: 6, y: 4 } as const;
const RULE = { stroke: LINE, lineWidth: 0.5 } as const;

/** A grid or table up to this height, in points, is not split over two pages. */
const KEEP_TOGETHER = 260;

/** Labels and texts in a ruled grid; two short neighbours share a line. */
export function drawRows(flow: PageFlow, rows: readonly Row[]): void {
  const { left, width, labelWidth } = flow;
  const style = { size: flow.bodySize };
  flow.need(rowsKeep(flow, rows));
  for (const { cells, height } of layOutRows(flow, rows)) {
    flow.need(height);
    const bottom = flow.y - height;
    const top = flow.y - CELL.y;
    for (const { x, label, text, textWidth } of cells) {
      flow.page.box(x, bottom, labelWidth, height, { fill: SHADE });
      flow.page.line(x + labelWidth, bottom, x + labelWidth, flow.y, 0.5);
      if (x > left) flow.page.line(x, bottom, x, flow.y, 0.5);
      flow.drawLines(label, x + CELL.x, top, 0, { ...style, color: GRAY });
      flow.drawLines(text, x + labelWidth + CELL.x, top, textWidth, style);
    }
    flow.page.box(left, bottom, width, height, RULE);
    flow.y = bottom;
  }
  flow.gap(3);
}

/** The height that must be free where a grid begins, for a heading that must stay with it. */
export const rowsKeep = (flow: PageFlow, rows: readonly Row[]): number =>
  Math.min(
    layOutRows(flow, rows).reduce((sum, line) => sum + line.height, 0),
    KEEP_TOGETHER,
  );

function layOutRows(flow: PageFlow, rows: readonly Row[]): RowLine[] {
  const { font, labelWidth, bodySize: size } = flow;
  const half = flow.width / 2;
  const isShort = (row: Row | undefined): boolean =>
    row !== undefined &&
    font.width(row.label, size) <= labelWidth - 2 * CELL.x &&
    font.width(row.text, size) <= half - labelWidth - 2 * CELL.x;
  const lines: RowLine[] = [];
  for (let i = 0; i < rows.length;) {
    const count = isShort(rows[i]) && isShort(rows[i + 1]) ? 2 : 1;
    const textWidth = flow.width / count - labelWidth - 2 * CELL.x;
    const cells = rows.slice(i, i + count).map((row, column) => ({
      x: flow.left + column * half,
      label: flow.layOut(row.label, labelWidth - 2 * CELL.x, { size }),
      text: flow.layOut(row.text, textWidth, { size }),
      textWidth,
    }));
    const heights = cells.flatMap(({ label, text }) => [label.height, text.height]);
    lines.push({ cells, height: Math.max(...heights) + 2 * CELL.y });
    i += count;
  }
  return lines;
}

/** A ruled table; where it goes over pages the head is drawn again on each. */
export function drawTable(flow: PageFlow, table: Table): void {
  const widths = columnWidths(flow, table);
  const drawRow = (cells: readonly string[], isHead: boolean): void => {
    const { laid, height } = layOutCells(flow, cells, widths);
    if (!isHead && !flow.hasRoom(height)) {
      flow.newPage();
      drawRow(table.head, true);
      flow.need(height);
    }
    const bottom = flow.y - height;
    if (isHead) flow.page.box(flow.left, bottom, flow.width, height, { fill: SHADE });
    flow.page.box(flow.left, bottom, flow.width, height, RULE);
    let x = flow.left;
    laid.forEach((cell, i) => {
      if (i > 0) flow.page.line(x, bottom, x, flow.y, 0.5);
      const style = { size: flow.bodySize, color: isHead ? GRAY : INK };
      flow.drawLines(cell, x + CELL.x, flow.y - CELL.y, 0, style);
      x += widths[i]!;
    });
    flow.y = bottom;
  };
  flow.need(tableKeep(flow, table));
  drawRow(table.head, true);
  for (const row of table.rows) drawRow(row, false);
  flow.gap(3);
}

/** The height that must be free where a table begins: all of it, or its head and one row. */
export function tableKeep(flow: PageFlow, table: Table): number {
  const widths = columnWidths(flow, table);
  const heights = [table.head, ...table.rows].map(
    (cells) => layOutCells(flow, cells, widths).height,
  );
  const total = heights.reduce((sum, height) => sum + height, 0);
  return total <= KEEP_TOGETHER ? total : heights[0]! + (heights[1] ?? 0);
}

function columnWidths(flow: PageFlow, { weights }: Table): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (flow.width * weight) / total);
}

function layOutCells(
  flow: PageFlow,
  cells: readonly string[],
  widths: readonly number[],
): { laid: Lines[]; height: number } {
  const style = { size: flow.bodySize };
  const laid = cells.map((cell, i) => flow.layOut(cell, widths[i]! - 2 * CELL.x, style));
  return { laid, height: Math.max(...laid.map((cell) => cell.height)) + 2 * CELL.y };
}
