import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Objects } from '@mandate/core';

/** What every object store promises. `open` gives a second handle on the same, initially empty store. */
export function objectsContract(
  adapter: string,
  fresh: () => Promise<{ open: () => Promise<Objects> }>,
): void {
  describe(`objects: ${adapter}`, () => {
    let open: () => Promise<Objects>;
    let objects: Objects;
    beforeEach(async () => {
      ({ open } = await fresh());
      objects = await open();
    });
    const bytes = (...values: number[]) => Uint8Array.from(values);

    test('what was put is got, also by another process', async () => {
      const all = Uint8Array.from({ length: 70_000 }, (_, i) => i % 251);
      await objects.put('letters/aut_1/letter.pdf', all);
      await objects.put('empty', bytes());
      const other = await open();
      expect(await other.get('letters/aut_1/letter.pdf')).toEqual(all);
      expect(await other.get('empty')).toEqual(bytes());
    });

    test('the same bytes again are fine, other bytes are refused and change nothing', async () => {
      await objects.put('a/b', bytes(1, 2));
      await objects.put('a/b', bytes(1, 2));
      await expect(objects.put('a/b', bytes(1, 3))).rejects.toMatchObject({
        code: 'object-exists',
      });
      await expect(objects.put('a/b', bytes(1))).rejects.toMatchObject({ code: 'object-exists' });
      expect(await objects.get('a/b')).toEqual(bytes(1, 2));
    });

    test('of two racing writers one wins, the other hears it', async () => {
      const other = await open();
      const results = await Promise.allSettled([
        ...Array.from({ length: 8 }, (_, i) => objects.put('race', bytes(i))),
        ...Array.from({ length: 8 }, (_, i) => other.put('race', bytes(100 + i))),
      ]);
      expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
      const winner = results.findIndex((r) => r.status === 'fulfilled');
      expect(await objects.get('race')).toEqual(bytes(winner < 8 ? winner : 100 + winner - 8));
      for (const result of results)
        if (result.status === 'rejected')
          expect(result.reason).toMatchObject({ code: 'object-exists' });
    });

    test('racing writers of the same bytes all succeed', async () => {
      await Promise.all(Array.from({ length: 8 }, () => objects.put('same', bytes(9))));
      expect(await objects.get('same')).toEqual(bytes(9));
    });

    test('what is not there is object-missing, a folder is no object', async () => {
      await objects.put('x/y', bytes(1));
      for (const name of ['z', 'x', 'x/y/z'])
        await expect(objects.get(name)).rejects.toMatchObject({ code: 'object-missing' });
    });

    test('a name below an object, or above one, is taken', async () => {
      await objects.put('x/y', bytes(1));
      for (const name of ['x/y/z', 'x'])
        await expect(objects.put(name, bytes(1))).rejects.toMatchObject({ code: 'object-exists' });
    });

    test.each([
      '',
      '/',
      '/etc/passwd',
      '../a',
      'a/../b',
      'a//b',
      'a/',
      '.hidden',
      'a/.b',
      'a b',
      'ä',
      'a\0',
      'a\n',
    ])('the name %j is refused', async (name) => {
      await expect(objects.put(name, bytes(1))).rejects.toMatchObject({ code: 'invalid-request' });
      await expect(objects.get(name)).rejects.toMatchObject({ code: 'invalid-request' });
    });
  });
}
