import { expect, test } from '@jest/globals';
import type { OwnFindingId } from './catalogue.js';
import { check, fail, pass, skip } from './finding.js';
import { claimsOf, exitCode, judge, judgeFile } from './verdict.js';
import type { Finding, Verification } from './verification.js';

const all: OwnFindingId[] = [
  'pdf-readable',
  'binding-letter',
  'measures-met',
  'timestamp-present',
  'terms-equal',
  'entry-signature',
  'ledger-inclusion',
];
const good = all.map((id) => pass(id));
const verification = (findings: readonly Finding[]): Verification =>
  ({ findings, ...judge(findings) }) as Verification;

test('all passed', () => {
  const { verdict, integrity } = judge(good);
  expect(verdict).toEqual({ indication: 'TOTAL-PASSED' });
  expect(integrity).toBe('sound');
  expect(exitCode(verification(good))).toBe(0);
});

test('no findings are no pass', () => {
  expect(judge([]).verdict.indication).toBe('INDETERMINATE');
  expect(exitCode(verification([]))).toBe(2);
  expect(judge([skip('terms-equal')]).verdict.indication).toBe('INDETERMINATE');
});

test('what nobody signed does not pass as a file, and what somebody signed does', () => {
  expect(judgeFile([pass('input-recognised'), pass('filing-readable')]).verdict).toEqual({
    indication: 'INDETERMINATE',
    subIndication: 'NO_SIGNING_CERTIFICATE_FOUND',
  });
  expect(judgeFile([...good, skip('filing-seal')]).verdict.indication).toBe('INDETERMINATE');
  const broken = [fail('filing-list', 'FORMAT_FAILURE')];
  expect(judgeFile(broken).verdict).toEqual(judge(broken).verdict);
  expect(judgeFile([...good, pass('filing-seal')]).verdict.indication).toBe('TOTAL-PASSED');
});

test('the worst decides, the first of the worst names the reason', () => {
  const findings = [
    ...good,
    fail('timestamp-order', 'TIMESTAMP_ORDER_FAILURE'),
    fail('scene-terms', 'HASH_FAILURE'),
    fail('cms-readable', 'FORMAT_FAILURE'),
  ];
  const { verdict, claims, integrity } = judge(findings);
  expect(verdict).toEqual({ indication: 'TOTAL-FAILED', subIndication: 'HASH_FAILURE' });
  expect(integrity).toBe('broken');
  expect(claims.time).toMatchObject({
    status: 'indeterminate',
    subIndication: 'TIMESTAMP_ORDER_FAILURE',
  });
  expect(claims.identity.status).toBe('failed');
  expect(claims.scope.status).toBe('passed');
  expect(exitCode(verification(findings))).toBe(1);
});

test('an open finding outweighs passed ones, an unchecked one does not', () => {
  const open = fail('ledger-checkpoint', 'NO_SIGNING_CERTIFICATE_FOUND');
  expect(open.status).toBe('indeterminate');
  expect(claimsOf([pass('ledger-inclusion'), open]).ledger.status).toBe('indeterminate');
  expect(claimsOf([pass('ledger-inclusion'), skip('ledger-origin')]).ledger.status).toBe('passed');
  expect(claimsOf([]).ledger).toEqual({ status: 'not-checked', findings: [] });
});

test('nothing to judge is exit code 3, whatever else was found', () => {
  for (const id of ['input-recognised', 'signature-present'] as const)
    expect(exitCode(verification([...good, check(id, false, 'FORMAT_FAILURE')]))).toBe(3);
});
