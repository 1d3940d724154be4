import {
  canonicalize,
  DomainError,
  idPattern,
  isDomainError,
  sha256Hex,
  utf8,
  type GrantDoor,
  type ReportSaid,
} from '@mandate/core';
import type { ReportActRow } from './case-ports.js';
import type { CaseDeps } from './cases.js';
import type { RowMacs } from './row-macs.js';

/** Milliseconds. */
const MINUTE = 60_000;
/** A report's moment may lie so long before its opening, and, for clocks, after it. */
const MOMENT = { before: 15 * MINUTE, after: 5 * MINUTE };
/** So long after its opening facts are taken. */
const FACTS_WITHIN = 60 * MINUTE;
const MOST_SAID_BYTES = 10_000;

/** Over what was said of a report, for which authorization, and the order and opening it was said under. */
export const reportActCode = (macs: RowMacs, row: Omit<ReportActRow, 'mac'>): Uint8Array =>
  macs.of('report_acts', coded(row));

export const reportActHolds = (macs: RowMacs, { mac, ...row }: ReportActRow): boolean =>
  macs.holds('report_acts', coded(row), mac);

const coded = (row: Omit<ReportActRow, 'mac'>) => ({
  ...{ report: row.reportId, act: row.act, authorization: row.authorizationId },
  ...{ order: row.orderId, access: row.accessId, said: row.said, at: row.at },
});

/** As it is kept: canonical JSON of what was said. */
export const reportSaid = ({ act: _, ...said }: ReportSaid): string => canonicalize(said);

/** Under which key an order is found again: nobody meets another person's. */
export const orderRequestKey = (staff: string, key: string): string =>
  sha256Hex(utf8(canonicalize({ staff, key })));

/** Role vault's word on what a report was made from and what came out: so the desk's own database login has none. */
export function reportActs(
  deps: Pick<CaseDeps, 'record' | 'clock' | 'macs'>,
): Pick<GrantDoor, 'settleReport'> {
  const { record, clock, macs } = deps;
  /** Null: nothing was said yet. Throws `version-conflict` where something else was, or not by role vault. */
  const before = async (row: Omit<ReportActRow, 'mac' | 'at'>): Promise<Date | null> => {
    const there = await record.reportAct(row.reportId, row.act);
    if (!there) return null;
    if (
      there.said !== row.said ||
      there.authorizationId !== row.authorizationId ||
      !reportActHolds(macs, there)
    )
      throw new DomainError('version-conflict', 'something else was said of this report');
    return there.at;
  };
  return {
    settleReport: async ({ order, access, report, said }) => {
      const opening = await record.orderOpening(access);
      if (opening?.order !== order) throw new DomainError('not-found', 'no such opening');
      const text = reportSaid(said);
      if (!idPattern('report').test(report) || utf8(text).length > MOST_SAID_BYTES)
        throw new DomainError('invalid-request', 'not what is said of a report');
      const row = {
        ...{ reportId: report, act: said.act, authorizationId: opening.authorizationId },
        ...{ orderId: order, accessId: access, said: text },
      };
      const old = await before(row);
      if (old) return { at: old.toISOString() };
      const at = clock.now();
      if (said.act === 'facts') checkMoment(new Date(said.madeAt), opening.at, at);
      try {
        const whole = { ...row, at };
        if (await record.addReportAct({ ...whole, mac: reportActCode(macs, whole) }))
          return { at: at.toISOString() };
      } catch (error) {
        if (!isDomainError(error, 'illegal-transition')) throw error;
        throw new DomainError('version-conflict', 'nothing was settled for it before', {
          cause: error,
        });
      }
      // Said at the same moment by somebody else: the same, or refused; or this opening has its report already.
      const same = await before(row);
      if (!same) throw new DomainError('version-conflict', 'this opening has its report');
      return { at: same.toISOString() };
    },
  };
}

/** Throws `guard-refused`: a report is of the moment at which its data were opened. */
function checkMoment(madeAt: Date, openedAt: Date, now: Date): void {
  const early = openedAt.getTime() - madeAt.getTime();
  // Written so that a moment that is none is refused.
  if (!(early <= MOMENT.before && early >= -MOMENT.after))
    throw new DomainError('guard-refused', 'the report is dated otherwise than its opening');
  if (now.getTime() - openedAt.getTime() > FACTS_WITHIN)
    throw new DomainError('guard-refused', 'it was opened too long ago');
}
