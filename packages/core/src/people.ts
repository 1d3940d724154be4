import { commitment } from './digest.js';
import { toHex } from './encoding.js';

/** As the database compares people: `Zhang San ` and `zhang san` are one. */
const plainName = (person: string): string => person.trim().toLowerCase();

/** Four eyes are those of two people, however the name is spelt. */
export const samePerson = (a: string, b: string): boolean => plainName(a) === plainName(b);

/** Hex; the same person under the same salt of 32 bytes is the same, and nobody can guess who without it. */
export const personPseudonym = (salt: Uint8Array, person: string): string =>
  toHex(commitment(salt, 'person', plainName(person)));
