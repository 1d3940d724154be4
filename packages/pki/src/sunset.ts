import { isDomainError } from '@mandate/core/errors';
import type { AlgorithmIdentifier } from './algorithms.js';
import type { Certificate } from './certificate.js';
import { algorithmWithin } from './legacy-algorithms.js';
import { OID } from './oids.js';
import type { SignerInfo } from './signed-data.js';
import { publicKey } from './suite.js';

/** An algorithm as one signature uses it; `bits` is the key's size, 0 for digests. */
export interface UsedAlgorithm {
  readonly family:
    | 'ripemd160'
    | 'sha1'
    | 'sha224'
    | 'sha3-224'
    | 'sha256'
    | 'sha384'
    | 'sha512'
    | 'sha3-256'
    | 'sha3-384'
    | 'sha3-512'
    | 'shake256'
    | 'rsa'
    | 'dsa'
    | 'ecdsa'
    | 'ed25519'
    | 'ed448'
    | 'unknown';
  readonly bits: number;
}

/** From `endsAt` on, nothing made with the algorithm counts unless it is proven to be older. */
export interface Sunset {
  readonly family: UsedAlgorithm['family'];
  /** Keys of at least this size; the row with the largest that fits decides. */
  readonly bits: number;
  /** Null: no end is published. */
  readonly endsAt: Date | null;
  /** A later end, for what others have signed. */
  readonly othersEndAt?: Date;
}

/** Whose signature it is: held to our own profile, or anybody's. */
export type Signatory = 'own' | 'others';

const day = (text: string): Date => new Date(`${text}T00:00:00Z`);
/** NIST SP 800-131A Rev. 2 and SP 800-57 Part 1 Rev. 5, table 4: 112 bits of security to the end of 2030. */
const NIST_112_BITS = day('2031-01-01');

/**
 * ETSI TS 119 312 V2.1.1 (2026-06): what it no longer recommends ends as suggested in its annex D (tables D.1 and
 * D.2), what it recommends has no end of its own. The annex leaves room for interoperability: algorithms of
 * 112 bits without a known attack, which ETSI dropped a few months ago and half of the world still signs with,
 * count a while longer when others used them. Sizes below the smallest of a table ended before it.
 */
export const SUNSETS: readonly Sunset[] = [
  { family: 'ripemd160', bits: 0, endsAt: day('2014-08-01') },
  { family: 'sha1', bits: 0, endsAt: day('2012-08-01') },
  { family: 'sha224', bits: 0, endsAt: day('2026-01-01'), othersEndAt: NIST_112_BITS },
  // Never listed; as strong as SHA-224.
  { family: 'sha3-224', bits: 0, endsAt: day('2026-01-01'), othersEndAt: NIST_112_BITS },
  { family: 'sha256', bits: 0, endsAt: null },
  { family: 'sha384', bits: 0, endsAt: null },
  { family: 'sha512', bits: 0, endsAt: null },
  { family: 'sha3-256', bits: 0, endsAt: null },
  { family: 'sha3-384', bits: 0, endsAt: null },
  { family: 'sha3-512', bits: 0, endsAt: null },
  { family: 'shake256', bits: 0, endsAt: null },
  { family: 'rsa', bits: 786, endsAt: day('2010-08-01') },
  { family: 'rsa', bits: 1024, endsAt: day('2019-10-01') },
  { family: 'rsa', bits: 1900, endsAt: day('2026-01-01'), othersEndAt: NIST_112_BITS },
  { family: 'rsa', bits: 3000, endsAt: null },
  { family: 'dsa', bits: 1024, endsAt: day('2015-12-01') },
  // Not in annex D: FIPS 186-4, the last to allow DSA, was withdrawn that day.
  { family: 'dsa', bits: 2048, endsAt: day('2024-02-03') },
  { family: 'ecdsa', bits: 163, endsAt: day('2012-08-01') },
  { family: 'ecdsa', bits: 224, endsAt: day('2021-10-01') },
  { family: 'ecdsa', bits: 256, endsAt: null },
  { family: 'ed25519', bits: 0, endsAt: null },
  { family: 'ed448', bits: 0, endsAt: null },
];
/** The table above should have been looked at again by then. */
export const SUNSETS_REVIEW_BY = day('2029-01-01');

