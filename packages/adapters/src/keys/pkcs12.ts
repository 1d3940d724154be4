import { createCipheriv, createHmac, pbkdf2Sync } from 'node:crypto';
import { DomainError, concat, secretsEqual, type Random } from '@mandate/core';
import forge from 'node-forge';

/** What a PKCS#12 file (RFC 7292) holds here: one key, still encrypted, and its certificates. */
export interface Pkcs12 {
  /** PKCS#8 EncryptedPrivateKeyInfo, DER; node:crypto opens it with the same passphrase. */
  readonly encryptedKey: Uint8Array;
  /** DER, in file order. */
  readonly certificates: readonly Uint8Array[];
}

const OID = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  hmacSha256: '1.2.840.113549.2.9',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',
  sha256: '2.16.840.1.101.3.4.2.1',
} as const;

/** As openssl: the passphrases we draw hold 256 bits, which iterations cannot improve. */
const ITERATIONS = 2048;

const { asn1 } = forge;
type Node = forge.asn1.Asn1;
const fromBinary = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'binary'));
const toBinary = (bytes: Uint8Array): string => Buffer.from(bytes).toString('binary');
const toDer = (node: Node): string => asn1.toDer(node).getBytes();

const sequence = (...nodes: Node[]): Node =>
  asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SEQUENCE, true, nodes);
const oid = (dotted: string): Node =>
  asn1.create(asn1.Class.UNIVERSAL, asn1.Type.OID, false, asn1.oidToDer(dotted).getBytes());
const octets = (binary: string): Node =>
  asn1.create(asn1.Class.UNIVERSAL, asn1.Type.OCTETSTRING, false, binary);
const integer = (value: number): Node =>
  asn1.create(asn1.Class.UNIVERSAL, asn1.Type.INTEGER, false, asn1.integerToDer(value).getBytes());
const nothing = (): Node => asn1.create(asn1.Class.UNIVERSAL, asn1.Type.NULL, false, '');
const explicit = (node: Node): Node => asn1.create(asn1.Class.CONTEXT_SPECIFIC, 0, true, [node]);
const dataContent = (binary: string): Node => sequence(oid(OID.data), explicit(octets(binary)));

/**
 * Key by PBES2 (PBKDF2-HMAC-SHA-256, AES-256-CBC), certificates in clear (they are public),
 * SHA-256 MAC over both. `pkcs8`: PrivateKeyInfo, DER. OpenSSL 3 reads it without `-legacy`.
 */
export function encodePkcs12(
  content: { pkcs8: Uint8Array; certificates: readonly Uint8Array[] },
  passphrase: string,
  random: Random,
): Uint8Array {
  const keyBag = sequence(
    oid(OID.shroudedKeyBag),
    explicit(encryptKey(content.pkcs8, passphrase, random)),
  );
  const certBags = content.certificates.map((der) =>
    sequence(
      oid(OID.certBag),
      explicit(sequence(oid(OID.x509Certificate), explicit(octets(toBinary(der))))),
    ),
  );
  const safes = [sequence(keyBag), ...(certBags.length ? [sequence(...certBags)] : [])];
  const authenticated = toDer(sequence(...safes.map((safe) => dataContent(toDer(safe)))));
  const salt = random.bytes(16);
  const mac = sequence(
    sequence(
      sequence(oid(OID.sha256), nothing()),
      octets(toBinary(macOf(authenticated, passphrase, salt, ITERATIONS))),
    ),
    octets(toBinary(salt)),
    integer(ITERATIONS),
  );
  return fromBinary(toDer(sequence(integer(3), dataContent(authenticated), mac)));
}

