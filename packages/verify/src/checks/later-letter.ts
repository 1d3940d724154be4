import { bytesEqual, sha256Hex } from '@mandate/core';
import { check } from '../finding.js';
import type { LaterMaterial } from '../material/later-material.js';
import type { Finding } from '../verification.js';
import { place, type Wrong } from './later-entries.js';

/**
 * Every archived letter extends the one before, the first the signed letter, and the ledger's renewals name them in a
 * chain up to the newest. `letter`: the newest, if all of that holds.
 */
export function checkLaterLetter(
  material: readonly LaterMaterial[],
  signed: Uint8Array,
): { readonly findings: readonly Finding[]; readonly letter: Uint8Array | null } {
  let newest = signed;
  let previous = sha256Hex(signed);
  let renewals = 0;
  let wrong: Wrong;
  for (const it of material) {
    const { letter, proofs } = it;
    if (letter && !startsWith(letter, newest)) wrong ??= place(it, 'letter-archived.pdf');
    newest = letter ?? newest;
    const made = proofs
      .flatMap(({ entry }) => (entry.kind === 'renewal' ? [entry] : []))
      .toSorted((a, b) => a.generation - b.generation);
    for (const renewal of made) {
      if (renewal.generation !== renewals + 1 || renewal.previous !== previous)
        wrong ??= place(it, `renewal ${renewal.generation}`);
      renewals = renewal.generation;
      previous = renewal.letter;
    }
    if (previous !== sha256Hex(newest)) wrong ??= place(it, 'renewal');
  }
  const archived = newest !== signed;
  if (!archived && renewals === 0) return { findings: [], letter: null };
  return {
    findings: [check('later-letter', wrong === undefined, 'HASH_FAILURE', wrong)],
    letter: archived && !wrong ? newest : null,
  };
}

const startsWith = (bytes: Uint8Array, start: Uint8Array): boolean =>
  bytes.length > start.length && bytesEqual(bytes.subarray(0, start.length), start);
