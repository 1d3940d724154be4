import type { AuthorizationTables } from './tables/authorization-tables.js';
import type { CaseTables } from './tables/case-tables.js';
import type { CeremonyTables } from './tables/ceremony-tables.js';
import type { IdentityTables } from './tables/identity-tables.js';
import type { InstitutionTables } from './tables/institution-tables.js';
import type { LedgerTables } from './tables/ledger-tables.js';
import type { MessageTables } from './tables/message-tables.js';
import type { OperationTables } from './tables/operation-tables.js';
import type { OwnTables } from './tables/own-tables.js';
import type { PersonalDataTables } from './tables/personal-data-tables.js';
import type { ReportJobTables } from './tables/report-job-tables.js';
import type { ReviewTables } from './tables/review-tables.js';
import type { SigningTables } from './tables/signing-tables.js';
import type { StaffTables } from './tables/staff-tables.js';
import type { TemplateTables } from './tables/template-tables.js';
import type { UseTables } from './tables/use-tables.js';

/** The tables as Kysely sees them (camelCase of `migrations/*.sql`). */
export interface Tables
  extends
    InstitutionTables,
    TemplateTables,
    AuthorizationTables,
    PersonalDataTables,
    IdentityTables,
    CeremonyTables,
    SigningTables,
    LedgerTables,
    UseTables,
    OwnTables,
    MessageTables,
    OperationTables,
    StaffTables,
    CaseTables,
    ReportJobTables,
    ReviewTables {}
