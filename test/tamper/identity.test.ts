import { expect, test } from '@jest/globals';
import { toBase64Url, utf8 } from '@mandate/core';
import { PART } from '@mandate/evidence';
import { evidenceLevel, makeReport, renderReport } from '@mandate/report';
import { findingText, verifyFile, type Verification } from '@mandate/verify';
import { makeAuthority, makeKey } from '../kit/authority.js';
import { buildBundle, LATER } from '../kit/build-bundle.js';
import { PROVIDER, type IdentityMade } from '../kit/make-identity.js';
import { identityCases, made } from './identity-cases.js';

const authority = makeAuthority();
const { identity: _keys, ...withoutKeys } = authority.anchors;
const verify = (bytes: Uint8Array, anchors = authority.anchors): Verification =>
  verifyFile(bytes, { anchors, at: LATER });

function faults({ findings }: Verification): string[] {
  for (const finding of findings)
    for (const language of ['zh', 'en'] as const)
      expect(findingText(finding, language)).not.toContain(finding.id.split('/').at(-1)!);
  return findings
    .filter(({ status }) => status === 'failed' || status === 'indeterminate')
    .map(({ id, subIndication }) => `${id} ${subIndication}`);
}

test.each<[string, IdentityMade, string, string]>([
  ['compared data', {}, 'E2', 'identity-compared'],
  ['the person took part', { checks: ['police-id', 'face'] }, 'E3', 'identity-present'],
  [
    'the institution’s word beside the others',
    { checks: ['police-id', 'carrier-name', 'institution'] },
    'E2',
    'identity-asserted',
  ],
])('%s: sound, and the level follows from the facts', async (_, identity, level, reason) => {
  const { bundle } = await buildBundle(authority, { identity });
  const result = verify(bundle);
  expect(faults(result)).toEqual([]);
  expect(result.verdict.indication).toBe('TOTAL-PASSED');
  expect(evidenceLevel(result)).toMatchObject({ level, reasons: expect.arrayContaining([reason]) });
  // Who does not trust the provider's key is told so, and gets no level from it.
  const stranger = verify(bundle, withoutKeys);
  expect(faults(stranger)).toEqual([]);
  expect(stranger.findings.find(({ id }) => id === 'identity-signature')?.status).toBe(
    'not-checked',
  );
  expect(evidenceLevel(stranger)).toMatchObject({
    level: 'E1',
    reasons: expect.arrayContaining(['identity-key-missing']),
  });
});

test('the report tells who vouches, in both languages', async () => {
  const { bundle } = await buildBundle(authority, {
    identity: { checks: ['police-id', 'carrier-name', 'institution'] },
  });
  const report = makeReport({
    bundle,
    verification: verify(bundle),
    reportId: 'rep_019a1111-2222-7333-8444-555566667777',
    madeAt: LATER,
    publicUrl: 'https://mandate.test',
    tools: { node: '20' },
  });
  expect(report.vouchers).toEqual(
    expect.arrayContaining([
      { id: 'identity-provider', name: 'Test provider' },
      { id: 'identity-institution', name: 'Test provider' },
    ]),
  );
  expect(report.facts.authorization?.identity?.checks).toMatchObject([
    { check: 'police-id', receipt: 'verified' },
    { check: 'carrier-name', receipt: 'verified' },
    { check: 'institution', receipt: 'none', vouchedBy: 'branch 12', how: 'known for years' },
  ]);
  for (const language of ['zh', 'en'] as const)
    expect((await renderReport(report, language)).length).toBeGreaterThan(10_000);
});

test.each(identityCases)('%s: found', async (_, changes, ...expected) => {
  const verified = verify((await buildBundle(authority, changes)).bundle);
  expect(faults(verified)).toEqual(expected);
  expect(verified.verdict.indication).not.toBe('TOTAL-PASSED');
  expect(evidenceLevel(verified).level).toBeNull();
});

test('a passkey of a day before counts beside the code', async () => {
  const { bundle } = await buildBundle(authority, {
    identity: { checks: ['police-id'] },
    measures: ['sms-code', 'passkey'],
  });
  expect(verify(bundle).verdict.indication).toBe('TOTAL-PASSED');
});

test('a simulated check alone leaves it open, not refuted', async () => {
  const { bundle } = await buildBundle(
    authority,
    made({ answer: (it) => ({ ...it, simulated: true }) }),
  );
  expect(verify(bundle).verdict).toEqual({
    indication: 'INDETERMINATE',
    subIndication: 'SIG_CONSTRAINTS_FAILURE',
  });
});

test('a part that is no record of checks is malformed', async () => {
  const { bundle } = await buildBundle(authority, {
    identity: {},
    bundleParts: (parts) => void parts.set(PART.identity, utf8('{"picture":"x"}')),
  });
  expect(faults(verify(bundle))).toContain('part-readable FORMAT_FAILURE');
});

test('another provider’s key does not stand in', async () => {
  const { bundle } = await buildBundle(authority, { identity: {} });
  const [key] = authority.anchors.identity!;
  const others = { ...authority.anchors, identity: [{ ...key!, provider: 'another' }] };
  expect(evidenceLevel(verify(bundle, others)).level).toBe('E1');
  const two = [{ provider: PROVIDER, publicKey: makeKey().spki }, key!];
  expect(evidenceLevel(verify(bundle, { ...others, identity: two })).level).toBe('E2');
  expect(toBase64Url(key!.publicKey)).not.toBe('');
});
