import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { verifyFile } from '@mandate/verify';

/**
 * Verifies a letter once per flip, with that one bit changed, and tells what came of it. No verdict is
 * remembered: every flip is a whole verification. Runs in a test, or in a thread of the built workspace.
 *
 * @typedef {{ passed: string[], proven: string[], verdicts: Record<string, number> }} Flipped `passed` and
 *   `proven` name the flips that must not be: TOTAL-PASSED, or a document timestamp that still proves.
 * @param {{ letter: Uint8Array, anchors: import('@mandate/verify').TrustAnchors, at: Date,
 *   flips: readonly (readonly [offset: number, bit: number])[] }} work
 * @returns {Flipped}
 */
export function flipOffsets({ letter, anchors, at, flips }) {
  const copy = letter.slice();
  /** @type {Flipped} */
  const found = { passed: [], proven: [], verdicts: {} };
  for (const [offset, bit] of flips) {
    copy[offset] ^= 1 << bit;
    const { verdict, facts } = verifyFile(copy, { anchors, at });
    copy[offset] = letter[offset];
    const name = `offset ${offset}, bit ${bit}`;
    const { indication, subIndication = 'none' } = verdict;
    if (indication === 'TOTAL-PASSED') found.passed.push(name);
    if (facts.documentTimestamps?.some(({ proves }) => proves)) found.proven.push(name);
    const key = `${indication} ${subIndication}`;
    found.verdicts[key] = (found.verdicts[key] ?? 0) + 1;
  }
  return found;
}

// In a test `parentPort` belongs to Jest, which gives its workers no letter.
if (!isMainThread && workerData?.letter) parentPort.postMessage(flipOffsets(workerData));
