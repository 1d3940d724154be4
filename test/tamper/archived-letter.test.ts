import { beforeAll, describe, expect, test } from '@jest/globals';
import { addSeconds, fromHex } from '@mandate/core';
import type { ValidationMaterial } from '@mandate/pdf';
import { assembleCrl, crlTbs, der, readDer, SUNSETS } from '@mandate/pki';
import { verifyFile, type TrustAnchors, type Verification } from '@mandate/verify';
import { makeAuthority, makeKey, type TestKey } from '../kit/authority.js';
import {
  archivedLetter,
  changePage,
  makeStampAuthority,
  stampLetter,
  withMaterial,
} from '../kit/archived-letter.js';
import { LATER, START } from '../kit/build-bundle.js';

const day = (n: number): Date => addSeconds(START, n * 86_400);

const authority = makeAuthority();
let made: Awaited<ReturnType<typeof archivedLetter>>;
let other: Awaited<ReturnType<typeof archivedLetter>>;
beforeAll(async () => {
  made = await archivedLetter(authority);
  other = await archivedLetter(authority);
});

const judge = (letter: Uint8Array, at = LATER, anchors: TrustAnchors = authority.anchors) =>
  verifyFile(letter, { anchors, at });
const verdict = ({ verdict: { indication, subIndication }, facts }: Verification) => [
  indication,
  subIndication,
  facts.level,
];

test('levels as they are reached', () => {
  expect(verdict(judge(made.signedLetter))).toEqual(['TOTAL-PASSED', undefined, 'B-T']);
  expect(verdict(judge(made.complete))).toEqual(['TOTAL-PASSED', undefined, 'B-LT']);
  const { facts, ...rest } = judge(made.archived);
  expect(verdict({ facts, ...rest })).toEqual(['TOTAL-PASSED', undefined, 'B-LTA']);
  expect(facts.documentTimestamps).toMatchObject([{ field: 'MandateTimestamp1', proves: true }]);
  expect(facts.revocation).toMatchObject({ status: 'good' });
  expect(rest.integrity).toBe('sound');
});

