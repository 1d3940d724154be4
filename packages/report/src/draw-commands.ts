import { LINE, SHADE, type PageFlow } from '@mandate/letter';
import type { Command } from './repeat-commands.js';

const SIZE = 8;
const LEADING = 12.5;
const PAD = 8;

/** Commands in a shaded box, line by line as they are to be typed; a box never crosses a page. */
export function drawCommands(flow: PageFlow, commands: readonly Command[]): void {
  const lines = commands.flat();
  const height = lines.length * LEADING + 2 * PAD - 3;
  flow.need(height);
  const { page } = flow;
  page.box(flow.left, flow.y - height, flow.width, height, {
    fill: SHADE,
    stroke: LINE,
    lineWidth: 0.5,
  });
  lines.forEach((line, i) => {
    page.text(line, flow.left + PAD, flow.y - PAD - SIZE - i * LEADING + 1, { size: SIZE });
  });
  flow.y -= height;
  flow.gap(6);
}
