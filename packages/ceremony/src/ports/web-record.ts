import type { CaseRecord } from '../desk/case-ports.js';
import type { ReportRecord } from '../note-report.js';
import type { ApiKeyRecord } from './api-key.js';
import type { ArchiveReads } from './archive.js';
import type { AttemptRow } from './attempt.js';
import type {
  AuthorizationFilter,
  AuthorizationRow,
  CommonReads,
  Gate,
  NewAuthorization,
  Step,
} from './authorization.js';
import type { ConfirmationRow, PublicChallenge } from './challenge.js';
import type { GenerationReads } from './generation.js';
import type { IdImageRecord } from './id-image.js';
import type { Limited, Quotas } from './limits.js';
import type { LogoReads } from './logo.js';
import type { PrivacyRecord } from './privacy.js';
import type { SetReads, SigningSet } from './signing-set.js';
import type { SmsReceiptNotes } from './sms.js';
import type { RegistryReads, TemplateRecord } from './template.js';
import type { UseRecord } from './use.js';
import type { LinkRow, VisitRow } from './visit.js';

export interface WebRecord
  extends
    Pick<CaseRecord, 'casesOf'>,
    ReportRecord,
    CommonReads,
    ArchiveReads,
    GenerationReads,
    SetReads,
    Limited,
    SmsReceiptNotes,
    UseRecord,
    PrivacyRecord,
    IdImageRecord,
    TemplateRecord,
    RegistryReads,
    ApiKeyRecord,
    LogoReads,
    Quotas {
  createAuthorization(
    made: NewAuthorization,
    /** Stored with the authorization: a repeated request gets this answer. */
    answer?: { key: string; status: number; body: unknown },
  ): Promise<AuthorizationRow>;
  /** The set with all its authorizations, or nothing. */
  createSet(
    set: Pick<SigningSet, 'id' | 'institutionId' | 'createdAt'>,
    members: readonly (NewAuthorization & { readonly optional: boolean })[],
    answer?: { key: string; status: number; body: unknown },
  ): Promise<void>;
  /** Refuses a letter of a set, or takes that back (`null`). Throws `guard-refused` once its code was asked for. */
  refuseMember(authorizationId: string, at: Date | null): Promise<void>;
  /** Several authorizations' steps in one transaction; the live codes of all of them die. */
  declineAll(steps: readonly Step[]): Promise<void>;
  findAuthorization(institutionId: string, id: string): Promise<AuthorizationRow | null>;
  listAuthorizations(
    institutionId: string,
    page: AuthorizationFilter & { before?: string | undefined; limit: number },
  ): Promise<readonly AuthorizationRow[]>;
  personalData(id: string, field: 'terms'): Promise<Uint8Array>;

  createLink(row: {
    id: string;
    authorizationId: string;
    kind: 'link' | 'ticket';
    tokenDigest: Uint8Array;
    origins: readonly string[];
    returnUrl: string | null;
    returnState: string | null;
    handedOverFrom: string | null;
    at: Date;
    expiresAt: Date;
  }): Promise<void>;
  linkByToken(tokenDigest: Uint8Array): Promise<LinkRow | null>;
  linkById(id: string): Promise<LinkRow | null>;
  /** What `mandate institution allow` says; empty lists when nothing was said. */
  waysInAllowed(institutionId: string): Promise<{ origins: string[]; schemes: string[] }>;
  /** First use of a ticket wins; false when it was used before. */
  useTicket(id: string, at: Date): Promise<boolean>;
  createVisit(row: {
    id: string;
    authorizationId: string;
    cookieDigest: Uint8Array;
    linkId: string | null;
    continues: string | null;
    framed: boolean;
    handOverDigest: Uint8Array | null;
    at: Date;
    expiresAt: Date;
  }): Promise<void>;
  visit(id: string): Promise<VisitRow | null>;
  visitByCookie(cookieDigest: Uint8Array): Promise<VisitRow | null>;
  visitByHandOver(handOverDigest: Uint8Array): Promise<VisitRow | null>;
  identifyVisit(id: string, at: Date, gate: Gate): Promise<void>;

  /** `presentation`: the sealed record of a `presented` step. */
  advance(
    step: Step,
    options?: { killChallenges?: boolean; presentation?: Uint8Array },
  ): Promise<void>;
  /** By the number that stands on the letter. */
  authorizationByLetterNumber(letterNumber: string): Promise<AuthorizationRow | null>;
  /** Stands for an address or another text in counters; keyed, so that it cannot be found by trying. */
  counterKey(text: string): Promise<string>;
  latestChallenge(id: string): Promise<PublicChallenge | null>;
  latestConfirmation(
    id: string,
  ): Promise<Pick<ConfirmationRow, 'challengeId' | 'visitId' | 'confirmedAt' | 'goodUntil'> | null>;
  latestAttempt(
    id: string,
  ): Promise<Pick<AttemptRow, 'id' | 'state' | 'keyOrigin' | 'notAfter'> | null>;
}
