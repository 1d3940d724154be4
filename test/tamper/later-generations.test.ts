import { beforeAll, expect, test } from '@jest/globals';
import {
  addSeconds,
  canonicalize,
  commitment,
  fromBase64Url,
  sha256Hex,
  toHex,
  utf8,
  type PasskeyRecord,
} from '@mandate/core';
import { generationZero, readBundle } from '@mandate/evidence';
import { entryBytes, type LedgerEntry } from '@mandate/ledger';
import { makeReport, reportJson } from '@mandate/report';
import { exitCode, findingText, verifyFile, type Verification } from '@mandate/verify';
import { makeStampAuthority, stampLetter } from '../kit/archived-letter.js';
import { makeAuthority } from '../kit/authority.js';
import { buildBundle, LATER, START } from '../kit/build-bundle.js';
import { addGeneration, factsOf } from '../kit/bundle-generations.js';
import { makeLedgerProof } from '../kit/make-receipt.js';
import { seeded } from '../kit/seeded.js';
import { laterCases, laterSetting, type LaterSetting } from './later-cases.js';

const authority = makeAuthority();
const stranger = makeAuthority();
let setting: LaterSetting;
let grown: Uint8Array;
beforeAll(async () => {
  setting = await laterSetting(authority, stranger);
  grown = await setting.grow();
});

const verify = (bytes: Uint8Array, at = LATER): Verification =>
  verifyFile(bytes, { anchors: authority.anchors, at });

function faults({ findings }: Verification): string[] {
  for (const finding of findings)
    for (const language of ['zh', 'en'] as const)
      expect(findingText(finding, language)).not.toContain(finding.id.split('/').at(-1)!);
  return findings
    .filter(({ status }) => status === 'failed' || status === 'indeterminate')
    .map(({ id, subIndication }) => `${id} ${subIndication}`);
}

test('what happened later is told and changes nothing of the verdict', () => {
  const result = verify(grown);
  expect(faults(result)).toEqual([]);
  expect(result.verdict).toEqual({ indication: 'TOTAL-PASSED' });
  expect(exitCode(result)).toBe(0);
  expect(result.facts.level).toBe('B-LTA');
  const { later } = result.facts;
  expect(later).toMatchObject({
    generation: 2,
    sealedAt: addSeconds(START, 700).toISOString(),
    state: { withdrawn: true, hold: 'open', uses: { counted: 1, reserved: 0 } },
    archived: { generation: 1, digest: sha256Hex(setting.made.archived), renewals: 1 },
  });
  expect(
    later!.facts.map(({ kind, generation, receipt, index }) => [kind, generation, receipt, index]),
  ).toEqual([
    ['redemption', 1, 'verified', 20],
    ['hold', 2, 'verified', 25],
    ['withdrawal', 2, 'verified', 26],
  ]);
  expect(later!.facts[0]!.steps).toMatchObject([{ step: 'confirmed', index: 27 }]);
  expect(later!.facts[2]!.stampedAt).toBe('2026-11-21T09:10:03Z');
  expect(later!.accesses.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3, 4, 5]);
});

test('generation 0 is the same under every later one', () => {
  const sealed = sha256Hex(generationZero(readBundle(setting.made.bundle)));
  expect(sha256Hex(generationZero(readBundle(grown)))).toBe(sealed);
  expect(verify(grown).facts.sealedBundleDigest).toBe(sealed);
});

test('without keys of receipts their signatures are not checked', () => {
  const { receipt: _, ...anchors } = authority.anchors;
  const result = verifyFile(grown, { anchors, at: LATER });
  expect(faults(result)).toEqual([]);
  expect(result.findings.find(({ id }) => id === 'later-receipt-signature')?.status).toBe(
    'not-checked',
  );
  expect(result.facts.later!.facts.every(({ receipt }) => receipt === 'not-checked')).toBe(true);
});

