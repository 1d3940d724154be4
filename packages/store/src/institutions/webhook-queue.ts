import { DomainError } from '@mandate/core';
import { sql } from 'kysely';
import { guarded, type Database } from '../connect.js';

/** One delivery that is due, claimed for a while by this worker. */
export interface DueDelivery {
  readonly id: number;
  readonly endpointId: string;
  readonly url: string;
  /** This one included. */
  readonly tries: number;
  readonly failingSince: Date | null;
}

/** What became of a try. */
export interface Tried {
  readonly delivery: DueDelivery;
  readonly at: Date;
  readonly status: number | null;
  readonly fault: string | null;
  readonly delivered: boolean;
  /** Null: given up, or delivered. */
  readonly nextAt: Date | null;
  readonly disable: 'gone' | 'failing' | null;
}

/** Worker's side: events become deliveries, deliveries are claimed, tried, done. */
export const webhookQueue = (db: Database) => ({
  /** Makes the deliveries of new events; returns how many events there were. */
  fanOut: (limit: number, at: Date): Promise<number> =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const events = await tx
          .selectFrom('webhookEvents')
          .select(['id', 'institutionId', 'type'])
          .where('fannedOut', '=', false)
          .orderBy('id')
          .limit(limit)
          .forUpdate()
          .skipLocked()
          .execute();
        if (events.length === 0) return 0;
        const ids = events.map(({ id }) => id);
        await tx
          .insertInto('webhookDeliveries')
          .columns(['endpointId', 'eventId', 'nextAt'])
          .expression((e) =>
            e
              .selectFrom('webhookEvents as v')
              .innerJoin('webhookEndpoints as p', 'p.institutionId', 'v.institutionId')
              .select((s) => ['p.id', 'v.id as eventId', s.val(at).as('nextAt')])
              .where('v.id', 'in', ids)
              .where('p.deletedAt', 'is', null)
              .where('p.disabledAt', 'is', null)
              .where((w) => w.or([w('p.types', 'is', null), sql<boolean>`v.type = ANY (p.types)`])),
          )
          .onConflict((c) => c.doNothing())
          .execute();
        await tx
          .updateTable('webhookEvents')
          .set({ fannedOut: true })
          .where('id', 'in', ids)
          .execute();
        return ids.length;
      }),
    ),

  /** Claims what is due; nobody else tries it before `until`. */
  claim: (p: {
    at: Date;
    until: Date;
    limit: number;
    /** Endpoints with enough under way. */
    except: readonly string[];
  }): Promise<readonly DueDelivery[]> =>
    guarded(async () => {
      const { rows } = await sql<DueDelivery>`
        UPDATE webhook_deliveries d SET next_at = ${p.until}, tries = d.tries + 1
        FROM webhook_endpoints p
        WHERE p.id = d.endpoint_id AND d.id IN (
          SELECT w.id FROM webhook_deliveries w JOIN webhook_endpoints q ON q.id = w.endpoint_id
          WHERE w.next_at <= ${p.at} AND q.disabled_at IS NULL AND q.deleted_at IS NULL
            AND NOT (w.endpoint_id = ANY (${[...p.except]}::text[]))
          ORDER BY w.next_at LIMIT ${p.limit} FOR UPDATE OF w SKIP LOCKED)
        RETURNING d.id, d.endpoint_id, p.url, d.tries, p.failing_since`.execute(db);
      return rows;
    }),

  settle: (tried: Tried): Promise<void> =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const { delivery, at, nextAt, delivered } = tried;
        await tx
          .updateTable('webhookDeliveries')
          .set({
            nextAt,
            lastAt: at,
            lastStatus: tried.status,
            lastFault: tried.fault,
            ...(delivered ? { deliveredAt: at, givenUpAt: null } : {}),
            ...(!delivered && nextAt === null ? { givenUpAt: at } : {}),
          })
          .where('id', '=', delivery.id)
          .execute();
        const endpoint = tx.updateTable('webhookEndpoints').where('id', '=', delivery.endpointId);
        if (delivered) {
          if (delivery.failingSince) await endpoint.set({ failingSince: null }).execute();
          return;
        }
        await endpoint.set({ failingSince: at }).where('failingSince', 'is', null).execute();
        if (tried.disable)
          await endpoint
            .set({ disabledAt: at, disabledReason: tried.disable })
            .where('disabledAt', 'is', null)
            .execute();
      }),
    ),
});

export interface DeliveryToSign {
  readonly endpointId: string;
  readonly generation: number;
  readonly previousUntil: Date | null;
  readonly institutionId: string;
  /** Null: about a template. */
  readonly authorizationId: string | null;
  readonly templateId: string | null;
  readonly eventId: number;
  readonly version: number;
  readonly type: string;
  readonly at: Date;
}

/** Role seal: whose secret signs what. */
export const webhookSecrets = (db: Database) => ({
  /** Throws `not-found`. */
  delivery: (id: number): Promise<DeliveryToSign> =>
    guarded(async () => {
      const row = await db
        .selectFrom('webhookDeliveries as d')
        .innerJoin('webhookEndpoints as p', 'p.id', 'd.endpointId')
        .innerJoin('webhookEvents as e', 'e.id', 'd.eventId')
        .select([
          'p.id as endpointId',
          'p.generation',
          'p.previousUntil',
          'p.institutionId',
          'e.authorizationId',
          'e.templateId',
          'e.id as eventId',
          'e.version',
          'e.type',
          'e.at',
        ])
        .where('d.id', '=', id)
        .where('p.deletedAt', 'is', null)
        .executeTakeFirst();
      if (!row) throw new DomainError('not-found', 'no such delivery');
      return row;
    }),

  /** The newest generation, once; null when it was shown before. */
  show: (endpointId: string): Promise<number | null> =>
    guarded(async () => {
      const row = await db
        .updateTable('webhookEndpoints')
        .set((e) => ({ shown: e.ref('generation') }))
        .where('id', '=', endpointId)
        .where('deletedAt', 'is', null)
        .whereRef('shown', '<', 'generation')
        .returning('generation')
        .executeTakeFirst();
      return row?.generation ?? null;
    }),
});