describe('time', () => {
  // The authority of both stamps ends with 2030.
  test.each([
    ['the next day', 1, 'TOTAL-PASSED', undefined],
    ['after two years', 730, 'TOTAL-PASSED', undefined],
    ['after the authority’s end', 1600, 'INDETERMINATE', 'NO_POE'],
  ])('%s', (_, days, indication, sub) => {
    expect(verdict(judge(made.archived, day(days))).slice(0, 2)).toEqual([indication, sub]);
  });

  test('without an archive nothing is left after the authority’s end', () => {
    expect(verdict(judge(made.signedLetter, day(1600)))).toEqual([
      'INDETERMINATE',
      'OUT_OF_BOUNDS_NO_POE',
      'B-T',
    ]);
  });

  test('renewed in time it holds beyond; renewed too late it does not', () => {
    const life = { from: START, until: day(4000), rootUntil: day(8000) };
    const next = makeStampAuthority('Next', life);
    const timestamp = [...authority.anchors.timestamp, next.root.der];
    const anchors = { ...authority.anchors, timestamp };
    const material = { certificates: [next.root.der], ocsps: [], crls: [] };
    const renewed = (days: number): Uint8Array =>
      stampLetter(withMaterial(made.archived, material), next.stamp, days * 86_400);
    expect(verdict(judge(renewed(1400), day(3000), anchors))).toEqual([
      'TOTAL-PASSED',
      undefined,
      'B-LTA',
    ]);
    expect(verdict(judge(renewed(1600), day(3000), anchors)).slice(0, 2)).toEqual([
      'INDETERMINATE',
      'NO_POE',
    ]);
    expect(verdict(judge(renewed(1400), day(3000))).slice(0, 2)).toEqual([
      'INDETERMINATE',
      'NO_CERTIFICATE_CHAIN_FOUND',
    ]);
  });

  test('an algorithm that ends needs a stamp from before', () => {
    const ends = (family: string, at: Date) =>
      SUNSETS.map((row) => (row.family === family ? { ...row, endsAt: at } : row));
    for (const family of ['sha256', 'ecdsa']) {
      const sunsets = ends(family, day(100));
      const at = (n: number) =>
        verdict(verifyFile(made.archived, { anchors: authority.anchors, at: day(n), sunsets }));
      expect(at(99)).toEqual(['TOTAL-PASSED', undefined, 'B-LTA']);
      expect(at(101).slice(0, 2)).toEqual(['INDETERMINATE', 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE']);
    }
  });
});

describe('an authority revoked later', () => {
  const next = makeStampAuthority('Next', { from: START, until: day(4000), rootUntil: day(8000) });
  const listed = (revokedDays: number, signer?: TestKey): ValidationMaterial => {
    const { stamp, stampRoot } = authority;
    const serial = fromHex(stamp.certificate.serial);
    const tbs = crlTbs({
      issuer: stampRoot.certificate.subjectDer,
      thisUpdate: day(299),
      nextUpdate: day(330),
      number: 1,
      entries: [{ serial, at: day(revokedDays), reason: 1 }],
      authorityKeyId: stampRoot.certificate.subjectKeyId!,
      suite: 'ecdsa-p256-sha256',
    });
    const crl = assembleCrl(tbs, 'ecdsa-p256-sha256', (signer ?? stampRoot).sign(tbs));
    return { certificates: [next.root.der], ocsps: [], crls: [crl] };
  };
  const nothing: ValidationMaterial = { certificates: [next.root.der], ocsps: [], crls: [] };
  const renewed = (days: number, letter = made.archived, material = nothing): Uint8Array =>
    stampLetter(withMaterial(letter, material), next.stamp, days * 86_400);
  const judged = (letter: Uint8Array) => {
    const timestamp = [...authority.anchors.timestamp, next.root.der];
    const found = judge(letter, day(320), { ...authority.anchors, timestamp });
    return {
      found: verdict(found).slice(0, 2),
      status: found.findings.filter(({ id }) => id === 'authority-status').map((it) => it.status),
    };
  };

  test('after its stamps were renewed: they hold', () => {
    expect(judged(renewed(300, renewed(50), listed(100)))).toEqual({
      found: ['TOTAL-PASSED', undefined],
      status: ['passed', 'passed'],
    });
  });
  test('before: nobody knows which came first', () => {
    expect(judged(renewed(300, made.archived, listed(100)))).toMatchObject({
      found: ['INDETERMINATE', 'REVOKED_NO_POE'],
    });
  });
  test('before it stamped: revoked', () => {
    expect(judged(renewed(300, renewed(50), listed(-1)))).toMatchObject({
      found: ['TOTAL-FAILED', 'REVOKED'],
    });
  });
  test('a list that its issuer did not sign says nothing', () => {
    expect(judged(renewed(300, made.archived, listed(100, makeKey())))).toEqual({
      found: ['TOTAL-PASSED', undefined],
      // by the list kept at first
      status: ['passed', 'passed'],
    });
  });
});

describe('the list kept beside the status response', () => {
  interface List {
    revokedAt?: number;
    from?: number;
    signer?: TestKey;
    number?: number;
  }
  const listed = (p: List): Uint8Array => {
    const { ca } = authority;
    const after = (seconds: number): Date => addSeconds(START, seconds);
    const from = after(p.from ?? 162);
    const serial = fromHex(made.certificate.serial);
    const tbs = crlTbs({
      issuer: ca.certificate.subjectDer,
      thisUpdate: from,
      nextUpdate: addSeconds(from, 60),
      number: p.number ?? 1,
      entries: p.revokedAt === undefined ? [] : [{ serial, at: after(p.revokedAt) }],
      authorityKeyId: ca.certificate.subjectKeyId!,
      suite: 'ecdsa-p256-sha256',
    });
    return assembleCrl(tbs, 'ecdsa-p256-sha256', (p.signer ?? ca).sign(tbs));
  };
  const kept = (...lists: readonly List[]) => {
    const crls = lists.map(listed);
    const complete = withMaterial(made.signedLetter, { ...made.material, crls });
    return judge(stampLetter(complete, authority.stamp, 220));
  };
  test.each<[string, List, (string | undefined)[]]>([
    ['empty', {}, ['TOTAL-PASSED', undefined]],
    ['revoked after signing', { revokedAt: 161 }, ['TOTAL-PASSED', undefined]],
    ['revoked before signing', { revokedAt: 155 }, ['TOTAL-FAILED', 'REVOKED']],
    ['stale when it was signed', { from: 60 }, ['INDETERMINATE', 'TRY_LATER']],
    [
      'by somebody else',
      { signer: makeKey() },
      ['INDETERMINATE', 'CERTIFICATE_CHAIN_GENERAL_FAILURE'],
    ],
  ])('%s', (_, change, expected) => {
    const found = kept(change);
    expect(verdict(found).slice(0, 2)).toEqual(expected);
    expect(found.findings.some(({ id }) => id === 'crl/crl-status')).toBe(true);
  });

  const [clean, revoking] = [{}, { revokedAt: 155, from: 163, number: 2 }];
  test.each<[string, readonly List[], (string | undefined)[]]>([
    ['an empty list, then a newer revocation', [clean, revoking], ['TOTAL-FAILED', 'REVOKED']],
    [
      'a revocation that the newer list forgets',
      [{ ...clean, from: 164, number: 3 }, revoking],
      ['TOTAL-FAILED', 'REVOKED'],
    ],
    ['both of one second', [clean, { ...revoking, from: 162 }], ['TOTAL-FAILED', 'REVOKED']],
    [
      'a revocation by nobody beside a good list',
      [{ ...revoking, signer: makeKey() }, clean],
      ['TOTAL-PASSED', undefined],
    ],
    ['a stale list beside a good one', [{ from: 60 }, clean], ['TOTAL-PASSED', undefined]],
  ])('several: %s', (_, lists, expected) => {
    for (const order of [lists, lists.toReversed()])
      expect(verdict(kept(...order)).slice(0, 2)).toEqual(expected);
  });
});

test('two tokens of one operator are one operator', () => {
  const next = makeStampAuthority('Next', { from: START, until: day(400), rootUntil: day(800) });
  const timestamp = [...authority.anchors.timestamp, next.root.der];
  const anchors = { ...authority.anchors, timestamp };
  const asked = (letter: Uint8Array, minOperators: number) =>
    verdict(verifyFile(letter, { anchors, at: day(1), minOperators })).slice(0, 2);
  const failed = ['INDETERMINATE', 'SIG_CONSTRAINTS_FAILURE'];
  const passed = ['TOTAL-PASSED', undefined];
  expect(asked(made.archived, 1)).toEqual(passed);
  expect(asked(made.archived, 2)).toEqual(failed);
  expect(asked(made.signedLetter, 2)).toEqual(failed);
  const byTwo = stampLetter(made.complete, next.stamp, 220);
  expect(asked(byTwo, 2)).toEqual(passed);
  expect(asked(byTwo, 3)).toEqual(failed);
});

describe('document timestamps that prove nothing', () => {
  const cases: [string, () => Uint8Array, string][] = [
    [
      'of another letter',
      () => {
        const copy = made.archived.slice();
        const token = /\/ETSI\.RFC3161[^<]*<([0-9a-f]{2000})/;
        const at = token.exec(latin(made.archived))!;
        const foreign = token.exec(latin(other.archived))!;
        const start = at.index + at[0].length - at[1]!.length;
        const end = foreign.index + foreign[0].length - foreign[1]!.length;
        copy.set(other.archived.subarray(end, end + 16_384), start);
        return copy;
      },
      'HASH_FAILURE',
    ],
    [
      'signed by the scene certificate',
      () =>
        stampLetter(made.complete, authority.stamp, 220, {
          signer: { ...made.subjectKey, certificate: made.certificate },
        }),
      'CHAIN_CONSTRAINTS_FAILURE',
    ],
    [
      'of an unknown authority',
      () => stampLetter(made.complete, makeAuthority().stamp, 220),
      'NO_CERTIFICATE_CHAIN_FOUND',
    ],
    [
      'from the future',
      () => stampLetter(made.complete, authority.stamp, 999_999_9),
      'TIMESTAMP_ORDER_FAILURE',
    ],
    [
      'out of order',
      () => stampLetter(withMaterial(made.archived, made.material), authority.stamp, 100),
      'TIMESTAMP_ORDER_FAILURE',
    ],
    [
      'inaccurate',
      () => stampLetter(made.complete, authority.stamp, 220, { accuracySeconds: 2 }),
      'SIG_CONSTRAINTS_FAILURE',
    ],
  ];
  test.each(cases)('%s', (_, build, sub) => {
    const found = judge(build());
    expect(found.verdict.indication).not.toBe('TOTAL-PASSED');
    expect(found.verdict.subIndication).toBe(sub);
    expect(found.facts.level).not.toBe('B-LTA');
    expect(found.facts.documentTimestamps!.some(({ proves }) => !proves)).toBe(true);
  });
});

describe('later revisions of other kinds', () => {
  test('a page changed, offsets right', () => {
    const found = judge(changePage(made.archived));
    expect(verdict(found).slice(0, 2)).toEqual(['TOTAL-FAILED', 'FORMAT_FAILURE']);
    expect(found.integrity).toBe('broken');
    expect(found.findings).toContainEqual(
      expect.objectContaining({ id: 'later-revisions', status: 'failed' }),
    );
  });

  test('a token without signer is a finding like any other', () => {
    const noSigner = (token: Uint8Array): Uint8Array => {
      const [type, content] = readDer(token).children;
      const members = content!.children[0]!.children.slice(0, -1).map(({ bytes }) => bytes);
      return der.sequence(type!.bytes, der.context(0, der.sequence(...members, der.set())));
    };
    const letter = stampLetter(made.complete, authority.stamp, 220, { der: noSigner });
    const { findings, verdict: found, facts } = judge(letter);
    expect(found).toEqual({ indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE' });
    expect(findings.filter(({ id }) => id === 'processed')).toEqual([]);
    expect(facts.documentTimestamps).toMatchObject([{ proves: false }]);
  });

  test('the signed letter cut out of its archive is what it was', () => {
    expect(judge(made.archived.slice(0, made.signedLetter.length)).facts.level).toBe('B-T');
  });
});

const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
