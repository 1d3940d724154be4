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
import { disclosureName, LATER, laterName, PART, type PartName } from './layout.js';
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

/** Where the records of generation 0 commit to something, as JSON pointers, and to which field. */
const RECORD_PLACES: readonly (readonly [part: PartName, pointer: RegExp, field: string])[] = [
  [PART.template, /^\/(?:authors\/\d+|approver|lint\/waivers\/\d+\/by)$/, 'person'],
  [PART.scene, /^\/subject\/(name|idNumber|phone)$/, 'subject.$1'],
  [PART.codeRecord, /^\/(phone)$/, 'subject.$1'],
  [
    PART.identity,
    /^\/results\/\d+\/compared\/(name|idNumber|phone|card|credential)$/,
    'identity.$1',
  ],
];

/** The member of a fact that is a commitment, and to which field. */
const FACT_PLACES: ReadonlyMap<unknown, readonly [member: string, field: string]> = new Map([
  ['mandate-redemption/v1', ['operator', 'operator']],
  ['mandate-release/v1', ['content', 'subject-data']],
  ['mandate-id-image-destruction/v1', ['content', 'id-image']],
]);

/** Says where a bundle commits to this value's field by this commitment: file and JSON pointer, in a receipt into its fact. */
export type CommitmentPlaces = (
  value: Pick<DisclosedValue, 'commitment' | 'field'>,
) => readonly string[];

/**
 * All places where the bundle commits to something. A string of the same digits anywhere else is no commitment:
 * whoever filled that place was free to write there what they could open. What cannot be read has none; that is told
 * elsewhere.
 */
export function commitmentPlaces(bundle: Bundle): CommitmentPlaces {
  const found = new Map<string, string[]>();
  const key = (made: string, field: string): string => `${made} ${field}`;
  const note = (made: Json | undefined, field: string, place: string): void => {
    if (typeof made !== 'string') return;
    const places = found.get(key(made, field));
    if (places) places.push(place);
    else found.set(key(made, field), [place]);
  };
  for (const [part, pointer, field] of RECORD_PLACES)
    for (const [at, value] of strings(readOr(bundle.parts.get(part), parse)))
      if (pointer.test(at)) note(value, at.replace(pointer, field), `${part}#${at}`);
  for (const generation of bundle.later) {
    const name = laterName(generation.number, LATER.receipts);
    const bodies = receiptBodies(laterFile(generation, LATER.receipts));
    for (const [i, body] of bodies.entries()) {
      const payload = readOr(body, (it) => parse(fromBase64Url(it)));
      const fact = isObject(payload) && isObject(payload['fact']) ? payload['fact'] : {};
      const [member, field] = FACT_PLACES.get(fact['format']) ?? [];
      if (member !== undefined && field !== undefined)
        note(fact[member], field, `${name}#/receipts/${i}/fact/${member}`);
    }
  }
  return ({ commitment: made, field }) => found.get(key(made, field)) ?? [];
}

const parse = (bytes: Uint8Array): Json => parseCanonical(fromUtf8(bytes));

const isObject = (value: Json | undefined): value is { [name: string]: Json } =>
  value !== undefined && value !== null && typeof value === 'object' && !Array.isArray(value);

function readOr<T>(value: T | undefined, read: (value: T) => Json): Json {
  try {
    return value === undefined ? null : read(value);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return null;
  }
}

/** Each string with its JSON pointer (RFC 6901). */
function* strings(value: Json, at = ''): Generator<readonly [string, string]> {
  if (typeof value === 'string') yield [at, value];
  else if (value !== null && typeof value === 'object')
    for (const [name, inner] of Object.entries(value))
      yield* strings(inner, `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
}

function receiptBodies(file: Uint8Array | null): string[] {
  const value = readOr(file ?? undefined, parse);
  const receipts = isObject(value) ? value['receipts'] : [];
  return (Array.isArray(receipts) ? receipts : []).map((it: Json) =>
    isObject(it) && typeof it['jws'] === 'string' ? (it['jws'].split('.')[1] ?? '') : '',
  );
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
  const placesOf = commitmentPlaces(read);
  if (values.length < 1 || values.length > MAXIMUM_DISCLOSED)
    throw new DomainError('invalid-request', `1 to ${MAXIMUM_DISCLOSED} values are disclosed`);
  const wrong = values.findIndex((it) => placesOf(it).length === 0 || !opens(it));
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
