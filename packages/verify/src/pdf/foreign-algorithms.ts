import { constants, createHash, verify, type KeyObject } from 'node:crypto';
import {
  endedBy,
  OID,
  publicKey,
  readAlgorithm,
  type AlgorithmIdentifier,
  type Sunset,
  type UsedAlgorithm,
} from '@mandate/pki';

/** Names as node:crypto has them. Reading knows more than trusting: when each ended is the table's in `pki`. */
const DIGESTS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.5': 'md5',
  [OID.sha1]: 'sha1',
  '1.3.36.3.2.1': 'ripemd160',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  [OID.sha256]: 'sha256',
  [OID.sha384]: 'sha384',
  [OID.sha512]: 'sha512',
  '2.16.840.1.101.3.4.2.7': 'sha3-224',
  '2.16.840.1.101.3.4.2.8': 'sha3-256',
  '2.16.840.1.101.3.4.2.9': 'sha3-384',
  '2.16.840.1.101.3.4.2.10': 'sha3-512',
  // With 64 octets, as Ed448 has it (RFC 8419 §2.3).
  '2.16.840.1.101.3.4.2.12': 'shake256',
  '2.16.840.1.101.3.4.2.18': 'shake256',
};

type Family = 'rsa' | 'dsa' | 'ecdsa' | 'rsa-pss' | 'eddsa';

/** Signature algorithms with the digest they name themselves, if any. */
const SIGNATURES: Readonly<Record<string, readonly [Family, string?]>> = {
  [OID.rsaEncryption]: ['rsa'],
  '1.2.840.113549.1.1.4': ['rsa', 'md5'],
  [OID.sha1WithRsa]: ['rsa', 'sha1'],
  [OID.sha224WithRsa]: ['rsa', 'sha224'],
  [OID.sha256WithRsa]: ['rsa', 'sha256'],
  [OID.sha384WithRsa]: ['rsa', 'sha384'],
  [OID.sha512WithRsa]: ['rsa', 'sha512'],
  '2.16.840.1.101.3.4.3.13': ['rsa', 'sha3-224'],
  '2.16.840.1.101.3.4.3.14': ['rsa', 'sha3-256'],
  '2.16.840.1.101.3.4.3.15': ['rsa', 'sha3-384'],
  '2.16.840.1.101.3.4.3.16': ['rsa', 'sha3-512'],
  [OID.rsassaPss]: ['rsa-pss'],
  '1.2.840.10045.2.1': ['ecdsa'],
  '1.2.840.10045.4': ['ecdsa'],
  [OID.ecdsaWithSha1]: ['ecdsa', 'sha1'],
  [OID.ecdsaWithSha224]: ['ecdsa', 'sha224'],
  [OID.ecdsaWithSha256]: ['ecdsa', 'sha256'],
  [OID.ecdsaWithSha384]: ['ecdsa', 'sha384'],
  [OID.ecdsaWithSha512]: ['ecdsa', 'sha512'],
  '2.16.840.1.101.3.4.3.9': ['ecdsa', 'sha3-224'],
  '2.16.840.1.101.3.4.3.10': ['ecdsa', 'sha3-256'],
  '2.16.840.1.101.3.4.3.11': ['ecdsa', 'sha3-384'],
  '2.16.840.1.101.3.4.3.12': ['ecdsa', 'sha3-512'],
  [OID.ed25519]: ['eddsa'],
  '1.3.101.113': ['eddsa'],
  '1.2.840.10040.4.1': ['dsa'],
  '1.2.840.10040.4.3': ['dsa', 'sha1'],
  '2.16.840.1.101.3.4.3.1': ['dsa', 'sha224'],
  '2.16.840.1.101.3.4.3.2': ['dsa', 'sha256'],
};

/** Name of a digest, or undefined for one nobody here can compute. */
export const digestName = ({ oid }: AlgorithmIdentifier): string | undefined => DIGESTS[oid];

