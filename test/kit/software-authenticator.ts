import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** COSE algorithm identifiers. */
const ALGORITHM = { ES256: -7, EdDSA: -8, RS256: -257 } as const;
export type PasskeyAlgorithm = keyof typeof ALGORITHM;

/** What a hostile or broken authenticator (or browser) does otherwise. */
export interface PasskeyChanges {
  /** base64url. */
  readonly challenge?: string;
  readonly origin?: string;
  readonly rpId?: string;
  readonly type?: string;
  readonly crossOrigin?: boolean;
  /** Flags of the authenticator data: 1 UP, 4 UV, 64 attested data. */
  readonly flags?: number;
  readonly counter?: number;
  /** Signs with another key than the registered one. */
  readonly key?: KeyObject;
  readonly clientData?: (json: string) => string;
  /** `self`: signed by the new key itself; else a format with one certificate, which is none. */
  readonly attestation?: 'self' | 'packed' | 'apple' | 'tpm';
}

const digest = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();
const base64url = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64url');
const number = (value: number, bytes: number): Buffer => {
  const out = Buffer.alloc(bytes);
  out.writeUIntBE(value, 0, bytes);
  return out;
};

/** An authenticator in software, made of node:crypto alone: what it answers is what a browser would hand on. */
export function softwareAuthenticator(
  origin: string,
  { algorithm = 'ES256', counts = true }: { algorithm?: PasskeyAlgorithm; counts?: boolean } = {},
) {
  const { publicKey, privateKey } = keyPair(algorithm);
  const credentialId = randomBytes(32);
  const cose = coseKey(algorithm, publicKey);
  const rpId = new URL(origin).hostname;
  let counter = 0;

  const clientData = (type: string, challenge: string, changes: PasskeyChanges): string => {
    const json = JSON.stringify({
      type: changes.type ?? type,
      challenge: changes.challenge ?? challenge,
      origin: changes.origin ?? origin,
      crossOrigin: changes.crossOrigin ?? false,
    });
    return changes.clientData ? changes.clientData(json) : json;
  };
  const head = (flags: number, changes: PasskeyChanges): Buffer => {
    if (counts) counter += 1;
    return Buffer.concat([
      digest(changes.rpId ?? rpId),
      number(changes.flags ?? flags, 1),
      number(changes.counter ?? counter, 4),
    ]);
  };
  const signed = (data: Uint8Array, key = privateKey): Buffer =>
    sign(algorithm === 'EdDSA' ? null : 'sha256', data, key);

  return {
    id: base64url(credentialId),
    credentialId: new Uint8Array(credentialId),
    /** COSE_Key. */
    publicKey: new Uint8Array(cose),
    /** Answers `navigator.credentials.create`. */
    register(challenge: string, changes: PasskeyChanges = {}) {
      const json = clientData('webauthn.create', challenge, changes);
      const authenticatorData = Buffer.concat([
        head(0x45, changes),
        Buffer.alloc(16),
        number(credentialId.length, 2),
        credentialId,
        cose,
      ]);
      const format = changes.attestation === 'self' ? 'packed' : (changes.attestation ?? 'none');
      const data = Buffer.concat([authenticatorData, digest(json)]);
      const alg = Buffer.concat([cborText('alg'), cborInteger(ALGORITHM[algorithm])]);
      const statement =
        changes.attestation === undefined
          ? Buffer.of(0xa0)
          : changes.attestation === 'self'
            ? Buffer.concat([Buffer.of(0xa2), alg, cborText('sig'), cborBytes(signed(data))])
            : Buffer.concat([
                ...[Buffer.of(0xa3), alg, cborText('sig'), cborBytes(signed(data))],
                ...[cborText('x5c'), Buffer.of(0x81), cborBytes(Buffer.of(0x30, 0))],
              ]);
      const attestationObject = Buffer.concat([
        Buffer.of(0xa3),
        ...[cborText('fmt'), cborText(format), cborText('attStmt'), statement],
        ...[cborText('authData'), cborBytes(authenticatorData)],
      ]);
      return {
        id: base64url(credentialId),
        rawId: base64url(credentialId),
        type: 'public-key' as const,
        response: {
          clientDataJSON: base64url(json),
          attestationObject: base64url(attestationObject),
          transports: ['internal'],
        },
      };
    },
    /** Answers `navigator.credentials.get`. */
    assert(challenge: string, changes: PasskeyChanges = {}) {
      const json = clientData('webauthn.get', challenge, changes);
      const authenticatorData = head(0x05, changes);
      const data = Buffer.concat([authenticatorData, digest(json)]);
      return {
        id: base64url(credentialId),
        rawId: base64url(credentialId),
        type: 'public-key' as const,
        response: {
          clientDataJSON: base64url(json),
          authenticatorData: base64url(authenticatorData),
          signature: base64url(signed(data, changes.key)),
        },
      };
    },
  };
}
export type SoftwareAuthenticator = ReturnType<typeof softwareAuthenticator>;

export function keyPair(algorithm: PasskeyAlgorithm): {
  publicKey: KeyObject;
  privateKey: KeyObject;
} {
  if (algorithm === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' });
  if (algorithm === 'EdDSA') return generateKeyPairSync('ed25519');
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}

/** COSE_Key (RFC 9052 §7, RFC 8230 for RSA), read off the end of the key's own DER. */
function coseKey(algorithm: PasskeyAlgorithm, key: KeyObject): Buffer {
  const spki = key.export({ format: 'der', type: 'spki' });
  const alg = cborInteger(ALGORITHM[algorithm]);
  const pair = (label: number, value: Buffer): Buffer => Buffer.concat([cborInteger(label), value]);
  if (algorithm === 'ES256')
    return Buffer.concat([
      Buffer.of(0xa5),
      ...[pair(1, cborInteger(2)), pair(3, alg), pair(-1, cborInteger(1))],
      ...[pair(-2, cborBytes(spki.subarray(-64, -32))), pair(-3, cborBytes(spki.subarray(-32)))],
    ]);
  if (algorithm === 'EdDSA')
    return Buffer.concat([
      Buffer.of(0xa4),
      ...[pair(1, cborInteger(1)), pair(3, alg), pair(-1, cborInteger(6))],
      pair(-2, cborBytes(spki.subarray(-32))),
    ]);
  // 2048 bits and 65537: the modulus stands before `02 03 01 00 01`.
  const exponent = spki.subarray(-3);
  const modulus = spki.subarray(-5 - 256, -5);
  return Buffer.concat([
    Buffer.of(0xa4),
    ...[pair(1, cborInteger(3)), pair(3, alg)],
    ...[pair(-1, cborBytes(modulus)), pair(-2, cborBytes(exponent))],
  ]);
}

function cborHead(major: number, value: number): Buffer {
  if (value < 24) return Buffer.of((major << 5) | value);
  if (value < 256) return Buffer.of((major << 5) | 24, value);
  return Buffer.concat([Buffer.of((major << 5) | 25), number(value, 2)]);
}
const cborInteger = (value: number): Buffer =>
  value < 0 ? cborHead(1, -1 - value) : cborHead(0, value);
const cborBytes = (bytes: Uint8Array): Buffer => Buffer.concat([cborHead(2, bytes.length), bytes]);
const cborText = (text: string): Buffer =>
  Buffer.concat([cborHead(3, Buffer.byteLength(text)), Buffer.from(text)]);
