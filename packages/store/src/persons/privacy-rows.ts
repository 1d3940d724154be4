import { DomainError, type ErrorCode } from '@mandate/core';
import type { PrivacyReads, PrivacyRecord, Retention } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, type Database, type Tx } from '../connect.js';
import { AUTHORIZATION_COLUMNS } from '../authorizations/reads.js';
import { lockAuthorization, notBefore, recordFact } from '../record-fact.js';

const REFUSALS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  'illegal-transition': ['illegal-transition', 'released for confirmed uses only'],
  restricted: ['restricted', 'the personal data are kept and not handed out any more'],
  withdrawn: ['withdrawn', 'the subject has withdrawn the authorization'],
  'on-hold': ['on-hold', 'the authorization is disputed'],
  'authorization-ended': ['authorization-ended', 'the authorization has ended'],
};

async function checkRelease(db: Database | Tx, redemptionId: string, at: Date): Promise<void> {
  const { rows } = await sql<{ code: string | null }>`
    SELECT release_refusal(${redemptionId}, ${at}) AS code`.execute(db);
  const code = rows[0]?.code;
  if (code) throw new DomainError(...(REFUSALS[code] ?? (['forbidden', code] as const)));
}

export const privacyReads = (db: Database): PrivacyReads => ({
  privacy: (authorizationId) =>
    guarded(async () => {
      const { rows } = await sql<Retention>`
        SELECT runs_from, kept_until, basis, certificate AS by_law FROM retention(${authorizationId})`.execute(
        db,
      );
      const restrictions = await db
        .selectFrom('restrictions')
        .selectAll()
        .where('authorizationId', '=', authorizationId)
        .orderBy('at')
        .orderBy('id')
        .execute();
      const erasure = await db
        .selectFrom('erasures')
        .selectAll()
        .where('authorizationId', '=', authorizationId)
        .executeTakeFirst();
      return {
        retention: rows[0] ?? null,
        restriction: restrictions[0] ?? null,
        askedBySubject: restrictions.some(({ own }) => own),
        erasure: erasure ?? null,
      };
    }),

  releases: (authorizationId) =>
    guarded(() =>
      db
        .selectFrom('subjectReleases')
        .selectAll()
        .where('authorizationId', '=', authorizationId)
        .orderBy('id')
        .execute(),
    ),
});

/** Role web: orders without names, releases, restriction. */
export const privacyRows = (db: Database): PrivacyRecord => ({
  ...privacyReads(db),

  orderReference: (authorizationId, fresh, at) =>
    guarded(async () => {
      await db
        .insertInto('orderReferences')
        .values({ authorizationId, reference: fresh, madeAt: at })
        .onConflict((c) => c.column('authorizationId').doNothing())
        .execute();
      const row = await db
        .selectFrom('orderReferences')
        .select('reference')
        .where('authorizationId', '=', authorizationId)
        .executeTakeFirstOrThrow();
      return row.reference;
    }),

  authorizationByOrder: (reference) =>
    guarded(async () => {
      const row = await db
        .selectFrom('authorizations')
        .innerJoin('orderReferences as o', 'o.authorizationId', 'authorizations.id')
        .select(AUTHORIZATION_COLUMNS)
        .where('o.reference', '=', reference)
        .executeTakeFirst();
      return row ?? null;
    }),

  recipientKey: (creditCode, at) =>
    guarded(async () => {
      const row = await db
        .selectFrom('recipientKeys')
        .selectAll()
        .where('creditCode', '=', creditCode)
        .where('revokedAt', 'is', null)
        .where('registeredAt', '<=', at)
        .where('validUntil', '>', at)
        .orderBy('registeredAt', 'desc')
        .orderBy('id', 'desc')
        .executeTakeFirst();
      return row ?? null;
    }),

  release: (redemptionId) => guarded(() => releaseOf(db, redemptionId)),
  checkRelease: (redemptionId, at) => guarded(() => checkRelease(db, redemptionId, at)),

  addRelease: (fields, askedAt, record) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const authorization = await lockAuthorization(tx, fields.authorizationId);
        const old = await releaseOf(tx, fields.redemptionId);
        if (old) return old;
        const row = { ...fields, at: notBefore(askedAt, authorization) };
        await checkRelease(tx, row.redemptionId, row.at);
        await tx
          .insertInto('subjectReleases')
          .values({ ...row, fields: [...row.fields] })
          .execute();
        await recordFact(tx, 'web', {
          authorization,
          type: 'data-released',
          dedupe: `access:${row.id}`,
          recorded: record(authorization, row),
          at: row.at,
          wake: [{ topic: 'stamp-receipt', ref: row.id }],
        });
        return row;
      }),
    ),

  restrict: (fields, askedAt, record) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const authorization = await lockAuthorization(tx, fields.authorizationId);
        const own = isOwn(fields);
        const old = await tx
          .selectFrom('restrictions')
          .selectAll()
          .where('authorizationId', '=', authorization.id)
          .orderBy('own', 'desc')
          .executeTakeFirst();
        if (old && (old.own || !own)) return old;
        const row = { ...fields, at: notBefore(askedAt, authorization), own };
        const { own: _computed, ...written } = row;
        await tx.insertInto('restrictions').values(written).execute();
        await recordFact(tx, 'web', {
          authorization,
          type: 'restricted',
          dedupe: `shred:${row.id}`,
          recorded: record(authorization, row),
          at: row.at,
          wake: [{ topic: 'stamp-receipt', ref: row.id }],
        });
        return row;
      }),
    ),
});

/** As the database computes it. */
const isOwn = ({ by, proofKind }: { by: string; proofKind: string }): boolean =>
  by === 'subject' && ['own-code', 'own-passkey'].includes(proofKind);

async function releaseOf(db: Database | Tx, redemptionId: string) {
  const row = await db
    .selectFrom('subjectReleases')
    .selectAll()
    .where('redemptionId', '=', redemptionId)
    .executeTakeFirst();
  return row ?? null;
}
