import {
  bytesEqual,
  canonicalize,
  commitment,
  concat,
  DomainError,
  fromBase64Url,
  fromHex,
  fromUtf8,
  isDomainError,
  sha256,
  sha256Hex,
  toBase64Url,
  toHex,
  utf8,
  type PasskeyCredential,
  type PasskeyRecord,
} from '@mandate/core';
import { entryBytes } from '@mandate/ledger';
import { verifySignature } from '@mandate/pki';
import type { Terms } from '@mandate/terms';
import { check, fail, pass, skip } from '../finding.js';
import type { AuthorizationMaterial } from '../material/authorization-material.js';
import { readCoseKey, type PasskeyKey } from '../passkey/cose-key.js';
import type { Trust } from '../trust.js';
import type { Finding } from '../verification.js';

/** Flags of the authenticator data (WebAuthn Level 3 §6.1). */
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;

/** Members of the collected client data (§5.8.1) that are judged. */
interface ClientData {
  readonly type?: unknown;
  readonly challenge?: unknown;
  readonly origin?: unknown;
  readonly crossOrigin?: unknown;
  readonly topOrigin?: unknown;
}

interface Opened {
  readonly clientData: ClientData;
  readonly clientDataBytes: Uint8Array;
  readonly authenticatorData: Uint8Array;
  readonly signature: Uint8Array;
  readonly key: PasskeyKey;
}

/** The passkey answered exactly this challenge, on our pages, by its verified owner (§7.2). */
export function checkPasskey(
  material: AuthorizationMaterial,
  stampedAt: Date | null,
  { passkeyEnds }: Pick<Trust, 'passkeyEnds'>,
): readonly Finding[] {
  const { passkey, answeredDigest, terms } = material;
  if (!passkey) return [];
  let opened: Opened;
  try {
    opened = open(passkey);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return [fail('passkey-readable', 'FORMAT_FAILURE', { reason: error.detail })];
  }
  const { clientData, clientDataBytes, authenticatorData, signature, key } = opened;
  const flags = authenticatorData[32]!;
  return [
    pass('passkey-readable'),
    check(
      'passkey-challenge',
      passkey.challenge === answeredDigest &&
        clientData.type === 'webauthn.get' &&
        clientData.challenge === toBase64Url(fromHex(answeredDigest)),
      'HASH_FAILURE',
    ),
    check('passkey-origin', isAtHome(passkey, opened, terms), 'HASH_FAILURE', {
      origin: passkey.origin,
    }),
    check(
      'passkey-user',
      (flags & USER_PRESENT) !== 0 && (flags & USER_VERIFIED) !== 0,
      'SIG_CONSTRAINTS_FAILURE',
    ),
    check(
      'passkey-signature',
      verifySignature(
        key.algorithm,
        key.spki,
        concat(authenticatorData, sha256(clientDataBytes)),
        signature,
      ),
      'SIG_CRYPTO_FAILURE',
    ),
    checkTimes(material, passkey, stampedAt),
    checkRegistration(passkey),
    // Only a ledger proof of the registration's own entry shows since when: a later generation may hold it.
    skip('passkey-registered-before', { at: passkey.registration.at }),
    checkEnd(material, passkey, passkeyEnds),
  ];
}

function open(passkey: PasskeyRecord): Opened {
  const clientDataBytes = fromBase64Url(passkey.clientDataJSON);
  const authenticatorData = fromBase64Url(passkey.authenticatorData);
  // RP ID hash, flags, counter; extensions may follow.
  if (authenticatorData.length < 37)
    throw new DomainError('format-bundle', 'authenticator data is too short');
  return {
    clientData: readClientData(clientDataBytes),
    clientDataBytes,
    authenticatorData,
    signature: fromBase64Url(passkey.signature),
    key: readCoseKey(fromBase64Url(passkey.publicKey)),
  };
}

/** Written by the browser, so not canonical; what is signed are its bytes. */
function readClientData(bytes: Uint8Array): ClientData {
  const text = fromUtf8(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DomainError('format-bundle', 'client data is not JSON', { cause });
  }
  if (typeof value !== 'object' || value === null)
    throw new DomainError('format-bundle', 'client data is not an object');
  return value;
}

/** Given on the pages of whoever issued the letter: its own verification address names them. */
function isAtHome(
  { rpId, origin }: PasskeyRecord,
  { clientData, authenticatorData }: Opened,
  terms: Terms,
): boolean {
  const home = URL.canParse(terms.verifyUrl) ? new URL(terms.verifyUrl) : null;
  return (
    home?.origin === origin &&
    home.hostname === rpId &&
    clientData.origin === origin &&
    !clientData.crossOrigin &&
    clientData.topOrigin === undefined &&
    bytesEqual(authenticatorData.subarray(0, 32), sha256(utf8(rpId)))
  );
}

/** Registered, scene frozen, answered, letter stamped: in this order, but for a registration within the scene. */
function checkTimes(
  { scene }: AuthorizationMaterial,
  { registration, checkedAt }: PasskeyRecord,
  stampedAt: Date | null,
): Finding {
  const answered = Date.parse(checkedAt);
  const ordered =
    Date.parse(registration.at) <= answered &&
    Date.parse(scene.frozenAt) <= answered &&
    // The operator's seconds are cut, a stamping authority's clock may be a second off.
    (!stampedAt || answered <= stampedAt.getTime() + 1999);
  return check('passkey-times', ordered, 'TIMESTAMP_ORDER_FAILURE', {
    registeredAt: registration.at,
    checkedAt,
  });
}

/** What the ledger's entries about this passkey name it by; recomputed from the salt. */
export function credentialCommitment({
  credentialId,
  publicKey,
  registration,
}: PasskeyRecord): string {
  const credential: PasskeyCredential = { credentialId, publicKey };
  const salt = fromBase64Url(registration.salt);
  return toHex(commitment(salt, 'passkey', canonicalize(credential)));
}

/**
 * Not removed before it was used: neither by an event in the letter's own trail nor, where the caller has them, by
 * the ledger's entries. Seconds are cut in both, and a removal in the very second is one before.
 */
function checkEnd(
  { trail }: AuthorizationMaterial,
  passkey: PasskeyRecord,
  ends: Trust['passkeyEnds'],
): Finding {
  const credential = credentialCommitment(passkey);
  const confirmed = trail.findLastIndex(({ type }) => type === 'confirmed');
  const event = trail
    .slice(0, Math.max(confirmed, 0))
    .find(({ type, data }) => type === 'passkey-revoked' && data['credential'] === credential);
  const endedAt = event ? new Date(event.at) : ends?.get(credential);
  const params = endedAt && { endedAt: endedAt.toISOString(), checkedAt: passkey.checkedAt };
  if (event || (endedAt && endedAt <= new Date(passkey.checkedAt)))
    return fail('passkey-not-ended', 'REVOKED', params);
  return ends ? pass('passkey-not-ended', params) : skip('passkey-not-ended');
}

/** The ledger's entry of the registration commits to this very key. */
function checkRegistration(passkey: PasskeyRecord): Finding {
  const { registration } = passkey;
  const entry = entryBytes({
    format: 'mandate-entry/v1',
    kind: 'credential',
    at: registration.at,
    credential: credentialCommitment(passkey),
  });
  return check('passkey-registration', sha256Hex(entry) === registration.entry, 'HASH_FAILURE', {
    provenBy: registration.provenBy.join(' + '),
  });
}
