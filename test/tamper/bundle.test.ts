import { expect, test } from '@jest/globals';
import { addSeconds, canonicalBytes, concat, utf8 } from '@mandate/core';
import { MANIFEST, PART, readZip, SEAL, writeZip } from '@mandate/evidence';
import {
  exitCode,
  findingText,
  NO_ANCHORS,
  verifyFile,
  type TrustAnchors,
  type Verification,
} from '@mandate/verify';
import { makeAuthority, sealing } from '../kit/authority.js';
import { choiceTemplate, OPTIONAL_ITEM } from '../kit/choice-template.js';
import { buildBundle, LATER, START } from '../kit/build-bundle.js';
import { seeded } from '../kit/seeded.js';
import { flip, tamperCases } from './bundle-cases.js';

const authority = makeAuthority();
const stranger = makeAuthority();
const sound = buildBundle(authority);

const verify = (
  bytes: Uint8Array,
  anchors: TrustAnchors = authority.anchors,
  at = LATER,
): Verification => verifyFile(bytes, { anchors, at });

/** What stands in the way, each with its sub-indication; every finding made must have words. */
function faults({ findings }: Verification): string[] {
  for (const finding of findings)
    for (const language of ['zh', 'en'] as const)
      expect(findingText(finding, language)).not.toContain(finding.id.split('/').at(-1)!);
  return findings
    .filter(({ status }) => status === 'failed' || status === 'indeterminate')
    .map(({ id, subIndication }) => `${id} ${subIndication}`);
}

test.each(['zh', 'en'] as const)('a sound bundle passes (%s)', async (language) => {
  const { bundle } = await buildBundle(authority, {}, language);
  const result = verify(bundle);
  expect(faults(result)).toEqual([]);
  expect(result.verdict).toEqual({ indication: 'TOTAL-PASSED' });
  expect(result.integrity).toBe('sound');
  expect(Object.values(result.claims).map(({ status }) => status)).toEqual(Array(7).fill('passed'));
  expect(exitCode(result)).toBe(0);
});

test('a bare letter is judged by itself; the rest reads not checked', async () => {
  const result = verify((await sound).signedLetter);
  expect(faults(result)).toEqual([]);
  expect(result.verdict).toEqual({ indication: 'TOTAL-PASSED' });
  const statuses = Object.entries(result.claims).map(([claim, { status }]) => [claim, status]);
  expect(Object.fromEntries(statuses)).toEqual({
    integrity: 'passed',
    identity: 'passed',
    time: 'passed',
    intent: 'not-checked',
    scope: 'not-checked',
    'single-signature': 'not-checked',
    ledger: 'not-checked',
  });
  expect(result.notChecked).toContain('bundle-claims');
});

test('a key that was renewed under the same confirmation is accepted when the trail names it', async () => {
  const { certifiedKey } = tamperCases(authority, stranger).find(
    ({ name }) => name === 'certificate: for a key nobody confirmed',
  )!.changes;
  const { bundle } = await buildBundle(authority, { certifiedKey: certifiedKey! });
  const result = verify(bundle);
  expect(result.verdict.indication).toBe('TOTAL-PASSED');
  expect(result.findings.find(({ id }) => id === 'key-confirmed')?.params).toEqual({
    renewed: 'true',
  });
});

test('a second code, a refused one and a voided attempt are steps like others', async () => {
  const { bundle } = await buildBundle(authority, {
    steps: (steps) => [
      ...steps,
      ['confirmation-refused', 'ra', 125, {}],
      ['confirmed', 'ra', 126, {}],
      ['attempt-issued', 'ca', 127, {}],
      ['challenged', 'ra', 128, {}],
      ['attempt-voided', 'ca', 129, {}],
      ['challenged', 'ra', 130, steps[2]![3]],
    ],
  });
  expect(faults(verify(bundle))).toEqual([]);
});

test('a seal of an authority that knows none of our policies is a seal', async () => {
  const elsewhere = ['1.3.6.1.4.1.99999.7'];
  for (const policies of [[], elsewhere]) {
    const sealSigner = authority.issueLeaf(
      'Third-Party Seal',
      authority.root,
      sealing(...policies),
    );
    const { bundle } = await buildBundle(authority, { sealSigner });
    expect(faults(verify(bundle))).toEqual([]);
  }
});

test('choices are facts by name, accepted and refused', async () => {
  const { bundle } = await buildBundle(authority, {
    template: choiceTemplate,
    presentation: (it) => ({ ...it, choices: { items: [OPTIONAL_ITEM], recipients: [] } }),
  });
  const result = verify(bundle);
  expect(faults(result)).toEqual([]);
  expect(result.facts.authorization?.choices).toEqual({
    accepted: { items: [choiceTemplate.items[3]!.name.zh], recipients: [] },
    refused: { items: [], recipients: ['示例担保有限公司'] },
  });
});

