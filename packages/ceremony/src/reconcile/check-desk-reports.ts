import { canonicalize } from '@mandate/core';
import { reportActHolds } from '../desk/report-acts.js';
import type { RowMacs } from '../desk/row-macs.js';
import type { DeskReportRows, RecordReader } from './reconcile-ports.js';
import type { Found } from './record-problem.js';

/**
 * Reports that were made at the desk have the moment, facts, verdict and files that role vault entered for them, and
 * what it entered as made is done. A number it entered one under may have been given up for another: an orphan.
 * `macs`: its codes; null where its secret is not at hand.
 */
export async function checkDeskReports(
  reader: RecordReader,
  found: Found,
  macs: RowMacs | null,
): Promise<void> {
  for await (const row of reader.deskReports()) {
    const authentic = !macs || row.acts.every((act) => reportActHolds(macs, act));
    if (authentic && row.state === null && row.wanted && Object.keys(row.files).length === 0)
      found('report-orphan', row.reportId);
    else if (!authentic || !isAsEntered(row)) found('report-changed', row.reportId);
  }
}

function isAsEntered({ acts, state, madeAt, ...row }: DeskReportRows): boolean {
  const said = (act: 'facts' | 'result'): string | undefined =>
    acts.find((it) => it.act === act && it.authorizationId === row.authorizationId)?.said;
  const { facts, indication, subIndication, files } = row;
  return (
    state === 'done' &&
    said('facts') === canonicalize({ facts, madeAt: madeAt!.toISOString() }) &&
    said('result') === canonicalize({ files, indication, subIndication })
  );
}
