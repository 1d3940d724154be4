import { drawTable, GRAY, INK, LINE, tableKeep } from '@mandate/letter';
import {
  CLAIMS,
  claimText,
  notCheckedText,
  statusText,
  subIndicationText,
  type Status,
} from '@mandate/verify';
import { conclusionLine } from './conclusion-line.js';
import { drawCommands } from './draw-commands.js';
import {
  drawIdentityFacts,
  drawIssuanceFacts,
  drawLedgerFacts,
  drawSignatureFacts,
} from './draw-facts.js';
import { drawNumbered } from './draw-numbered.js';
import {
  drawApplication,
  drawContents,
  drawEvidenceList,
  drawLater,
  drawPoints,
} from './draw-parts.js';
import { drawTimeline } from './draw-timeline.js';
import { drawNotedTable } from './noted-table.js';
import { drawStatementRows } from './draw-statement.js';
import type { Sheet } from './render-report.js';
import { mandateCommand, PAGE_COMMAND, repeatCommands } from './repeat-commands.js';
import type { ReportFinding } from './report.js';
import type { SectionId } from './sections.js';
import { toneOf } from './tones.js';
import type { Counts, PartId } from './words/part-words.js';

/** Everything after page one: findings for the expert, what they mean in law, what nobody looked at, how to repeat it. */
export function drawExpertPages(sheet: Sheet): void {
  drawContents(sheet);
  drawApplication(sheet);
  drawStatementRows(sheet);
  drawSummary(sheet);
  drawReport(sheet, 'identity', drawIdentityFacts);
  drawReport(sheet, 'issuance', drawIssuanceFacts);
  drawReport(sheet, 'signature', drawSignatureFacts);
  drawReport(sheet, 'content');
  drawReport(sheet, 'process', (it) => {
    drawTimeline(it);
    drawTrail(it);
  });
  drawLater(sheet);
  if (sheet.report.later) drawFindings(sheet, 'later');
  drawReport(sheet, 'ledger', drawLedgerFacts);
  drawFindings(sheet, 'bundle');
  drawPoints(sheet, 'court', sheet.report.courtPoints);
  drawPoints(sheet, 'limbs', sheet.report.signatureLimbs);
  drawVouchers(sheet);
  drawNotChecked(sheet);
  drawConclusion(sheet);
  drawRepeat(sheet);
  drawEvidenceList(sheet);
}

/** After page one where reasons are enough: what came out for each claim and why, and what nobody looked at. */
export function drawShortPages(sheet: Sheet): void {
  drawSummary(sheet);
  drawNotChecked(sheet);
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
  const { flow, report, words, language, outline } = sheet;
  const { indication, subIndication } = report.verdict;
  outline.begin(flow, 'summary', 150);
  flow.paragraph(words.standard(subIndication ? `${indication} · ${subIndication}` : indication), {
    bold: true,
    color: toneOf(indication).ink,
  });
  if (report.reason) flow.paragraph(report.reason.text[language]);
  drawResults(
    sheet,
    CLAIMS.map((claim) => {
      const { status, subIndication: sub } = report.claims[claim];
      return {
        text: claimText(claim, language),
        status,
        ...(sub ? { note: `${sub} · ${subIndicationText(sub, language)}` } : {}),
      };
    }),
  );
  const { level, reasons } = report.evidenceLevel;
  flow.need(60);
  flow.paragraph(words.level[level ?? 'none'], { bold: true });
  drawNumbered(
    flow,
    reasons.map((reason) => words.levelReasons[reason]),
  );
}

function drawVouchers({ flow, report, words, outline }: Sheet): void {
  const rows = report.vouchers.map(({ id, name }) => words.vouchers[id](name ?? '—'));
  if (rows.length === 0) {
    outline.begin(flow, 'vouchers');
    flow.paragraph(words.noVouchers);
    return;
  }
  const table = { head: words.voucherHead, weights: [46, 54], rows };
  outline.begin(flow, 'vouchers', tableKeep(flow, table));
  drawTable(flow, table);
}

function drawNotChecked({ flow, report, language, outline }: Sheet): void {
  const items = report.notChecked.map((id) => notCheckedText(id, language));
  if (items.length === 0) return;
  outline.begin(flow, 'notChecked', 60);
  drawNumbered(flow, items);
}

/** One part: what it asks, its facts, its findings. */
function drawReport(
  sheet: Sheet,
  id: SectionId & PartId,
  drawFacts?: (sheet: Sheet) => void,
): void {
  const { flow, words, outline } = sheet;
  outline.begin(flow, id, 110);
  flow.paragraph(words.leads[id]);
  drawFacts?.(sheet);
  drawFindings(sheet, id);
}

function drawFindings(sheet: Sheet, id: SectionId): void {
  const { flow, report, words, language } = sheet;
  const findings = report.sections.find((section) => section.id === id)?.findings ?? [];
  flow.need(60);
  if (id === 'bundle' || id === 'later') flow.paragraph(words.leads[id]);
  if (findings.length === 0) {
    flow.paragraph(words.noFindings, { color: GRAY });
    return;
  }
  flow.paragraph(words.counts(countsOf(findings)), { bold: true, gapAfter: 2 });
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

function countsOf(findings: readonly ReportFinding[]): Counts {
  const count = (status: Status): number => findings.filter((it) => it.status === status).length;
  return {
    passed: count('passed'),
    failed: count('failed'),
    indeterminate: count('indeterminate'),
    'not-checked': count('not-checked'),
  };
}

function drawConclusion({ flow, report, words, outline }: Sheet): void {
  outline.begin(flow, 'conclusion', 100);
  for (const text of words.conclusionText(report, conclusionLine(report, words)))
    flow.paragraph(text, { bold: true });
  flow.paragraph(words.please);
  drawNumbered(flow, words.honesty(report.operation));
}

function drawTrail({ flow, report, words }: Sheet): void {
  if (report.trail.length === 0) return;
  flow.need(90);
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

function drawRepeat({ flow, report, words, outline }: Sheet): void {
  const commands = repeatCommands(report);
  // With its commands, which stand in one box.
  outline.begin(flow, 'repeat', Math.min(commands.flat().length * 12.5 + 90, 600));
  if (commands.length === 0) flow.paragraph(words.repeat.none);
  else {
    flow.paragraph(words.repeat.before(report));
    drawCommands(flow, commands);
    flow.paragraph(words.repeat.ours);
  }
  drawCommands(flow, [[mandateCommand(report)]]);
  if (!report.facts.authorization?.builds?.page) return;
  flow.paragraph(words.repeat.page);
  drawCommands(flow, [[PAGE_COMMAND]]);
}
