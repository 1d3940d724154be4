import { createHash } from 'node:crypto';
import { concat, toHex, utf8 } from '@mandate/core';

export interface DrawnItem {
  readonly id: string;
  readonly authorizationId: string;
}
export interface DrawnSample<T extends DrawnItem> {
  /** In the order of drawing. */
  readonly items: readonly T[];
  readonly population: number;
  /** SHA-256 of the ids in ascending order, each with a line end; hex. */
  readonly populationDigest: string;
}

/** By what an item's place is drawn: `SHA-256(seed ‖ id)`, hex. Anybody who has the seed can compute it again. */
export const drawingKey = (seed: Uint8Array, id: string): string =>
  toHex(
    new Uint8Array(
      createHash('sha256')
        .update(concat(seed, utf8(id)))
        .digest(),
    ),
  );

/**
 * The `wanted` items with the smallest keys, so each set of that size is as likely as any other, and a larger sample by
 * the same seed begins with the smaller one. Holds no more than `wanted` items.
 * @param pages ids in ascending order
 */
export async function drawSample<T extends DrawnItem>(
  seed: Uint8Array,
  wanted: number,
  pages: AsyncIterable<readonly T[]>,
): Promise<DrawnSample<T>> {
  const all = createHash('sha256');
  let population = 0;
  let drawn: { key: string; item: T }[] = [];
  for await (const page of pages) {
    population += page.length;
    for (const { id } of page) all.update(`${id}\n`);
    const last = drawn.length === wanted ? drawn.at(-1)!.key : null;
    const fresh = page
      .map((item) => ({ key: drawingKey(seed, item.id), item }))
      .filter(({ key }) => last === null || key < last);
    if (fresh.length > 0)
      drawn = [...drawn, ...fresh].sort((a, b) => (a.key < b.key ? -1 : 1)).slice(0, wanted);
  }
  return {
    items: drawn.map(({ item }) => item),
    population,
    populationDigest: all.digest('hex'),
  };
}