function encryptKey(pkcs8: Uint8Array, passphrase: string, random: Random): Node {
  const salt = random.bytes(16);
  const iv = random.bytes(16);
  const key = pbkdf2Sync(passphrase, salt, ITERATIONS, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const encrypted = concat(cipher.update(pkcs8), cipher.final());
  const kdf = sequence(
    oid(OID.pbkdf2),
    sequence(octets(toBinary(salt)), integer(ITERATIONS), sequence(oid(OID.hmacSha256), nothing())),
  );
  const scheme = sequence(oid(OID.aes256Cbc), octets(toBinary(iv)));
  return sequence(sequence(oid(OID.pbes2), sequence(kdf, scheme)), octets(toBinary(encrypted)));
}

function macOf(data: string, passphrase: string, salt: Uint8Array, count: number): Uint8Array {
  const key = forge.pkcs12.generateKey(
    passphrase,
    forge.util.createBuffer(toBinary(salt)),
    3, // "MAC material", RFC 7292 appendix B.3
    count,
    32,
    forge.md.sha256.create(),
  );
  return createHmac('sha256', fromBinary(key.getBytes())).update(fromBinary(data)).digest();
}

/**
 * Reads what we and OpenSSL 3 write: SHA-256 MAC (obligatory, checked first), exactly one
 * encrypted key. Throws `key-unavailable` on a wrong passphrase, other algorithms or any defect.
 */
export function decodePkcs12(bytes: Uint8Array, passphrase: string): Pkcs12 {
  try {
    return decode(bytes, passphrase);
  } catch (cause) {
    if (cause instanceof DomainError) throw cause;
    throw new DomainError('key-unavailable', 'not a PKCS#12 file we can read', { cause });
  }
}

function decode(bytes: Uint8Array, passphrase: string): Pkcs12 {
  const [version, content, mac] = children(parse(toBinary(bytes)));
  if (asn1.derToInteger(binaryOf(version)) !== 3 || !mac) refuse('no integrity protection');
  const authenticated = dataOf(content);
  const [digestInfo, salt, count] = children(mac);
  const [algorithm, expected] = children(digestInfo);
  if (oidOf(children(algorithm)[0]) !== OID.sha256) refuse('its MAC is not SHA-256');
  const actual = macOf(
    authenticated,
    passphrase,
    fromBinary(binaryOf(salt)),
    count ? asn1.derToInteger(binaryOf(count)) : 1,
  );
  if (!secretsEqual(actual, fromBinary(binaryOf(expected))))
    refuse('wrong passphrase, or the file was changed');

  const keys: Uint8Array[] = [];
  const certificates: Uint8Array[] = [];
  for (const safe of children(parse(authenticated)))
    for (const bag of children(parse(contentOf(safe, passphrase)))) {
      const [type, value] = children(bag);
      const inner = children(value)[0];
      if (oidOf(type) === OID.shroudedKeyBag) keys.push(fromBinary(toDer(inner!)));
      else if (oidOf(type) === OID.certBag) certificates.push(certificateOf(inner));
      else refuse(`a bag of type ${oidOf(type)}`);
    }
  if (keys.length !== 1) refuse(`${keys.length} keys where one is expected`);
  return { encryptedKey: keys[0]!, certificates };
}

/** ContentInfo → SafeContents, DER: in clear or under the passphrase (PBES2, by forge). */
function contentOf(safe: Node, passphrase: string): string {
  const [type, value] = children(safe);
  if (oidOf(type) === OID.data) return dataOf(safe);
  if (oidOf(type) !== OID.encryptedData) refuse('its content is encrypted to a public key');
  const [, info] = children(children(value)[0]);
  const [, algorithm, encrypted] = children(info);
  const [scheme, parameters] = children(algorithm);
  if (oidOf(scheme) !== OID.pbes2) refuse('its encryption is not PBES2');
  // The types lack this namespace.
  const { pbe } = forge.pki as unknown as { pbe: { getCipher: GetCipher } };
  const cipher = pbe.getCipher(OID.pbes2, parameters!, passphrase);
  cipher.update(forge.util.createBuffer(binaryOf(encrypted)));
  if (!cipher.finish()) refuse('its content does not decrypt');
  return cipher.output.getBytes();
}
type GetCipher = (oid: string, parameters: Node, passphrase: string) => forge.cipher.BlockCipher;

function certificateOf(bag: Node | undefined): Uint8Array {
  const [type, value] = children(bag);
  if (oidOf(type) !== OID.x509Certificate) refuse('a certificate that is not X.509');
  return fromBinary(binaryOf(children(value)[0]));
}

function dataOf(content: Node | undefined): string {
  const [type, value] = children(content);
  if (oidOf(type) !== OID.data) refuse('its content is signed, not under a passphrase');
  return binaryOf(children(value)[0]);
}

/** Bit strings stay bytes (forge would guess at their content), so that DER survives re-encoding. */
const parse = (binary: string): Node =>
  asn1.fromDer(binary, { strict: true, decodeBitStrings: false } as unknown as boolean);

function children(node: Node | undefined): Node[] {
  if (!node || !Array.isArray(node.value)) return refuse('its structure is not RFC 7292');
  return node.value;
}

function binaryOf(node: Node | undefined): string {
  if (!node || typeof node.value !== 'string') return refuse('its structure is not RFC 7292');
  return node.value;
}

const oidOf = (node: Node | undefined): string => asn1.derToOid(binaryOf(node));

function refuse(why: string): never {
  throw new DomainError('key-unavailable', `PKCS#12: ${why}`);
}
