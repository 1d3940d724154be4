import {
  A4,
  FontUse,
  GRAY,
  LINE,
  loadFontFace,
  NAVY,
  PageFlow,
  writeDocument,
} from '@mandate/letter';
import { spreadsheetText } from '@mandate/core';
import { FILING_FIELD, FILING_FILE } from '@mandate/evidence';
import { formatMoment } from '@mandate/terms';
import type { Indication } from '@mandate/verify';
import { drawNotedTable } from './noted-table.js';
import { drawSealBlock } from './draw-front-page.js';
import type { ReportLanguage } from './render-report.js';
import { en } from './words/en.js';
import { FILING_WORDS, missingText } from './words/filing-words.js';
import { zh } from './words/zh.js';

const RENDERER = 'mandate-filing-index/v1';

/** One file of a filing, as its list of evidence (证据目录) has it. */
export interface FilingRow {
  /** From 1. */
  readonly no: number;
  readonly letterNumber: string;
  readonly kind: 'report' | 'report-data' | 'validation' | 'bundle';
  readonly language?: ReportLanguage;
  /** Of a report: what it came to. */
  readonly indication?: Indication;
  /** Path inside the filing. */
  readonly file: string;
  /** Absent where the file has no pages. */
  readonly pages?: number;
  /** Bytes. */
  readonly size: number;
  /** SHA-256, hex. */
  readonly digest: string;
}

export interface FilingIndex {
  /** Number of the case. */
  readonly caseNumber: string;
  readonly id: string;
  readonly madeAt: Date;
  readonly rows: readonly FilingRow[];
  /** Authorizations on which no report could be made, and the reason's code. */
  readonly missing: readonly { readonly letterNumber: string; readonly why: string }[];
}

/**
 * The list of evidence as CSV (RFC 4180, UTF-8 with a byte order mark, which the usual spreadsheet asks for). A
 * cell that would begin as a formula does is told as text.
 */
export function filingCsv(index: FilingIndex, language: ReportLanguage): Uint8Array {
  const words = FILING_WORDS[language];
  const lines = [
    words.csvHead,
    ...index.rows.map((row) => [
      String(row.no),
      row.letterNumber,
      words.names[row.kind](row.language),
      words.source,
      provesOf(row, language),
      row.file,
      row.pages === undefined ? '' : String(row.pages),
      row.digest,
    ]),
    ...index.missing.map(({ letterNumber, why }) => [
      '',
      letterNumber,
      words.missing,
      '',
      missingText(words, why),
      '',
      '',
      '',
    ]),
  ];
  const text = lines.map((cells) => cells.map(quoted).join(',')).join('\r\n');
  return new TextEncoder().encode(`\uFEFF${text}\r\n`);
}

const REPORT_WORDS = { zh, en } as const;

function provesOf({ kind, indication }: FilingRow, language: ReportLanguage): string {
  const { proves, found } = FILING_WORDS[language];
  return kind === 'report' && indication
    ? found(proves.report, REPORT_WORDS[language].verdict[indication])
    : proves[kind];
}

function quoted(cell: string): string {
  const safe = spreadsheetText(cell);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The same on paper, with the CSV attached and an empty field for the seal. A pure function of its arguments. */
export async function renderFilingIndex(
  index: FilingIndex,
  language: ReportLanguage,
): Promise<Uint8Array> {
  const words = FILING_WORDS[language];
  const flow = new PageFlow(new FontUse(await loadFontFace()), { justify: false, bodySize: 8.5 });
  const size = language === 'zh' ? 22 : 18;
  flow.page.text(words.title, flow.left, flow.y - size, { size, bold: true, color: NAVY });
  flow.y -= size + 16;
  flow.paragraph(
    words.about(index.caseNumber, index.id, formatMoment(index.madeAt.toISOString(), language)),
  );
  flow.paragraph(words.counted(index.rows.length, index.missing.length), { gapAfter: 8 });
  drawNotedTable(flow, {
    head: words.head,
    weights: [7, 23, 22, 15, 26, 7],
    rows: index.rows.map((row) => ({
      cells: [
        ...[String(row.no), row.letterNumber, words.names[row.kind](row.language), words.source],
        ...[provesOf(row, language), row.pages === undefined ? '—' : String(row.pages)],
      ],
      note: `${row.file} · ${row.size} B · SHA-256 ${row.digest}`,
    })),
  });
  if (index.missing.length > 0) {
    flow.paragraph(words.missing, { bold: true });
    for (const { letterNumber, why } of index.missing)
      flow.paragraph(`${letterNumber}: ${missingText(words, why)}`);
  }
  const field = drawSealBlock({ flow, words });
  flow.pages.forEach((page, i) => {
    page.line(flow.left, 44, flow.right, 44, 0.5, LINE);
    const text = words.page(i + 1, flow.pages.length);
    page.text(text, A4.width - flow.left - flow.font.width(text, 8), 32, { size: 8, color: GRAY });
  });
  return writeDocument(flow.pages, {
    title: words.title,
    language,
    renderer: RENDERER,
    at: index.madeAt.toISOString(),
    seed: `${index.id}/${language}`,
    field: { name: FILING_FIELD, ...field },
    attachment: {
      name: FILING_FILE,
      description: words.title,
      bytes: filingCsv(index, language),
      mime: 'text/csv',
    },
  });
}
