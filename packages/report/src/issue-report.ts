import { toUtcSeconds, type CaRole, type SealRole } from '@mandate/core';
import { verifyFile, type TrustAnchors } from '@mandate/verify';
import { archiveReport } from './archive-report.js';
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

/**
 * The report as a sealed PDF at level B-LTA: it can be checked after the seal's certificate has ended. Throws
 * `timestamp-unavailable`, `key-unavailable`: no seal, no report.
 */
export async function sealedReport(
  report: Report,
  language: ReportLanguage,
  authority: ReportAuthority,
): Promise<Uint8Array> {
  return issueSealed(await renderReport(report, language), new Date(report.madeAt), authority);
}

/** A report drawn elsewhere, sealed and archived; `date`: the claimed time. Throws as `sealedReport`. */
export async function issueSealed(
  pdf: Uint8Array,
  date: Date,
  { seal, ca }: ReportAuthority,
): Promise<Uint8Array> {
  const otherThan: string[] = [];
  const sealed = await sealReport(pdf, {
    date,
    seal: async (digest) => {
      const { cms, operator } = await seal.report({ digest });
      otherThan.push(operator);
      return cms;
    },
  });
  return archiveReport(sealed, {
    anchors: await ca.anchors({}),
    stamp: async (digest) => (await seal.stampReport({ digest, otherThan })).token,
  });
}

/** What a report needs of the authority. */
export interface ReportAuthority {
  readonly seal: Pick<SealRole, 'report' | 'stampReport'>;
  readonly ca: Pick<CaRole, 'anchors'>;
}
