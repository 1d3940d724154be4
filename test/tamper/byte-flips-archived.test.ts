import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { expect, test } from '@jest/globals';
import { readPdf, readSignatures } from '@mandate/pdf';
import { verifyFile } from '@mandate/verify';
import { archivedLetter } from '../kit/archived-letter.js';
import { makeAuthority } from '../kit/authority.js';
import { LATER } from '../kit/build-bundle.js';
import { seeded } from '../kit/seeded.js';
import { flipOffsets } from './flip-offsets.mjs';

/**
 * Every offset of an archived letter with FULL=1, shared out to THREADS (one per core; the workspace must be
 * built); otherwise FLIPS of them (400) in this thread, or in THREADS when that is set. Bits follow from SEED.
 */
const FULL = process.env['FULL'] === '1' || process.env['TEST_FULL'] === '1';
const SEED = Number(process.env['SEED'] ?? 20261122);
const FLIPS = Number(process.env['FLIPS'] ?? 400);
const THREADS = Number(process.env['THREADS'] ?? (FULL ? availableParallelism() : 0));

type Work = Parameters<typeof flipOffsets>[0];
type Flipped = ReturnType<typeof flipOffsets>;

test(
  'no archived letter passes, or proves that it existed, with one bit changed anywhere',
  async () => {
    const authority = makeAuthority();
    const { archived: letter } = await archivedLetter(authority);
    const about = { letter, anchors: authority.anchors, at: LATER };
    const sound = verifyFile(letter, about);
    expect(sound.verdict.indication).toBe('TOTAL-PASSED');
    expect(sound.facts.level).toBe('B-LTA');
    expect(sound.facts.documentTimestamps).toMatchObject([{ proves: true }]);

    // Under the signature; under the document timestamp alone, the signature's own value included; and the
    // document timestamp's own value, which nothing covers and of which no bit is free either.
    const stamp = readSignatures(readPdf(letter)).find(({ coversWholeFile }) => coversWholeFile)!;
    const signed = within(sound.facts.signature!.byteRange!);
    const stamped = within(stamp.byteRange);
    const all = Array.from(letter.keys());
    const regions = {
      signature: all.filter(signed),
      'document timestamp': all.filter((at) => stamped(at) && !signed(at)),
      'its value': all.filter((at) => !stamped(at)),
    };
    expect(Object.values(regions).flat()).toHaveLength(letter.length);

    const random = seeded(SEED);
    const start = performance.now();
    let count = 0;
    const lines: string[] = [];
    for (const [region, offsets] of Object.entries(regions)) {
      const bits = offsets.map((at) => [at, random(8)] as const);
      const share = Math.ceil(FLIPS / Object.keys(regions).length);
      const flips = FULL ? bits : Array.from({ length: share }, () => bits[random(bits.length)]!);
      const { passed, proven, verdicts } = await (THREADS ? inThreads : flipOffsets)({
        ...about,
        flips,
      });
      expect([region, passed, proven]).toEqual([region, [], []]);
      expect(Object.values(verdicts).reduce((sum, n) => sum + n)).toBe(flips.length);
      count += flips.length;
      lines.push(`  ${region}: ${flips.length} of ${offsets.length}: ${JSON.stringify(verdicts)}`);
    }
    const ms = ((performance.now() - start) / count).toFixed(1);
    process.stdout.write(
      `byte flips of a B-LTA letter: seed ${SEED}, ${count} of ${letter.length} offsets, ` +
        `0 passed, 0 proofs taken, ${ms} ms each\n${lines.join('\n')}\n`,
    );
  },
  FULL ? 7_200_000 : 60_000,
);

/** Whether an offset lies in one of a byte range's two spans. */
const within =
  ([start, length, resume, rest]: readonly number[]) =>
  (at: number): boolean =>
    (at >= start! && at < start! + length!) || (at >= resume! && at < resume! + rest!);

async function inThreads(work: Work): Promise<Flipped> {
  const shares = Array.from({ length: THREADS }, (_, share) =>
    inThread({ ...work, flips: work.flips.filter((_flip, i) => i % THREADS === share) }),
  );
  const all = await Promise.all(shares);
  const verdicts: Record<string, number> = {};
  for (const [verdict, n] of all.flatMap((it) => Object.entries(it.verdicts)))
    verdicts[verdict] = (verdicts[verdict] ?? 0) + n;
  return {
    passed: all.flatMap(({ passed }) => passed),
    proven: all.flatMap(({ proven }) => proven),
    verdicts,
  };
}

const inThread = (work: Work): Promise<Flipped> =>
  new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./flip-offsets.mjs', import.meta.url), { workerData: work });
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', () => reject(new Error('a thread ended without an answer')));
  });
