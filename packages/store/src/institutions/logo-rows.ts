import { DomainError } from '@mandate/core';
import type { Logo, LogoReads } from '@mandate/ceremony';
import { guarded, violates, type Database } from '../connect.js';

/** A logo's limits, which the table has too: bytes, and pixels on each side. */
export const LOGO_LIMITS = { maxBytes: 50 * 1024, maxSide: 512 } as const;

export const logoReads = (db: Database): LogoReads => ({
  logoOf: (institutionId) =>
    guarded(async () => {
      const row = await db
        .selectFrom('institutionLogos')
        .select(['digest', 'width', 'height'])
        .where('institutionId', '=', institutionId)
        .where('removedAt', 'is', null)
        .executeTakeFirst();
      return row ?? null;
    }),

  logoImage: (digest) =>
    guarded(async () => {
      const row = await db
        .selectFrom('institutionLogos')
        .select('image')
        .where('digest', '=', digest)
        .where('removedAt', 'is', null)
        .executeTakeFirst();
      return row?.image ?? null;
    }),
});

/** What the operator does with logos. */
export const logoWrites = (owner: Database) => ({
  /** Takes the place of the one before, which is kept: records may name it. Throws `not-found`. */
  setLogo: (row: Logo & { institutionId: string; image: Uint8Array; at: Date }): Promise<void> =>
    guarded(async () => {
      const { at, ...logo } = row;
      try {
        await owner.transaction().execute(async (tx) => {
          await tx
            .updateTable('institutionLogos')
            .set({ removedAt: at })
            .where('institutionId', '=', row.institutionId)
            .where('removedAt', 'is', null)
            .execute();
          await tx
            .insertInto('institutionLogos')
            .values({ ...logo, setAt: at, removedAt: null })
            .onConflict((c) =>
              c.columns(['institutionId', 'digest']).doUpdateSet({ setAt: at, removedAt: null }),
            )
            .execute();
        });
      } catch (cause) {
        if (!violates(cause, 'institution_logos_institution_id_fkey')) throw cause;
        throw new DomainError('not-found', 'no such institution', { cause });
      }
    }),

  /** False: there was none. */
  removeLogo: (institutionId: string, at: Date): Promise<boolean> =>
    guarded(async () => {
      const done = await owner
        .updateTable('institutionLogos')
        .set({ removedAt: at })
        .where('institutionId', '=', institutionId)
        .where('removedAt', 'is', null)
        .executeTakeFirst();
      return done.numUpdatedRows === 1n;
    }),
});
