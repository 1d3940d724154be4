import { DomainError, type ErrorCode } from '@mandate/core';
import type {
  DestroyedIdImage,
  IdImageEnd,
  IdImageReads,
  IdImageRecord,
  IdImageRow,
  IdImageSweepRecord,
  RecordDestroyed,
} from '@mandate/ceremony';
import { sql } from 'kysely';
import { append } from '../append.js';
import { guarded, type Database, type Tx } from '../connect.js';
import { answerWith } from '../authorizations/insert-authorization.js';
import { lockAuthorization, notBefore, recordFact } from '../record-fact.js';

/** All but the picture itself. */
const COLUMNS = [
  ...(['id', 'authorizationId', 'by', 'reason', 'source', 'side', 'width', 'height'] as const),
  ...(['size', 'content', 'salt', 'keptAt', 'keepUntil'] as const),
  ...(['destroyedAt', 'destroyedWhy', 'destroyedBy'] as const),
] as const;

const REFUSALS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  erased: ['erased', 'the data key was destroyed'],
  restricted: ['restricted', 'the personal data are kept and nothing is added'],
  withdrawn: ['withdrawn', 'the subject has withdrawn the authorization'],
  'authorization-ended': ['authorization-ended', 'the authorization has ended'],
  'illegal-transition': ['illegal-transition', 'before the subject signs, or after the release'],
  'image-limit': ['image-limit', 'at most 4 pictures at a time and 20 in all'],
};

async function checkIdImage(db: Database | Tx, authorizationId: string, at: Date): Promise<void> {
  const { rows } = await sql<{ code: string | null }>`
    SELECT id_image_refusal(${authorizationId}, ${at}) AS code`.execute(db);
  const code = rows[0]?.code;
  if (code) throw new DomainError(...(REFUSALS[code] ?? (['forbidden', code] as const)));
}

async function imageRow(db: Database | Tx, id: string): Promise<IdImageRow | null> {
  const row = await db
    .selectFrom('idImages')
    .select(COLUMNS)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

const isDestroyed = (row: IdImageRow): row is DestroyedIdImage => row.destroyedAt !== null;

export const liveIdImages = (tx: Tx, authorizationId: string): Promise<{ id: string }[]> =>
  tx
    .selectFrom('idImages')
    .select('id')
    .where('authorizationId', '=', authorizationId)
    .where('destroyedAt', 'is', null)
    .orderBy('id')
    .execute();

/**
 * The bytes go, by a conditional UPDATE, and with them (by trigger) the picture's secret; event and ledger entry in the
 * same transaction. Null: it was destroyed already.
 */
export async function destroyImage(
  tx: Tx,
  role: 'web' | 'worker' | 'vault',
  image: {
    id: string;
    authorizationId: string;
    why: IdImageEnd;
    by: DestroyedIdImage['destroyedBy'];
  },
  askedAt: Date,
  record: RecordDestroyed,
): Promise<DestroyedIdImage | null> {
  const { id, why, by } = image;
  const authorization = await lockAuthorization(tx, image.authorizationId);
  const at = notBefore(askedAt, authorization);
  const { numUpdatedRows } = await tx
    .updateTable('idImages')
    .set({ box: null, destroyedAt: at, destroyedWhy: why, destroyedBy: by })
    .where('id', '=', id)
    .where('authorizationId', '=', authorization.id)
    .where('destroyedAt', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) return null;
  const row = (await imageRow(tx, id)) as DestroyedIdImage;
  await recordFact(tx, role, {
    authorization,
    type: 'id-image-destroyed',
    dedupe: `shred:${id}`,
    recorded: record(authorization, row),
    at,
    wake: [{ topic: 'stamp-receipt', ref: id }],
  });
  return row;
}

const idImageReads = (db: Database): IdImageReads => ({
  idImages: (authorizationId) =>
    guarded(() =>
      db
        .selectFrom('idImages')
        .select(COLUMNS)
        .where('authorizationId', '=', authorizationId)
        .orderBy('id')
        .execute(),
    ),
});

/** Role web: pictures of identity documents kept, read and destroyed because somebody asks. */
export const idImageRows = (db: Database): IdImageRecord => ({
  ...idImageReads(db),

  checkIdImage: (authorizationId, at) => guarded(() => checkIdImage(db, authorizationId, at)),

  idImageBox: (id) =>
    guarded(async () => {
      const row = await db
        .selectFrom('idImages')
        .select('box')
        .where('id', '=', id)
        .executeTakeFirst();
      return row?.box ?? null;
    }),

  addIdImage: (fields, askedAt, record, answer) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const authorization = await lockAuthorization(tx, fields.authorizationId);
        const { box, ...told } = fields;
        const row: IdImageRow = {
          ...told,
          keptAt: notBefore(askedAt, authorization),
          destroyedAt: null,
          destroyedWhy: null,
          destroyedBy: null,
        };
        await checkIdImage(tx, authorization.id, row.keptAt);
        await tx
          .insertInto('idImages')
          .values({ ...row, box })
          .execute();
        await append(tx, 'web', {
          authorization,
          type: 'id-image-kept',
          data: record(row),
          at: row.keptAt,
        });
        await answerWith(
          tx,
          authorization.institutionId,
          answer && { ...answer, body: answer.body(row) },
        );
        return row;
      }),
    ),

  destroyIdImage: ({ id, authorizationId, by }, at, record) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        await lockAuthorization(tx, authorizationId);
        const old = await imageRow(tx, id);
        if (old?.authorizationId !== authorizationId)
          throw new DomainError('not-found', 'no such picture');
        if (isDestroyed(old)) return old;
        const { rows } = await sql<{ open: boolean }>`
          SELECT EXISTS (SELECT 1 FROM holds h
            WHERE h.authorization_id = ${authorizationId} AND h.resolved_at IS NULL) AS open`.execute(
          tx,
        );
        if (rows[0]!.open)
          throw new DomainError('on-hold', 'a dispute is open, and this may be its evidence');
        const image = { id, authorizationId, why: 'asked', by } as const;
        return (await destroyImage(tx, 'web', image, at, record))!;
      }),
    ),
});

interface DueImage {
  id: string;
  authorizationId: string;
  why: 'deadline' | 'over';
}

/** Role worker: what is due. */
export const idImageSweep = (db: Database): IdImageSweepRecord => ({
  dueIdImages: (at, limit) =>
    guarded(async () => {
      const due = await sql<DueImage>`
        SELECT id, authorization_id, 'deadline' AS why FROM id_images
        WHERE destroyed_at IS NULL AND keep_until <= ${at} ORDER BY keep_until LIMIT ${limit}`.execute(
        db,
      );
      // Looking whether the others are over takes longer the more there are: deadlines do not wait for it.
      if (due.rows.length > 0) return due.rows;
      const over = await sql<DueImage>`
        SELECT i.id, i.authorization_id, 'over' AS why FROM id_images i
        WHERE i.destroyed_at IS NULL AND id_image_over(i.authorization_id, ${at}) LIMIT ${limit}`.execute(
        db,
      );
      return over.rows;
    }),

  sweepIdImage: ({ id, authorizationId, why }, at, record) =>
    guarded(() =>
      db
        .transaction()
        .execute(async (tx) =>
          Boolean(
            await destroyImage(tx, 'worker', { id, authorizationId, why, by: 'sweep' }, at, record),
          ),
        ),
    ),
});
