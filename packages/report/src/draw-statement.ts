import { drawRows, drawTable, rowsKeep } from '@mandate/letter';
import { describeEnd, describeUses, formatMoment, LETTER_WORDS } from '@mandate/terms';
import type { Sheet } from './render-report.js';
import { toneOf } from './tones.js';

/** What the letter says, in the words of the letter. */
export function drawStatementRows({ flow, report, words, language }: Sheet): void {
  const { statement } = report;
  const labels = words.statementRows;
  if (!statement) {
    flow.heading(words.parts.statement);
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
    { label: labels.from, text: formatMoment(statement.from, language) },
    { label: labels.end, text: describeEnd(statement.end, language) },
    { label: labels.uses, text: describeUses(statement.uses, language) },
  ];
  flow.heading(words.parts.statement, rowsKeep(flow, rows));
  if (!statement.proven)
    flow.paragraph(words.unproven, { bold: true, color: toneOf('TOTAL-FAILED').ink });
  drawRows(flow, rows);
  drawTable(flow, {
    head: [labels.items],
    weights: [1],
    rows: statement.items.map((item) => [item]),
  });
}
