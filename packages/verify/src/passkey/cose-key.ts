import { concat, DomainError, type SignatureSuite } from '@mandate/core';
import { der, OID, type SignatureAlgorithm } from '@mandate/pki';

/** A passkey's public key, ready for a signature check. */
export interface PasskeyKey {
  readonly algorithm: SignatureAlgorithm | SignatureSuite;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
}

/** COSE_Key labels (RFC 9052 §7.1, RFC 9053 §7, RFC 8230 §4); -1 to -3 mean different things by kind. */
const KTY = 1;
const ALG = 3;

const bad = (detail: string): never => {
  throw new DomainError('format-bundle', detail);
};

/**
 * Reads a COSE_Key of the three kinds a registration allows: ES256 on P-256, EdDSA on Ed25519, RS256.
 * Throws `format-bundle`.
 */
export function readCoseKey(bytes: Uint8Array): PasskeyKey {
  const members = readCborMap(bytes);
  const octets = (label: number, length?: number): Uint8Array => {
    const value = members.get(label);
    if (!(value instanceof Uint8Array)) return bad('COSE key: a member is missing');
    return length === undefined || value.length === length ? value : bad('COSE key: wrong length');
  };
  const is = (kty: number, alg: number, crv?: number): boolean =>
    members.get(KTY) === kty &&
    members.get(ALG) === alg &&
    (crv === undefined || members.get(-1) === crv);
  if (is(2, -7, 1)) {
    const point = concat(Uint8Array.of(4), octets(-2, 32), octets(-3, 32));
    const kind = der.sequence(der.oid(OID.ecPublicKey), der.oid(OID.p256));
    return { algorithm: 'ecdsa-p256-sha256', spki: der.sequence(kind, der.bits(point)) };
  }
  if (is(1, -8, 6)) {
    const kind = der.sequence(der.oid(OID.ed25519));
    return { algorithm: 'ed25519', spki: der.sequence(kind, der.bits(octets(-2, 32))) };
  }
  if (is(3, -257)) {
    const key = der.sequence(der.integer(octets(-1)), der.integer(octets(-2)));
    const kind = der.sequence(der.oid(OID.rsaEncryption), der.null());
    return { algorithm: 'rsa-sha256', spki: der.sequence(kind, der.bits(key)) };
  }
  return bad('COSE key: of no kind that a passkey here may have');
}

/**
 * One CBOR map (RFC 8949) of integers to integers or byte strings, in the shortest spelling and nothing
 * after it: all a COSE_Key needs. Throws `format-bundle`.
 */
function readCborMap(bytes: Uint8Array): ReadonlyMap<number, number | Uint8Array> {
  let at = 0;
  const octet = (): number => bytes[at++] ?? bad('CBOR: cut off');
  const head = (): { major: number; value: number } => {
    const first = octet();
    const short = first & 0x1f;
    const size = [1, 2, 4][short - 24];
    if (short < 24) return { major: first >> 5, value: short };
    if (size === undefined) return bad('CBOR: a length this reader does not take');
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + octet();
    const least = size === 1 ? 24 : 256 ** (size / 2);
    return value < least ? bad('CBOR: not the shortest spelling') : { major: first >> 5, value };
  };
  const integer = ({ major, value }: ReturnType<typeof head>): number =>
    major === 0 ? value : major === 1 ? -1 - value : bad('CBOR: not an integer');
  const item = (): number | Uint8Array => {
    const read = head();
    if (read.major !== 2) return integer(read);
    if (at + read.value > bytes.length) return bad('CBOR: cut off');
    return bytes.subarray(at, (at += read.value));
  };
  const map = head();
  if (map.major !== 5 || map.value > 10) bad('CBOR: not a small map');
  const members = new Map<number, number | Uint8Array>();
  for (let i = 0; i < map.value; i++) {
    const label = integer(head());
    if (members.has(label)) bad('CBOR: a label twice');
    members.set(label, item());
  }
  if (at !== bytes.length) bad('CBOR: something after the map');
  return members;
}
