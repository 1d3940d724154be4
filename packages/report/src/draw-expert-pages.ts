import { drawTable, GRAY, INK, LINE, tableKeep, type PageFlow } from '@mandate/letter';
import {
  CLAIMS,
  claimText,
  notCheckedText,
  statusText,
  subIndicationText,
  type Status,
} from '@mandate/verify';
import { drawCommands } from './draw-commands.js';
import { drawNotedTable } from './noted-table.js';
import { drawStatementRows } from './draw-statement.js';
import type { Sheet } from './render-report.js';
import { mandateCommand, repeatCommands } from './repeat-commands.js';
import { toneOf } from './tones.js';

/** Findings for the expert, whose word each fact is, and what nobody looked at. */
export function drawExpertPages(sheet: Sheet): void {
  drawSummary(sheet);
  drawStatementRows(sheet);
  drawLevel(sheet);
  drawVouchers(sheet);
  drawNotChecked(sheet);
  drawSections(sheet);
  drawTrail(sheet);
  drawList(sheet.flow, sheet.words.parts.honesty, sheet.words.honesty(sheet.report.operation));
  drawRepeat(sheet);
}

interface ResultRow {
  readonly text: string;
  readonly status: Status;
  /** Under the text, in grey. */
  readonly note?: string;
}

const RESULT_WIDTH = 84;
const PAD = { x: 6, y: 1.6 };
const LEADING = 1.4;

/** Sentences on the left, their results in words and colour on the right. */
function drawResults({ flow, language }: Sheet, rows: readonly ResultRow[]): void {
  const size = flow.bodySize;
  const inner = flow.width - RESULT_WIDTH - 2 * PAD.x;
  for (const { text, status, note } of rows) {
    const lines = flow.layOut(text, inner, { size, leading: size * LEADING });
    const below = note ? flow.layOut(note, inner, { size: size - 1 }) : undefined;
    const height = lines.height + (below?.height ?? 0) + 2 * PAD.y;
    flow.need(height);
    const { page } = flow;
    const tone = toneOf(status);
    const bottom = flow.y - height;
    page.box(flow.right - RESULT_WIDTH, bottom, RESULT_WIDTH, height, { fill: tone.fill });
    page.box(flow.left, bottom, flow.width, height, { stroke: LINE, lineWidth: 0.5 });
    flow.drawLines(lines, flow.left + PAD.x, flow.y - PAD.y, 0, { size, color: INK });
    if (below)
      flow.drawLines(below, flow.left + PAD.x, flow.y - PAD.y - lines.height, 0, {
        size: size - 1,
        color: GRAY,
      });
    page.text(
      statusText(status, language),
      flow.right - RESULT_WIDTH + PAD.x,
      flow.y - PAD.y - flow.firstBaseline(size, lines.leading),
      { size, bold: true, color: tone.ink },
    );
    flow.y = bottom;
  }
  flow.gap(3);
}

function drawSummary(sheet: Sheet): void {
  const { flow, report, words, language } = sheet;
  flow.heading(words.parts.summary, 120);
  drawResults(
    sheet,
    CLAIMS.map((claim) => {
      const { status, subIndication } = report.claims[claim];
      return {
        text: claimText(claim, language),
        status,
        ...(subIndication
          ? { note: `${subIndication} · ${subIndicationText(subIndication, language)}` }
          : {}),
      };
    }),
  );
}

function drawLevel({ flow, report, words }: Sheet): void {
  const { level, reasons } = report.evidenceLevel;
  flow.heading(words.parts.level, 60);
  flow.paragraph(words.level[level ?? 'none'], { bold: true });
  numbered(
    flow,
    reasons.map((reason) => words.levelReasons[reason]),
  );
}

function drawVouchers({ flow, report, words }: Sheet): void {
  const rows = report.vouchers.map(({ id, name }) => words.vouchers[id](name ?? '—'));
  if (rows.length === 0) {
    flow.heading(words.parts.vouchers);
    flow.paragraph(words.noVouchers);
    return;
  }
  const table = { head: words.voucherHead, weights: [46, 54], rows };
  flow.heading(words.parts.vouchers, tableKeep(flow, table));
  drawTable(flow, table);
}

function drawNotChecked({ flow, report, words, language }: Sheet): void {
  drawList(
    flow,
    words.parts.notChecked,
    report.notChecked.map((id) => notCheckedText(id, language)),
  );
}

function drawSections(sheet: Sheet): void {
  const { flow, report, words, language } = sheet;
  for (const { id, findings } of report.sections) {
    flow.heading(words.sections[id], 60);
    if (findings.length === 0) flow.paragraph(words.noFindings, { color: GRAY });
    drawResults(
      sheet,
      findings.map(({ text, status, subIndication, params }) => {
        const notes = [
          ...(subIndication ? [subIndication, subIndicationText(subIndication, language)] : []),
          ...(status === 'failed' || status === 'indeterminate' ? Object.values(params ?? {}) : []),
        ];
        return {
          text: text[language],
          status,
          ...(notes.length > 0 ? { note: notes.join(' · ') } : {}),
        };
      }),
    );
  }
}

function drawTrail({ flow, report, words }: Sheet): void {
  flow.heading(words.parts.trail, 90);
  if (report.trail.length === 0) {
    flow.paragraph(words.noTrail, { color: GRAY });
    return;
  }
  flow.paragraph(words.trailNote, { color: GRAY });
  drawNotedTable(flow, {
    head: words.trailHead,
    weights: [8, 32, 36, 24],
    rows: report.trail.map(({ version, type, at, by, digest }) => ({
      cells: [String(version), at, words.events[type] ?? type, words.by[by] ?? by],
      note: digest,
    })),
  });
}

function drawRepeat({ flow, report, words }: Sheet): void {
  const commands = repeatCommands(report);
  flow.heading(words.parts.repeat, 80);
  if (commands.length === 0) flow.paragraph(words.repeat.none);
  else {
    flow.paragraph(words.repeat.before(report));
    drawCommands(flow, commands);
    flow.paragraph(words.repeat.ours);
  }
  drawCommands(flow, [[mandateCommand(report)]]);
}

function drawList(flow: PageFlow, heading: string, items: readonly string[]): void {
  if (items.length === 0) return;
  flow.heading(heading, 60);
  numbered(flow, items);
}

const NUMBER_WIDTH = 18;

function numbered(flow: PageFlow, items: readonly string[]): void {
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
