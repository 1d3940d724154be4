import { toBase64Url } from '@mandate/core';
import type { AgreementRecord, AgreementRow, KeptAgreement } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, violates, type Database, type Tx } from '../connect.js';

const MINUTE = 60_000;
export const AGREEMENT_COLUMNS = [
  ...(['id', 'act', 'subject', 'digest', 'staffId', 'sessionId', 'nonce', 'means'] as const),
  ...(['madeAt', 'endsAt', 'answeredAt', 'proof', 'mac'] as const),
] as const;
const PASSKEY = [
  ...(['credentialId', 'staffId', 'byWayOf', 'publicKey', 'counter', 'madeAt', 'mac'] as const),
] as const;

/** Role vault: what people of the desk were asked to agree to, and what their authenticators answered. */
export const agreementRows = (db: Database): AgreementRecord => ({
  beginAgreement: async (row) => {
    await guarded(() => db.insertInto('staffAgreements').values(row).execute());
    const before = new Date(row.madeAt.getTime() - MINUTE);
    await guarded(() =>
      db
        .deleteFrom('staffAgreements')
        .where('staffId', '=', row.staffId)
        .where('answeredAt', 'is', null)
        .where('endsAt', '<', before)
        .execute(),
    );
  },

  agreement: (id) =>
    guarded(async () => {
      const row = await db
        .selectFrom('staffAgreements')
        .select(AGREEMENT_COLUMNS)
        .where('id', '=', id)
        .executeTakeFirst();
      return row ?? null;
    }),

  answeredBy: ({ staffId, since, before, limit }) =>
    guarded(() =>
      db
        .selectFrom('staffAgreements')
        .select(AGREEMENT_COLUMNS)
        .where('staffId', '=', staffId)
        .where('answeredAt', '>=', since)
        .$if(before !== undefined, (q) => q.where('id', '<', before!))
        // ids are in the order of asking
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
    ),

  answerAgreement: async ({ id, answeredAt, proof, mac, authTime }) => {
    try {
      const row = await db
        .updateTable('staffAgreements')
        .set({ answeredAt: answeredAt!, proof: proof!, mac, authTime })
        .where('id', '=', id)
        .where('answeredAt', 'is', null)
        .executeTakeFirst();
      return row.numUpdatedRows === 1n;
    } catch (error) {
      // Two answers by one word, at the same time.
      if (violates(error, 'auth_time_once')) return false;
      return guarded(() => Promise.reject(error));
    }
  },

  lastAuthTime: (staffId) =>
    guarded(async () => {
      const { rows } = await sql<{
        last: number | null;
      }>`SELECT last_auth_time(${staffId}) AS last`.execute(db);
      return rows[0]!.last;
    }),

  passkeyOf: (staffId) =>
    guarded(async () => {
      const row = await db
        .selectFrom('staffPasskeys')
        .select(PASSKEY)
        .where('staffId', '=', staffId)
        .where('endedAt', 'is', null)
        .executeTakeFirst();
      return row ?? null;
    }),

  keptAgreements: (ids) => guarded(() => keptAgreements(db, ids)),
});

/** With the passkeys that answered, whether those have ended or not. */
export async function keptAgreements(
  db: Database | Tx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, KeptAgreement>> {
  if (ids.length === 0) return new Map();
  const rows: AgreementRow[] = await db
    .selectFrom('staffAgreements')
    .select(AGREEMENT_COLUMNS)
    .where('id', 'in', ids)
    .execute();
  const people = [...new Set(rows.map(({ staffId }) => staffId))];
  const passkeys =
    people.length === 0
      ? []
      : await db
          .selectFrom('staffPasskeys')
          .select(PASSKEY)
          .where('staffId', 'in', people)
          .execute();
  return new Map(
    rows.map((row) => {
      const named = credentialOf(row);
      const passkey = passkeys.find((it) => toBase64Url(it.credentialId) === named) ?? null;
      return [row.id, { row, passkey }];
    }),
  );
}

/** Before anything of the row is believed: a proof that is none names no passkey. */
function credentialOf({ means, proof }: AgreementRow): string | null {
  if (means !== 'passkey' || proof === null) return null;
  try {
    const { credentialId } = Object(JSON.parse(proof)) as { credentialId?: unknown };
    return typeof credentialId === 'string' ? credentialId : null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}
