import type { Tx } from '../connect.js';

/**
 * The live challenges of these authorizations die, and with each those that the same code answers. Always in
 * their order, the one with the code first: two that kill, or one that kills and one that uses up, never wait
 * for each other. The sealed code goes with them, by trigger.
 */
export async function killChallenges(
  tx: Tx,
  authorizationIds: readonly string[],
  at: Date,
): Promise<void> {
  const live = await tx
    .selectFrom('challenges')
    .select(['digest', 'setChallenges'])
    .where('authorizationId', 'in', authorizationIds)
    .where('deadAt', 'is', null)
    .execute();
  const digests = new Set(live.flatMap(({ digest, setChallenges }) => setChallenges ?? [digest]));
  for (const digest of digests)
    await tx
      .updateTable('challenges')
      .set({ deadAt: at })
      .where('digest', '=', digest)
      .where('deadAt', 'is', null)
      .execute();
}
