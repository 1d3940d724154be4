import { describe, expect, test } from '@jest/globals';
import { letterLife } from './letter-life.js';

/** So many uses, the newest first, as the database pages them. */
const partsWith = (count: number) => {
  const uses = Array.from({ length: count }, (_, i) => ({
    ...{
      id: `red_${String(count - i).padStart(4, '0')}`,
      at: new Date(1_790_000_000_000 - i * 1000),
    },
    ...{ state: 'confirmed', purpose: 'loan-approval', source: 's', recipient: 'r', items: ['i'] },
  }));
  const record = {
    trail: async () => [],
    usesOf: async (_: string, { before, limit }: { before?: string; limit: number }) =>
      uses.filter(({ id }) => before === undefined || id < before).slice(0, limit),
    accessesOf: async () => [],
    archivedAt: async () => [],
    freezes: async () => [],
    partyNames: async () => new Map(),
    institutionNames: async () => [],
  };
  return { record, cases: { staffNames: async () => new Map() } } as never;
};

describe('who used an authorization', () => {
  test('more than a page is not cut without a word, and paged to the end', async () => {
    const parts = partsWith(501);
    const first = await letterLife(parts, 'aut', 'en');
    expect([first.uses.length, first.timeline.whole]).toEqual([500, false]);
    expect(first.next).toEqual({ uses: 'red_0002', accesses: null });
    const rest = await letterLife(parts, 'aut', 'en', { usesBefore: first.next.uses! });
    expect([rest.uses.length, rest.next.uses]).toEqual([1, null]);
  });

  test('what one page holds is whole', async () => {
    const { uses, next, timeline } = await letterLife(partsWith(500), 'aut', 'en');
    expect([uses.length, next, timeline.whole]).toEqual([
      ...[500, { uses: null, accesses: null }, true],
    ]);
  });
});
