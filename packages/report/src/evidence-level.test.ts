import { beforeAll, expect, test } from '@jest/globals';
import {
  addSeconds,
  canonicalize,
  commitment,
  fromBase64Url,
  toHex,
  toUtcSeconds,
  type PasskeyRecord,
} from '@mandate/core';
import { PART } from '@mandate/evidence';
import { cosignatureLine, cosignatureToSign, parseNote, parseProof, vkey } from '@mandate/ledger';
import { verifyFile, type TrustAnchors } from '@mandate/verify';
import { makeAuthority, makeKey } from '../../../test/kit/authority.js';
import { buildBundle, LATER, START, type TestBundle } from '../../../test/kit/build-bundle.js';
import { addGeneration, factsOf } from '../../../test/kit/bundle-generations.js';
import { evidenceLevel } from './evidence-level.js';
import { makeReport, type EvidenceLevel, type Report } from './index.js';

/** E1 to E4: what others signed, never what anybody says of himself. */

const authority = makeAuthority();
const witness = makeKey('ed25519');
const WITNESSED: TrustAnchors = {
  ...authority.anchors,
  ledger: [...authority.anchors.ledger, vkey('witness.example', witness.spki, 'cosignature')],
};
const DAY = 86_400;
type Check = 'face' | 'police-id' | 'carrier-name';

const levelOf = (bundle: Uint8Array, anchors = WITNESSED): EvidenceLevel =>
  evidenceLevel(verifyFile(bundle, { anchors, at: LATER }));

/** A letter whose passkey was registered so many days before. */
const withPasskey = (days: number, checks: readonly Check[]): Promise<TestBundle> =>
  buildBundle(authority, {
    measures: ['sms-code', 'passkey'],
    passkey: { registeredAt: toUtcSeconds(addSeconds(START, -days * DAY)) },
    ...(checks.length > 0 ? { identity: { checks } } : {}),
  });

/** The ledger's proof of the registration, cosigned so many days before the ceremony. */
async function proven(made: TestBundle, seenDaysBefore: number | null): Promise<Uint8Array> {
  const text = new TextDecoder().decode(made.parts.get(PART.passkey)!);
  const { credentialId, publicKey, registration } = JSON.parse(text) as PasskeyRecord;
  const credential = commitment(
    fromBase64Url(registration.salt),
    'passkey',
    canonicalize({ credentialId, publicKey }),
  );
  const at = (Date.parse(registration.at) - START.getTime()) / 1000;
  const entry = factsOf(made).entry('credential', at, { credential: toHex(credential) });
  const cosign = (proof: string): string => {
    if (seenDaysBefore === null) return proof;
    const said = parseNote(parseProof(proof).checkpoint).text;
    const seen = addSeconds(START, -seenDaysBefore * DAY);
    const signature = witness.sign(cosignatureToSign(said, seen));
    return (
      proof +
      cosignatureLine({ name: 'witness.example', publicKey: witness.spki, signature, at: seen })
    );
  };
  const content = { entries: [entry], at: 950 };
  return addGeneration(authority, made, made.bundle, content, { from: 1, proof: cosign });
}

test.each<[string, readonly Check[], EvidenceLevel['level']]>([
  ['nobody else', [], 'E1'],
  ['details compared', ['police-id', 'carrier-name'], 'E2'],
  ['the person seen', ['police-id', 'face'], 'E3'],
])('%s', async (_, checks, level) => {
  const made = await buildBundle(authority, checks.length > 0 ? { identity: { checks } } : {});
  expect(levelOf(made.bundle).level).toBe(level);
  // A key that nobody trusts signed for nobody.
  const { identity: _identity, ...unknown } = WITNESSED;
  expect(levelOf(made.bundle, unknown).level).toBe('E1');
});

let seen: TestBundle;
let unseen: TestBundle;
beforeAll(async () => {
  seen = await withPasskey(9, ['police-id', 'face']);
  unseen = await withPasskey(9, []);
});

test('a passkey that witnesses saw registered days before, and the person seen: E4', async () => {
  const bundle = await proven(seen, 8);
  const level = levelOf(bundle);
  expect(level.level).toBe('E4');
  expect(level.reasons).toContain('passkey-enrolled-before');
  const { later } = makeReport({
    ...{ bundle, verification: verifyFile(bundle, { anchors: WITNESSED, at: LATER }) },
    ...{ reportId: 'rep_019a1111-2222-7333-8444-555566667777', madeAt: LATER },
    ...{ publicUrl: 'https://mandate.test', tools: {} },
  });
  expect(later?.registration).toMatchObject({
    index: 1,
    cosigners: [{ name: 'witness.example', at: '2026-11-13T09:00:00Z' }],
  });
});

test.each<[string, () => Promise<Uint8Array> | Uint8Array, TrustAnchors]>([
  ['the bundle has no proof of it', () => seen.bundle, WITNESSED],
  ['no witness signed the checkpoint', () => proven(seen, null), WITNESSED],
  ['the witness saw it a day before', () => proven(seen, 1), WITNESSED],
  ['the witness saw it afterwards', () => proven(seen, -0.01), WITNESSED],
  ['nobody trusts the witness', () => proven(seen, 8), authority.anchors],
])('%s: not E4', async (_, make, anchors) => {
  const level = levelOf(await make(), anchors);
  expect(level.level).toBe('E3');
  expect(level.reasons).toContain('passkey-enrolment-not-shown');
});

test('whose passkey it is must be shown by others too', async () => {
  const level = levelOf(await proven(unseen, 8));
  expect(level.level).toBe('E1');
  expect(level.reasons).toEqual(
    expect.arrayContaining([
      'operator-word',
      'passkey-enrolled-before',
      'passkey-person-not-shown',
    ]),
  );
});

test('a use after signing stands in the report by name, and the state with it', async () => {
  const made = await buildBundle(authority);
  const facts = factsOf(made);
  const used = await addGeneration(authority, made, made.bundle, {
    facts: [facts.redemption('one', 600)],
    state: { uses: { counted: 1 } },
    accesses: [610],
    at: 700,
  });
  const report: Report = makeReport({
    bundle: used,
    verification: verifyFile(used, { anchors: authority.anchors, at: LATER }),
    reportId: 'rep_019a1111-2222-7333-8444-555566667777',
    madeAt: LATER,
    publicUrl: 'https://mandate.test',
    tools: {},
  });
  expect(report.verdict.indication).toBe('TOTAL-PASSED');
  const { terms } = made;
  expect(report.usable).toMatchObject({ answer: 'no', reason: 'used-up' });
  expect(report.later).toMatchObject({
    generation: 1,
    uses: { counted: 1, allowed: 1 },
    facts: [
      {
        ...{ kind: 'redemption', who: terms.institution.name, source: terms.sources[0]!.name },
        ...{ items: terms.items.map(({ name }) => name), counts: true, receipt: 'verified' },
      },
    ],
    accesses: [{ purpose: 'download' }],
  });
  expect(report.sections.find(({ id }) => id === 'later')?.status).toBe('passed');
  expect(report.evidence.map(({ id }) => id)).toContain('later');
});
