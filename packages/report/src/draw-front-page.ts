import {
  Canvas,
  GRAY,
  INK,
  LINE,
  NAVY,
  qrModules,
  SHADE,
  type Color,
  type EmptySignatureField,
  type PageFlow,
} from '@mandate/letter';
import { describeEnd, describeUses, formatDay, formatMoment, LETTER_WORDS } from '@mandate/terms';
import { conclusionLine } from './conclusion-line.js';
import { drawReservation } from './draw-statement.js';
import type { Sheet } from './render-report.js';
import { toneOf } from './tones.js';

const QR_SIDE = 56;
const FIELD = { width: 150, height: 58 };

/** One page for the judge: verdict, who, what, when, until, uses. Gives the place of the seal. */
export function drawFrontPage(sheet: Sheet): Omit<EmptySignatureField, 'name'> {
  drawHead(sheet);
  drawVerdict(sheet);
  drawStatement(sheet);
  drawCaveats(sheet);
  return drawSealBlock(sheet);
}

function drawHead({ flow, report, words, language }: Sheet): void {
  const { page, font, left, right } = flow;
  const top = flow.y;
  page.modules(qrModules(`${report.publicUrl}/verify`), right - QR_SIDE, top - QR_SIDE, QR_SIDE);
  const scanWidth = font.width(words.scan, 7);
  page.text(words.scan, right - QR_SIDE / 2 - scanWidth / 2, top - QR_SIDE - 9, {
    size: 7,
    color: GRAY,
  });
  const size = language === 'zh' ? 24 : 19;
  page.text(words.title, left, top - size, { size, bold: true, color: NAVY });
  let y = top - size - 20;
  const madeAt = `${bareTime(formatMoment(report.madeAt, language))}  ${words.front.times}`;
  for (const [label, text] of [
    [words.number, report.id],
    [words.madeAt, madeAt],
  ] as const) {
    page.text(label, left, y, { size: 8.5, color: GRAY });
    page.text(text, left + font.width(`${label}  `, 8.5), y, { size: 8.5 });
    y -= 13;
  }
  flow.y = top - QR_SIDE - 22;
  page.line(left, flow.y, right, flow.y, 1.6, NAVY);
  page.line(left, flow.y - 3, right, flow.y - 3, 0.5, NAVY);
  flow.gap(26);
}

function drawVerdict({ flow, report, words }: Sheet): void {
  const { left, width } = flow;
  const { indication } = report.verdict;
  const tone = toneOf(indication);
  const inner = width - 40;
  const style = { size: 12 };
  const conclusion = flow.layOut(conclusionLine(report, words), inner, style);
  const height = 22 + 34 + conclusion.height + 14;
  const bottom = flow.y - height;
  const { page } = flow;
  page.box(left, bottom, width, height, { fill: tone.fill, stroke: tone.ink, lineWidth: 1 });
  page.box(left, bottom, 6, height, { fill: tone.ink });
  page.text(words.verdict[indication], left + 22, flow.y - 44, {
    size: 28,
    bold: true,
    color: tone.ink,
  });
  flow.drawLines(conclusion, left + 22, flow.y - 58, inner, style);
  flow.y = bottom - 22;
}

const LABEL_WIDTH = 96;

/** In type a reader of sixty does not need glasses for. */
function drawStatement(sheet: Sheet): void {
  const { flow, report, words, language } = sheet;
  const { statement } = report;
  const { front } = words;
  if (!statement) {
    flow.paragraph(words.nothingStated, { size: 11, gapAfter: 14 });
    return;
  }
  drawReservation(sheet, 10.5);
  const purpose = LETTER_WORDS[language].purposes[statement.purpose.code];
  const rows = [
    [front.who, front.whoText(statement.subject.name, statement.subject.idNumber)],
    [front.toWhom, statement.institution.name],
    [
      front.what,
      language === 'zh'
        ? `${purpose}；查询${statement.plain.data}`
        : `${purpose}: may obtain ${statement.plain.data}`,
    ],
    [
      front.when,
      statement.signedAt ? bareTime(formatMoment(statement.signedAt, language)) : front.noTime,
    ],
    [front.until, bareTime(describeEnd(statement.end, language))],
    [front.uses, describeUses(statement.uses, language)],
    [front.usable, usableText(sheet)],
    [front.usedBy, usedText(sheet)],
  ] as const;
  for (const [label, text] of rows) drawFrontRow(flow, label, text, label === front.usable);
  flow.page.line(flow.left, flow.y, flow.right, flow.y, 0.5, LINE);
  flow.gap(16);
}

