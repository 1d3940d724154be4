import { isDomainError } from '@mandate/core/errors';
import { digestAlgorithm, signatureAlgorithm } from './algorithms.js';
import type { Certificate } from './certificate.js';
import type { SignerInfo } from './signed-data.js';
import { publicKey } from './suite.js';

/** An algorithm as one signature uses it; `bits` is the key's size, 0 for digests. */
export interface UsedAlgorithm {
  readonly family: 'sha256' | 'sha384' | 'sha512' | 'rsa' | 'ecdsa' | 'ed25519' | 'unknown';
  readonly bits: number;
}

/** From `endsAt` on, nothing made with the algorithm counts unless it is proven to be older. */
export interface Sunset {
  readonly family: UsedAlgorithm['family'];
  /** Keys of at least this size; the row with the largest that fits decides. */
  readonly bits: number;
  /** Null: no end is published. */
  readonly endsAt: Date | null;
}

/**
 * ETSI TS 119 312 V1.4.2 (tables 1 to 4, after SOG-IS ACM). What it recommends for six years and more has no
 * end of its own; its authors look again at the end of 2028, and so should whoever maintains this table.
 */
export const SUNSETS: readonly Sunset[] = [
  { family: 'sha256', bits: 0, endsAt: null },
  { family: 'sha384', bits: 0, endsAt: null },
  { family: 'sha512', bits: 0, endsAt: null },
  { family: 'rsa', bits: 0, endsAt: new Date('2010-01-01T00:00:00Z') },
  { family: 'rsa', bits: 1536, endsAt: new Date('2017-01-01T00:00:00Z') },
  { family: 'rsa', bits: 1900, endsAt: new Date('2026-01-01T00:00:00Z') },
  { family: 'rsa', bits: 3000, endsAt: null },
  { family: 'ecdsa', bits: 0, endsAt: new Date('2016-01-01T00:00:00Z') },
  { family: 'ecdsa', bits: 256, endsAt: null },
  { family: 'ed25519', bits: 0, endsAt: null },
];
/** The table above should have been looked at again by then. */
export const SUNSETS_REVIEW_BY = new Date('2029-01-01T00:00:00Z');

const NEVER = new Date(0);

/** The first end among the algorithms, null when none has one. What the table does not know ended long ago. */
export function reliableUntil(
  used: readonly UsedAlgorithm[],
  sunsets: readonly Sunset[] = SUNSETS,
): Date | null {
  let first: Date | null = null;
  for (const { family, bits } of used) {
    const rows = sunsets.filter((row) => row.family === family && row.bits <= bits);
    const row = rows.reduce<Sunset | undefined>(
      (best, it) => (best && best.bits > it.bits ? best : it),
      undefined,
    );
    const end = row ? row.endsAt : NEVER;
    if (end && (!first || end < first)) first = end;
  }
  return first;
}

/** What one signature rests on: its digest, its key, and every certificate signature below the anchor. */
export function algorithmsOf(
  signer: Pick<SignerInfo, 'digestAlgorithm' | 'signatureAlgorithm'>,
  /** Signer first, anchor last. */
  chain: readonly Certificate[],
): UsedAlgorithm[] {
  const used: UsedAlgorithm[] = [digestUsed(signer.digestAlgorithm)];
  for (const certificate of chain) used.push(keyUsed(certificate.spki));
  for (const certificate of chain.slice(0, -1)) used.push(signatureUsed(certificate));
  return used;
}

const UNKNOWN: UsedAlgorithm = { family: 'unknown', bits: 0 };

function digestUsed(algorithm: SignerInfo['digestAlgorithm']): UsedAlgorithm {
  return known(() => ({ family: digestAlgorithm(algorithm), bits: 0 }));
}

/** The digest of a certificate's own signature; Ed25519 has none of its choice. */
function signatureUsed(certificate: Certificate): UsedAlgorithm {
  return known(() => {
    const name = signatureAlgorithm(certificate.algorithm);
    if (name === 'ed25519') return { family: 'ed25519', bits: 256 };
    return { family: name.slice(name.lastIndexOf('-') + 1) as 'sha256', bits: 0 };
  });
}

const CURVE_BITS: Readonly<Record<string, number>> = {
  prime256v1: 256,
  secp384r1: 384,
  secp521r1: 521,
};

function keyUsed(spki: Uint8Array): UsedAlgorithm {
  return known(() => {
    const key = publicKey(spki);
    const details = key.asymmetricKeyDetails;
    if (key.asymmetricKeyType === 'ed25519') return { family: 'ed25519', bits: 256 };
    if (key.asymmetricKeyType === 'ec')
      return { family: 'ecdsa', bits: CURVE_BITS[details?.namedCurve ?? ''] ?? 0 };
    if (key.asymmetricKeyType === 'rsa' || key.asymmetricKeyType === 'rsa-pss')
      return { family: 'rsa', bits: details?.modulusLength ?? 0 };
    return UNKNOWN;
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
