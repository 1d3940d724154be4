import type {
  ErasureRow,
  IdImageRow,
  RecipientKey,
  ReleaseRow,
  RestrictionRow,
} from '@mandate/ceremony';
import type { Generated, GeneratedAlways } from 'kysely';
import type { Fixed } from './fixed.js';

/** Personal data, who opened them, what was handed on, and how they end. */
export interface PersonalDataTables {
  personalData: { authorizationId: Fixed<string>; field: Fixed<string>; box: Fixed<Uint8Array> };
  dataKeys: {
    authorizationId: Fixed<string>;
    wrapped: Uint8Array | null;
    madeAt: Fixed<Date>;
    shreddedAt: Date | null;
  };
  accessEntries: {
    authorizationId: Fixed<string>;
    ordinal: Fixed<number>;
    id: Fixed<string>;
    body: Fixed<string>;
    digest: Fixed<string>;
  };
  registerAnchors: {
    number: Fixed<number>;
    untilId: Fixed<string>;
    openings: Fixed<number>;
    digest: Fixed<string>;
    madeAt: Fixed<Date>;
  };
  recipientKeys: {
    [K in keyof RecipientKey]: K extends 'revokedAt' ? RecipientKey[K] : Fixed<RecipientKey[K]>;
  };
  orderReferences: {
    reference: Fixed<string>;
    authorizationId: Fixed<string>;
    madeAt: Fixed<Date>;
  };
  subjectReleases: { [K in keyof ReleaseRow]: Fixed<ReleaseRow[K]> };
  restrictions: { [K in keyof Omit<RestrictionRow, 'own'>]: Fixed<RestrictionRow[K]> } & {
    own: GeneratedAlways<boolean>;
  };
  erasures: { [K in keyof ErasureRow]: Fixed<ErasureRow[K]> };
  erasureMarks: {
    authorizationId: Fixed<string>;
    markedAt: Date;
    /** Both computed where nobody approved. */
    actFrom: Generated<Date>;
    askedBy: Generated<string>;
    approvedBy: Generated<string | null>;
  };
  idImages: {
    [K in keyof IdImageRow]: K extends 'destroyedAt' | 'destroyedWhy' | 'destroyedBy'
      ? IdImageRow[K]
      : Fixed<IdImageRow[K]>;
  } & { box: Uint8Array | null };
}
