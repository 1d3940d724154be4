import type { LaterWaiver, TemplateStatus, TemplateVoteRow } from '@mandate/ceremony';
import type { ColumnType, Generated } from 'kysely';
import type { Fixed } from './fixed.js';

/** Templates, their versions and the registry of who may be named in them. */
export interface TemplateTables {
  templates: {
    id: Fixed<string>;
    institutionId: Fixed<string>;
    name: Fixed<string>;
    createdAt: Fixed<Date>;
  };
  templateVersions: {
    templateId: Fixed<string>;
    version: Fixed<number>;
    body: string;
    digest: string;
    createdAt: Fixed<Date>;
    status: Generated<TemplateStatus>;
    authors: string[];
    submittedAt: Generated<Date | null>;
    assessment: Generated<string | null>;
    approver: Generated<string | null>;
    publishedAt: Generated<Date | null>;
    retiredAt: Generated<Date | null>;
    retiredBy: Generated<string | null>;
    lintPack: Generated<string | null>;
    waivers: Generated<string>;
    personSalt: ColumnType<string, never, never>;
  };
  templateWaivers: { templateId: Fixed<string>; version: Fixed<number> } & {
    [K in keyof LaterWaiver]: Fixed<LaterWaiver[K]>;
  };
  templateVotes: { [K in keyof TemplateVoteRow]: Fixed<TemplateVoteRow[K]> };
  templateRecords: {
    digest: Fixed<string>;
    templateId: Fixed<string>;
    version: Fixed<number>;
    body: Fixed<string>;
  };
  templateLints: {
    templateId: Fixed<string>;
    version: Fixed<number>;
    pack: Fixed<string>;
    errors: Fixed<string>;
    lintedAt: Fixed<Date>;
  };
  registryEntries: {
    id: Fixed<string>;
    kind: Fixed<'source' | 'recipient'>;
    creditCode: Fixed<string>;
    name: Fixed<string>;
    licence: Fixed<string>;
    originProof: Fixed<string | null>;
    reviewedAt: Fixed<Date>;
    validUntil: Fixed<Date>;
    registrar: Fixed<string>;
    approver: Fixed<string>;
    registeredAt: Fixed<Date>;
    nameEn: Fixed<string | null>;
    reviewBy: Fixed<Date>;
  };
  registryCombinationChanges: {
    id: Generated<number>;
    source: Fixed<string>;
    item: Fixed<string>;
    purpose: Fixed<string>;
    allowed: Fixed<boolean>;
    changedBy: Fixed<string>;
    reason: Fixed<string>;
    at: Fixed<Date>;
  };
  registryCombinations: {
    source: Fixed<string>;
    item: Fixed<string>;
    purpose: Fixed<string>;
    approver: Fixed<string>;
    addedAt: Fixed<Date>;
  };
}
