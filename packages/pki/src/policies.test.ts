import { expect, test } from '@jest/globals';
import { seeded } from '../../../test/kit/seeded.js';
import { attime, openssl, pem } from '../test/openssl.js';
import {
  inhibitAnyPolicy,
  policies,
  policyConstraints,
  policyMappings,
} from '../test/path-extensions.js';
import { issue, newKey, T0, type Holder } from '../test/throw-away-pki.js';
import { validateCertificationPath } from './certification-path.js';
import * as ext from './extensions.js';
import { OID } from './oids.js';
import type { PolicyInputs } from './policy-checks.js';

const P = ['1', '2', '3'].map((arc) => `2.25.1.${arc}`) as [string, string, string];
const ANY = OID.anyPolicy;
const keys = Array.from({ length: 6 }, () => newKey());
const CA = [ext.basicConstraints(true), ext.keyUsage('keyCertSign', 'cRLSign')];
const root = issue({ cn: 'Root', key: keys[0]!, extensions: CA });

/** A chain, root excluded, top first; each certificate with its policy extensions. `self`: self-issued. */
interface Link {
  readonly extensions: Uint8Array[];
  readonly self?: boolean;
}
function chainOf(links: readonly Link[]): Holder[] {
  const chain: Holder[] = [];
  let cn = 'Root';
  for (const [i, { extensions, self }] of links.entries()) {
    if (!self) cn = `Level ${i}`;
    const leaf = i === links.length - 1;
    const own = leaf && !self ? [ext.keyUsage('digitalSignature')] : CA;
    const issuer = chain[i - 1] ?? root;
    chain.push(issue({ cn, issuer, key: keys[1 + (i % 5)]!, extensions: [...own, ...extensions] }));
  }
  return chain;
}

/** Policies the path is valid for, or null. */
function judge(links: readonly Link[], inputs: PolicyInputs = {}): readonly string[] | null {
  const chain = chainOf(links).map(({ certificate }) => certificate);
  const result = validateCertificationPath({
    leaf: chain[chain.length - 1]!,
    candidates: chain.slice(0, -1),
    anchors: [root.certificate],
    at: T0,
    policies: inputs,
  });
  const failed = result.checks.filter(({ ok }) => ok === false).map(({ id }) => id);
  expect(failed).toEqual(result.chain ? [] : ['path-policies']);
  return result.chain && result.policies;
}
const link = (...extensions: Uint8Array[]): Link => ({ extensions });
const self = (...extensions: Uint8Array[]): Link => ({ extensions, self: true });
const explicit = { explicit: true };

test('a policy must be asserted by every certificate, where one is required', () => {
  const both = [link(policies(P[0], P[1])), link(policies(P[1]))];
  expect(judge(both, explicit)).toEqual([P[1]]);
  expect(judge([link(policies(P[0])), link(policies(P[1]))], explicit)).toBeNull();
  expect(judge([link(policies(P[0])), link(policies(P[1]))])).toEqual([]);
  expect(judge([link(policies(P[0])), link()], explicit)).toBeNull();
  expect(judge(both, { ...explicit, acceptable: [P[0]] })).toBeNull();
  expect(judge(both, { ...explicit, acceptable: [P[0], P[1]] })).toEqual([P[1]]);
  // Without the demand an empty intersection is no fault, and no policy either.
  expect(judge(both, { acceptable: [P[0]] })).toEqual([]);
});

test('anyPolicy stands for all until it is inhibited', () => {
  const any = [link(policies(ANY)), link(policies(ANY))];
  expect(judge(any, explicit)).toEqual([ANY]);
  expect(judge(any, { ...explicit, acceptable: [P[2]] })).toEqual([P[2]]);
  expect(judge(any, { ...explicit, inhibitAny: true })).toBeNull();
  const limited = (after: number): Link[] => [
    link(policies(P[0]), inhibitAnyPolicy(after)),
    link(policies(ANY)),
  ];
  expect(judge(limited(0), explicit)).toBeNull();
  expect(judge(limited(1), explicit)).toEqual([P[0]]);
  // A self-issued authority may use anyPolicy all the same, a self-issued leaf may not.
  const rollover = [link(policies(P[0]), inhibitAnyPolicy(0)), self(policies(ANY))];
  expect(judge([...rollover, link(policies(P[0]))], explicit)).toEqual([P[0]]);
  expect(judge(rollover, explicit)).toBeNull();
});

