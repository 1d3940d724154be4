import { expect, test } from '@jest/globals';
import { toBase64Url, utf8, type IdentityResult } from '@mandate/core';
import { PART } from '@mandate/evidence';
import { evidenceLevel, makeReport, renderReport } from '@mandate/report';
import { findingText, verifyFile, type FindingId, type Verification } from '@mandate/verify';
import { makeAuthority, makeKey } from '../kit/authority.js';
import { buildBundle, LATER, type Changes } from '../kit/build-bundle.js';
import { PROVIDER, type IdentityMade } from '../kit/make-identity.js';

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

type Fault = `${FindingId} ${string}`;
const made = (identity: IdentityMade): Changes => ({ identity });
const result = (change: Partial<IdentityResult>): Changes =>
  made({ result: (it) => ({ ...it, ...change }) });

const UNSIGNED = { suite: 'none', signature: '' } as const;

const cases: [string, Changes, ...Fault[]][] = [
  [
    'the part left out',
    { identity: {}, bundleParts: (parts) => void parts.delete(PART.identity) },
    'identity-results HASH_FAILURE',
    'identity-met SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'a part the scene does not know',
    { identity: {}, scene: ({ identity: _, ...scene }) => scene },
    'scene-policy SIG_CONSTRAINTS_FAILURE',
    'identity-results HASH_FAILURE',
    'identity-met SIG_CONSTRAINTS_FAILURE',
    'identity-times TIMESTAMP_ORDER_FAILURE',
  ],
  [
    'one result taken away afterwards',
    made({ part: (it) => ({ ...it, results: it.results.slice(1) }) }),
    'identity-results HASH_FAILURE',
    'identity-met SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'too few results for the policy',
    made({ checks: ['police-id'] }),
    'identity-met SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'the wrong ones for the policy',
    made({ checks: ['carrier-name', 'bank-card'] }),
    'identity-met SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'a policy softened until the results meet it',
    made({
      checks: ['carrier-name'],
      scene: (it) => ({ ...it, requirements: [{ need: 1, of: ['carrier-name'] }] }),
    }),
    'identity-met SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'a longer life than the policy’s',
    made({
      answer: (it) => ({ ...it, at: '2026-11-21T08:00:00Z' }),
      result: (it) => ({ ...it, receivedAt: '2026-11-21T08:00:00Z' }),
      scene: (it) => ({ ...it, freshSeconds: 100_000 }),
    }),
    'identity-met SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'a policy nobody knows',
    made({ scene: (it) => ({ ...it, policy: 'easy' }) }),
    'scene-policy SIG_CONSTRAINTS_FAILURE',
    'identity-met SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'the institution’s word in place of a check',
    made({ checks: ['police-id', 'institution'] }),
    'identity-met SIG_CONSTRAINTS_FAILURE',
  ],
  ...(
    [
      ['another institution’s word', { provider: 'vouch' }],
      ['a word under another number', { reference: 'x' }],
      ['a word of another time', { checkedAt: '2026-11-21T09:01:41Z' }],
    ] as const
  ).map(([name, change]): (typeof cases)[number] => [
    name,
    made({
      checks: ['police-id', 'carrier-name', 'institution'],
      result: (it) => (it.check === 'institution' ? { ...it, ...change } : it),
    }),
    'identity-receipt HASH_FAILURE',
  ]),
  [
    'a passkey registered under the very code that it stands beside',
    {
      identity: { checks: ['police-id'] },
      measures: ['sms-code', 'passkey'],
      passkey: { registeredAt: '2026-11-21T09:02:10Z' },
    },
    'identity-met SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'the provider said no, and it is told so',
    made({ answer: (it) => ({ ...it, outcome: 'mismatch' }) }),
    'identity-met SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'the provider said no, and it is told as yes',
    made({
      answer: (it) => ({ ...it, outcome: 'mismatch' }),
      result: (it) => ({ ...it, outcome: 'match' }),
    }),
    'identity-receipt HASH_FAILURE',
  ],
  ['of another letter', made({ letters: ['e'.repeat(64)] }), 'identity-letter HASH_FAILURE'],
  [
    'of another letter, this one written in',
    { identity: { letters: ['e'.repeat(64)], result: (it) => ({ ...it, letters: [] }) } },
    'identity-letter HASH_FAILURE',
  ],
  ['of another person', made({ subject: { name: '李四' } }), 'identity-subject HASH_FAILURE'],
  [
    'of another phone',
    made({ subject: { phone: '13900139000' } }),
    'identity-subject HASH_FAILURE',
  ],
  [
    'after the scene was frozen',
    result({ receivedAt: '2026-11-21T09:02:01Z' }),
    'identity-times TIMESTAMP_ORDER_FAILURE',
  ],
  [
    'too long before the confirmation',
    made({
      answer: (it) => ({ ...it, at: '2026-11-21T08:00:00Z' }),
      result: (it) => ({ ...it, receivedAt: '2026-11-21T08:00:00Z' }),
    }),
    'identity-times TIMESTAMP_ORDER_FAILURE',
  ],
  [
    'not in the trail',
    { identity: {}, steps: (steps) => steps.filter(([type]) => type !== 'identity-checked') },
    'identity-times TIMESTAMP_ORDER_FAILURE',
  ],
  [
    'noted after the challenge',
    {
      identity: {},
      steps: (steps) => {
        const late = steps.filter(([type]) => type === 'identity-checked');
        const rest = steps.filter(([type]) => type !== 'identity-checked');
        return [...rest, ...late.map(([type, by, , data]) => [type, by, 130, data] as const)];
      },
    },
    'identity-times TIMESTAMP_ORDER_FAILURE',
  ],
  [
    'another reference than the receipt’s',
    result({ reference: 'x' }),
    'identity-receipt HASH_FAILURE',
  ],
  [
    'a receipt by another key',
    made({ signer: makeKey() }),
    'identity-signature SIG_CRYPTO_FAILURE',
  ],
  [
    'a receipt changed after it was signed',
    result({ receipt: { suite: 'ecdsa-p256-sha256', body: 'e30', signature: 'AAAA' } }),
    'identity-receipt HASH_FAILURE',
    'identity-signature SIG_CRYPTO_FAILURE',
  ],
  [
    'one that nobody signed beside one that is signed',
    made({
      result: (it) =>
        it.check === 'police-id' ? { ...it, receipt: { ...it.receipt, ...UNSIGNED } } : it,
    }),
    'identity-signature SIG_CRYPTO_FAILURE',
  ],
  [
    'simulated, and it says so',
    made({ answer: (it) => ({ ...it, simulated: true }) }),
    'identity-simulated SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'simulated, and it is told as real',
    made({
      answer: (it) => ({ ...it, simulated: true }),
      result: (it) => ({ ...it, simulated: false }),
    }),
    'identity-receipt HASH_FAILURE',
    'identity-signature SIG_CRYPTO_FAILURE',
  ],
];

test.each(cases)('%s: found', async (_, changes, ...expected) => {
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
