import type { DeskClient, OpenedFile } from '../desk-client.js';
import type { Marks } from './grants.js';

export const REPORT_LANGUAGES = ['zh', 'en'] as const;
export type ReportLanguage = (typeof REPORT_LANGUAGES)[number];
export const REPORT_DEPTHS = ['full', 'short'] as const;
export type ReportDepth = (typeof REPORT_DEPTHS)[number];

export interface ReportJob {
  readonly id: string;
  readonly case: string;
  readonly madeAt: string;
  readonly languages: readonly ReportLanguage[];
  readonly depth: ReportDepth;
  readonly size: number;
  readonly done: number;
  readonly refused: number;
  /** `stopped`: its grant opens nothing more. */
  readonly state: 'running' | 'stopped' | 'done';
  readonly why: string | null;
  readonly changedAt: string;
  /** Who ordered it and why: the first, and each by which it went on. */
  readonly orders: readonly {
    readonly staff: string;
    readonly name: string;
    readonly at: string;
    readonly grant: string;
    readonly legalBasis: string;
    readonly reason: string;
  }[];
}

export interface Verdict {
  readonly indication: string;
  readonly subIndication: string | null;
}

export interface ReportItem {
  readonly no: number;
  readonly job: string;
  readonly authorization: string;
  readonly letterNumber: string;
  readonly state: 'waiting' | 'stopped' | 'done' | 'refused';
  readonly why: string | null;
  readonly report: string | null;
  readonly madeAt: string | null;
  readonly verdict: Verdict | null;
  readonly files: readonly {
    readonly name: string;
    readonly size: number;
    readonly digest: string;
    readonly pages: number | null;
  }[];
}

export interface ReportJobDetail extends ReportJob {
  readonly caseNumber: string;
  readonly items: readonly ReportItem[];
  readonly next: number | null;
  readonly filing: readonly { readonly name: string; readonly size: number }[];
}

export interface RunAgain {
  readonly facts: 'stored' | 'today';
  readonly programs: 'same' | 'changed';
  readonly same: boolean;
  readonly before: Verdict;
  readonly after: Verdict;
  readonly digests: { readonly before: string; readonly after: string };
  readonly changes: readonly {
    readonly what: string;
    readonly text: Readonly<Record<ReportLanguage, string>>;
  }[];
  readonly marks: Marks;
}

/** `key`: the same order, sent again with it, is no second one. */
export const orderReports = (
  client: DeskClient,
  caseId: string,
  order: {
    grant: string;
    languages: readonly ReportLanguage[];
    depth: ReportDepth;
    authorizations?: readonly string[];
  },
  key: string,
): Promise<ReportJob> => client.post(`/cases/${caseId}/report-jobs`, order, key);
export const reportJobs = (
  client: DeskClient,
  caseId: string,
): Promise<{ readonly items: readonly ReportJob[] }> => client.get(`/cases/${caseId}/report-jobs`);
export const readJob = (client: DeskClient, id: string, after = 0): Promise<ReportJobDetail> =>
  client.get(`/report-jobs/${id}${after > 0 ? `?after=${after}` : ''}`);
/** The same, without anybody having asked. */
export const watchJob = (client: DeskClient, id: string, after = 0): Promise<ReportJobDetail> =>
  client.look(`/report-jobs/${id}${after > 0 ? `?after=${after}` : ''}`);
export const resumeJob = (
  client: DeskClient,
  id: string,
  grant: string,
  key: string,
): Promise<ReportJob> => client.post(`/report-jobs/${id}/resumption`, { grant }, key);

/** Each of these is an opening, the filing one for each of its authorizations. */
export const readReport = (
  client: DeskClient,
  report: string,
  body: { grant: string; language: ReportLanguage; right: 'view' | 'print' },
): Promise<OpenedFile> => client.file(`/reports/${report}/reading`, body);
export const takeFile = (
  client: DeskClient,
  report: string,
  body: { grant: string; name: string },
): Promise<OpenedFile> => client.file(`/reports/${report}/file`, body);
export const runAgain = (
  client: DeskClient,
  report: string,
  body: { grant: string; facts: RunAgain['facts'] },
): Promise<RunAgain> => client.post(`/reports/${report}/run`, body);
/** A thousand reports take their time. */
const FILING_MILLISECONDS = 30 * 60_000;
export const takeFiling = (client: DeskClient, job: string, grant: string): Promise<OpenedFile> =>
  client.file(`/report-jobs/${job}/filing`, { grant }, FILING_MILLISECONDS);
