import {
  parseSmsReference,
  type CodeDeliveries,
  type DeliveryRow,
  type SmsNotes,
  type SmsReceiptNotes,
} from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, type Database } from '../connect.js';

/** Role ra: codes and the gateways they go through. */
export const codeDeliveries = (db: Database): CodeDeliveries => ({
  routeCode: ({ kind, id, ordinal, gateway, fresh }) =>
    guarded(async () => {
      const routed = await db
        .updateTable(kind === 'signing' ? 'challenges' : 'ownChallenges')
        .set({
          codeGateway: gateway,
          ...(fresh && {
            codeMac: fresh.codeMac,
            sealedCode: fresh.sealedCode,
            codeOrdinal: ordinal + 1,
          }),
        })
        .where('id', '=', id)
        .where('deadAt', 'is', null)
        .where('codeOrdinal', '=', ordinal)
        .where((e) =>
          fresh
            ? e('codeGateway', 'is distinct from', gateway)
            : e.or([e('codeGateway', 'is', null), e('codeGateway', '=', gateway)]),
        )
        .executeTakeFirst();
      return routed.numUpdatedRows === 1n;
    }),

  deliveries: (id) =>
    guarded(async () => {
      const rows = await db
        .selectFrom('smsSends as s')
        .innerJoin('smsReceipts as r', (join) =>
          join
            .onRef('r.gateway', '=', 's.gateway')
            .on(sql<boolean>`r.message_id = ANY (s.message_ids)`),
        )
        .select(['s.id', 's.ordinal', 's.gateway', 's.at'])
        .select(['r.messageId', 'r.status', 'r.code', 'r.receivedAt'])
        .where('s.about', '=', id)
        .where('s.outcome', '=', 'accepted')
        .orderBy('s.id')
        .orderBy('r.receivedAt')
        .orderBy('r.messageId')
        .limit(50)
        .execute();
      const sends = new Map<
        number,
        DeliveryRow & { receipts: DeliveryRow['receipts'][number][] }
      >();
      for (const { id: send, ordinal, gateway, at, ...receipt } of rows) {
        const known = sends.get(send);
        if (known) known.receipts.push(receipt);
        else sends.set(send, { ordinal, gateway, at, receipts: [receipt] });
      }
      return [...sends.values()];
    }),
});

/** Roles worker and web: append only, and the first report of a thing stays. */
export const smsReceiptNotes = (db: Database): SmsReceiptNotes => ({
  noteReceipts: async (receipts, receivedAt) => {
    if (receipts.length === 0) return;
    await guarded(() =>
      db
        .insertInto('smsReceipts')
        .values(
          receipts.map(({ gateway, messageId, status, code }) => ({
            gateway,
            messageId,
            status,
            code,
            receivedAt,
          })),
        )
        .onConflict((c) => c.doNothing())
        .execute(),
    );
  },
});

/** Role worker. */
export const smsNotes = (db: Database): SmsNotes => ({
  ...smsReceiptNotes(db),

  noteSend: async ({ reference, gateway, outcome, at }) => {
    const accepted = outcome.outcome === 'accepted';
    await guarded(() =>
      db
        .insertInto('smsSends')
        .values({
          ...parseSmsReference(reference),
          gateway,
          outcome: outcome.outcome,
          fault: accepted ? null : outcome.fault,
          code: accepted ? null : (outcome.code ?? null),
          messageIds: accepted ? outcome.messageIds : [],
          at,
        })
        .execute(),
    );
  },

  heldBackCodes: (since) =>
    guarded(async () => {
      const { rows } = await sql<{ key: string; count: number }>`
        SELECT key, sum(count)::integer AS count FROM limits
        WHERE scope = 'challenges-held-back' AND window_start >= ${since}
        GROUP BY key ORDER BY key LIMIT 100`.execute(db);
      return rows;
    }),
});
