import { GRAY, INK, LINE, SHADE, type PageFlow } from '@mandate/letter';

export interface NotedTable {
  readonly head: readonly string[];
  /** Relative column widths. */
  readonly weights: readonly number[];
  /** The note stands under the cells over the whole width: a digest is too long for a column. */
  readonly rows: readonly { readonly cells: readonly string[]; readonly note: string }[];
}

const PAD = { x: 6, y: 3 };

/** A table whose rows have a second line; the head is drawn again on every page. */
export function drawNotedTable(flow: PageFlow, { head, weights, rows }: NotedTable): void {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const widths = weights.map((weight) => (flow.width * weight) / total);
  const size = flow.bodySize;
  const small = { size: size - 0.5, color: GRAY };
  const leading = size * 1.4;

  const drawRow = (cells: readonly string[], note: string | undefined): void => {
    const laid = cells.map((cell, i) =>
      flow.layOut(cell, widths[i]! - 2 * PAD.x, { size, leading }),
    );
    const upper = Math.max(...laid.map((cell) => cell.height));
    const below = note === undefined ? undefined : flow.layOut(note, flow.width - 2 * PAD.x, small);
    const height = upper + (below?.height ?? 0) + 2 * PAD.y;
    if (note !== undefined && !flow.hasRoom(height)) {
      flow.newPage();
      drawRow(head, undefined);
    }
    const bottom = flow.y - height;
    flow.page.box(flow.left, bottom, flow.width, height, {
      ...(note === undefined ? { fill: SHADE } : {}),
      stroke: LINE,
      lineWidth: 0.5,
    });
    let x = flow.left + PAD.x;
    laid.forEach((cell, i) => {
      const color = note === undefined ? GRAY : INK;
      flow.drawLines(cell, x, flow.y - PAD.y, 0, { size, color });
      x += widths[i]!;
    });
    if (below) flow.drawLines(below, flow.left + PAD.x, flow.y - PAD.y - upper, 0, small);
    flow.y = bottom;
  };
  flow.need(4 * size * 1.6 + 4 * PAD.y);
  drawRow(head, undefined);
  for (const { cells, note } of rows) drawRow(cells, note);
  flow.gap(3);
}