test('a renewed archive keeps the whole bundle good after the first authority has ended', async () => {
  const { made, facts } = setting;
  const when = (year: number): Date => new Date(`${year}-05-21T00:00:00Z`);
  // The kit's authorities end with 2030; before that, one that lives longer stamps archive and seal.
  const young = makeStampAuthority('Young Timestamp Authority', {
    from: when(2030),
    until: when(2040),
    rootUntil: when(2045),
  });
  const renewedAt = (when(2030).getTime() - START.getTime()) / 1000 + 3600;
  const renewed = stampLetter(made.archived, young.stamp, renewedAt);
  const bundle = await addGeneration({ ...authority, stamp: young.stamp }, made, grown, {
    entries: [facts.renewal(2, renewed, made.archived, renewedAt + 5)],
    letter: renewed,
    state: { withdrawn: true, hold: 'open', uses: { counted: 1 } },
    at: renewedAt + 60,
  });
  const anchors = {
    ...authority.anchors,
    timestamp: [...authority.anchors.timestamp, young.root.der],
  };
  expect(faults(verifyFile(grown, { anchors, at: when(2033) }))).toContain(
    'later-seal OUT_OF_BOUNDS_NO_POE',
  );
  const result = verifyFile(bundle, { anchors, at: when(2033) });
  expect(faults(result)).toEqual([]);
  expect(result.facts.later!.archived).toMatchObject({ generation: 3, renewals: 2 });
});

test('a use whose reservation was released is counted no more; ends, releases and restrictions are told', async () => {
  const { made, facts, renewal, reserved } = setting;
  const bundle = await addGeneration(authority, made, made.bundle, {
    facts: [
      reserved,
      facts.hold(400),
      facts.resolution('rejected', 450),
      facts.release(500),
      facts.end(600),
      facts.restriction(650),
    ],
    entries: [renewal, facts.step(reserved, 'released', 350)],
    state: { ended: true, restricted: true, releases: 1 },
    letter: made.archived,
    at: 700,
  });
  expect(faults(verify(bundle))).toEqual([]);
});

test('proofs and reports of a bundle that has grown since', async () => {
  const { made, renewal, facts } = setting;
  const beside = async (entry: LedgerEntry, file: Uint8Array): Promise<string | undefined> => {
    const { proof } = await makeLedgerProof(authority, entryBytes(entry));
    const options = { anchors: authority.anchors, at: LATER, beside: [file] };
    const found = verifyFile(utf8(proof), options).findings.find(({ id }) => id === 'proof-about');
    return found?.subIndication ?? found?.status;
  };
  expect(await beside(renewal, grown)).toBe('passed');
  const again = stampLetter(made.archived, authority.stamp, 4000);
  expect(await beside(renewal, again)).toBe('passed');
  // the next renewal is not in it yet; that of another letter never will be
  const next = facts.renewal(2, again, made.archived, 4010);
  expect(await beside(next, grown)).toBe('SIGNED_DATA_NOT_FOUND');
  expect(await beside(next, made.signedLetter)).toBe('SIGNED_DATA_NOT_FOUND');
  const { other } = setting;
  const foreign = factsOf(other).renewal(1, other.archived, other.signedLetter, 230);
  expect(await beside(foreign, grown)).toBe('HASH_FAILURE');

  const report = (bundle: Uint8Array): Uint8Array =>
    reportJson(
      makeReport({
        ...{ bundle, verification: verify(bundle), madeAt: LATER, tools: {} },
        reportId: 'rep_019a1111-2222-7333-8444-555566667777',
        publicUrl: 'https://mandate.test',
      }),
    );
  const recomputed = (of: Uint8Array, file: Uint8Array) =>
    verifyFile(report(of), { anchors: authority.anchors, at: LATER, beside: [file] })
      .findings.filter(({ id }) => id === 'report-input' || id === 'report-recomputed')
      .map(({ id, status }) => `${id} ${status}`);
  const RECOMPUTED = ['report-input passed', 'report-recomputed passed'];
  const one = await setting.grow({ second: null });
  const two = await addGeneration(authority, made, one, setting.second);
  for (const before of [generationZero(readBundle(two)), made.bundle, one, two])
    expect(recomputed(before, two)).toEqual(RECOMPUTED);
  // what it became later, or another history, is not what it was
  expect(recomputed(two, one)).toEqual(['report-input failed']);
  expect(recomputed(other.bundle, two)).toEqual(['report-input failed']);
});

