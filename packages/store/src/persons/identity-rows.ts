import { DomainError } from '@mandate/core';
import type { IdentityReads, IdentityRows } from '@mandate/ceremony';
import { append } from '../append.js';
import { guarded, violates, type Database } from '../connect.js';
import { inLockOrder } from '../authorizations/set-rows.js';

export const identityReads = (db: Database): IdentityReads => ({
  identityResults: (authorizationId) =>
    guarded(() =>
      db
        .selectFrom('identityResults as r')
        .innerJoin('identityAnswers as a', 'a.digest', 'r.digest')
        .selectAll('a')
        .select(['r.authorizationId', 'r.box'])
        .where('r.authorizationId', '=', authorizationId)
        .orderBy('a.receivedAt')
        .execute(),
    ),
});

/** Checks of the person: role ra's. */
export const identityRows = (db: Database): IdentityRows => ({
  ...identityReads(db),

  addIdentityResults: (members) =>
    guarded(async () => {
      const { authorizationId: _one, box: _its, ...answer } = members[0]!.row;
      try {
        await db.transaction().execute(async (tx) => {
          for (const { step } of inLockOrder(members)) await append(tx, 'ra', step);
          await tx.insertInto('identityAnswers').values(answer).execute();
          await tx
            .insertInto('identityResults')
            .values(
              members.map(({ row: { authorizationId, digest, box } }) => ({
                authorizationId,
                digest,
                box,
              })),
            )
            .execute();
        });
      } catch (error) {
        if (violates(error, 'identity_answers_provider_reference_key'))
          throw new DomainError('identity-unavailable', 'this answer was given before');
        throw error;
      }
    }),
});
