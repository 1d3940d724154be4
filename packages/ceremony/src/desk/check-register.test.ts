import { describe, expect, test } from '@jest/globals';
import { newId } from '@mandate/core';
import { registerDigest } from '../privacy/anchor-register.js';
import type { AnchorState } from './audit-ports.js';
import { checkRegister } from './check-register.js';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const clock = { now: () => new Date(NOW) };
const ago = (seconds: number) => new Date(NOW - seconds * 1000);
const idOf = (at: Date) =>
  newId('access', { now: () => at }, { bytes: (length) => new Uint8Array(length) });

const anchor = (number: number, age = 3600, outside = false): AnchorState => {
  const digests = [`${number}`.repeat(64)];
  const digest = registerDigest(digests);
  const entry = JSON.stringify({ kind: 'register', number, openings: 1, digest });
  return { number, openings: 1, digest, digests, madeAt: ago(age), entry: outside ? null : entry };
};
const problems = async (
  anchors: readonly AnchorState[],
  inLedger: number,
  first: Date | null = null,
) => {
  const { problems: found } = await checkRegister(
    {
      registerAnchors: async () => ({ anchors, inLedger }),
      unanchored: async () => ({ entries: 1, first: first && idOf(first), openings: 0 }),
      deskRegister: async function* () {},
    },
    clock,
  );
  return found.map(({ code, at }) => (code === 'register-unanchored' ? at : code));
};

describe('the register against the ledger', () => {
  test('anchors that were removed are missed: the newest, all of them, one between', async () => {
    expect(await problems([anchor(1)], 2)).toEqual(['1 anchors, 2 in the ledger']);
    expect(await problems([], 2)).toEqual(['0 anchors, 2 in the ledger']);
    expect(await problems([anchor(3), anchor(1)], 3)).toEqual(['anchor 1']);
  });

  test('an anchor of more than a minute that the ledger has not', async () => {
    expect(await problems([anchor(2, 61, true), anchor(1)], 1)).toEqual(['anchor 2']);
    expect(await problems([anchor(2, 30, true), anchor(1)], 1)).toEqual([]);
  });

  test('an old entry of the ledger that is gone is missed though its anchor is not looked at', async () => {
    expect(await problems([anchor(2), anchor(1)], 1)).toEqual(['2 anchors, 1 in the ledger']);
  });

  test('entries that nobody anchored within ten minutes', async () => {
    expect(await problems([], 0, ago(601))).toEqual([idOf(ago(601))]);
    expect(await problems([anchor(1)], 1, ago(599))).toEqual([]);
  });

  test('one that is as it was', async () => {
    expect(await problems([anchor(2), anchor(1)], 2)).toEqual([]);
  });
});
