import { canonicalBytes } from '@mandate/core';
import { PART } from '@mandate/evidence';
import type { TestAuthority } from '../../kit/authority.js';
import {
  choiceTemplate,
  necessaryRecipient,
  OPTIONAL_ITEM,
  THIRD_PARTY,
} from '../../kit/choice-template.js';
import { buildBundle, type Changes } from '../../kit/build-bundle.js';
import { sealing } from '../../kit/authority.js';
import { tamperCases } from '../../tamper/bundle-cases.js';
import { identityCases } from '../../tamper/identity-cases.js';
import { passkeyCases } from '../../tamper/passkey-cases.js';
import { setCases } from '../../tamper/set-cases.js';
import type { BundleCase } from './bundle-case.js';
import { rulesOf } from './rules-of-findings.js';
import type { FindingId } from '@mandate/verify';

/** [V-1]: what makes a verdict TOTAL-FAILED; every other sub-indication leaves it open. */
export const FAILED =
  /(?:FORMAT_FAILURE|HASH_FAILURE|SIG_CRYPTO_FAILURE|REVOKED|EXPIRED|NOT_YET_VALID)$/;

/** Every tampering of test/tamper: made and sealed by somebody who holds all keys but the stranger's. */
export function tamperedCases(authority: TestAuthority, stranger: TestAuthority): BundleCase[] {
  const lists: [string, Changes, readonly string[]][] = [
    ...tamperCases(authority, stranger).map(({ name, changes, faults }): (typeof lists)[number] => [
      name,
      changes,
      faults,
    ]),
    ...named('passkey', passkeyCases),
    ...named('set', setCases),
    ...named('identity', identityCases),
  ];
  return lists.map(([name, changes, faults]) => ({
    name,
    make: async () => (await buildBundle(authority, changes)).bundle,
    verdict: faults.some((fault) => FAILED.test(fault)) ? 'TOTAL-FAILED' : 'INDETERMINATE',
    rule: ruleOf(faults[0]!),
  }));
}

const named = (
  group: string,
  list: readonly [string, Changes, ...string[]][],
): [string, Changes, readonly string[]][] =>
  list.map(([name, changes, ...faults]) => [`${group}: ${name}`, changes, faults]);

/** What the document says of a fault that is stated as one of our findings. */
export const ruleOf = (fault: string): string =>
  rulesOf(fault.split(' ')[0] as FindingId).join(' ');

/** What is as it should be, in all the ways it can be. */
export function soundCases(authority: TestAuthority): BundleCase[] {
  const chosen = (items: string[], recipients: string[]): Changes => ({
    template: choiceTemplate,
    presentation: (it) => ({ ...it, choices: { items, recipients } }),
  });
  const built = (provenance: object): Changes => ({
    presentation: (it) => ({ ...it, pageBuild: PAGE }),
    scene: (it) => ({ ...it, pageBuild: PAGE }),
    bundleParts: (parts) =>
      void parts.set(
        PART.provenance,
        canonicalBytes({ format: 'mandate-provenance/v1', ...provenance } as never),
      ),
  });
  const BOTH = { measures: ['sms-code', 'passkey'] } as const;
  const SECOND = { set: { position: 2, of: 3 } } as const;
  const good: [string, Changes, ('zh' | 'en')?][] = [
    ['in Chinese', {}],
    ['in English', {}, 'en'],
    ['code and passkey', BOTH],
    ['a passkey alone', { measures: ['passkey'] }],
    ['an Ed25519 passkey', { ...BOTH, passkey: { algorithm: 'EdDSA' } }],
    ['an RSA passkey', { ...BOTH, passkey: { algorithm: 'RS256' } }],
    ['a passkey, in English', BOTH, 'en'],
    ['second letter of a set', SECOND],
    ['only letter of a set', { set: { position: 1, of: 1 } }],
    ['fifth letter of a set with a passkey', { ...BOTH, set: { position: 5, of: 5 } }],
    ['a set with a passkey alone', { ...SECOND, measures: ['passkey'] }],
    ['identity by two providers', { identity: {} }],
    ['identity with a face', { identity: { checks: ['police-id', 'face'] } }],
    ['identity with a card', { identity: { checks: ['police-id', 'bank-card'] } }],
    ['identity by the network', { identity: { checks: ['police-id', 'network-id'] } }],
    [
      'identity with the institution’s word',
      { identity: { checks: ['police-id', 'carrier-name', 'institution'] } },
    ],
    ['identity with an old passkey', { identity: { checks: ['police-id'] }, ...BOTH }],
    ['identity in a set with everything', { identity: {}, ...BOTH, ...SECOND, delivery: same }],
    ['delivery report', { delivery: same }],
    ['optional item and third party refused', chosen([], [])],
    ['optional item accepted', chosen([OPTIONAL_ITEM], [])],
    ['third party accepted', chosen([], [THIRD_PARTY])],
    ['both accepted', chosen([OPTIONAL_ITEM], [THIRD_PARTY])],
    [
      'a necessary recipient accepted',
      { ...chosen([], [THIRD_PARTY]), template: necessaryRecipient() },
    ],
    ['a page of a known build', built({ page: { ...BUILD, digest: PAGE }, server: BUILD })],
    ['a server of a known build', built({ page: null, server: BUILD })],
    ['both accepted, in English', chosen([OPTIONAL_ITEM], [THIRD_PARTY]), 'en'],
    [
      'a second code, a refused one and a voided attempt',
      {
        steps: (steps) => [
          ...steps,
          ['confirmation-refused', 'ra', 125, {}],
          ['confirmed', 'ra', 126, {}],
          ['attempt-issued', 'ca', 127, {}],
          ['challenged', 'ra', 128, {}],
          ['attempt-voided', 'ca', 129, {}],
          ['challenged', 'ra', 130, steps[2]![3]],
        ],
      },
    ],
    [
      'shown twice, with other choices at first',
      {
        steps: (steps) => [
          steps[0]!,
          ['presented', 'web', 30, { ...steps[1]![3], presentation: 'e'.repeat(64) }],
          ['challenged', 'ra', 40, { challenge: 'e'.repeat(64), scene: 'e'.repeat(64) }],
          ...steps.slice(1),
        ],
      },
    ],
    [
      'read in one visit, confirmed in another',
      {
        steps: (steps) =>
          steps.map(([type, by, at, data]) => [
            type,
            by,
            at,
            type === 'presented' ? { ...data, visit: 'vis_1' } : data,
          ]),
        confirmation: { visit: 'vis_2' },
      },
    ],
    [
      'a seal of somebody who knows none of our policies',
      { sealSigner: authority.issueLeaf('Third-Party Seal', authority.root, sealing()) },
    ],
  ];
  return good.map(([name, changes, language]) => ({
    name: `sound: ${name}`,
    make: async () => (await buildBundle(authority, changes, language)).bundle,
    verdict: 'TOTAL-PASSED',
  }));
}

const PAGE = 'd'.repeat(64);
const BUILD = { digest: 'c'.repeat(64), commit: 'a1b2c3d', lockfile: 'b'.repeat(64) };

const same = <T>(it: T): T => it;