/** Some writers put the signature algorithm where the digest belongs. */
export const isSignatureAlgorithm = (oid: string): boolean => oid in SIGNATURES;

/** Digest over pieces of bytes. */
export function digestWith(name: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash(name, name === 'shake256' ? { outputLength: 64 } : {});
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

/** How a signature came out, and with what. */
export interface SignatureResult {
  readonly outcome: 'verified' | 'wrong' | 'unsupported' | 'contradictory';
  /** Digest it was made over. */
  readonly digest?: string;
  /** Digest the signature algorithm demands of the signer (RFC 8419 §3), if any. */
  readonly demanded?: string;
}

/**
 * Checks a CMS signature made by anybody. `contradictory`: the signature's own digest is not the
 * signer's (RFC 5652 §5.3, RFC 5754 §3). Never throws on bad input.
 */
export function verifyForeign(p: {
  algorithm: AlgorithmIdentifier;
  digestAlgorithm: AlgorithmIdentifier;
  message: Uint8Array;
  signature: Uint8Array;
  spki: Uint8Array;
}): SignatureResult {
  const known = SIGNATURES[p.algorithm.oid];
  const declared = digestName(p.digestAlgorithm);
  if (!known || !declared) return { outcome: 'unsupported' };
  const [family, named] = known;
  const pss = family === 'rsa-pss' ? readPss(p.algorithm) : undefined;
  if (family === 'rsa-pss' && !pss) return { outcome: 'unsupported' };
  const digest = named ?? pss?.digest ?? declared;
  try {
    const key = publicKey(p.spki);
    if (!keyFits(family, key)) return { outcome: 'wrong', digest };
    if (family !== 'eddsa' && digest !== declared) return { outcome: 'contradictory', digest };
    const options = pss
      ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: pss.saltLength }
      : { key };
    const ok = verify(family === 'eddsa' ? null : digest, p.message, options, p.signature);
    const demanded =
      family === 'eddsa' && (key.asymmetricKeyType === 'ed448' ? 'shake256' : 'sha512');
    return { outcome: ok ? 'verified' : 'wrong', digest, ...(demanded ? { demanded } : {}) };
  } catch {
    return { outcome: 'unsupported', digest };
  }
}

function keyFits(family: Family, key: KeyObject): boolean {
  const type = key.asymmetricKeyType;
  if (family === 'rsa') return type === 'rsa';
  if (family === 'rsa-pss') return type === 'rsa' || type === 'rsa-pss';
  if (family === 'ecdsa') return type === 'ec';
  if (family === 'dsa') return type === 'dsa';
  return type === 'ed25519' || type === 'ed448';
}

/** RSASSA-PSS-params (RFC 4055 §3.1); OpenSSL wants one digest for message and mask. */
function readPss({
  parameters,
}: AlgorithmIdentifier): { digest: string; saltLength: number } | undefined {
  if (!parameters) return { digest: 'sha1', saltLength: 20 };
  try {
    const fields = parameters.fields();
    const hash = fields.optional(0xa0)?.only(0xa0);
    const mask = fields.optional(0xa1)?.only(0xa1);
    const salt = fields.optional(0xa2)?.only(0xa2).smallInteger() ?? 20;
    const digest = hash ? digestName(readAlgorithm(hash)) : 'sha1';
    const inner = mask && readAlgorithm(mask).parameters;
    const maskDigest = inner ? digestName(readAlgorithm(inner)) : 'sha1';
    return digest && digest === maskDigest ? { digest, saltLength: salt } : undefined;
  } catch {
    return undefined;
  }
}

/** Why something made before `existed` proves nothing any more, or undefined. */
export function weakness(
  used: readonly UsedAlgorithm[],
  existed: Date,
  sunsets: readonly Sunset[],
): string | undefined {
  const ended = endedBy(existed, used, sunsets, 'others');
  return ended && (ended.bits > 0 ? `${ended.family}-${ended.bits}` : ended.family);
}
