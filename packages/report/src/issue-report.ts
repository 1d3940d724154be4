import { toUtcSeconds, type SealRole } from '@mandate/core';
import { verifyFile, type TrustAnchors } from '@mandate/verify';
import { makeReport, type ReportInput } from './make-report.js';
import { renderReport, type ReportLanguage } from './render-report.js';
import type { Report } from './report.js';
import { sealReport } from './seal-report.js';

/** Verifies a file and reports on it, both for the moment `at`. Throws only for broken anchors. */
export function verifyAndReport(
  input: Omit<ReportInput, 'verification' | 'madeAt'> & {
    readonly anchors: TrustAnchors;
    readonly at: Date;
  },
): Report {
  const { at, ...rest } = input;
  const { anchors } = rest;
  const verification = verifyFile(rest.bundle, { anchors, at: new Date(toUtcSeconds(at)) });
  return makeReport({ ...rest, verification, madeAt: at });
}

/** The report as a sealed PDF. Throws `timestamp-unavailable`, `key-unavailable`: no seal, no report. */
export async function sealedReport(
  report: Report,
  language: ReportLanguage,
  seal: SealRole,
): Promise<Uint8Array> {
  return sealReport(await renderReport(report, language), {
    date: new Date(report.madeAt),
    seal: async (digest) => (await seal.report({ digest })).cms,
  });
}