test('builds of page and server are facts; the page is the one the scene names', async () => {
  const build = (n: string) => ({
    digest: n.repeat(64),
    commit: 'unknown',
    lockfile: 'e'.repeat(64),
  });
  const named = (page: string | null) =>
    buildBundle(authority, {
      presentation: (it) => ({ ...it, pageBuild: 'a'.repeat(64) }),
      scene: (it) => ({ ...it, pageBuild: 'a'.repeat(64) }),
      bundleParts: (parts) =>
        void parts.set(
          PART.provenance,
          canonicalBytes({
            format: 'mandate-provenance/v1',
            page: page && build(page),
            server: build('c'),
          }),
        ),
    });
  const result = verify((await named('a')).bundle);
  expect(faults(result)).toEqual([]);
  expect(result.facts.authorization?.builds).toEqual({ page: build('a'), server: build('c') });
  expect(faults(verify((await named(null)).bundle))).toEqual([]);
  expect(faults(verify((await named('b')).bundle))).toEqual(['provenance-page HASH_FAILURE']);
});

test('shown again with other choices before a new code: the last one counts', async () => {
  const { bundle } = await buildBundle(authority, {
    steps: (steps) => [
      steps[0]!,
      ['presented', 'web', 30, { ...steps[1]![3], presentation: 'e'.repeat(64) }],
      ['challenged', 'ra', 40, { challenge: 'e'.repeat(64), scene: 'e'.repeat(64) }],
      ...steps.slice(1),
    ],
  });
  expect(faults(verify(bundle))).toEqual([]);
});

test('read and confirmed in one visit, or it says in which two', async () => {
  const visits = (read: string, confirmed: string) =>
    buildBundle(authority, {
      steps: (steps) =>
        steps.map(([type, by, at, data]) => [
          type,
          by,
          at,
          type === 'presented' ? { ...data, visit: read } : data,
        ]),
      confirmation: { visit: confirmed },
    });
  const finding = async (read: string, confirmed: string) => {
    const result = verify((await visits(read, confirmed)).bundle);
    expect(faults(result)).toEqual([]);
    expect(result.claims.intent.status).toBe('passed');
    const { status, params } = result.findings.find(({ id }) => id === 'presentation-visit')!;
    return { status, params };
  };
  expect(await finding('vis_1', 'vis_1')).toEqual({ status: 'passed', params: undefined });
  expect(await finding('vis_1', 'vis_2')).toEqual({
    status: 'not-checked',
    params: { read: 'vis_1', confirmed: 'vis_2' },
  });
});

const cases = tamperCases(authority, stranger);
test('there are enough cases', () => expect(cases.length).toBeGreaterThanOrEqual(60));

test.each(cases)('$name', async ({ changes, faults: expected }) => {
  const result = verify((await buildBundle(authority, changes)).bundle);
  expect(faults(result)).toEqual(expected);
  const failed = result.findings.some(({ status }) => status === 'failed');
  expect(result.verdict.indication).toBe(failed ? 'TOTAL-FAILED' : 'INDETERMINATE');
  expect(exitCode(result)).toBe(failed ? 1 : 2);
});

test('without anchors nothing passes, and nothing is called broken', async () => {
  const { bundle, signedLetter } = await sound;
  for (const bytes of [bundle, signedLetter]) {
    const result = verify(bytes, NO_ANCHORS);
    expect(result.verdict.indication).toBe('INDETERMINATE');
    expect(result.integrity).toBe('sound');
    expect(exitCode(result)).toBe(2);
  }
});

test.each<[keyof TrustAnchors, string[]]>([
  ['scene', ['certificate/path-chain NO_CERTIFICATE_CHAIN_FOUND']],
  ['seal', ['seal-certificate/path-chain NO_CERTIFICATE_CHAIN_FOUND']],
  [
    'timestamp',
    [
      'timestamp/token-chain NO_CERTIFICATE_CHAIN_FOUND',
      'proof-of-existence OUT_OF_BOUNDS_NO_POE',
      'seal-timestamp/token-chain NO_CERTIFICATE_CHAIN_FOUND',
    ],
  ],
  ['ledger', ['ledger-checkpoint NO_SIGNING_CERTIFICATE_FOUND', 'entry-signature NO_POE']],
])(
  'without %s anchors: INDETERMINATE, also when the input brings its own',
  async (purpose, expected) => {
    const { bundle } = await sound;
    for (const list of [[], stranger.anchors[purpose]]) {
      const result = verify(bundle, { ...authority.anchors, [purpose]: list });
      expect(faults(result)).toEqual(expected);
      expect(result.verdict.indication).toBe('INDETERMINATE');
    }
  },
);

