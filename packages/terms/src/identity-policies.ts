import type { IdentityRequirement, Measure, SceneIdentity } from '@mandate/core';

/** What must be shown of the person before a letter is confirmed. A template names one of them. */
export interface IdentityPolicy {
  readonly requirements: readonly IdentityRequirement[];
  /** A result counts so long after the provider's answer, seconds. */
  readonly freshSeconds: number;
}

/**
 * A passkey counts for a policy so long after it was registered, seconds: what is registered with a code and used with
 * the same code shows no more than the code.
 */
export const PASSKEY_AGE_SECONDS = 24 * 3600;

export const IDENTITY_POLICY_NAMES = ['basic', 'strong', 'cn-credit'] as const;
export type IdentityPolicyName = (typeof IDENTITY_POLICY_NAMES)[number];

/**
 * The policies, as data; the database holds the same table and enforces it. Within a requirement the order is that
 * of asking, and what comes later stands in for what cannot be had.
 */
export const IDENTITY_POLICIES: Readonly<Record<IdentityPolicyName, IdentityPolicy>> = {
  /** What answers the code, as the template says. */
  basic: { requirements: [], freshSeconds: 0 },
  strong: {
    requirements: [{ need: 2, of: ['sms-code', 'passkey'] }],
    freshSeconds: 0,
  },
  /** "1+X" of JR/T 0299-2024: the police's source, and at least two more; of these a code is one at most, and the word of whoever asks for the letter none. */
  'cn-credit': {
    requirements: [
      { need: 1, of: ['police-id'] },
      {
        need: 2,
        of: ['sms-code', 'passkey', 'carrier-name', 'bank-card', 'network-id', 'face'],
      },
    ],
    freshSeconds: 30 * 60,
  },
};

/** How many of a requirement are still missing, when these are at hand. */
export const missingOf = ({ need, of }: IdentityRequirement, shown: readonly string[]): number =>
  Math.max(0, need - of.filter((each) => shown.includes(each)).length);

/** What a scene says of its policy; undefined for `basic`, which asks for nothing beside the measures. */
export function sceneIdentity(
  name: IdentityPolicyName,
  results: SceneIdentity['results'],
): SceneIdentity | undefined {
  const { requirements, freshSeconds } = IDENTITY_POLICIES[name];
  if (requirements.length === 0) return undefined;
  return { policy: name, requirements, freshSeconds, results };
}

/** A template's measures leave nothing open that no check could show. */
export const measuresFit = (name: IdentityPolicyName, measures: readonly Measure[]): boolean =>
  IDENTITY_POLICIES[name].requirements.every((requirement) => {
    const checks = requirement.of.filter((each) => each !== 'sms-code' && each !== 'passkey');
    return missingOf(requirement, [...checks, ...measures]) === 0;
  });
