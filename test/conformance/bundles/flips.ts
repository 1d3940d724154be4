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

/** Nothing is said of these: the README's text, and anchors that are kept for the record. */
const FREE = (part: string): boolean => part === PART.readme || part.startsWith('anchors/');

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
        bytes[at]! ^= 1 << random(8);
        parts.set(part, bytes);
      },
    });
    const { ours, faults } = await ask(bundle, python, authority.anchors, LATER);
    const { indication: verdict } = ours.verdict;
    const passes = verdict === 'TOTAL-PASSED' && !FREE(part) ? ['a changed part passes'] : [];
    flips.push({ index, part, at, verdict, faults: [...faults, ...passes] });
  }
  return flips;
}
