import { randomBytes } from 'node:crypto';
import {
  canonicalize,
  commitment,
  fromHex,
  sha256Hex,
  toBase64Url,
  toHex,
  type PasskeyRecord,
} from '@mandate/core';
import { entryBytes } from '@mandate/ledger';
import {
  softwareAuthenticator,
  type PasskeyAlgorithm,
  type PasskeyChanges,
} from './software-authenticator.js';

/** How a bundle's passkey is made, and what somebody changes in it. */
export interface PasskeyMade {
  readonly algorithm?: PasskeyAlgorithm;
  /** Default: a day and more before. */
  readonly registeredAt?: string;
  /** By the authenticator or the browser: signed over. */
  readonly answer?: PasskeyChanges;
  /** By whoever keeps the record: everything after follows the change. */
  readonly record?: (record: PasskeyRecord) => PasskeyRecord;
}

/** The record of a passkey of `origin` that answered the challenge, registered at `registeredAt`. */
export function makePasskey(
  origin: string,
  challengeDigest: string,
  { registeredAt: before, checkedAt }: { registeredAt: string; checkedAt: string },
  {
    algorithm = 'ES256',
    answer = {},
    record = (it) => it,
    registeredAt = before,
  }: PasskeyMade = {},
): PasskeyRecord {
  const device = softwareAuthenticator(origin, { algorithm });
  const { id, response } = device.assert(toBase64Url(fromHex(challengeDigest)), answer);
  const publicKey = toBase64Url(device.publicKey);
  const salt = new Uint8Array(randomBytes(32));
  const entry = entryBytes({
    format: 'mandate-entry/v1',
    kind: 'credential',
    at: registeredAt,
    credential: toHex(commitment(salt, 'passkey', canonicalize({ credentialId: id, publicKey }))),
  });
  return record({
    format: 'mandate-passkey/v1',
    challenge: challengeDigest,
    rpId: new URL(origin).hostname,
    origin,
    credentialId: id,
    publicKey,
    ...response,
    checkedAt,
    registration: {
      at: registeredAt,
      provenBy: ['sms-code'],
      salt: toBase64Url(salt),
      entry: sha256Hex(entry),
    },
  });
}