test('a passkey: the ledger shows that it was registered before, and when it ended', async () => {
  const made = await buildBundle(authority, { measures: ['passkey'] });
  const facts = factsOf(made);
  const of = (bytes: Uint8Array, id: string): string | undefined =>
    verify(bytes).findings.find((it) => it.id === id)?.status;
  expect(of(made.bundle, 'passkey-registered-before')).toBe('not-checked');
  const record = JSON.parse(
    new TextDecoder().decode(made.parts.get('authorization/passkey.json')!),
  ) as PasskeyRecord;
  const { credentialId, publicKey, registration } = record;
  const credential = toHex(
    commitment(
      fromBase64Url(registration.salt),
      'passkey',
      canonicalize({ credentialId, publicKey }),
    ),
  );
  const registeredAt = (Date.parse(registration.at) - START.getTime()) / 1000;
  const registered = facts.entry('credential', registeredAt, { credential });
  const ended = (seconds: number) => facts.entry('credential-end', seconds, { credential });
  const after = await addGeneration(
    authority,
    made,
    made.bundle,
    { entries: [registered, ended(900)], at: 950 },
    { from: 1 },
  );
  expect(faults(verify(after))).toEqual([]);
  expect(of(after, 'passkey-registered-before')).toBe('passed');
  expect(of(after, 'passkey-not-ended')).toBe('passed');
  // an end the ledger tells before that is not taken back by the bundle's
  const told = verifyFile(after, {
    ...{ anchors: authority.anchors, at: LATER },
    passkeyEnds: [{ credential, at: addSeconds(START, 0).toISOString() }],
  });
  expect(faults(told)).toEqual(['passkey-not-ended REVOKED']);
  const about = async (entry: LedgerEntry, file: Uint8Array): Promise<string[]> => {
    const { proof } = await makeLedgerProof(authority, entryBytes(entry));
    const options = { anchors: authority.anchors, at: LATER, beside: [file] };
    return faults(verifyFile(utf8(proof), options));
  };
  for (const entry of [registered, ended(900)]) {
    expect(await about(entry, after)).toEqual([]);
    expect(await about(entry, made.signedLetter)).toEqual(['proof-about SIGNED_DATA_NOT_FOUND']);
    expect(await about(entry, setting.made.bundle)).toEqual(['proof-about HASH_FAILURE']);
  }
  const late = await addGeneration(authority, made, made.bundle, {
    entries: [registered],
    at: 950,
  });
  expect(of(late, 'passkey-registered-before')).toBe('not-checked');
  const before = await addGeneration(authority, made, made.bundle, {
    entries: [ended(140)],
    at: 950,
  });
  expect(faults(verify(before))).toEqual(['passkey-not-ended REVOKED']);
});

test('fifty generations are read like two, and what they cost is bounded', async () => {
  const { made } = setting;
  let bundle = made.bundle;
  for (let n = 1; n <= 50; n++)
    bundle = await addGeneration(authority, made, bundle, {
      accesses: [200 + n],
      at: 200 + 10 * n,
    });
  const started = performance.now();
  const result = verify(bundle);
  const many = performance.now() - started;
  expect(faults(result)).toEqual([]);
  expect(result.facts.later).toMatchObject({ generation: 50, state: { withdrawn: false } });
  expect(result.findings.filter(({ id }) => id.startsWith('later-')).length).toBeLessThan(20);
  // a signature and a token more for each
  expect(many).toBeLessThan(20_000);
});

test('every case fails where it should', async () => {
  const all = laterCases(setting);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  // all of them in the full run and with the second verifier; else one in four by the seed
  const chance = seeded(Number(process.env['TEST_SEED'] ?? 20261122));
  const cases = all.filter(() => process.env['TEST_FULL'] === '1' || chance(4) === 0);
  const found: string[] = [];
  for (const { name, fault, bundle } of cases) {
    const result = verify(await bundle());
    const made = faults(result);
    if (!made.includes(fault) || result.verdict.indication === 'TOTAL-PASSED')
      found.push(`${name}: ${fault} is not among ${made.join(', ')}`);
  }
  expect(found).toEqual([]);
});
