import { expect, test } from '@jest/globals';
import {
  canonicalize,
  commitment,
  fromBase64Url,
  fromUtf8,
  toBase64Url,
  toHex,
  type PasskeyRecord,
} from '@mandate/core';
import { PART, partOf, readBundle } from '@mandate/evidence';
import { evidenceLevel } from '@mandate/report';
import { findingText, verifyFile, type Verification } from '@mandate/verify';
import { makeAuthority } from '../kit/authority.js';
import { buildBundle, LATER, type Changes } from '../kit/build-bundle.js';
import { seeded } from '../kit/seeded.js';
import { flip } from './bundle-cases.js';
import { BOTH, passkeyCases, record } from './passkey-cases.js';

const authority = makeAuthority();
const verify = (bytes: Uint8Array): Verification =>
  verifyFile(bytes, { anchors: authority.anchors, at: LATER });

function faults({ findings }: Verification): string[] {
  for (const finding of findings)
    for (const language of ['zh', 'en'] as const)
      expect(findingText(finding, language)).not.toContain(finding.id.split('/').at(-1)!);
  return findings
    .filter(({ status }) => status === 'failed' || status === 'indeterminate')
    .map(({ id, subIndication }) => `${id} ${subIndication}`);
}

test.each<[string, Changes]>([
  ['code and passkey', BOTH],
  ['a passkey alone', { measures: ['passkey'] }],
  ['an Ed25519 passkey', { ...BOTH, passkey: { algorithm: 'EdDSA' } }],
  ['an RSA passkey', { ...BOTH, passkey: { algorithm: 'RS256' } }],
])('%s: sound, and the evidence level stays what it is', async (_, changes) => {
  const result = verify((await buildBundle(authority, changes)).bundle);
  expect(faults(result)).toEqual([]);
  expect(result.verdict).toEqual({ indication: 'TOTAL-PASSED' });
  const before = result.findings.find(({ id }) => id === 'passkey-registered-before');
  expect(before?.status).toBe('not-checked');
  const { level, reasons } = evidenceLevel(result);
  expect(level).toBe('E1');
  expect(reasons).toContain('passkey-enrolment-not-shown');
  expect(reasons).not.toContain('no-enrolled-passkey');
});

test('one that had ended when it was used is told, whoever keeps the bundle', async () => {
  const { bundle, passkey } = await withCommitment();
  const at = Date.parse(passkey.checkedAt);
  const judged = (ends: readonly [credential: string, milliseconds: number][]) => {
    const result = verifyFile(bundle, {
      anchors: authority.anchors,
      at: LATER,
      passkeyEnds: ends.map(([credential, moment]) => ({
        credential,
        at: new Date(moment).toISOString(),
      })),
    });
    const { status, subIndication } = result.findings.find(({ id }) => id === 'passkey-not-ended')!;
    return [status, subIndication ?? '', result.verdict.indication];
  };
  const { commitment: mine } = passkey;
  expect(judged([])).toEqual(['passed', '', 'TOTAL-PASSED']);
  expect(judged([['0'.repeat(64), at - 1000]])).toEqual(['passed', '', 'TOTAL-PASSED']);
  expect(judged([[mine, at + 1000]])).toEqual(['passed', '', 'TOTAL-PASSED']);
  for (const ended of [at, at - 1000, at - 86_400_000])
    expect(judged([[mine, ended]])).toEqual(['failed', 'REVOKED', 'TOTAL-FAILED']);
  // told again later, it takes nothing back
  const twice: [credential: string, milliseconds: number][] = [
    [mine, at - 1000],
    [mine, at + 86_400_000],
  ];
  for (const ends of [twice, twice.toReversed()])
    expect(judged(ends)).toEqual(['failed', 'REVOKED', 'TOTAL-FAILED']);
  const unknown = verify(bundle).findings.find(({ id }) => id === 'passkey-not-ended');
  expect(unknown?.status).toBe('not-checked');
});

/** A bundle, its passkey's record and what the ledger calls that passkey. */
async function withCommitment() {
  const { bundle } = await buildBundle(authority, BOTH);
  const part = partOf(readBundle(bundle), PART.passkey);
  const passkey = JSON.parse(fromUtf8(part)) as PasskeyRecord;
  const { credentialId, publicKey, registration } = passkey;
  return {
    bundle,
    passkey: {
      ...passkey,
      commitment: toHex(
        commitment(
          fromBase64Url(registration.salt),
          'passkey',
          canonicalize({ credentialId, publicKey }),
        ),
      ),
    },
  };
}

test.each(passkeyCases)('passkey: %s', async (_, changes, ...expected) => {
  const result = verify((await buildBundle(authority, changes)).bundle);
  expect(faults(result)).toEqual(expected);
  expect(result.verdict.indication).not.toBe('TOTAL-PASSED');
});

test('no changed bit of an assertion passes, whoever holds all other keys', async () => {
  const random = seeded(7);
  const members = ['authenticatorData', 'clientDataJSON', 'signature', 'publicKey'] as const;
  for (let i = 0; i < 40; i++) {
    const member = members[i % members.length]!;
    const changes = record((it) => {
      const bytes = fromBase64Url(it[member]);
      return { ...it, [member]: toBase64Url(flip(random(bytes.length))(bytes)) };
    });
    const result = verify((await buildBundle(authority, changes)).bundle);
    expect(faults(result).some((fault) => fault.startsWith('passkey-'))).toBe(true);
  }
});
