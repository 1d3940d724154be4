import { addSeconds, toUtcSeconds } from '@mandate/core';
import { creditReportTemplate } from '@mandate/terms';

/**
 * Bodies that can be sent as they are, in this order, to a fresh trial: the description shows them and a
 * test sends them. The person is made up; the numbers have right check digits and belong to nobody.
 */
export const EXAMPLES = {
  template: creditReportTemplate,
  ticket: { origins: ['https://app.bank.example'], returnUrl: 'https://app.bank.example/loan' },
  webhook: {
    url: 'https://hooks.example.com/mandate',
    types: ['authorization.released', 'authorization.declined', 'authorization.withdrawn'],
  },
  key: { name: 'loan desk', scopes: ['authorizations:read', 'redemptions:write'], days: 90 },
  rotation: { graceSeconds: 86_400, days: 90 },
  proposal: { outcome: 'rejected', grounds: 'case 2026-1187' },
  waiver: {
    rule: 'open-list',
    path: 'method.zh',
    reason: 'agreed with the data protection officer',
  },
  search: {
    subject: { name: '王䶮', idType: 'cn-resident-id', idNumber: '310101199003072313' },
    state: 'released',
  },
  redemption: {
    purpose: 'loan-approval',
    source: { creditCode: '91110000MA00DEM01M' },
    items: ['basic-information', 'credit-transactions'],
    operator: { id: 'L0042', name: '审批岗 0042' },
    businessReference: 'LOAN-0001',
    hold: true,
  },
  withdrawal: {
    by: 'subject',
    channel: 'app',
    proof: { kind: 'logged-in', ref: 'LOAN-0001' },
  },
  hold: {
    by: 'subject',
    reason: 'not-signed-by-me',
    proof: { kind: 'call-recording', ref: 'CALL-0001' },
  },
  end: { event: 'loan-settled', at: '2026-11-01T00:00:00Z' },
  case: {
    kind: 'consumer-complaint',
    authorizations: ['aut_019a1111-2222-7333-8444-555566667777'],
    applicant: '张三，13800138000',
    request: '本人称未授权查询征信',
  },
};

/** Its end must lie ahead, within what the template allows. */
export const exampleAuthorization = (now: Date) => ({
  template: creditReportTemplate.name,
  businessReference: 'LOAN-0001',
  language: 'zh',
  subject: {
    name: '王䶮',
    idType: 'cn-resident-id',
    idNumber: '310101199003072313',
    phone: '13800138000',
  },
  end: { kind: 'date', at: toUtcSeconds(addSeconds(now, 30 * 86_400)) },
  uses: { kind: 'count', count: 1 },
});
