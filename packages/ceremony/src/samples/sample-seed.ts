import { concat, DomainError, fromHex, kindDigestHex, sha256, toHex, utf8 } from '@mandate/core';
import type { SampleRow } from './sample-ports.js';

/** What is fixed before anything can be drawn. */
export type FixedSample = Pick<
  SampleRow,
  'id' | 'institutionId' | 'kind' | 'from' | 'to' | 'wanted' | 'madeBy' | 'madeAt' | 'nonce'
>;

/**
 * `SHA-256("mandate/sample/v1\n" ‖ JCS{…})`, 64 hex, over all that was fixed: what the ledger's entry of the sample holds.
 * The nonce keeps it from being tried out. Throws `invalid-request` for a sample without: its seed is the desk's own.
 */
export function sampleDefinition(sample: FixedSample): string {
  const { id, institutionId: institution, kind, wanted, madeBy, nonce } = sample;
  if (!nonce)
    throw new DomainError('invalid-request', 'the sample was fixed before there were nonces');
  const [from, to, madeAt] = [sample.from, sample.to, sample.madeAt].map((it) => it.toISOString());
  return kindDigestHex('sample', {
    ...{ id, institution, kind, from, to, wanted, madeBy, madeAt },
    nonce: toHex(nonce),
  });
}

/**
 * The seed: `SHA-256(definition's 32 bytes ‖ note)`.
 * @param note of the first published head that covers the sample's entry, as the ledger signed it: text, empty line and
 *   the ledger's own signature line, without witnesses' lines. Whoever has not the ledger's key does not know it before.
 */
export const sampleSeed = (definition: string, note: string): Uint8Array =>
  sha256(concat(fromHex(definition), utf8(note)));
