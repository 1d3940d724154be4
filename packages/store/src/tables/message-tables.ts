import type { Topic } from '@mandate/core';
import type { ColumnType, Generated } from 'kysely';
import type { Fixed } from './fixed.js';

/** Wake-ups and webhooks. */
export interface MessageTables {
  outbox: {
    id: Generated<string>;
    topic: Fixed<Topic>;
    ref: Fixed<string>;
    createdAt: Fixed<Date>;
    relayedAt: Date | null;
  };
  webhookEvents: {
    id: Generated<number>;
    institutionId: Fixed<string>;
    authorizationId: Fixed<string | null>;
    templateId: Fixed<string | null>;
    version: Fixed<number>;
    type: Fixed<string>;
    at: Fixed<Date>;
    fannedOut: Generated<boolean>;
  };
  webhookEndpoints: {
    id: Fixed<string>;
    institutionId: Fixed<string>;
    url: Fixed<string>;
    types: string[] | null;
    generation: Generated<number>;
    shown: Generated<number>;
    previousUntil: ColumnType<Date | null, Date | undefined, Date | null>;
    createdAt: Fixed<Date>;
    failingSince: ColumnType<Date | null, undefined, Date | null>;
    disabledAt: ColumnType<Date | null, undefined, Date | null>;
    disabledReason: ColumnType<
      'gone' | 'failing' | 'by-institution' | null,
      undefined,
      'gone' | 'failing' | 'by-institution' | null
    >;
    deletedAt: ColumnType<Date | null, undefined, Date | null>;
  };
  webhookDeliveries: {
    id: Generated<number>;
    endpointId: Fixed<string>;
    eventId: Fixed<number>;
    nextAt: Date | null;
    tries: Generated<number>;
    deliveredAt: ColumnType<Date | null, undefined, Date | null>;
    givenUpAt: ColumnType<Date | null, undefined, Date | null>;
    lastStatus: ColumnType<number | null, undefined, number | null>;
    lastFault: ColumnType<string | null, undefined, string | null>;
    lastAt: ColumnType<Date | null, undefined, Date | null>;
  };
}
