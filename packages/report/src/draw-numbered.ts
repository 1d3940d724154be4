import { GRAY, type PageFlow } from '@mandate/letter';

const NUMBER_WIDTH = 18;

/** Sentences one under another, numbered. */
export function drawNumbered(flow: PageFlow, items: readonly string[]): void {
  const size = flow.bodySize;
  items.forEach((item, i) => {
    const lines = flow.layOut(item, flow.width - NUMBER_WIDTH, { size });
    flow.need(lines.height);
    flow.page.text(`${i + 1}.`, flow.left, flow.y - flow.firstBaseline(size, lines.leading), {
      size,
      color: GRAY,
    });
    flow.drawLines(lines, flow.left + NUMBER_WIDTH, flow.y, flow.width - NUMBER_WIDTH, { size });
    flow.y -= lines.height + 2;
  });
  flow.gap(2);
}
