import { DomainError } from '@mandate/core';
import { sql, type Updateable } from 'kysely';
import { guarded, type Database } from '../connect.js';
import type { Tables } from '../tables.js';

export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  /** Null: all. */
  readonly types: readonly string[] | null;
  readonly createdAt: Date;
  readonly failingSince: Date | null;
  readonly disabledAt: Date | null;
  readonly disabledReason: 'gone' | 'failing' | 'by-institution' | null;
}

export interface WebhookDelivery {
  readonly id: number;
  readonly endpointId: string;
  readonly event: number;
  readonly type: string;
  /** Null: about a template. */
  readonly authorizationId: string | null;
  readonly templateId: string | null;
  readonly tries: number;
  readonly nextAt: Date | null;
  readonly deliveredAt: Date | null;
  readonly givenUpAt: Date | null;
  readonly lastStatus: number | null;
  readonly lastFault: string | null;
  readonly lastAt: Date | null;
}

export interface WebhookEvent {
  readonly id: number;
  readonly type: string;
  /** Null: about a template, then `version` is its version. */
  readonly authorizationId: string | null;
  readonly templateId: string | null;
  readonly version: number;
  readonly at: Date;
}

const ENDPOINT = [
  'id',
  'url',
  'types',
  'createdAt',
  'failingSince',
  'disabledAt',
  'disabledReason',
] as const;
/** More would be a mistake of the caller's programme. */
export const MOST_ENDPOINTS = 20;

