import { GRAY, INK, LINE, NAVY, type Color } from '@mandate/letter';
import { beijingDay, beijingMoment } from '@mandate/terms';
import type { Sheet } from './render-report.js';
import type { TimelinePoint } from './report.js';
import { timelineModel } from './timeline-model.js';
import { timelineWord } from './words/timeline-word.js';

const TIME_WIDTH = 116;
const RAIL = TIME_WIDTH + 18;
const ROW = 24;
/** Points on one page; a longer line goes on with the last point of the one before. */
const MOST = 24;
const WINDOW: Color = [0.86, 0.91, 0.97];
const WHITE: Color = [1, 1, 1];

/** The moments on a line from top to bottom, the life of the scene certificate as a band beside it. */
export function drawTimeline(sheet: Sheet): void {
  const { flow, report, words } = sheet;
  const { timeline } = report;
  if (timeline.length === 0) {
    flow.paragraph(words.noTrail, { color: GRAY });
    return;
  }
  flow.paragraph(words.timeline.note, { color: GRAY });
  for (let i = 0; i < timeline.length; i += MOST)
    drawStretch(sheet, timeline.slice(Math.max(0, i - 1), i + MOST));
}

function drawStretch({ flow, report, words }: Sheet, points: readonly TimelinePoint[]): void {
  const height = points.length * ROW + 8;
  flow.need(height);
  const { page, left } = flow;
  const size = flow.bodySize;
  const top = flow.y - 12;
  const yOf = (i: number): number => top - i * ROW;
  const { certificate } = report.facts;
  const validity = certificate && { from: certificate.notBefore, until: certificate.notAfter };
  const { rows, spans } = timelineModel(
    points,
    validity ? [{ what: 'certificate', ...validity }] : [],
  );
  for (const { from, until, fromRow, untilRow } of spans) {
    const [high, low] = [yOf(fromRow) + 4, yOf(untilRow) - 4];
    page.box(left + RAIL - 9, low, 18, high - low, { fill: WINDOW });
    const label = `${words.timeline.validity} ${clock(from)}–${clock(until!)}`;
    const width = flow.font.width(label, size - 1.5);
    page.text(label, flow.right - width, (high + low) / 2 - 3, {
      size: size - 1.5,
      color: NAVY,
    });
    page.line(flow.right - width - 6, low, flow.right - width - 6, high, 1.2, WINDOW);
  }
  page.line(left + RAIL, yOf(0), left + RAIL, yOf(points.length - 1), 1.2, NAVY);
  rows.forEach(({ at, what, by, gap: since }, i) => {
    const y = yOf(i);
    const proven = by === 'timestamp';
    page.text(`${day(at)} ${clock(at)}`, left, y - size * 0.36, {
      size,
      color: proven ? INK : GRAY,
    });
    page.box(left + RAIL - 3.2, y - 3.2, 6.4, 6.4, {
      fill: proven ? NAVY : WHITE,
      stroke: NAVY,
      lineWidth: 1.1,
    });
    const label = timelineWord(words, what);
    page.text(label, left + RAIL + 15, y - size * 0.36, { size, bold: proven });
    if (since !== null) {
      const gap = words.timeline.gap(since);
      const small = size - 2;
      page.text(gap, left + RAIL + 15, y + ROW / 2 - small * 0.36, { size: small, color: GRAY });
    }
  });
  page.line(
    left,
    top - (points.length - 1) * ROW - 9,
    flow.right,
    top - (points.length - 1) * ROW - 9,
    0.4,
    LINE,
  );
  flow.y -= height + 4;
}

const day = (at: string): string => beijingDay(new Date(at));
/** With milliseconds where there are any. */
function clock(at: string): string {
  const moment = new Date(at);
  const milliseconds = moment.toISOString().slice(19, 23);
  return beijingMoment(moment).slice(11) + (milliseconds === '.000' ? '' : milliseconds);
}
