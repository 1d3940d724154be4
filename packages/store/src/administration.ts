import type { Institution } from '@mandate/ceremony';
import { DomainError } from '@mandate/core';
import { guarded, violates, type Database } from './connect.js';
import { registryWrites } from './registry-rows.js';
import { setting } from './settings.js';

/** What the operator does by command, with the owner's login. */
export const administration = (owner: Database) => ({
  ...registryWrites(owner),

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

  createApiKey: (row: {
    id: string;
    institutionId: string;
    digest: Uint8Array;
    name: string;
    person: string;
    at: Date;
  }): Promise<void> =>
    guarded(async () => {
      const { at, ...key } = row;
      try {
        await owner
          .insertInto('apiKeys')
          .values({ ...key, createdAt: at, revokedAt: null })
          .execute();
      } catch (cause) {
        if (!violates(cause, 'api_keys_institution_id_fkey')) throw cause;
        throw new DomainError('not-found', 'no such institution', { cause });
      }
    }),

  revokeApiKey: (id: string, at: Date): Promise<boolean> =>
    guarded(async () => {
      const done = await owner
        .updateTable('apiKeys')
        .set({ revokedAt: at })
        .where('id', '=', id)
        .where('revokedAt', 'is', null)
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
