import { seeded } from '../kit/seeded.js';

/** `next(n)` is in `0 … n−1`. */
export type Random = (below: number) => number;

/** Numbers of one input, the same whatever ran before: input `index` of `seed` can be made alone. */
export function randomOf(seed: number, index: number): Random {
  const random = seeded(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
  random(2); // neighbouring seeds start alike
  return random;
}

export const pick = <T>(random: Random, list: readonly T[]): T => list[random(list.length)]!;

/** One of the alternatives, as often as its weight says. */
export function weighted<T>(random: Random, list: readonly (readonly [number, T])[]): T {
  let left = random(list.reduce((sum, [weight]) => sum + weight, 0));
  return list.find(([weight]) => (left -= weight) < 0)![1];
}
