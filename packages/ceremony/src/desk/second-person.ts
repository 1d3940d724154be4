import type { StaffSession } from '@mandate/core';
import { refused } from './grant-proof.js';
import { staffStanding, type SessionDeps } from './sessions.js';

/** Milliseconds: how long something that was asked for can be agreed to. */
const AGREEABLE = 7 * 24 * 3_600_000;

/**
 * Where an institution is a party it is never the second person: its people propose and ask, somebody of the operator's
 * own agrees. Throws `grant-refused` with `operator-only`.
 */
export function checkOperatorsOwn({ institutionId }: Pick<StaffSession, 'institutionId'>): void {
  if (institutionId !== null) throw refused('operator-only');
}

/**
 * Whether what somebody asked for can still be agreed to. Throws `grant-refused` with `account-closed` once they may not
 * work any more, or `asked-too-long-ago`.
 */
export async function checkStillAsked(
  deps: SessionDeps,
  asked: { readonly staffId: string; readonly at: Date },
): Promise<void> {
  const asker = await staffStanding(deps, asked.staffId);
  if (!asker || asker.refusal) throw refused('account-closed');
  if (deps.clock.now().getTime() > asked.at.getTime() + AGREEABLE)
    throw refused('asked-too-long-ago');
}
