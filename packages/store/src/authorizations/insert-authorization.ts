import { DomainError, kindDigestHex } from '@mandate/core';
import type { AuthorizationRow, NewAuthorization } from '@mandate/ceremony';
import { eventOf, insertEvent } from '../append.js';
import type { Tx } from '../connect.js';
import { writeAnswer, type Answer } from '../idempotency.js';

/** `requested`: the event, the projection and the encrypted terms. */
export async function insertAuthorization(
  tx: Tx,
  { row, data, termsBox, searchKey, deskIndex }: NewAuthorization,
): Promise<AuthorizationRow> {
  const event = eventOf(
    'web',
    {
      authorization: { id: row.id, version: 0, head: '' },
      type: 'requested',
      data,
      at: row.createdAt,
    },
    1,
  );
  const head = kindDigestHex('event', event);
  const created = {
    ...row,
    state: 'requested' as const,
    version: 1,
    head,
    updatedAt: row.createdAt,
  };
  await tx.insertInto('authorizations').values(created).execute();
  await insertEvent(tx, event, head);
  await tx
    .insertInto('personalData')
    .values({ authorizationId: row.id, field: 'terms', box: termsBox })
    .execute();
  await tx
    .insertInto('subjectSearch')
    .values({ authorizationId: row.id, institutionId: row.institutionId, key: searchKey })
    .execute();
  if (deskIndex)
    await tx
      .insertInto('deskIndex')
      .values({ authorizationId: row.id, institutionId: row.institutionId, ...deskIndex })
      .execute();
  return created;
}

/** Throws `idempotency-in-progress` when a repetition has taken the key over: two answers would be two effects. */
export async function answerWith(
  tx: Tx,
  institutionId: string,
  answer: Answer | undefined,
): Promise<void> {
  if (answer && !(await writeAnswer(tx, { institutionId, ...answer })))
    throw new DomainError(
      'idempotency-in-progress',
      'another request with this key was faster; repeat it',
    );
}
