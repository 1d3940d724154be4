import { DomainError } from '@mandate/core';
import type { SetReads, SigningSet, Step, WebRecord } from '@mandate/ceremony';
import { append } from '../append.js';
import { guarded, type Database } from '../connect.js';
import { answerWith, insertAuthorization } from './insert-authorization.js';
import { killChallenges } from '../persons/kill-challenges.js';

/** Several authorizations are always locked in the same order. */
export const inLockOrder = <T extends { readonly step: Step }>(members: readonly T[]): T[] =>
  [...members].sort((a, b) => (a.step.authorization.id < b.step.authorization.id ? -1 : 1));

export function setReads(db: Database): SetReads {
  const read = (where: { id: string } | { member: string }): Promise<SigningSet | null> =>
    guarded(async () => {
      const rows = await db
        .selectFrom('setMembers as m')
        .innerJoin('signingSets as s', 's.id', 'm.setId')
        .select([
          's.id',
          's.institutionId',
          's.createdAt',
          'm.authorizationId',
          'm.position',
          'm.optional',
          'm.refusedAt',
        ])
        .where('m.setId', '=', (e) =>
          'id' in where
            ? e.val(where.id)
            : e
                .selectFrom('setMembers')
                .select('setId')
                .where('authorizationId', '=', where.member),
        )
        .orderBy('m.position')
        .execute();
      const [first] = rows;
      if (!first) return null;
      const { id, institutionId, createdAt } = first;
      const members = rows.map(({ authorizationId, position, optional, refusedAt }) => ({
        authorizationId,
        position,
        optional,
        refusedAt,
      }));
      return { id, institutionId, createdAt, members };
    });
  return {
    set: (id) => read({ id }),
    setOf: (member) => read({ member }),
  };
}

type SetRows = SetReads & Pick<WebRecord, 'createSet' | 'refuseMember' | 'declineAll'>;

/** Signing sets: what role web writes of them. */
export const setRows = (db: Database): SetRows => ({
  ...setReads(db),

  createSet: (set, members, answer) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        await tx
          .insertInto('signingSets')
          .values({ ...set, size: members.length })
          .execute();
        for (const [i, member] of members.entries()) {
          const { id } = await insertAuthorization(tx, member);
          await tx
            .insertInto('setMembers')
            .values({
              setId: set.id,
              position: i + 1,
              authorizationId: id,
              optional: member.optional,
              refusedAt: null,
            })
            .execute();
        }
        await answerWith(tx, set.institutionId, answer);
      }),
    ),

  refuseMember: async (authorizationId, at) => {
    await guarded(() =>
      db.transaction().execute(async (tx) => {
        // Waits for a code that is being made: its step holds the authorization's row.
        const { state } = await tx
          .selectFrom('authorizations')
          .select('state')
          .where('id', '=', authorizationId)
          .forUpdate()
          .executeTakeFirstOrThrow();
        if (state !== 'requested' && state !== 'presented')
          throw new DomainError('guard-refused', 'the code was asked for');
        await tx
          .updateTable('setMembers')
          .set({ refusedAt: at })
          .where('authorizationId', '=', authorizationId)
          .execute();
      }),
    );
  },

  declineAll: async (steps) => {
    await guarded(() =>
      db.transaction().execute(async (tx) => {
        for (const { step } of inLockOrder(steps.map((each) => ({ step: each }))))
          await append(tx, 'web', step);
        const ids = steps.map(({ authorization }) => authorization.id);
        if (steps[0]) await killChallenges(tx, ids, steps[0].at);
      }),
    );
  },
});
