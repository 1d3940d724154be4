import { GRAY, NAVY, SHADE } from './canvas.js';
import type { PageFlow } from './page-flow.js';

export interface FramedList {
  readonly heading: string;
  readonly note: string;
  readonly items: readonly { readonly number: string; readonly text: string }[];
}

const NUMBER_WIDTH = 16;

/** A shaded frame with numbered items in heavy type, for what must not be overlooked. */
export function drawFramedList(flow: PageFlow, list: FramedList): void {
  const { left, width, bodySize: size } = flow;
  const inner = width - 26;
  const noteStyle = { size: size - 1, color: GRAY };
  const note = flow.layOut(list.note, inner, noteStyle);
  const items = list.items.map((item) => ({
    number: item.number,
    lines: flow.layOut(item.text, inner - NUMBER_WIDTH, { size }),
  }));
  const itemsHeight = items.reduce((sum, { lines }) => sum + lines.height + 3, 0);
  const height = 22 + size * 1.9 + note.height + itemsHeight;
  flow.need(height);
  const { page } = flow;
  const bottom = flow.y - height;
  page.box(left, bottom, width, height, { fill: SHADE, stroke: NAVY });
  page.box(left, bottom, 4, height, { fill: NAVY });

  const x = left + 15;
  let y = flow.y - 9;
  page.text(list.heading, x, y - size - 1, { size: size + 1.5, bold: true, color: NAVY });
  y -= size * 1.9 + 3;
  flow.drawLines(note, x, y, inner, noteStyle);
  y -= note.height + 4;
  for (const { number, lines } of items) {
    const baseline = y - flow.firstBaseline(size, lines.leading);
    page.text(number, x, baseline, { size, bold: true, color: NAVY });
    flow.drawLines(lines, x + NUMBER_WIDTH, y, inner - NUMBER_WIDTH, { size, bold: true });
    y -= lines.height + 3;
  }
  flow.y = bottom - 6;
}
