import { drawRows, drawTable, GRAY, LINE, rowsKeep, type Row, type Table } from '@mandate/letter';
import { beijingMoment, formatMoment } from '@mandate/terms';
import { statusText, type Status } from '@mandate/verify';
import { drawNumbered } from './draw-numbered.js';
import { drawNotedTable } from './noted-table.js';
import type { Sheet } from './render-report.js';
import type { EvidenceId, LaterRow, LegalPoint } from './report.js';
import { PART_IDS, type PartId } from './words/part-words.js';

/** What was asked, of what, by which rules and with which tools. */
export function drawApplication(sheet: Sheet): void {
  const { flow, report, words, outline, language } = sheet;
  const labels = words.application;
  const rows: Row[] = [
    { label: labels.number, text: report.id },
    { label: labels.madeAt, text: formatMoment(report.madeAt, language) },
    { label: labels.applicant, text: labels.applicants[report.applicant] },
    { label: labels.matter, text: labels.matterText(report.input.kind) },
  ];
  outline.begin(flow, 'application', rowsKeep(flow, rows));
  drawRows(flow, rows);
  drawNotedTable(flow, {
    head: labels.head,
    weights: [80, 20],
    rows: report.materials.map(({ id, digest, size }) => ({
      cells: [labels.materials[id], size === undefined ? '' : String(size)],
      note: digest,
    })),
  });
  flow.paragraph(labels.anchorNote, { color: GRAY });

  outline.begin(flow, 'basis', 80);
  drawNumbered(
    flow,
    report.basis.map((id) => words.basis[id]),
  );

  const { environment } = words;
  const tools: Row[] = [
    {
      label: environment.tools,
      text: Object.entries(report.tools)
        .map((it) => it.join(' '))
        .join(', '),
    },
    { label: environment.judgedAt, text: formatMoment(report.judgedAt, language) },
    { label: environment.manner, text: environment.mannerText },
  ].filter(({ text }) => text !== '');
  outline.begin(flow, 'environment', rowsKeep(flow, tools));
  drawRows(flow, tools);
}

/** Points of a law with what was compared and how it came out. */
export function drawPoints(
  { flow, words, outline, language }: Sheet,
  part: Extract<PartId, 'court' | 'limbs'>,
  points: readonly LegalPoint[],
): void {
  const texts: Readonly<Record<string, readonly [string, string]>> = words[part];
  outline.begin(flow, part, 90);
  drawTable(flow, {
    head: words.pointHead,
    weights: [36, 52, 12],
    rows: points.map(({ id, status }, i) => {
      const [question, answer] = texts[id]!;
      return [`${i + 1}. ${question}`, answer, resultWord(status, language)];
    }),
  });
  flow.paragraph(words.pointNote, { color: GRAY });
}

const resultWord = (status: Status, language: 'zh' | 'en'): string => statusText(status, language);

/** Uses, withdrawal and disputes, as far as the file tells of them. */
export function drawLater(sheet: Sheet): void {
  const { flow, report, words, outline, language } = sheet;
  const labels = words.later;
  const { later } = report;
  outline.begin(flow, 'later', 60);
  if (!later) {
    flow.paragraph(labels.none);
    return;
  }
  flow.paragraph(labels.asOf(formatMoment(later.asOf, language), later.generation));
  flow.paragraph(labels.counted(later.uses), { bold: true });
  if (later.facts.length === 0) flow.paragraph(labels.noFacts);
  else
    drawNewest(sheet, later.facts, MOST_FACTS, {
      head: labels.head,
      weights: [25, 25, 50],
      row: (fact) => [
        localTime(fact.at),
        `${labels.kinds[fact.kind]}${useNote(labels, fact)}`,
        factDetail(sheet, fact),
      ],
    });
  if (later.accesses.length > 0) {
    flow.need(60);
    flow.paragraph(labels.accesses(later.accesses.length));
    drawNewest(sheet, later.accesses, MOST_ACCESSES, {
      head: labels.accessHead,
      weights: [25, 57, 18],
      row: ({ at, actor, purpose }) => [localTime(at), actor, purpose],
    });
  }
}

/** A bundle can tell of thousands of uses; the paper shows the newest, the report's data all of them. */
const MOST_FACTS = 40;
const MOST_ACCESSES = 20;

function drawNewest<T>(
  { flow, words }: Sheet,
  all: readonly T[],
  most: number,
  table: Pick<Table, 'head' | 'weights'> & { readonly row: (item: T) => readonly string[] },
): void {
  const { row, ...rest } = table;
  drawTable(flow, { ...rest, rows: all.slice(-most).map(row) });
  if (all.length > most) flow.paragraph(words.later.older(all.length - most), { color: GRAY });
}

/** In Beijing, as the part says at its head. */
const localTime = (at: string): string => beijingMoment(new Date(at));

function factDetail({ words, language }: Sheet, { who, source, items, outcome }: LaterRow): string {
  const party = who && (words.later.by[who as 'subject'] ?? who);
  const text = [
    party,
    source && words.used.from(source),
    items && items.join(language === 'zh' ? '、' : '; '),
    outcome && (words.later.outcomes[outcome] ?? outcome),
  ].filter(Boolean);
  return text.join(language === 'zh' ? '，' : ', ') || '—';
}

/** In which part of the paper a piece of evidence is dealt with. */
const TREATED: Readonly<Record<EvidenceId, PartId>> = {
  'signed-letter': 'signature',
  certificate: 'issuance',
  token: 'signature',
  status: 'issuance',
  presentation: 'content',
  'code-record': 'identity',
  delivery: 'identity',
  passkey: 'identity',
  identity: 'identity',
  possession: 'issuance',
  trail: 'process',
  template: 'content',
  builds: 'facts',
  seal: 'ledger',
  'ledger-proof': 'ledger',
  later: 'later',
  bundle: 'files',
};

/** The list one hands in with the evidence: number, name, source, what it proves, page. */
export function drawEvidenceList({ flow, report, words, outline }: Sheet): void {
  outline.begin(flow, 'evidence', 90);
  if (report.evidence.length === 0) {
    flow.paragraph(words.noFindings, { color: GRAY });
    return;
  }
  drawNotedTable(flow, {
    head: words.evidenceHead,
    weights: [8, 24, 28, 31, 9],
    rows: report.evidence.map(({ id, name, digest }, i) => ({
      cells: [String(i + 1), ...words.evidence[id], outline.pageOf(TREATED[id])],
      note: [name, digest].filter(Boolean).join('  '),
    })),
  });
}

/** Part, a line, its page. */
export function drawContents({ flow, words, outline }: Sheet): void {
  const size = flow.bodySize + 0.5;
  const { page, left, right, font } = flow;
  // The room is the same whether the parts are known yet or not: pages must not move.
  const end = flow.y - 30 - PART_IDS.length * size * 1.75;
  page.text(words.contents, left, flow.y - 14, { size: 14, bold: true });
  flow.gap(30);
  for (const { title, page: number } of outline.known) {
    const y = flow.y - size;
    const text = String(number);
    page.text(title, left, y, { size });
    const from = left + font.width(title, size) + 8;
    page.line(from, y + 1, right - font.width(text, size) - 8, y + 1, 0.4, LINE);
    page.text(text, right - font.width(text, size), y, { size });
    flow.gap(size * 1.75);
  }
  flow.y = end - 6;
}

const useNote = (
  { givenBack, reserved }: Sheet['words']['later'],
  fact: Pick<LaterRow, 'counts' | 'reserved'>,
): string => (fact.counts === false ? givenBack : fact.reserved ? reserved : '');
