import type { ColumnType } from 'kysely';
import type { Fixed } from './fixed.js';

/** Institutions: who they are, how they call, how they may be reached. */
export interface InstitutionTables {
  institutions: {
    id: Fixed<string>;
    name: string;
    creditCode: string;
    contact: string;
    complaints: string;
    createdAt: Date;
    requestsPerMinute: ColumnType<number | null, undefined, number | null>;
  };
  apiKeys: {
    id: Fixed<string>;
    institutionId: Fixed<string>;
    digest: Fixed<Uint8Array>;
    name: string;
    person: Fixed<string>;
    scopes: Fixed<string[]>;
    createdAt: Date;
    expiresAt: Date | null;
    /** `YYYY-MM-DD`, UTC. */
    lastUsedOn: ColumnType<string | null, undefined, string>;
    revokedAt: ColumnType<Date | null, undefined, Date>;
    madeBy: Fixed<string | null>;
    replaces: Fixed<string | null>;
  };
  institutionLogos: {
    institutionId: Fixed<string>;
    digest: Fixed<string>;
    image: Fixed<Uint8Array>;
    width: Fixed<number>;
    height: Fixed<number>;
    setAt: Date;
    removedAt: Date | null;
  };
  waysInAllowed: {
    institutionId: Fixed<string>;
    kind: Fixed<'origin' | 'scheme'>;
    value: Fixed<string>;
    addedAt: Fixed<Date>;
  };
  idempotency: {
    institutionId: Fixed<string>;
    key: Fixed<string>;
    requestDigest: Fixed<string>;
    responseStatus: number | null;
    responseBody: string | null;
    startedAt: Date;
  };
}
