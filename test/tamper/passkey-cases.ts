import { toBase64Url, fromBase64Url, type PasskeyRecord } from '@mandate/core';
import { PART } from '@mandate/evidence';
import type { FindingId } from '@mandate/verify';
import type { Changes } from '../kit/build-bundle.js';
import { keyPair, softwareAuthenticator } from '../kit/software-authenticator.js';
import { flip } from './bundle-cases.js';

export const BOTH: Changes = { measures: ['sms-code', 'passkey'] };

type Fault = `${FindingId} ${string}`;
const answer = (changes: NonNullable<NonNullable<Changes['passkey']>['answer']>): Changes => ({
  ...BOTH,
  passkey: { answer: changes },
});
export const record = (change: (it: PasskeyRecord) => PasskeyRecord): Changes => ({
  ...BOTH,
  passkey: { record: change },
});
const flipped = (text: string, at: number): string => toBase64Url(flip(at)(fromBase64Url(text)));
const stranger = softwareAuthenticator('https://mandate.test');

/** Name, change, and every finding that must then stand in the way. */
export const passkeyCases: [string, Changes, ...Fault[]][] = [
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
