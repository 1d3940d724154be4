import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { parseArgs } from 'node:util';
import './typescript.mjs';

/**
 * Verification in one thread, which is what a core does: letters at level B-T and B-LTA and whole bundles
 * by `verifyFile`, each beside the raw cost of its signature checks, which is the very same calls of
 * node:crypto's `verify`, recorded during one verification and repeated without anything around them.
 */
export async function bench({ args, say }) {
  const { values } = parseArgs({
    args,
    options: { json: { type: 'boolean' }, seconds: { type: 'string', default: '4' } },
  });
  const seconds = Number(values.seconds);
  const checks = recordedChecks();
  const { verifyFile } = await import('@mandate/verify');
  const { makeAuthority } = await import('../test/kit/authority.ts');
  const { archivedLetter } = await import('../test/kit/archived-letter.ts');
  const { LATER } = await import('../test/kit/build-bundle.ts');
  const authority = makeAuthority();
  const made = [];
  // Several, each with keys of its own: nothing is answered from memory.
  for (let i = 0; i < 8; i++) made.push(await archivedLetter(authority));

  const options = { anchors: authority.anchors, at: LATER };
  const passes = (bytes) => {
    const { verdict } = verifyFile(bytes, options);
    if (verdict.indication !== 'TOTAL-PASSED') throw new Error(JSON.stringify(verdict));
  };
  const ratios = {};
  for (const [name, files] of [
    ['b-t', made.map((it) => it.signedLetter)],
    ['b-lta', made.map((it) => it.archived)],
    ['bundle', made.map((it) => it.bundle)],
  ]) {
    const calls = files.map((file) => checks.during(() => passes(file)));
    const size = Math.round(files.reduce((sum, { length }) => sum + length, 0) / files.length);
    // In turns, so that both see the same machine.
    const [rate, raw] = perSecond(seconds, [
      (i) => passes(files[i % files.length]),
      (i) => calls[i % calls.length].forEach((call) => checks.repeat(call)),
    ]);
    say(
      `${name}: ${rate.toFixed(1)} per second and core (${size} bytes); their ` +
        `${calls[0].length} signature checks alone: ${raw.toFixed(1)}`,
    );
    ratios[`verify-${name}-per-second`] = Number(rate.toFixed(2));
    ratios[`verify-${name}-raw-per-second`] = Number(raw.toFixed(2));
    ratios[`verify-${name}-to-raw`] = Number((rate / raw).toFixed(4));
  }
  return ratios;
}

/** Takes the place of `crypto.verify` before anything imports it. */
function recordedChecks() {
  const { verify } = crypto;
  let record = null;
  crypto.verify = (...call) => {
    record?.push(call);
    return verify(...call);
  };
  syncBuiltinESMExports();
  return {
    during(work) {
      record = [];
      work();
      const calls = record;
      record = null;
      return calls;
    },
    repeat(call) {
      if (!verify(...call)) throw new Error('a recorded check fails');
    },
  };
}

/** How often a second each piece of work gets done, in alternating slices after one to warm up. */
function perSecond(seconds, works) {
  const SLICE_MS = 200;
  const totals = works.map(() => ({ rounds: 0, ms: 0, next: 0 }));
  const slice = (work, total) => {
    const from = performance.now();
    let ms = 0;
    while (ms < SLICE_MS) {
      work(total.next++);
      total.rounds++;
      ms = performance.now() - from;
    }
    total.ms += ms;
  };
  works.forEach((work, i) => slice(work, totals[i]));
  for (const total of totals) [total.rounds, total.ms] = [0, 0];
  while (totals.some(({ ms }) => ms < seconds * 1000))
    works.forEach((work, i) => slice(work, totals[i]));
  return totals.map(({ rounds, ms }) => rounds / (ms / 1000));
}
