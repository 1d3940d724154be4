import { bytesEqual, toHex } from '@mandate/core/encoding';
import { readDer, TAG, type DerBytes, type DerNode } from './der.js';

/** What RFC 4518 §2.2 maps to nothing: format characters, variation selectors, controls but white space. */
const IGNORED = /[\p{Cf}\p{Default_Ignorable_Code_Point}]|[^\P{Cc}\t-\r\u0085]/gu;

/**
 * A string as RFC 5280 §7.1 compares it: case folded, NFKC, outer white space gone, inner runs one
 * space. Upper-casing first folds what has no single lower-case form (ß, final sigma).
 */
const folded = (text: string): string =>
  text
    .replace(IGNORED, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\u0085\p{Z}]+/gu, ' ')
    .trim();

const STRINGS: readonly number[] = [
  TAG.utf8,
  TAG.numeric,
  TAG.printable,
  TAG.visible,
  TAG.teletex,
  TAG.ia5,
  TAG.universal,
  TAG.bmp,
];

/** What is no readable string compares by its bytes, under a mark no string key begins with. */
function valueKey(value: DerNode): string {
  if (!STRINGS.includes(value.tag)) return `#${toHex(value.bytes)}`;
  try {
    return `=${folded(value.text())}`;
  } catch {
    return `#${toHex(value.bytes)}`;
  }
}

/** A RelativeDistinguishedName as one string; equal strings, equal by the rules. Throws `format-der`. */
export function rdnKey(rdn: DerNode): string {
  const members = rdn.children.map((member) => {
    const fields = member.fields();
    const key = `${fields.next(TAG.oid).oid()}${valueKey(fields.next())}`;
    fields.end();
    return JSON.stringify(key);
  });
  return members.sort().join('+');
}

const known = new WeakMap<Uint8Array, readonly string[]>();

/** The parts of a Name (DER), each as one comparable string. Throws `format-der`. */
export function nameKeys(name: DerBytes): readonly string[] {
  const cached = known.get(name);
  if (cached) return cached;
  const keys = readDer(name).expect(TAG.sequence).children.map(rdnKey);
  known.set(name, keys);
  return keys;
}

/** A whole Name as one comparable string, for looking up. */
export const nameId = (name: DerBytes): string => nameKeys(name).join(',');

/** True if two Names are the same by RFC 5280 §7.1, whatever string types they are written in. */
export const namesEqual = (a: DerBytes, b: DerBytes): boolean =>
  bytesEqual(a, b) || nameId(a) === nameId(b);

/** True if `name` lies in the subtree of `base`: it begins with all of its parts. */
export function nameIsWithin(name: DerBytes, base: DerBytes): boolean {
  const [own, above] = [nameKeys(name), nameKeys(base)];
  return above.length <= own.length && above.every((key, i) => key === own[i]);
}
