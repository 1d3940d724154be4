import type { ApiKeyRow, Institution } from '@mandate/ceremony';
import { DomainError, type ApiScope } from '@mandate/core';
import { endKey, insertKey, keysOf, revokeWithMade } from './api-key-rows.js';
import { guarded, violates, type Database } from '../connect.js';
import { erasureRequests } from '../persons/erasure-rows.js';
import { operatorReads } from '../authorizations/operator-reads.js';
import { staffPeople } from '../desk/staff-people.js';
import { recipientKeys } from './recipient-key-rows.js';
import { logoWrites } from './logo-rows.js';
import { registryWrites } from './registry-rows.js';
import { setting } from '../settings.js';

/** What the operator does by command, with the owner's login. */
export const administration = (owner: Database) => ({
  ...registryWrites(owner),
  ...logoWrites(owner),
  ...recipientKeys(owner),
  ...erasureRequests(owner),
  ...operatorReads(owner),
  ...staffPeople(owner),

  createInstitution: (row: Institution & { at: Date }): Promise<void> =>
    guarded(async () => {
      const { at, ...institution } = row;
      try {
        await owner
          .insertInto('institutions')
          .values({ ...institution, createdAt: at })
          .execute();
      } catch (cause) {
        if (!violates(cause, 'institutions_credit_code_key')) throw cause;
        throw new DomainError('invalid-request', 'an institution with that credit code exists', {
          cause,
        });
      }
    }),

  listInstitutions: (): Promise<readonly Institution[]> =>
    guarded(() =>
      owner
        .selectFrom('institutions')
        .select(['id', 'name', 'creditCode', 'contact', 'complaints'])
        .orderBy('id')
        .execute(),
    ),

  /** Throws `not-found` for an unknown institution. */
  createApiKey: (row: {
    id: string;
    institutionId: string;
    digest: Uint8Array;
    name: string;
    person: string;
    scopes: readonly ApiScope[];
    /** Null: no end of its own. */
    expiresAt: Date | null;
    at: Date;
  }): Promise<void> =>
    guarded(() => {
      const { at, ...key } = row;
      return insertKey(owner, { ...key, createdAt: at, madeBy: null, replaces: null });
    }),

  /** Newest first. */
  listApiKeys: (institutionId: string, limit = 1000): Promise<readonly ApiKeyRow[]> =>
    keysOf(owner, institutionId, { limit }),

  /**
   * A new key beside an old one, which ends at `oldUntil` unless it ends before; name, person and scopes stay.
   * Throws `not-found` for a key that is unknown, revoked or expired.
   */
  replaceApiKey: (row: {
    id: string;
    old: string;
    digest: Uint8Array;
    expiresAt: Date | null;
    oldUntil: Date;
    at: Date;
  }): Promise<void> =>
    guarded(() =>
      owner.transaction().execute(async (tx) => {
        const old = await tx
          .selectFrom('apiKeys')
          .select(['institutionId', 'name', 'person', 'scopes'])
          .where('id', '=', row.old)
          .where('revokedAt', 'is', null)
          .where((e) => e.or([e('expiresAt', 'is', null), e('expiresAt', '>', row.at)]))
          .forUpdate()
          .executeTakeFirst();
        if (!old) throw new DomainError('not-found', 'no such live key');
        const { id, digest, expiresAt, at } = row;
        const scopes = old.scopes as ApiScope[];
        await insertKey(tx, {
          ...{ ...old, scopes, id, digest, expiresAt, createdAt: at },
          ...{ madeBy: null, replaces: row.old },
        });
        await endKey(tx, row.old, row.oldUntil);
      }),
    ),

  /** With all the key made. False: none of them was alive. */
  revokeApiKey: (id: string, at: Date): Promise<boolean> =>
    guarded(() =>
      owner.transaction().execute(async (tx) => (await revokeWithMade(tx, id, at)) > 0),
    ),

  /** Requests a minute of all keys of an institution together; null: the default. False: no such institution. */
  limitInstitution: (id: string, requestsPerMinute: number | null): Promise<boolean> =>
    guarded(async () => {
      const done = await owner
        .updateTable('institutions')
        .set({ requestsPerMinute })
        .where('id', '=', id)
        .executeTakeFirst();
      return done.numUpdatedRows === 1n;
    }),

  /** What an institution may name in signing tickets. True: it was not on the list before. */
  allowWayIn: (row: {
    institutionId: string;
    kind: 'origin' | 'scheme';
    value: string;
    at: Date;
  }): Promise<boolean> =>
    guarded(async () => {
      const { at, ...way } = row;
      try {
        const added = await owner
          .insertInto('waysInAllowed')
          .values({ ...way, addedAt: at })
          .onConflict((c) => c.doNothing())
          .executeTakeFirst();
        return added.numInsertedOrUpdatedRows === 1n;
      } catch (cause) {
        if (!violates(cause, 'ways_in_allowed_institution_id_fkey')) throw cause;
        throw new DomainError('not-found', 'no such institution', { cause });
      }
    }),

  /** True: it was on the list. */
  disallowWayIn: (row: {
    institutionId: string;
    kind: 'origin' | 'scheme';
    value: string;
  }): Promise<boolean> =>
    guarded(async () => {
      const removed = await owner
        .deleteFrom('waysInAllowed')
        .where('institutionId', '=', row.institutionId)
        .where('kind', '=', row.kind)
        .where('value', '=', row.value)
        .executeTakeFirst();
      return removed.numDeletedRows === 1n;
    }),

  listWaysIn: (institutionId: string) =>
    guarded(() =>
      owner
        .selectFrom('waysInAllowed')
        .select(['kind', 'value'])
        .where('institutionId', '=', institutionId)
        .orderBy('kind')
        .orderBy('value')
        .execute(),
    ),

  /**
   * Values fixed at first start because they are burnt into certificates, QR codes and checkpoints.
   * Returns the stored value, which is `value` only the first time.
   */
  fixSetting: (name: string, value: string): Promise<string> =>
    guarded(async () => {
      await owner
        .insertInto('settings')
        .values({ name, value })
        .onConflict((c) => c.doNothing())
        .execute();
      const row = await owner
        .selectFrom('settings')
        .select('value')
        .where('name', '=', name)
        .executeTakeFirstOrThrow();
      return row.value;
    }),

  setting: (name: string): Promise<string | null> => setting(owner, name),
});
export type Administration = ReturnType<typeof administration>;
