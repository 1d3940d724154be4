import {
  canonicalBytes,
  commitment,
  DomainError,
  fromBase64Url,
  fromUtf8,
  isDomainError,
  jwkThumbprint,
  parseCanonical,
  sealMessage,
  sha256Hex,
  toHex,
  utf8,
  type Json,
  type Random,
  type RecipientJwk,
} from '@mandate/core';
import { disclosureName, LATER, PART } from './layout.js';
import { laterFile } from './generation.js';
import { partOf, readBundle, withDisclosure, type Bundle } from './bundle.js';

/** `typ` of a sealed disclosure. */
export const DISCLOSURE_TYPE = 'mandate-disclosure+jwe';
/** Bytes of one as it stands in a bundle. */
export const MAXIMUM_DISCLOSURE = 1024 * 1024;
export const MAXIMUM_DISCLOSED = 1000;

/** What one commitment of a bundle was made of: `commitment(salt, field, value)`. */
export interface DisclosedValue {
  /** Hex. */
  readonly commitment: string;
  readonly field: string;
  /** 32 bytes, base64url. */
  readonly salt: string;
  readonly value: string;
}

/** What one reader of a bundle is told beyond it. Nobody signs it: it opens what was sealed and entered before. */
export interface Disclosure {
  readonly format: 'mandate-disclosure/v1';
  /** Digest of the letter as shown, hex. */
  readonly letter: string;
  readonly values: readonly DisclosedValue[];
}

/** Whether it is what was committed to; false also for a salt that is none. */
export function opens({ commitment: made, field, salt, value }: DisclosedValue): boolean {
  try {
    const key = fromBase64Url(salt);
    return key.length === 32 && toHex(commitment(key, field, value)) === made;
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return false;
  }
}

/**
 * Everything in the bundle that may be a commitment: strings of 64 hex digits in the JSON parts of generation 0 and in
 * the payloads of receipts. What cannot be read holds none; that is told elsewhere.
 */
export function commitmentsIn(bundle: Bundle): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (value: Json): void => {
    if (typeof value === 'string') {
      if (/^[0-9a-f]{64}$/.test(value)) found.add(value);
    } else if (value !== null && typeof value === 'object') Object.values(value).forEach(walk);
  };
  const read = (take: () => string): void => {
    try {
      walk(parseCanonical(take()));
    } catch (error) {
      if (!isDomainError(error)) throw error;
    }
  };
  for (const [name, bytes] of bundle.parts)
    if (name.startsWith('authorization/')) read(() => fromUtf8(bytes));
  for (const generation of bundle.later)
    for (const body of receiptBodies(laterFile(generation, LATER.receipts)))
      read(() => fromUtf8(fromBase64Url(body)));
  return found;
}

function receiptBodies(file: Uint8Array | null): string[] {
  try {
    const { receipts } = parseCanonical(fromUtf8(file!)) as unknown as {
      receipts: readonly { jws: string }[];
    };
    return receipts.map(({ jws }) => jws.split('.')[1]!);
  } catch {
    return [];
  }
}

/**
 * The bundle with values for one reader, who alone can read them; one disclosure for each reader, a later one takes
 * the place of an earlier. Throws `invalid-request` naming the first value that opens nothing, and as `readBundle`.
 */
export function disclose(
  bundle: Uint8Array,
  reader: RecipientJwk,
  values: readonly DisclosedValue[],
  random: Random,
): Uint8Array {
  const read = readBundle(bundle);
  const known = commitmentsIn(read);
  if (values.length < 1 || values.length > MAXIMUM_DISCLOSED)
    throw new DomainError('invalid-request', `1 to ${MAXIMUM_DISCLOSED} values are disclosed`);
  const wrong = values.findIndex((it) => !known.has(it.commitment) || !opens(it));
  if (wrong >= 0)
    throw new DomainError('invalid-request', `value ${wrong + 1} opens nothing of this bundle`);
  const disclosure: Disclosure = {
    format: 'mandate-disclosure/v1',
    letter: sha256Hex(partOf(read, PART.letter)),
    values: values.map(({ commitment: made, field, salt, value }) => ({
      ...{ commitment: made, field, salt, value },
    })),
  };
  const sealed = sealMessage(reader, canonicalBytes(disclosure), { typ: DISCLOSURE_TYPE }, random);
  if (sealed.length > MAXIMUM_DISCLOSURE)
    throw new DomainError('invalid-request', 'so much is not disclosed at once');
  return withDisclosure(bundle, disclosureName(jwkThumbprint(reader)), utf8(sealed));
}