/** Page one says once whose time it is. */
const bareTime = (text: string): string =>
  text.replaceAll('（北京时间）', '').replaceAll(' (Beijing time, UTC+8)', '');

function usableText({ report, words, language }: Sheet): string {
  const { usable, later } = report;
  const text = words.usable[usable.reason](usable.at ? formatDay(usable.at, language) : '');
  // How many are left of a period nobody at this page can know.
  if (usable.reason !== 'open' || !later || later.uses.per) return text;
  return words.left(text, later.uses.allowed - later.uses.counted);
}

/** Parties named one by one; more of them are counted. */
const MOST_PARTIES = 2;

/** By whom it was used, who did so last first; uses that were given back or never confirmed are none. */
function usedText({ report, words, language }: Sheet): string {
  const { later } = report;
  if (!later) return words.used.notTold;
  const uses = later.facts
    .filter(({ kind, counts, reserved }) => kind === 'redemption' && counts && !reserved)
    .toReversed();
  if (uses.length === 0) return words.used.never;
  const parties = [...new Set(uses.map(({ who }) => who))];
  const lastDay = formatDay(uses[0]!.at, language);
  const named = parties.slice(0, MOST_PARTIES).map((party, i) => {
    const times = uses.filter(({ who }) => who === party).length;
    return words.used.by(party ?? '—', times, i === 0 ? lastDay : undefined);
  });
  return words.used.parties(named, parties.length - named.length);
}

function drawFrontRow(flow: PageFlow, label: string, text: string, bold: boolean): void {
  const style = { size: 12, bold };
  const lines = flow.layOut(text, flow.width - LABEL_WIDTH - 12, style);
  const name = flow.layOut(label, LABEL_WIDTH - 12, { size: 10.5, leading: lines.leading });
  const height = Math.max(lines.height, name.height) + 10;
  const { page } = flow;
  page.box(flow.left, flow.y - height, LABEL_WIDTH, height, { fill: SHADE });
  page.line(flow.left, flow.y, flow.right, flow.y, 0.5, LINE);
  flow.drawLines(name, flow.left + 8, flow.y - 5, 0, { size: 10.5, color: GRAY });
  flow.drawLines(lines, flow.left + LABEL_WIDTH + 8, flow.y - 5, 0, style);
  flow.y -= height;
}

function drawCaveats({ flow, report, words }: Sheet): void {
  const style = { size: 10, gapAfter: 5 };
  flow.paragraph(words.shortLevel[report.evidenceLevel.level ?? 'none'], style);
  flow.paragraph(words.shortHonesty, style);
}

/** Where a seal is set: at the foot of the page. */
export function drawSealBlock({
  flow,
  words,
}: {
  readonly flow: PageFlow;
  readonly words: { readonly sealNote: string; readonly stamp: string };
}): Omit<EmptySignatureField, 'name'> {
  const { left, right, width } = flow;
  const pad = 12;
  const height = FIELD.height + 2 * pad;
  flow.need(height);
  // At the foot of the page, where a seal is looked for, unless the text needs the room.
  flow.y = Math.min(flow.y, 62 + height);
  const { page } = flow;
  const bottom = flow.y - height;
  page.box(left, bottom, width, height, { stroke: LINE, lineWidth: 0.6 });
  const note = flow.layOut(words.sealNote, width - FIELD.width - 4 * pad, { size: 9 });
  const noteTop = bottom + (height + note.height) / 2;
  flow.drawLines(note, left + pad, noteTop, 0, { size: 9, color: INK });
  const x = right - pad - FIELD.width;
  const y = bottom + pad;
  flow.y = bottom;
  return {
    page: flow.pages.length - 1,
    rectangle: [x, y, x + FIELD.width, y + FIELD.height],
    appearance: drawStamp(flow, words.stamp),
  };
}

const STAMP_RED: Color = [0.72, 0.13, 0.13];

/** Stands there before anybody seals, so it must not say that somebody has. */
function drawStamp(flow: PageFlow, text: string): Canvas {
  const { width, height } = FIELD;
  const stamp = new Canvas(flow.font, width, height);
  stamp.box(0.75, 0.75, width - 1.5, height - 1.5, { stroke: STAMP_RED, lineWidth: 1.5 });
  stamp.box(4, 4, width - 8, height - 8, { stroke: STAMP_RED, lineWidth: 0.4 });
  const size = 13;
  stamp.text(text, (width - flow.font.width(text, size)) / 2, height / 2 - size * 0.36, {
    size,
    bold: true,
    color: STAMP_RED,
  });
  return stamp;
}
