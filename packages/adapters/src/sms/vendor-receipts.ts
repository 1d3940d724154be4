import { DomainError, smsCode, type SmsReceipt } from '@mandate/core';
import { messageId } from './sms-exchange.js';

/** Vendors whose reports are understood, and what they want to hear back. */
const VENDORS = {
  alibaba: {
    id: 'biz_id',
    good: (report: Report) => (typeof report.success === 'boolean' ? report.success : null),
    code: 'err_code',
    reply: { code: 0, msg: 'OK' },
  },
  tencent: {
    id: 'sid',
    good: ({ report_status: said }: Report) =>
      said === 'SUCCESS' ? true : said === 'FAIL' ? false : null,
    code: 'errmsg',
    reply: { result: 0, errmsg: 'OK' },
  },
  http: {
    id: 'id',
    good: ({ status }: Report) =>
      status === 'delivered' ? true : status === 'failed' ? false : null,
    code: 'code',
    reply: { received: true },
  },
} as const;

type Report = Readonly<Record<string, unknown>>;
const MAX_REPORTS = 1000;

/**
 * What a vendor posts to the callback address: `SmsReport` of Alibaba Cloud, the status callback of Tencent Cloud,
 * or our own form. `gateway`: as in SMS_URL, e.g. `alibaba` or `alibaba-2`. Numbers and texts in it are not looked
 * at. Throws `not-found` for a vendor nobody knows, `invalid-request`.
 */
export function readVendorReceipts(
  gateway: string,
  posted: unknown,
): { readonly receipts: readonly SmsReceipt[]; readonly reply: object } {
  const name = /^([a-z]{1,20})(?:-[2-9])?$/.exec(gateway)?.[1] ?? '';
  if (!Object.hasOwn(VENDORS, name)) throw new DomainError('not-found', 'no such vendor');
  const vendor = VENDORS[name as keyof typeof VENDORS];
  if (!Array.isArray(posted) || posted.length > MAX_REPORTS)
    throw new DomainError('invalid-request', 'a list of reports is expected');
  const receipts = posted.map((report: Report | null): SmsReceipt => {
    const id = messageId(report?.[vendor.id]);
    const good = report && vendor.good(report);
    if (!report || !id || good === null)
      throw new DomainError('invalid-request', 'a report lacks its id or its status');
    const status = good ? 'delivered' : 'failed';
    return { gateway, messageId: id, status, code: smsCode(report[vendor.code]) };
  });
  return { receipts, reply: vendor.reply };
}
