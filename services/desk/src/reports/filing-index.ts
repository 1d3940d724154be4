import { sha256, sha256Hex, utf8, type Clock } from '@mandate/core';
import type {
  FilingFileRow,
  ReportFileRow,
  ReportItemRow,
  ReportJobRecord,
  ReportJobRow,
} from '@mandate/ceremony';
import { crc32, FILING_FIELD } from '@mandate/evidence';
import {
  filingCsv,
  sealReport,
  type FilingIndex,
  type FilingRow,
  type ReportLanguage,
} from '@mandate/report';
import type { ReportDeps } from './report-deps.js';

/** Items read at a time. */
const PAGE = 200;

/** All items of a job in their order, with the files of those that are done. */
export async function* itemsOf(
  jobs: Pick<ReportJobRecord, 'items' | 'files'>,
  jobId: string,
): AsyncGenerator<ReportItemRow & { readonly files: readonly ReportFileRow[] }> {
  for (let after = 0; ;) {
    const items = await jobs.items(jobId, { after, limit: PAGE });
    const done = items.flatMap(({ state, reportId }) => (state === 'done' ? [reportId!] : []));
    const files = await jobs.files(done);
    for (const item of items) yield { ...item, files: files.get(item.reportId ?? '') ?? [] };
    if (items.length < PAGE) return;
    after = items.at(-1)!.ordinal;
  }
}

/** Path of a report's file inside the filing. */
export const filedAs = (letterNumber: string, file: string): string => `${letterNumber}/${file}`;

/**
 * The list of evidence of several reports, sealed, and as CSV; of a single one there is none. Throws what may pass
 * (`timestamp-unavailable`, …), before anything is drawn where that can be asked.
 */
export async function makeFiling(
  deps: Pick<ReportDeps, 'jobs' | 'cases' | 'authority' | 'drawer'>,
  job: ReportJobRow,
  at: ReturnType<Clock['now']>,
): Promise<FilingFileRow[]> {
  if (job.size === 1) return [];
  // Nothing is drawn that could not be sealed.
  await deps.authority.seal.stampReport({ digest: sha256(utf8(job.id)) });
  const rows: FilingRow[] = [];
  const missing: FilingIndex['missing'][number][] = [];
  for await (const { letterNumber, why, indication, files } of itemsOf(deps.jobs, job.id)) {
    if (why !== null) missing.push({ letterNumber, why });
    for (const { name, size, digest, pages } of files)
      rows.push({
        ...{ no: rows.length + 1, letterNumber, ...kindOf(name), size, digest },
        ...(indication === null
          ? {}
          : { indication: indication as NonNullable<FilingRow['indication']> }),
        file: filedAs(letterNumber, name),
        ...(pages === null ? {} : { pages }),
      });
  }
  const { number: caseNumber } = (await deps.cases.case(job.caseId))!;
  const index: FilingIndex = { caseNumber, id: job.id, madeAt: at, rows, missing };
  const made: FilingFileRow[] = [];
  for (const language of job.languages) {
    const drawn = await deps.drawer.drawFiling(index, language);
    const sealed = await sealReport(drawn, {
      ...{ date: at, field: FILING_FIELD },
      seal: async (digest) => (await deps.authority.seal.report({ digest })).cms,
    });
    made.push(
      filed(`index.${language}.pdf`, sealed),
      filed(`index.${language}.csv`, filingCsv(index, language)),
    );
  }
  return made;
}

const filed = (name: string, bytes: Uint8Array): FilingFileRow => ({
  ...{ name, bytes, digest: sha256Hex(bytes), crc: crc32(bytes) },
});

function kindOf(name: string): Pick<FilingRow, 'kind' | 'language'> {
  const language = /^report\.(zh|en)\.pdf$/.exec(name)?.[1] as ReportLanguage | undefined;
  if (language) return { kind: 'report', language };
  if (name === 'report.json') return { kind: 'report-data' };
  return { kind: name === 'report.xml' ? 'validation' : 'bundle' };
}
