import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { drawingKey, drawSample } from './draw-sample.js';

const itemsOf = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    id: `red_${String(i).padStart(6, '0')}`,
    authorizationId: `aut_${i}`,
  }));
async function* pagesOf<T>(items: readonly T[], size: number): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
const seedOf = (n: number): Uint8Array =>
  new Uint8Array(createHash('sha256').update(String(n)).digest());

test('the same seed draws the same, however the population is read; a larger sample begins with the smaller', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.nat({ max: 60 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 70 }),
      async (seed, count, wanted, size) => {
        const items = itemsOf(count);
        const one = await drawSample(seed, wanted, pagesOf(items, size));
        expect(await drawSample(seed, wanted, pagesOf(items, 7))).toEqual(one);
        expect(one.items.length).toBe(Math.min(wanted, count));
        expect(new Set(one.items.map(({ id }) => id)).size).toBe(one.items.length);
        const more = await drawSample(seed, wanted + 3, pagesOf(items, 11));
        expect(more.items.slice(0, one.items.length)).toEqual(one.items);
        expect([one.population, one.populationDigest]).toEqual([
          count,
          createHash('sha256')
            .update(items.map(({ id }) => `${id}\n`).join(''))
            .digest('hex'),
        ]);
        const keys = one.items.map(({ id }) => drawingKey(seed, id));
        expect([...keys].sort()).toEqual(keys);
      },
    ),
    { numRuns: 200 },
  );
});

test('each item is drawn about as often as any other', async () => {
  const items = itemsOf(20);
  const times = new Map(items.map(({ id }) => [id, 0]));
  const rounds = 2000;
  for (let n = 0; n < rounds; n++)
    for (const { id } of (await drawSample(seedOf(n), 5, pagesOf(items, 20))).items)
      times.set(id, times.get(id)! + 1);
  const expected = (rounds * 5) / 20;
  const chi = [...times.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  // 19 degrees of freedom: beyond 43.8 once in a thousand; the seeds are fixed
  expect(chi).toBeLessThan(43.8);
});
