import { sha256Hex } from '@mandate/core';
import { manifestName, sealName, type Bundle, type Generation } from '@mandate/evidence';
import { check, fail, pass } from '../finding.js';
import type { Trust } from '../trust.js';
import type { Finding } from '../verification.js';
import { checkSeal, type SealJudgement } from './seal.js';

export interface LaterSeals {
  readonly findings: readonly Finding[];
  /** When each generation's seal is proven to have existed, from 1; null: it is not. */
  readonly sealedAt: readonly (Date | null)[];
  /** What its token claims, whoever made it. */
  readonly claimedAt: readonly (Date | null)[];
  /** The moment for which the seal of generation 0 is judged: of the first later one that covers it and holds, or `at`. */
  readonly knownAt: Date;
}

/** Two stamping authorities may each be a second off, milliseconds. */
const SKEW = 2000;

/**
 * Manifests and seals of what was added later, from the newest back: each manifest names manifest and seal of the
 * generation before, so a seal's timestamp proves that all before it existed, and they are judged for that moment.
 */
export function checkLaterSeals(bundle: Bundle, trust: Trust, at: Date): LaterSeals {
  const { later } = bundle;
  const findings: Finding[] = [];
  const sealedAt: (Date | null)[] = [];
  const claimedAt: (Date | null)[] = [];
  let knownAt = at;
  for (const generation of later.toReversed()) {
    const before = generation.number === 1 ? bundle : later[generation.number - 2]!;
    const chain = checkChain(generation, before);
    const seal = checkSeal(generation, trust, at, knownAt);
    findings.push(chain, summary(generation, seal));
    sealedAt.unshift(seal.existedAt);
    claimedAt.unshift(seal.token?.info.genTime ?? null);
    if (seal.existedAt && chain.status === 'passed') knownAt = seal.existedAt;
  }
  return { findings: failuresOrOne(findings, later.length), sealedAt, claimedAt, knownAt };
}

/** What is wrong, each by itself; what holds for all of them, once. */
const failuresOrOne = (findings: readonly Finding[], generations: number): Finding[] =>
  (['later-chain', 'later-seal'] as const).flatMap((id) => {
    const wrong = findings.filter((it) => it.id === id && it.status !== 'passed');
    if (generations === 0 || wrong.length > 0) return wrong;
    return [pass(id, { generations: String(generations) })];
  });

/** Seals follow each other in time; `first` is that of generation 0. */
export function checkLaterOrder(first: Date | null, { claimedAt }: LaterSeals): Finding[] {
  if (claimedAt.length === 0) return [];
  const times = [first, ...claimedAt];
  const wrong = claimedAt.findIndex((time, i) => {
    const before = times[i];
    return time && before && time.getTime() + SKEW < before.getTime();
  });
  return [
    check(
      'later-order',
      wrong < 0,
      'TIMESTAMP_ORDER_FAILURE',
      wrong < 0 ? undefined : { generation: String(wrong + 1) },
    ),
  ];
}

/** It lists its own files and manifest and seal of the one before, completely and by their digests. */
function checkChain(
  { number, entries, manifestParts }: Generation,
  before: Pick<Generation, 'manifest' | 'signature'>,
): Finding {
  const own = [manifestName(number), sealName(number)];
  const due = new Map([
    ...[...entries].filter(([name]) => !own.includes(name)),
    [manifestName(number - 1), before.manifest],
    [sealName(number - 1), before.signature],
  ]);
  const params = (name: string) => ({ generation: String(number), part: name });
  const listed = new Set(manifestParts.map(({ name }) => name));
  const odd =
    [...due.keys()].find((name) => !listed.has(name)) ??
    [...listed].find((name) => !due.has(name)) ??
    (listed.size === manifestParts.length ? undefined : manifestName(number));
  if (odd) return fail('later-chain', 'FORMAT_FAILURE', params(odd));
  const changed = manifestParts.find(({ name, digest }) => sha256Hex(due.get(name)!) !== digest);
  return changed ? fail('later-chain', 'HASH_FAILURE', params(changed.name)) : pass('later-chain');
}

/** One finding for a whole seal: what is wrong with it, failures first. */
function summary({ number }: Generation, { findings }: SealJudgement): Finding {
  const generation = String(number);
  const worst =
    findings.find(({ status }) => status === 'failed') ??
    findings.find(({ status }) => status === 'indeterminate');
  return worst
    ? fail('later-seal', worst.subIndication!, { generation, check: worst.id })
    : pass('later-seal');
}
