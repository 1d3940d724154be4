import {
  decrypt,
  DomainError,
  sha256Hex,
  utf8,
  type Objects,
  type TrailEvent,
} from '@mandate/core';
import {
  unpackGeneration,
  withGenerations,
  withLetterProof,
  type Generation,
} from '@mandate/evidence';
import type { GenerationReads, GenerationRow } from '../ports/generation.js';
import type { CommonReads } from '../ports.js';

/** Under which context what a generation adds is encrypted. */
export const generationContext = (authorizationId: string, generation: number): string =>
  `generations/${authorizationId}/${generation}`;

/** What one generation added. Throws `object-corrupt`, `object-missing`. */
async function readGeneration(
  objects: Objects,
  dataKey: Uint8Array,
  { authorizationId, generation, object, digest }: GenerationRow,
): Promise<Generation> {
  const context = generationContext(authorizationId, generation);
  const packed = decrypt(dataKey, await objects.get(object), context);
  if (sha256Hex(packed) !== digest)
    throw new DomainError('object-corrupt', 'a generation of the bundle has another digest');
  return unpackGeneration(generation, packed);
}

/**
 * The bundle of a released letter with its proof and everything added since. Throws `illegal-transition` before
 * release, `object-corrupt`, `object-missing`.
 */
export async function storedBundle(
  deps: {
    readonly objects: Objects;
    readonly record: Pick<CommonReads, 'trail'> & GenerationReads;
  },
  authorizationId: string,
  dataKey: Uint8Array,
  /** Which generations; default all there are. */
  known?: readonly GenerationRow[],
): Promise<Uint8Array> {
  const { record, objects } = deps;
  const proof = await record.inclusionProof(authorizationId);
  if (!proof) throw new DomainError('illegal-transition', 'the letter is not released');
  const trail = await record.trail(authorizationId);
  const signed = trail
    .map(({ body }) => JSON.parse(body) as TrailEvent)
    .find(({ type }) => type === 'signed')!;
  const data = signed.data as { attempt: string; object: string; bundle: string };
  const bundle = decrypt(dataKey, await objects.get(data.object), `bundles/${data.attempt}`);
  if (sha256Hex(bundle) !== data.bundle)
    throw new DomainError('object-corrupt', 'the stored bundle has another digest');
  const rows = known ?? (await record.generations(authorizationId));
  const later = await Promise.all(rows.map((row) => readGeneration(objects, dataKey, row)));
  return withGenerations(withLetterProof(bundle, utf8(proof)), later);
}
