import { nameKeys } from './compare-names.js';
import { bad, hexTag } from './der-primitives.js';
import { TAG, type DerBytes, type DerNode } from './der.js';

/** GeneralName (RFC 5280 §4.2.1.6). The kinds after `ip` are recognised, not understood. */
export type GeneralName =
  | { readonly kind: 'email' | 'dns' | 'uri'; readonly value: string }
  | { readonly kind: 'directory'; readonly name: DerBytes }
  /** An address of 4 or 16 octets; in name constraints with its mask, 8 or 32. */
  | { readonly kind: 'ip'; readonly octets: Uint8Array }
  | { readonly kind: 'other'; readonly type: string }
  | { readonly kind: 'x400' | 'edi-party' | 'registered-id' };

export type GeneralNameKind = GeneralName['kind'];

/** Throws `format-der`. */
export function readGeneralName(node: DerNode): GeneralName {
  const text = (): string => node.as(TAG.ia5).text();
  switch (node.tag) {
    case 0xa0:
      return { kind: 'other', type: node.fields(0xa0).next(TAG.oid).oid() };
    case 0x81:
      return { kind: 'email', value: text() };
    case 0x82:
      return { kind: 'dns', value: text() };
    case 0xa3:
      return { kind: 'x400' };
    case 0xa4:
      return { kind: 'directory', name: readable(node.only(0xa4).bytes) };
    case 0xa5:
      return { kind: 'edi-party' };
    case 0x86:
      return { kind: 'uri', value: text() };
    case 0x87:
      return { kind: 'ip', octets: node.content };
    case 0x88:
      return { kind: 'registered-id' };
    default:
      return bad(`tag ${hexTag(node.tag)} is no general name`);
  }
}

/** A name once found comparable stays so: no comparison later on can throw. */
function readable(name: DerBytes): DerBytes {
  nameKeys(name);
  return name;
}

/** GeneralNames under any tag; at least one. Throws `format-der`. */
export function readGeneralNames(node: DerNode): GeneralName[] {
  if (node.children.length === 0) bad('no general name');
  return node.children.map(readGeneralName);
}
