import type { Check, SubIndication } from '@mandate/pki';
import { placeOf, type Context, type FindingId, type OwnFindingId } from './catalogue.js';
import type { Finding, Status } from './verification.js';

type Params = Readonly<Record<string, string>>;

/** Sub-indications of TOTAL-FAILED (EN 319 102-1 table 6); all others belong to INDETERMINATE. */
export const FAILURES: readonly SubIndication[] = [
  'FORMAT_FAILURE',
  'HASH_FAILURE',
  'SIG_CRYPTO_FAILURE',
  'REVOKED',
  'EXPIRED',
  'NOT_YET_VALID',
];

export const statusOf = (subIndication: SubIndication): Status =>
  FAILURES.includes(subIndication) ? 'failed' : 'indeterminate';

const make = (
  id: FindingId,
  status: Status,
  subIndication?: SubIndication,
  params?: Params,
): Finding => ({
  id,
  block: placeOf(id).block,
  status,
  ...(subIndication ? { subIndication } : {}),
  ...(params ? { params } : {}),
});

export const pass = (id: OwnFindingId, params?: Params): Finding =>
  make(id, 'passed', undefined, params);

/** Failed or indeterminate, as the sub-indication has it. */
export const fail = (id: OwnFindingId, subIndication: SubIndication, params?: Params): Finding =>
  make(id, statusOf(subIndication), subIndication, params);

export const skip = (id: OwnFindingId, params?: Params): Finding =>
  make(id, 'not-checked', undefined, params);

/** `pass` or `fail`, whichever holds. */
export const check = (
  id: OwnFindingId,
  ok: boolean,
  subIndication: SubIndication,
  params?: Params,
): Finding => (ok ? pass(id, params) : fail(id, subIndication, params));

/** Results of standard checks as findings of the thing they were applied to. */
export const findingsOf = (context: Context, checks: readonly Check[]): Finding[] =>
  checks.map(({ id, ok, subIndication, detail }) => {
    const params = detail && ok !== true ? { detail } : undefined;
    if (ok === null) return make(`${context}/${id}`, 'not-checked', undefined, params);
    if (ok) return make(`${context}/${id}`, 'passed');
    const reason = subIndication ?? 'POLICY_PROCESSING_ERROR';
    return make(`${context}/${id}`, statusOf(reason), reason, params);
  });

export const allPassed = (findings: readonly Finding[]): boolean =>
  findings.every(({ status }) => status === 'passed' || status === 'not-checked');
