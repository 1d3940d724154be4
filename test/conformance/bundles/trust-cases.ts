import { addSeconds } from '@mandate/core';
import { NO_ANCHORS, type TrustAnchors } from '@mandate/verify';
import type { TestAuthority } from '../../kit/authority.js';
import { buildBundle, START } from '../../kit/build-bundle.js';
import type { BundleCase } from './bundle-case.js';
import { lazily } from './container-cases.js';

/** A sound bundle before other anchors, and at other moments. */
export function trustCases(authority: TestAuthority, stranger: TestAuthority): BundleCase[] {
  const make = lazily(async () => (await buildBundle(authority, { identity: {} })).bundle);
  const { anchors } = authority;
  const cases: BundleCase[] = [];
  const trust = (name: string, rule: string | undefined, given: TrustAnchors): void =>
    void cases.push({
      name: `trust: ${name}`,
      make,
      anchors: given,
      verdict: rule === undefined ? 'TOTAL-PASSED' : 'INDETERMINATE',
      ...(rule === undefined ? {} : { rule }),
    });
  trust('none at all', 'X-6', NO_ANCHORS);
  trust('a stranger’s', 'X-6', { ...stranger.anchors, identity: [] });
  const rules = { scene: 'X-6', seal: 'S-4', timestamp: 'T-7', ledger: 'L-5' } as const;
  for (const purpose of ['scene', 'seal', 'timestamp', 'ledger'] as const) {
    trust(`none for ${purpose}`, rules[purpose], { ...anchors, [purpose]: [] });
    trust(`a stranger’s for ${purpose}`, rules[purpose], {
      ...anchors,
      [purpose]: stranger.anchors[purpose],
    });
    trust(`a stranger’s beside ours for ${purpose}`, undefined, {
      ...anchors,
      [purpose]: [...stranger.anchors[purpose], ...anchors[purpose]],
    } as TrustAnchors);
  }
  trust('the root of stamps for scenes, and that of scenes for stamps', 'T-7', {
    ...anchors,
    scene: anchors.timestamp,
    timestamp: anchors.scene,
  });
  trust('the issuing authority in place of its root', undefined, {
    ...anchors,
    scene: [authority.ca.certificate.der],
  });
  trust('the stamping certificate itself in place of its root', 'T-7', {
    ...anchors,
    timestamp: [authority.stamp.certificate.der],
  });
  trust('no key of any identity provider', undefined, { ...anchors, identity: [] });
  cases.push({
    name: 'trust: another key under the provider’s name',
    make,
    anchors: { ...anchors, identity: stranger.anchors.identity! },
    verdict: 'TOTAL-FAILED',
    rule: 'I-7',
  });

  const moment = (name: string, at: Date, rule?: string): void =>
    void cases.push({
      name: `moment: ${name}`,
      make,
      at,
      verdict: rule === undefined ? 'TOTAL-PASSED' : 'INDETERMINATE',
      ...(rule === undefined ? {} : { rule }),
    });
  moment('a minute after', addSeconds(START, 240));
  moment('the next day', addSeconds(START, 86_400));
  moment('a year after', new Date('2027-11-21T09:00:00Z'));
  moment('four years after', new Date('2030-12-01T00:00:00Z'));
  moment('the last second of the stamping authority', new Date('2031-01-01T00:00:00Z'));
  moment('after the stamping authority’s end', new Date('2031-06-01T00:00:00Z'), 'T-16');
  moment('ten years after, never renewed', new Date('2036-11-21T09:00:00Z'), 'T-16');
  moment('before it was stamped', addSeconds(START, 100), 'T-15');
  cases.push({
    name: 'moment: before anything was certified',
    make,
    at: new Date('2025-01-01T00:00:00Z'),
    verdict: 'TOTAL-FAILED',
    rule: 'X-3',
  });
  return cases;
}
