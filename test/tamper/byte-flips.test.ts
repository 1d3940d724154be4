import { expect, test } from '@jest/globals';
import { exitCode, verifyFile } from '@mandate/verify';
import { makeAuthority } from '../kit/authority.js';
import { buildBundle, LATER } from '../kit/build-bundle.js';
import { seeded } from '../kit/seeded.js';

/** All offsets with FULL=1; a seeded slice of them in everyday runs. */
const FULL = process.env['FULL'] === '1' || process.env['TEST_FULL'] === '1';
const SLICE = 600;

test(
  'no letter passes with one bit changed under its signature',
  async () => {
    const authority = makeAuthority();
    const { signedLetter } = await buildBundle(authority);
    const { anchors } = authority;
    const options = { anchors, at: LATER };
    const sound = verifyFile(signedLetter, options);
    expect(exitCode(sound)).toBe(0);
    const [start, length, resume, rest] = sound.facts.signature!.byteRange as number[];
    const covered = [...range(start!, length!), ...range(resume!, rest!)];

    const random = seeded(20261121);
    const bits = covered.map((at) => [at, 1 << random(8)] as const);
    const chosen = FULL ? bits : Array.from({ length: SLICE }, () => bits[random(bits.length)]!);
    const copy = signedLetter.slice();
    const codes = [0, 0, 0, 0];
    for (const [at, bit] of chosen) {
      copy[at]! ^= bit;
      const code = exitCode(verifyFile(copy, options));
      copy[at]! ^= bit;
      codes[code]!++;
      // Never passed, and never merely open: a changed letter is a failed one, or no letter at all.
      if (code !== 1 && code !== 3) throw new Error(`offset ${at}, bit ${bit}: exit code ${code}`);
    }
    expect(codes[1]! + codes[3]!).toBe(chosen.length);
  },
  FULL ? 3_600_000 : 60_000,
);

const range = (start: number, length: number): number[] =>
  Array.from({ length }, (_, i) => start + i);
