import { isDomainError } from '@mandate/core';
import { certificateTarget, cmsTarget, crlTarget, ocspTarget, tokenTarget } from './der-targets.js';
import { pdfTarget } from './pdf-target.js';
import { randomOf } from './random.js';
import { committedSpecimens, type Specimens } from './specimens.js';
import type { Judged, Target } from './target.js';

const TARGETS: Readonly<Record<string, (specimens: Specimens) => Target>> = {
  pdf: pdfTarget,
  cms: cmsTarget,
  tst: tokenTarget,
  cert: certificateTarget,
  crl: crlTarget,
  ocsp: ocspTarget,
};
export const KINDS: readonly string[] = Object.keys(TARGETS);

/** Seconds and bytes one input may cost. */
export const MAX_SECONDS = 2;
export const MAX_BYTES = 512 << 20;

/** One input that must not have been answered as it was. */
export interface Bug {
  readonly index: number;
  readonly what: 'different claims' | 'untyped exception' | 'too slow' | 'too much memory';
  readonly detail: string;
}

export type Outcome = 'unchanged' | 'refused' | 'passed with the same claims' | 'passed with less';
export type Counts = Record<Outcome, number>;

export interface Fuzzer {
  readonly specimens: Target['specimens'];
  /** Makes and judges input `index`. */
  readonly run: (index: number) => Outcome | Bug;
  /** The input alone, to be kept. */
  readonly input: (index: number) => Uint8Array;
}

export const isBug = (result: Outcome | Bug): result is Bug => typeof result !== 'string';

/** Throws when a specimen does not pass: then the tests would prove nothing. */
export function fuzzer(
  kind: string,
  seed: number,
  specimens: Specimens = committedSpecimens(),
): Fuzzer {
  const target = TARGETS[kind]!(specimens);
  const originals = new Map<string, Judged>();
  for (const [name, bytes] of target.specimens) {
    const judged = target.judge(bytes, name);
    if (!judged.accepted)
      throw new Error(
        `specimen ${name} does not pass; make them anew: npm run fuzz -- --make-specimens`,
      );
    originals.set(name, judged);
  }
  const make = (index: number) => target.make(randomOf(seed, index));
  return {
    specimens: target.specimens,
    input: (index) => make(index).bytes,
    run: (index) => {
      const { specimen, bytes } = make(index);
      if (Buffer.from(bytes).equals(target.specimens.get(specimen)!)) return 'unchanged';
      return judgeInput(target, { index, specimen, bytes, original: originals.get(specimen)! });
    },
  };
}

interface Input {
  readonly index: number;
  readonly specimen: string;
  readonly bytes: Uint8Array;
  readonly original: Judged;
}

/** What an answer to a changed input is worth; `original` is the answer to the unchanged one. */
export function judgeInput(target: Target, input: Input): Outcome | Bug {
  const { index, specimen, bytes, original } = input;
  const memory = process.resourceUsage().maxRSS;
  let judged: Judged;
  let seconds = Infinity;
  try {
    // Whoever else uses the machine may make one measurement long: only what this process did counts.
    for (let tries = 0; tries < 2 && seconds > MAX_SECONDS; tries++) {
      const [from, worked] = [performance.now(), process.cpuUsage()];
      judged = target.judge(bytes, specimen);
      const { user, system } = process.cpuUsage(worked);
      seconds = Math.min((performance.now() - from) / 1000, (user + system) / 1e6);
    }
  } catch (error) {
    if (!isDomainError(error)) return { index, what: 'untyped exception', detail: stackOf(error) };
    judged = { accepted: false, claims: {} };
    seconds = 0;
  }
  judged = judged!;
  const grown = (process.resourceUsage().maxRSS - memory) * 1024;
  if (judged.untyped) return { index, what: 'untyped exception', detail: judged.untyped };
  if (seconds > MAX_SECONDS) return { index, what: 'too slow', detail: `${seconds.toFixed(1)} s` };
  if (grown > MAX_BYTES) return { index, what: 'too much memory', detail: `${grown >> 20} MB` };
  if (!judged.accepted) return 'refused';
  let outcome: Outcome = 'passed with the same claims';
  for (const name of new Set([...Object.keys(judged.claims), ...Object.keys(original.claims)])) {
    const [claimed, due] = [judged.claims[name] ?? '', original.claims[name] ?? ''];
    if (claimed === due) continue;
    if (!target.isLess?.(name, claimed, due))
      return { index, what: 'different claims', detail: `${name}: ${claimed} instead of ${due}` };
    outcome = 'passed with less';
  }
  return outcome;
}

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
