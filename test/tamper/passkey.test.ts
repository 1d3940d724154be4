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
import { findingText, verifyFile, type FindingId, type Verification } from '@mandate/verify';
import { makeAuthority } from '../kit/authority.js';
import { buildBundle, LATER, type Changes } from '../kit/build-bundle.js';
import { seeded } from '../kit/seeded.js';
import { keyPair, softwareAuthenticator } from '../kit/software-authenticator.js';
import { flip } from './bundle-cases.js';

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

const BOTH: Changes = { measures: ['sms-code', 'passkey'] };

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

type Fault = `${FindingId} ${string}`;
const answer = (changes: NonNullable<NonNullable<Changes['passkey']>['answer']>): Changes => ({
  ...BOTH,
  passkey: { answer: changes },
});
const record = (change: (it: PasskeyRecord) => PasskeyRecord): Changes => ({
  ...BOTH,
  passkey: { record: change },
});
const flipped = (text: string, at: number): string => toBase64Url(flip(at)(fromBase64Url(text)));
const stranger = softwareAuthenticator('https://mandate.test');

const cases: [string, Changes, ...Fault[]][] = [
  [
    'demanded, but its record left out',
    { ...BOTH, bundleParts: (parts) => void parts.delete(PART.passkey) },
    'measures-met SIG_CONSTRAINTS_FAILURE',
    'confirmation-parts HASH_FAILURE',
  ],
  [
    'the code demanded with it, but its record left out',
    { ...BOTH, bundleParts: (parts) => void parts.delete(PART.codeRecord) },
    'measures-met SIG_CONSTRAINTS_FAILURE',
    'confirmation-parts HASH_FAILURE',
  ],
  [
    'a code that nobody demanded stands for it',
    { scene: (it) => ({ ...it, measures: ['passkey'] }) },
    'scene-policy SIG_CONSTRAINTS_FAILURE',
    'measures-met SIG_CONSTRAINTS_FAILURE',
  ],
  [
    'answered another challenge',
    answer({ challenge: toBase64Url(new Uint8Array(32)) }),
    'passkey-challenge HASH_FAILURE',
  ],
  [
    'its record names another challenge',
    record((it) => ({ ...it, challenge: 'e'.repeat(64) })),
    'passkey-challenge HASH_FAILURE',
  ],
  [
    'a registration replayed',
    answer({ type: 'webauthn.create' }),
    'passkey-challenge HASH_FAILURE',
  ],
  [
    'used on another site',
    answer({ origin: 'https://mandate.test.example', rpId: 'mandate.test.example' }),
    'passkey-origin HASH_FAILURE',
  ],
  ['for another relying party', answer({ rpId: 'test' }), 'passkey-origin HASH_FAILURE'],
  [
    'of a site that did not issue the letter',
    record((it) => ({ ...it, origin: 'https://other.test' })),
    'passkey-origin HASH_FAILURE',
  ],
  ['in a frame of another site', answer({ crossOrigin: true }), 'passkey-origin HASH_FAILURE'],
  ['nobody was there', answer({ flags: 0x04 }), 'passkey-user SIG_CONSTRAINTS_FAILURE'],
  ['the user was not verified', answer({ flags: 0x01 }), 'passkey-user SIG_CONSTRAINTS_FAILURE'],
  [
    'by another key',
    answer({ key: keyPair('ES256').privateKey }),
    'passkey-signature SIG_CRYPTO_FAILURE',
  ],
  [
    'another counter',
    record((it) => ({ ...it, authenticatorData: flipped(it.authenticatorData, -1) })),
    'passkey-signature SIG_CRYPTO_FAILURE',
  ],
  [
    'signature corrupt',
    record((it) => ({ ...it, signature: flipped(it.signature, -1) })),
    'passkey-signature SIG_CRYPTO_FAILURE',
  ],
  [
    'another public key put in its place',
    record((it) => ({ ...it, publicKey: toBase64Url(stranger.publicKey) })),
    'passkey-signature SIG_CRYPTO_FAILURE',
    'passkey-registration HASH_FAILURE',
  ],
  [
    'another credential’s registration',
    record((it) => ({ ...it, credentialId: stranger.id })),
    'passkey-registration HASH_FAILURE',
  ],
  [
    'registered at another time than the ledger’s entry says',
    record((it) => ({ ...it, registration: { ...it.registration, at: '2026-01-01T00:00:00Z' } })),
    'passkey-registration HASH_FAILURE',
  ],
  [
    'registered after it was used',
    record((it) => ({ ...it, checkedAt: '2026-11-01T00:00:00Z' })),
    'passkey-times TIMESTAMP_ORDER_FAILURE',
  ],
  [
    'used after the signing',
    record((it) => ({ ...it, checkedAt: '2026-11-21T09:04:00Z' })),
    'passkey-times TIMESTAMP_ORDER_FAILURE',
  ],
  [
    'authenticator data cut off',
    record((it) => ({ ...it, authenticatorData: it.authenticatorData.slice(0, 40) })),
    'passkey-readable FORMAT_FAILURE',
  ],
  [
    'client data that is no JSON',
    answer({ clientData: () => 'x' }),
    'passkey-readable FORMAT_FAILURE',
  ],
  [
    'a key with something after it',
    record((it) => ({ ...it, publicKey: `${it.publicKey}AAAA` })),
    'passkey-readable FORMAT_FAILURE',
  ],
  [
    'an unknown kind of key',
    record((it) => ({ ...it, publicKey: toBase64Url(Uint8Array.of(0xa1, 1, 4)) })),
    'passkey-readable FORMAT_FAILURE',
  ],
  [
    'a member nobody knows',
    record((it) => ({ ...it, more: 1 }) as PasskeyRecord),
    'part-readable FORMAT_FAILURE',
  ],
  [
    'its digest in the list of parts is another’s',
    { ...BOTH, parts: (it) => ({ ...it, passkey: 'e'.repeat(64) }) },
    'confirmation-parts HASH_FAILURE',
  ],
  [
    'listed, but never demanded nor kept',
    { parts: (it) => ({ ...it, passkey: 'e'.repeat(64) }) },
    'confirmation-parts HASH_FAILURE',
  ],
];

test.each(cases)('passkey: %s', async (_, changes, ...expected) => {
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
