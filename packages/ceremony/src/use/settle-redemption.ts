import { isDomainError, type Clock } from '@mandate/core';
import type { AuthorizationRow } from '../ports.js';
import { redemptionView, type RedemptionView } from './redeem.js';
import { factEntry } from './use-facts.js';
import type { Recorded, RedemptionRow, ReservationRecord, UseRecord } from '../ports/use.js';

interface SettleDeps {
  readonly clock: Clock;
  readonly record: UseRecord;
}
interface Named {
  readonly authorizationId: string;
  readonly redemptionId: string;
}

/** The source has answered: the use is made. Throws `not-found`, `illegal-transition`. */
export const confirmRedemption = (deps: SettleDeps, named: Named): Promise<RedemptionView> =>
  settle(deps, named, 'confirmed');

/** The source did not answer: the use comes back. Throws `not-found`, `illegal-transition`. */
export const releaseRedemption = (deps: SettleDeps, named: Named): Promise<RedemptionView> =>
  settle(deps, named, 'released');

async function settle(
  { record, clock }: SettleDeps,
  { authorizationId, redemptionId }: Named,
  to: 'confirmed' | 'released',
): Promise<RedemptionView> {
  const at = clock.now();
  const { scope } = await record.condition(authorizationId, at);
  const row = await record.redemption(authorizationId, redemptionId);
  const settled = await record.settle(row, to, at, (authorization, locked) =>
    settlement(authorization, locked, to, locked.settledAt!),
  );
  return redemptionView(settled, scope!.maxUses);
}

const settlement = (
  authorization: AuthorizationRow,
  { id, digest }: Pick<RedemptionRow, 'id' | 'digest'>,
  step: 'confirmed' | 'released',
  at: Date,
  timedOut = false,
): Recorded => ({
  ...factEntry('redemption', authorization, { at, fact: digest, step }),
  data: { id, fact: digest, ...(timedOut ? { timedOut } : {}) },
});

/** Gives back what nobody confirmed in time. */
export async function releaseOverdue(deps: {
  readonly clock: Clock;
  readonly record: ReservationRecord;
  readonly onProblem: (what: string, error: unknown) => void;
}): Promise<void> {
  const at = deps.clock.now();
  for (const row of await deps.record.overdueReservations(at, 100)) {
    try {
      await deps.record.timeOut(row, at, (authorization, when) =>
        settlement(authorization, row, 'released', when, true),
      );
    } catch (error) {
      if (!isDomainError(error, 'version-conflict')) deps.onProblem('reservation', error);
    }
  }
}