/** What an institution does with its own endpoints; role web. */
export const webhookEndpoints = (db: Database) => {
  const own = (institutionId: string) =>
    db
      .selectFrom('webhookEndpoints')
      .select(ENDPOINT)
      .where('institutionId', '=', institutionId)
      .where('deletedAt', 'is', null);
  const change = async (
    institutionId: string,
    id: string,
    set: Updateable<Tables['webhookEndpoints']>,
  ): Promise<WebhookEndpoint> =>
    guarded(async () => {
      const row = await db
        .updateTable('webhookEndpoints')
        .set(set)
        .where('id', '=', id)
        .where('institutionId', '=', institutionId)
        .where('deletedAt', 'is', null)
        .returning(ENDPOINT)
        .executeTakeFirst();
      if (!row) throw new DomainError('not-found', 'no such webhook');
      return row;
    });

  return {
    /** Throws `invalid-request` beyond `MOST_ENDPOINTS`. */
    create: (row: {
      id: string;
      institutionId: string;
      url: string;
      types: readonly string[] | null;
      at: Date;
    }): Promise<WebhookEndpoint> =>
      guarded(() =>
        db.transaction().execute(async (tx) => {
          // One after the other, so that two made at once do not both find room for one.
          await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`webhooks/${row.institutionId}`}, 0))`.execute(
            tx,
          );
          const known = await tx
            .selectFrom('webhookEndpoints')
            .select('id')
            .where('institutionId', '=', row.institutionId)
            .where('deletedAt', 'is', null)
            .limit(MOST_ENDPOINTS)
            .execute();
          if (known.length >= MOST_ENDPOINTS)
            throw new DomainError('invalid-request', `at most ${MOST_ENDPOINTS} webhooks`);
          const { at, types, ...rest } = row;
          return tx
            .insertInto('webhookEndpoints')
            .values({ ...rest, types: types && [...types], createdAt: at })
            .returning(ENDPOINT)
            .executeTakeFirstOrThrow();
        }),
      ),

    list: (institutionId: string): Promise<readonly WebhookEndpoint[]> =>
      guarded(() => own(institutionId).orderBy('id').execute()),

    /** Throws `not-found`. */
    find: (institutionId: string, id: string): Promise<WebhookEndpoint> =>
      guarded(async () => {
        const row = await own(institutionId).where('id', '=', id).executeTakeFirst();
        if (!row) throw new DomainError('not-found', 'no such webhook');
        return row;
      }),

    disable: (institutionId: string, id: string, at: Date) =>
      change(institutionId, id, { disabledAt: at, disabledReason: 'by-institution' }),
    enable: (institutionId: string, id: string) =>
      change(institutionId, id, { disabledAt: null, disabledReason: null, failingSince: null }),
    remove: (institutionId: string, id: string, at: Date) =>
      change(institutionId, id, { deletedAt: at }),
    /** The next generation of the secret; the former one signs along until then. */
    rotate: (institutionId: string, id: string, previousUntil: Date) =>
      change(institutionId, id, {
        generation: sql<number>`generation + 1` as unknown as number,
        previousUntil,
      }),

    /** What happened, oldest first, whether it was delivered or not. */
    events: (
      institutionId: string,
      page: {
        after: number;
        limit: number;
        type?: string | undefined;
        authorization?: string | undefined;
        from?: Date | undefined;
        /** Not included. */
        to?: Date | undefined;
      },
    ): Promise<readonly WebhookEvent[]> =>
      guarded(() =>
        db
          .selectFrom('webhookEvents')
          .select(['id', 'type', 'authorizationId', 'templateId', 'version', 'at'])
          .where('institutionId', '=', institutionId)
          .where('id', '>', page.after)
          .$if(page.type !== undefined, (q) => q.where('type', '=', page.type!))
          .$if(page.authorization !== undefined, (q) =>
            q.where('authorizationId', '=', page.authorization!),
          )
          .$if(page.from !== undefined, (q) => q.where('at', '>=', page.from!))
          .$if(page.to !== undefined, (q) => q.where('at', '<', page.to!))
          .orderBy('id')
          .limit(page.limit)
          .execute(),
      ),

    /** Newest first. */
    deliveries: (
      endpointId: string,
      page: { before: number | undefined; open?: boolean | undefined; limit: number },
    ): Promise<readonly WebhookDelivery[]> =>
      guarded(() =>
        db
          .selectFrom('webhookDeliveries as d')
          .innerJoin('webhookEvents as e', 'e.id', 'd.eventId')
          .select([
            'd.id',
            'd.endpointId',
            'd.eventId as event',
            'e.type',
            'e.authorizationId',
            'e.templateId',
            'd.tries',
            'd.nextAt',
            'd.deliveredAt',
            'd.givenUpAt',
            'd.lastStatus',
            'd.lastFault',
            'd.lastAt',
          ])
          .where('d.endpointId', '=', endpointId)
          .$if(page.before !== undefined, (q) => q.where('d.id', '<', page.before!))
          .$if(page.open === true, (q) => q.where('d.deliveredAt', 'is', null))
          .orderBy('d.id', 'desc')
          .limit(page.limit)
          .execute(),
      ),

    /** Delivers an event once more, now, from the first pause on. Throws `not-found`. */
    resend: (institutionId: string, endpointId: string, event: number, at: Date): Promise<void> =>
      guarded(async () => {
        const row = await db
          .insertInto('webhookDeliveries')
          .columns(['endpointId', 'eventId', 'nextAt'])
          .expression((e) =>
            e
              .selectFrom('webhookEndpoints as p')
              .innerJoin('webhookEvents as v', 'v.institutionId', 'p.institutionId')
              .select((s) => ['p.id', 'v.id', s.val(at).as('nextAt')])
              .where('p.id', '=', endpointId)
              .where('p.institutionId', '=', institutionId)
              .where('p.deletedAt', 'is', null)
              .where('v.id', '=', event),
          )
          .onConflict((c) =>
            c
              .columns(['endpointId', 'eventId'])
              .doUpdateSet({ nextAt: at, tries: 0, givenUpAt: null }),
          )
          .executeTakeFirst();
        if (row.numInsertedOrUpdatedRows !== 1n)
          throw new DomainError('not-found', 'no such event for this webhook');
      }),
  };
};
