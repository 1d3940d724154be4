import { PART } from '@mandate/evidence';
import type { TestAuthority } from '../../kit/authority.js';
import { buildBundle, LATER } from '../../kit/build-bundle.js';
import { seeded } from '../../kit/seeded.js';
import { ask } from './compare.js';
import type { PythonVerifier } from './python-verifier.js';

/** One changed byte below a new seal. */
export interface Flip {
  readonly index: number;
  readonly part: string;
  readonly at: number;
  readonly verdict: string;
  readonly faults: readonly string[];
}

/**
 * What may change without a word: the README's text, anchors that are kept for the record, issuers beyond those that
 * stand in the signature itself, and the last event of the trail, which tells what comes after all that is bound.
 */
const isFree = (part: string, at: number, bytes: Uint8Array): boolean =>
  part === PART.readme ||
  part === PART.chain ||
  part.startsWith('anchors/') ||
  (part === PART.trail && at > Buffer.from(bytes).lastIndexOf('{"at"'));

/**
 * Seeded changes of single bytes in single parts, sealed and entered in the ledger anew: neither verifier
 * may break, they must agree, and no such bundle passes.
 */
export async function flipPairs(
  authority: TestAuthority,
  python: PythonVerifier,
  seed: number,
  count: number,
): Promise<Flip[]> {
  const random = seeded(seed);
  const flips: Flip[] = [];
  for (let index = 0; index < count; index++) {
    let part = '';
    let at = 0;
    let free = false;
    const { bundle } = await buildBundle(authority, {
      measures: ['sms-code', 'passkey'],
      identity: {},
      delivery: (it) => it,
      bundleParts: (parts) => {
        // every part as likely as every other, whatever its size
        const names = [...parts.keys()].sort();
        part = names[random(names.length)]!;
        const bytes = parts.get(part)!.slice();
        at = random(bytes.length);
        free = isFree(part, at, bytes);
        bytes[at]! ^= 1 << random(8);
        parts.set(part, bytes);
      },
    });
    const { ours, faults } = await ask(bundle, python, authority.anchors, LATER);
    const { indication: verdict } = ours.verdict;
    const passes = verdict === 'TOTAL-PASSED' && !free ? ['a changed part passes'] : [];
    flips.push({ index, part, at, verdict, faults: [...faults, ...passes] });
  }
  return flips;
}