test('a root of one purpose is no root of another', async () => {
  const { scene, timestamp, ledger, seal } = authority.anchors;
  const swapped = verify((await sound).bundle, {
    scene: timestamp,
    timestamp: scene,
    seal,
    ledger,
  });
  expect(faults(swapped)).toContain('timestamp/token-chain NO_CERTIFICATE_CHAIN_FOUND');
  // Even with every root trusted for stamping, a certificate for signing letters cannot stamp.
  const { bundle } = await buildBundle(authority, { token: { signer: authority.seal } });
  const all = verify(bundle, { scene, seal, ledger, timestamp: [...scene, ...timestamp] });
  expect(faults(all)).toContain('timestamp/token-key-purpose CHAIN_CONSTRAINTS_FAILURE');
  expect(all.verdict.indication).toBe('INDETERMINATE');
});

test.each([
  ['ten minutes later', LATER, []],
  ['four years later', new Date('2030-12-01T00:00:00Z'), []],
  [
    'after the stamping certificate has expired',
    new Date('2031-06-01T00:00:00Z'),
    [
      'timestamp-ageing OUT_OF_BOUNDS_NO_POE',
      'proof-of-existence OUT_OF_BOUNDS_NO_POE',
      'timestamp-ageing OUT_OF_BOUNDS_NO_POE',
    ],
  ],
  [
    'before it was signed',
    addSeconds(START, 100),
    [
      'timestamp/token-not-future TIMESTAMP_ORDER_FAILURE',
      'proof-of-existence NO_POE',
      'seal-timestamp/token-not-future TIMESTAMP_ORDER_FAILURE',
      'ocsp/ocsp-fresh TRY_LATER',
    ],
  ],
])('judged %s', async (_, at, expected) => {
  expect(faults(verify((await sound).bundle, authority.anchors, at))).toEqual(expected);
});

test.each<[string, (bundle: Uint8Array) => Uint8Array, number, string]>([
  ['nothing at all', () => new Uint8Array(0), 3, 'input-recognised FORMAT_FAILURE'],
  ['some text', () => utf8('hello'), 3, 'input-recognised FORMAT_FAILURE'],
  ['a PDF header', () => utf8('%PDF-1.7\n'), 1, 'pdf-readable FORMAT_FAILURE'],
  ['a cut container', (it) => it.subarray(0, -100), 1, 'bundle-readable FORMAT_FAILURE'],
  ['a longer container', (it) => concat(it, Uint8Array.of(0)), 1, 'bundle-readable FORMAT_FAILURE'],
  ['another ZIP', () => writeZip([['a', utf8('b')]]), 3, 'input-recognised FORMAT_FAILURE'],
  [
    'a container without seal',
    (it) => writeZip(readZip(it).filter(([name]) => name !== SEAL)),
    1,
    'bundle-readable FORMAT_FAILURE',
  ],
  [
    'a container without manifest',
    (it) => writeZip(readZip(it).filter(([name]) => name !== MANIFEST)),
    1,
    'bundle-readable FORMAT_FAILURE',
  ],
  [
    'a seal that is no CMS',
    (it) => writeZip(readZip(it).map(([n, b]) => [n, n === SEAL ? utf8('x') : b])),
    1,
    'seal-readable FORMAT_FAILURE',
  ],
  [
    'an encrypted container',
    (it) => withBits(it, 6, 1),
    2,
    'bundle-readable SIGNED_DATA_NOT_FOUND',
  ],
  [
    'a compressed container',
    (it) => withBits(it, 8, 8),
    2,
    'bundle-readable SIGNED_DATA_NOT_FOUND',
  ],
])('%s', async (_, change, code, fault) => {
  const result = verify(change((await sound).bundle));
  expect(faults(result)).toContain(fault);
  expect(exitCode(result)).toBe(code);
});

function withBits(bytes: Uint8Array, at: number, bits: number): Uint8Array {
  const copy = bytes.slice();
  copy[at]! |= bits;
  return copy;
}

test('no changed bit anywhere in a bundle passes', async () => {
  const { bundle } = await sound;
  const random = seeded(20261121);
  for (let i = 0; i < 150; i++) {
    const at = random(bundle.length);
    const result = verify(flip(at)(bundle));
    expect([at, result.verdict.indication]).not.toEqual([at, 'TOTAL-PASSED']);
  }
});

test('anchors that are broken are the caller’s fault, not the input’s', async () => {
  const { bundle } = await sound;
  expect(() => verify(bundle, { ...authority.anchors, scene: [utf8('x')] })).toThrow(
    /format-certificate/,
  );
  expect(() => verify(bundle, { ...authority.anchors, ledger: ['x'] })).toThrow(/format-ledger/);
});