test('mappings translate, count in the terms of the beginning, and can be inhibited', () => {
  const mapped = [link(policies(P[0]), policyMappings([P[0], P[1]])), link(policies(P[1]))];
  expect(judge(mapped, explicit)).toEqual([P[0]]);
  expect(judge(mapped, { ...explicit, acceptable: [P[1]] })).toBeNull();
  expect(judge(mapped, { ...explicit, inhibitMapping: true })).toBeNull();
  const throughAny = [link(policies(ANY), policyMappings([P[0], P[1]])), link(policies(P[1]))];
  expect(judge(throughAny, { ...explicit, acceptable: [P[0]] })).toEqual([P[0]]);
  expect(judge([link(policyMappings([ANY, P[1]])), link()])).toBeNull();
  expect(judge([link(policyMappings([P[1], ANY])), link()])).toBeNull();
  const inhibited = [link(policies(P[0]), policyConstraints({ mapping: 0 })), ...mapped];
  expect(judge(inhibited, explicit)).toBeNull();
});

test('an authority can require a policy, at once or further down', () => {
  const after = (n: number): Link[] => [link(policyConstraints({ explicit: n })), link(), link()];
  expect(judge(after(0))).toBeNull();
  expect(judge(after(2))).toBeNull();
  expect(judge(after(3))).toEqual([]);
  expect(judge([link(), link(policyConstraints({ explicit: 0 }))])).toBeNull();
  expect(judge([link(), self(), self(), link()])).toEqual([]);
});

test('mappings made to double at every level cost no more than they say', () => {
  const all = Array.from({ length: 60 }, (_, i) => `2.25.2.${i}`);
  const level = link(
    policies(...all),
    policyMappings(...all.flatMap((a) => all.map((b) => [a, b] as const))),
  );
  const started = process.cpuUsage();
  expect(judge([level, level, level, level, level, link(policies(all[0]!))], explicit)).toEqual(
    [...all].sort(),
  );
  const { user, system } = process.cpuUsage(started);
  expect((user + system) / 1000).toBeLessThan(3000);
});

/** Random chains: half of everything absent, so that both verdicts are common. */
function randomLinks(next: (below: number) => number): Link[] {
  const some = <T>(values: readonly T[]): T[] => values.filter(() => next(2) === 0);
  const length = 2 + next(4);
  return Array.from({ length }, (_, i) => {
    const asserted = next(6) === 0 ? [] : some([...P, ANY]);
    const pairs = P.flatMap((a) => P.map((b) => [a, b] as const)).filter(() => next(8) === 0);
    return {
      // nor does it see that wrapping up counts a self-issued leaf (§6.1.5 a)
      self: i > 0 && i < length - 1 && next(4) === 0,
      extensions: [
        ...(asserted.length > 0 ? [policies(...asserted)] : []),
        // a leaf's mappings mean nothing, but openssl 3.0 follows them
        ...(pairs.length > 0 && i < length - 1 && next(2) ? [policyMappings(...pairs)] : []),
        ...(next(6) === 0 ? [policyConstraints({ explicit: next(3) })] : []),
        ...(next(6) === 0 ? [inhibitAnyPolicy(next(3))] : []),
      ],
    };
  });
}

test('openssl says the same of random chains', async () => {
  const next = seeded(5280);
  const verdicts = { yes: 0, no: 0 };
  for (let i = 0; i < 60; i++) {
    const links = randomLinks(next);
    const wanted = next(2) ? [P[next(3)]!] : undefined;
    const inputs = {
      explicit: next(3) > 0,
      inhibitMapping: next(6) === 0,
      inhibitAny: next(6) === 0,
      ...(wanted ? { acceptable: wanted } : {}),
    };
    const chain = chainOf(links).map(({ certificate }) => certificate);
    const { ok, output } = await openssl(
      [
        ...['verify', '-attime', attime(T0), '-policy_check', '-CAfile', 'root'],
        ...(inputs.explicit ? ['-explicit_policy'] : []),
        ...(inputs.inhibitMapping ? ['-inhibit_map'] : []),
        ...(inputs.inhibitAny ? ['-inhibit_any'] : []),
        // openssl takes no policy for none, not for any
        ...(wanted ?? [ANY]).flatMap((policy) => ['-policy', policy]),
        ...['-untrusted', 'rest', 'leaf'],
      ],
      { root: pem(root.certificate), rest: pem(...chain.slice(0, -1)), leaf: pem(chain.at(-1)!) },
    );
    expect({ i, ok: judge(links, inputs) !== null, output }).toEqual({ i, ok, output });
    verdicts[ok ? 'yes' : 'no']++;
  }
  expect(Math.min(verdicts.yes, verdicts.no)).toBeGreaterThan(10);
}, 60_000);
