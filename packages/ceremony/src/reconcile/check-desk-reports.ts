import { canonicalize } from '@mandate/core';
import { reportActHolds } from '../desk/report-acts.js';
import type { RowMacs } from '../desk/row-macs.js';
import type { DeskReportRows, RecordReader } from './reconcile-ports.js';
import type { Found } from './record-problem.js';

/**
 * Reports that were made at the desk have the moment, facts, verdict and files that role vault entered for them.
 * `macs`: its codes; null where its secret is not at hand.
 */
export async function checkDeskReports(
  reader: RecordReader,
  found: Found,
  macs: RowMacs | null,
): Promise<void> {
  for await (const row of reader.deskReports())
    if (!isAsEntered(row) || (macs && !row.acts.every((act) => reportActHolds(macs, act))))
      found('report-changed', row.reportId);
}

function isAsEntered({ acts, ...row }: DeskReportRows): boolean {
  const said = (act: 'facts' | 'result'): string | undefined =>
    acts.find((it) => it.act === act && it.authorizationId === row.authorizationId)?.said;
  const { facts, indication, subIndication, files } = row;
  return (
    said('facts') === canonicalize({ facts, madeAt: row.madeAt.toISOString() }) &&
    said('result') === canonicalize({ files, indication, subIndication })
  );
}
