import { drawRows, drawTable, rowsKeep } from '@mandate/letter';
import { describeEnd, describeUses, formatMoment, LETTER_WORDS } from '@mandate/terms';
import type { Sheet } from './render-report.js';
import { toneOf } from './tones.js';

/** What the letter says, in the words of the letter. */
export function drawStatementRows(sheet: Sheet): void {
  const { flow, report, words, language } = sheet;
  const { statement } = report;
  const labels = words.statementRows;
  if (!statement) {
    sheet.outline.begin(flow, 'statement');
    flow.paragraph(words.nothingStated);
    return;
  }
  const fixed = LETTER_WORDS[language];
  const { subject, institution } = statement;
  const list = (items: readonly string[]): string =>
    items.length === 0 ? labels.none : items.join(language === 'zh' ? '；' : '; ');
  const rows = [
    { label: labels.letterNumber, text: statement.letterNumber },
    { label: labels.businessReference, text: statement.businessReference },
    { label: labels.subject, text: subject.name },
    { label: labels.idType, text: fixed.idTypes[subject.idType] },
    { label: labels.idNumber, text: subject.idNumber },
    { label: labels.phone, text: subject.phone },
    { label: labels.institution, text: `${institution.name} (${institution.creditCode})` },
    { label: labels.purpose, text: statement.purpose.text },
    { label: labels.sources, text: list(statement.sources) },
    { label: labels.recipients, text: list(statement.recipients) },
    ...(statement.refused.length ? [{ label: labels.refused, text: list(statement.refused) }] : []),
    ...(statement.undecided.length
      ? [{ label: labels.undecided, text: list(statement.undecided) }]
      : []),
    { label: labels.from, text: formatMoment(statement.from, language) },
    { label: labels.end, text: describeEnd(statement.end, language) },
    { label: labels.uses, text: describeUses(statement.uses, language) },
  ];
  sheet.outline.begin(flow, 'statement', rowsKeep(flow, rows));
  drawReservation(sheet, flow.bodySize);
  drawRows(flow, rows);
  drawTable(flow, {
    head: [labels.items],
    weights: [1],
    rows: statement.items.map((item) => [item]),
  });
}

/** What must be read before the statement, when it is not proven that the subject signed it. */
export function drawReservation({ flow, report, words }: Sheet, size: number): void {
  if (report.statement?.proven) return;
  const { integrity, identity, scope } = report.claims;
  // A letter alone can be sound; nobody compared its data with its pages then.
  const sound = integrity.status === 'passed' && identity.status === 'passed';
  const [text, tone] =
    sound && scope.status === 'not-checked'
      ? [words.notCompared, toneOf('INDETERMINATE')]
      : [words.unproven, toneOf('TOTAL-FAILED')];
  flow.paragraph(text, { size, bold: true, color: tone.ink, gapAfter: 6 });
}
