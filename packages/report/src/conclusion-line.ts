import type { Report } from './report.js';
import type { ReportWords } from './words/report-words.js';

/** The verdict as one sentence, its reason in words anybody knows. */
export function conclusionLine(
  { verdict: { indication }, plainReason }: Report,
  words: ReportWords,
): string {
  const reason = plainReason && words.plainReason[plainReason.claim](plainReason.broken);
  return words.conclusion[indication](reason ?? words.standard(indication));
}
