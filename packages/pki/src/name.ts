import { DomainError } from '@mandate/core/errors';
import { der, readDer, TAG, type DerBytes, type DerNode } from './der.js';
import { toHex } from '@mandate/core/encoding';
import { OID } from './oids.js';
import type { Reading } from './reading.js';

/** CN commonName, C country, O organization, OU organizational unit, SN serialNumber. */
export type NameAttributeType = 'CN' | 'C' | 'O' | 'OU' | 'SN';

const TYPES: Readonly<Record<NameAttributeType, string>> = {
  CN: OID.commonName,
  C: OID.country,
  O: OID.organization,
  OU: OID.organizationalUnit,
  SN: OID.serialNumber,
};
const SHORT = new Map(Object.entries(TYPES).map(([short, oid]) => [oid, short]));

/** Upper bounds of RFC 5280 appendix A.1, in characters. */
const LIMITS: Readonly<Record<NameAttributeType, number>> = { CN: 64, C: 2, O: 64, OU: 64, SN: 64 };

/**
 * A distinguished name as read. `type` is the short word where we have one, else the OID;
 * `value` is for showing: NFC, lone surrogates replaced. Comparisons go by `der`.
 */
export interface DistinguishedName {
  readonly der: DerBytes;
  readonly attributes: readonly { readonly type: string; readonly value: string }[];
}

/** Name, one attribute per RDN, in the given order. Throws `format-certificate` for values out of bounds. */
export function name(
  attributes: readonly { readonly type: NameAttributeType; readonly value: string }[],
): DerBytes {
  return der.sequence(
    ...attributes.map(({ type, value }) => {
      const length = [...value].length;
      if (length === 0 || length > LIMITS[type] || (type === 'C' && !/^[A-Z]{2}$/.test(value)))
        throw new DomainError('format-certificate', `name attribute ${type} out of bounds`);
      const text = type === 'C' || type === 'SN' ? der.printable(value) : der.utf8(value);
      return der.set(der.sequence(der.oid(TYPES[type]), text));
    }),
  );
}

const shown = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd').normalize('NFC');

/** Reads a Name. Values of foreign names that are no readable text are shown as `#` and hex. Throws `format-der`. */
export function readName(node: DerNode, reading: Reading = 'strict'): DistinguishedName {
  const attributes: { type: string; value: string }[] = [];
  for (const rdn of node.expect(TAG.sequence).children) {
    const members = reading === 'strict' ? rdn.sortedSet() : rdn.expect(TAG.set).children;
    if (members.length === 0) throw new DomainError('format-der', 'empty name part');
    for (const member of members) {
      const fields = member.fields();
      const oid = fields.next(TAG.oid).oid();
      attributes.push({ type: SHORT.get(oid) ?? oid, value: readValue(fields.next(), reading) });
      fields.end();
    }
  }
  return { der: node.bytes, attributes };
}

function readValue(node: DerNode, reading: Reading): string {
  try {
    return shown(node.text());
  } catch (error) {
    if (reading === 'strict') throw error;
    return `#${toHex(node.bytes)}`;
  }
}

/** `CN=…, O=…` for details and logs; not a parseable form. */
export const nameText = (it: DistinguishedName | DerBytes): string =>
  (it instanceof Uint8Array ? readName(readDer(it)) : it).attributes
    .map(({ type, value }) => `${type}=${value}`)
    .join(', ');
