import type { ReportWords } from './report-words.js';

/** What a moment is called, in the report and at the desk. */
export const timelineWord = (
  { events, timeline }: Pick<ReportWords, 'events' | 'timeline'>,
  what: string,
): string =>
  (events as Readonly<Record<string, string>>)[what] ??
  (timeline.what as Readonly<Record<string, string>>)[what] ??
  what;
