import {
  IDENTITY_CHECKS,
  type IdentityCheck,
  type IdentityProvider,
  type Measure,
  type SceneIdentity,
} from '@mandate/core';
import { IDENTITY_POLICIES, missingOf, type IdentityPolicyName } from '@mandate/terms';
import type { IdentityRow } from '../ports/identity.js';

/** How far a policy's requirements are met. */
export interface IdentityStanding {
  /** For each requirement, how many are missing once the challenge is answered. */
  readonly missing: readonly number[];
  /** What counts now, one for each check, and the institution's word. */
  readonly results: SceneIdentity['results'];
}

/** Results that count at that moment; a simulated one only where simulated providers are wired at all. */
export const usableResults = (
  rows: readonly IdentityRow[],
  providers: readonly Pick<IdentityProvider, 'simulated'>[],
  at: Date,
): readonly IdentityRow[] => {
  const simulation = providers.some(({ simulated }) => simulated);
  return rows.filter(
    ({ outcome, freshUntil, simulated }) =>
      outcome === 'match' && freshUntil > at && (!simulated || simulation),
  );
};

/** A pure function of policy, measures and results; the newest result of a check counts. */
export function identityStanding(
  policy: IdentityPolicyName,
  measures: readonly Measure[],
  usable: readonly IdentityRow[],
): IdentityStanding {
  const { requirements } = IDENTITY_POLICIES[policy];
  const asked = IDENTITY_CHECKS.filter(
    (check) =>
      requirements.some(({ of }) => of.includes(check)) ||
      // Stands beside the others as a note; it counts for nothing.
      (check === 'institution' && requirements.length > 0),
  );
  const results = asked.flatMap((check) => {
    const row = usable.findLast(({ checkName }) => checkName === check);
    return row ? [{ check, digest: row.digest }] : [];
  });
  const shown = [...measures, ...results.map(({ check }) => check)];
  return { missing: requirements.map((each) => missingOf(each, shown)), results };
}

/** Checks that may be asked for now: those of the first requirement that is not met. */
export function askable(
  policy: IdentityPolicyName,
  { missing }: IdentityStanding,
): readonly IdentityCheck[] {
  const next = missing.findIndex((each) => each > 0);
  return next < 0 ? [] : checksOf(IDENTITY_POLICIES[policy].requirements[next]!);
}

export const checksOf = ({ of }: SceneIdentity['requirements'][number]): readonly IdentityCheck[] =>
  of.filter((each): each is IdentityCheck => each !== 'sms-code' && each !== 'passkey');