const NEVER = new Date(0);

/** When one algorithm ends; null: no end is known. What the table does not know ended long ago. */
function endOf(
  { family, bits }: UsedAlgorithm,
  sunsets: readonly Sunset[],
  whose: Signatory,
): Date | null {
  const rows = sunsets.filter((row) => row.family === family && row.bits <= bits);
  const row = rows.reduce<Sunset | undefined>(
    (best, it) => (best && best.bits > it.bits ? best : it),
    undefined,
  );
  if (!row) return NEVER;
  return (whose === 'others' && row.othersEndAt) || row.endsAt;
}

/** The first end among the algorithms, null when none has one. */
export function reliableUntil(
  used: readonly UsedAlgorithm[],
  sunsets: readonly Sunset[] = SUNSETS,
  whose: Signatory = 'own',
): Date | null {
  return used
    .map((it) => endOf(it, sunsets, whose))
    .reduce<Date | null>((first, end) => (end && (!first || end < first) ? end : first), null);
}

/** The first of the algorithms that had ended by `at`, or undefined. */
export const endedBy = (
  at: Date,
  used: readonly UsedAlgorithm[],
  sunsets: readonly Sunset[] = SUNSETS,
  whose: Signatory = 'own',
): UsedAlgorithm | undefined =>
  used.find((it) => {
    const end = endOf(it, sunsets, whose);
    return end !== null && at >= end;
  });

/** What one signature rests on: its digest, its key, and every certificate signature below the anchor. */
export function algorithmsOf(
  signer: Pick<SignerInfo, 'digestAlgorithm'>,
  /** Signer first, anchor last. */
  chain: readonly Certificate[],
): UsedAlgorithm[] {
  return [digestUsed(signer.digestAlgorithm), ...chainAlgorithms(chain)];
}

/** Every key of a chain, and every certificate signature below the anchor. */
export const chainAlgorithms = (chain: readonly Certificate[]): UsedAlgorithm[] => [
  ...chain.map(({ spki }) => keyUsed(spki)),
  ...chain.slice(0, -1).map(signatureUsed),
];

const UNKNOWN: UsedAlgorithm = { family: 'unknown', bits: 0 };

const DIGESTS: Readonly<Record<string, UsedAlgorithm['family']>> = {
  '1.3.36.3.2.1': 'ripemd160',
  [OID.sha1]: 'sha1',
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

/** A digest algorithm by its name. */
export const digestUsed = ({ oid }: Pick<AlgorithmIdentifier, 'oid'>): UsedAlgorithm => ({
  family: DIGESTS[oid] ?? 'unknown',
  bits: 0,
});

/** The digest of a certificate's own signature; EdDSA has none of its choice. */
function signatureUsed(certificate: Certificate): UsedAlgorithm {
  return known(() => {
    const name = algorithmWithin(certificate.algorithm, 'legacy');
    const family = name.slice(name.lastIndexOf('-') + 1) as UsedAlgorithm['family'];
    return { family, bits: 0 };
  });
}

function keyUsed(spki: Uint8Array): UsedAlgorithm {
  return known(() => {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = publicKey(spki);
    switch (type) {
      case 'ed25519':
      case 'ed448':
        return { family: type, bits: 0 };
      case 'ec':
        // The size is part of every curve's name: prime256v1, secp384r1, brainpoolP512r1.
        return { family: 'ecdsa', bits: Number(/\d{3}/.exec(details?.namedCurve ?? '')?.[0] ?? 0) };
      case 'rsa':
      case 'rsa-pss':
        return { family: 'rsa', bits: details?.modulusLength ?? 0 };
      case 'dsa':
        return { family: 'dsa', bits: details?.modulusLength ?? 0 };
      default:
        return UNKNOWN;
    }
  });
}

function known(read: () => UsedAlgorithm): UsedAlgorithm {
  try {
    return read();
  } catch (error) {
    if (isDomainError(error) || (error as { code?: string }).code?.startsWith('ERR_'))
      return UNKNOWN;
    throw error;
  }
}
