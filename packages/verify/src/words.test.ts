import { expect, test } from '@jest/globals';
import { CRL_CHECKS, OCSP_CHECKS, PATH_CHECKS, SUB_INDICATIONS, TOKEN_CHECKS } from '@mandate/pki';
import {
  CLAIMS,
  claimText,
  findingText,
  NOT_CHECKED,
  notCheckedText,
  OWN_FINDINGS,
  placeOf,
  statusText,
  subIndicationText,
  type Context,
  type FindingId,
  type Status,
} from './index.js';

const CMS_CHECKS = [
  'cms-one-signer',
  'cms-signer',
  'cms-signed-attributes',
  'cms-content-type',
  'cms-attributes',
  'cms-ess',
  'cms-message-digest',
  'cms-signature',
];
const STANDARD: Record<Context, readonly string[]> = {
  signature: CMS_CHECKS,
  seal: CMS_CHECKS,
  timestamp: TOKEN_CHECKS,
  'seal-timestamp': TOKEN_CHECKS,
  'document-timestamp': TOKEN_CHECKS,
  certificate: PATH_CHECKS,
  'seal-certificate': PATH_CHECKS,
  ocsp: OCSP_CHECKS,
  crl: CRL_CHECKS,
};
const ids = [
  ...Object.keys(OWN_FINDINGS),
  ...Object.entries(STANDARD).flatMap(([context, checks]) =>
    checks.map((id) => `${context}/${id}`),
  ),
] as FindingId[];
const STATUSES: Status[] = ['passed', 'failed', 'indeterminate', 'not-checked'];
const CHINESE = /[\u4e00-\u9fff]/;

test.each(ids)('%s has words in both languages, another for each outcome', (id) => {
  const { block } = placeOf(id);
  const say = (status: Status, language: 'zh' | 'en'): string =>
    findingText({ id, block, status }, language);
  for (const status of STATUSES) {
    expect(say(status, 'zh')).toMatch(CHINESE);
    expect(say(status, 'en')).not.toMatch(CHINESE);
    expect(say(status, 'en')).toMatch(/[a-z] [a-z]/i);
  }
  for (const language of ['zh', 'en'] as const)
    expect(say('passed', language)).not.toBe(say('failed', language));
});

test('claims, statuses, sub-indications and omissions have words', () => {
  for (const text of [
    ...CLAIMS.map((claim) => [claimText(claim, 'zh'), claimText(claim, 'en')]),
    ...STATUSES.map((status) => [statusText(status, 'zh'), statusText(status, 'en')]),
    ...SUB_INDICATIONS.map((sub) => [subIndicationText(sub, 'zh'), subIndicationText(sub, 'en')]),
    ...NOT_CHECKED.map((id) => [notCheckedText(id, 'zh'), notCheckedText(id, 'en')]),
  ]) {
    expect(text[0]).toMatch(CHINESE);
    expect(text[1]).toMatch(/^[^\u4e00-\u9fff]{3,}$/);
  }
});
