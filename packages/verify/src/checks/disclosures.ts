import {
  fromUtf8,
  isDomainError,
  jwkThumbprint,
  openMessage,
  parseSealedMessage,
  sha256Hex,
  type ReaderJwk,
  type SealedMessage,
} from '@mandate/core';
import {
  commitmentPlaces,
  DISCLOSURE_TYPE,
  disclosureReader,
  MAXIMUM_DISCLOSURE,
  MAXIMUM_DISCLOSED,
  opens,
  PART,
  partOf,
  type Bundle,
  type Disclosure,
  type DisclosedValue,
} from '@mandate/evidence';
import { fail, pass, skip } from '../finding.js';
import { digest, list, oneOf, readJson, record, text } from '../material/json-shape.js';
import type { Facts, Finding } from '../verification.js';

const shape = record<Disclosure>({
  format: oneOf('mandate-disclosure/v1'),
  letter: digest,
  values: list(
    record<DisclosedValue>({
      commitment: digest,
      field: text(/^[!-~]{1,100}$/),
      salt: text(/^[\w-]{43}$/),
      value: text(/^[^]{0,100000}$/),
    }),
    MAXIMUM_DISCLOSED,
  ),
});

/**
 * What single readers are told beyond the bundle. Their form anybody can check; what is in one only its reader, and
 * that each value is what the bundle committed to: nobody signs a disclosure, nobody has to be believed.
 */
export function checkDisclosures(
  bundle: Bundle,
  reader: ReaderJwk | null,
): { readonly findings: readonly Finding[]; readonly facts: Pick<Facts, 'disclosures'> } {
  const { disclosures } = bundle;
  if (disclosures.size === 0) return { findings: [], facts: {} };
  const own = reader && jwkThumbprint(reader);
  const told: NonNullable<Facts['disclosures']>[number][] = [];
  let opened = skip('disclosure-values');
  for (const [name, bytes] of disclosures) {
    const kid = disclosureReader(name)!;
    const message = sealedFor(kid, bytes);
    if (!message) {
      const malformed = fail('disclosure-readable', 'FORMAT_FAILURE', { part: name });
      return { findings: [malformed], facts: {} };
    }
    const mine = reader && kid === own ? openedBy(reader, message, bundle) : null;
    if (mine) opened = mine.finding;
    told.push({ reader: kid, ...(mine?.values && { values: mine.values }) });
  }
  return { findings: [pass('disclosure-readable'), opened], facts: { disclosures: told } };
}

type ToldValue = NonNullable<NonNullable<Facts['disclosures']>[number]['values']>[number];

/** Null for another form, or for a key that the name does not name. */
function sealedFor(kid: string, bytes: Uint8Array): SealedMessage | null {
  try {
    if (bytes.length > MAXIMUM_DISCLOSURE) return null;
    const message = parseSealedMessage(fromUtf8(bytes), DISCLOSURE_TYPE);
    return message.kid === kid ? message : null;
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return null;
  }
}

function openedBy(
  reader: ReaderJwk,
  message: SealedMessage,
  bundle: Bundle,
): { readonly finding: Finding; readonly values?: readonly ToldValue[] } {
  const wrong = (params?: Readonly<Record<string, string>>) => ({
    finding: fail('disclosure-values', 'HASH_FAILURE', params),
  });
  let plaintext: Uint8Array;
  try {
    plaintext = openMessage(reader, message);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return wrong();
  }
  let disclosure: Disclosure;
  try {
    disclosure = readJson(plaintext, shape);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { finding: fail('disclosure-values', 'FORMAT_FAILURE') };
  }
  const { letter, values } = disclosure;
  const placesOf = commitmentPlaces(bundle);
  const odd = values.find((it) => placesOf(it).length === 0 || !opens(it));
  if (odd) return wrong({ commitment: odd.commitment });
  if (letter !== sha256Hex(partOf(bundle, PART.letter))) return wrong();
  return {
    finding: pass('disclosure-values', { values: String(values.length) }),
    values: values.map(({ commitment, field, value }) => ({
      ...{ commitment, field, value, places: placesOf({ commitment, field }) },
    })),
  };
}
