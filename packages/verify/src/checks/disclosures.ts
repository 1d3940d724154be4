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
  commitmentsIn,
  DISCLOSURE_TYPE,
  disclosureReader,
  MAXIMUM_DISCLOSURE,
  MAXIMUM_OPENINGS,
  opens,
  PART,
  partOf,
  type Bundle,
  type Disclosure,
  type Opening,
} from '@mandate/evidence';
import { fail, pass, skip } from '../finding.js';
import { digest, list, oneOf, readJson, record, text } from '../material/json-shape.js';
import type { Facts, Finding } from '../verification.js';

const shape = record<Disclosure>({
  format: oneOf('mandate-disclosure/v1'),
  letter: digest,
  openings: list(
    record<Opening>({
      commitment: digest,
      field: text(/^[!-~]{1,100}$/),
      salt: text(/^[\w-]{43}$/),
      value: text(/^[^]{0,100000}$/),
    }),
    MAXIMUM_OPENINGS,
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
  let opened = skip('disclosure-openings');
  for (const [name, bytes] of disclosures) {
    const kid = disclosureReader(name)!;
    const message = sealedFor(kid, bytes);
    if (!message) {
      const malformed = fail('disclosure-readable', 'FORMAT_FAILURE', { part: name });
      return { findings: [malformed], facts: {} };
    }
    const mine = reader && kid === own ? openedBy(reader, message, bundle) : null;
    if (mine) opened = mine.finding;
    told.push({ reader: kid, ...(mine?.openings && { openings: mine.openings }) });
  }
  return { findings: [pass('disclosure-readable'), opened], facts: { disclosures: told } };
}

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
): { readonly finding: Finding; readonly openings?: readonly Omit<Opening, 'salt'>[] } {
  const wrong = (params?: Readonly<Record<string, string>>) => ({
    finding: fail('disclosure-openings', 'HASH_FAILURE', params),
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
    return { finding: fail('disclosure-openings', 'FORMAT_FAILURE') };
  }
  const { letter, openings } = disclosure;
  const known = commitmentsIn(bundle);
  const odd = openings.find((it) => !known.has(it.commitment) || !opens(it));
  if (odd) return wrong({ commitment: odd.commitment });
  if (letter !== sha256Hex(partOf(bundle, PART.letter))) return wrong();
  return {
    finding: pass('disclosure-openings', { openings: String(openings.length) }),
    openings: openings.map(({ commitment, field, value }) => ({ commitment, field, value })),
  };
}
