/** The API's shapes as its OpenAPI description gives them; members may be added, none removed. */

/** Times are RFC 3339, UTC, whole seconds. */
type Time = string;

export interface AuthorizationRequest {
  /** Id or name of a published template. */
  readonly template: string;
  readonly version?: number;
  /** Your own reference for the one thing this is about. */
  readonly businessReference: string;
  readonly language?: 'zh' | 'en';
  readonly subject: {
    readonly name: string;
    readonly idType: 'cn-resident-id' | 'passport' | 'hk-macau-permit' | 'taiwan-permit';
    readonly idNumber: string;
    readonly phone: string;
  };
  readonly from?: Time;
  readonly end:
    | { readonly kind: 'date'; readonly at: Time }
    | { readonly kind: 'event'; readonly event: 'loan-settled'; readonly latest: Time };
  readonly uses?:
    | { readonly kind: 'count'; readonly count: number }
    | {
        readonly kind: 'recurring';
        readonly atMost: number;
        readonly per: 'month' | 'quarter' | 'year';
      };
}

export type AuthorizationState =
  | 'requested'
  | 'presented'
  | 'challenged'
  | 'confirmed'
  | 'signed'
  | 'released'
  | 'declined'
  | 'lapsed'
  | 'failed';

export interface Authorization {
  readonly id: string;
  readonly state: AuthorizationState;
  readonly template: string;
  readonly templateVersion: number;
  readonly businessReference: string;
  readonly letterNumber: string;
  readonly language: string;
  /** SHA-256, hex. */
  readonly termsDigest: string;
  /** SHA-256, hex, of the letter as shown. */
  readonly letterDigest: string;
  /** From the letter's digest, for the eye. */
  readonly checkCode: string;
  readonly endAt: Time;
  readonly signBy: Time;
  readonly createdAt: Time;
  /** When one authorization is read, once released. */
  readonly archiveLevel?: 'B-T' | 'B-LTA';
  readonly archiveGeneration?: number;
  readonly renewBy?: Time;
  readonly renewalOverdue?: boolean;
}

/** What a list is narrowed to; everything given must hold. */
export interface AuthorizationFilter {
  readonly state?: AuthorizationState;
  /** Id or name. */
  readonly template?: string;
  readonly businessReference?: string;
  readonly letterNumber?: string;
  readonly createdFrom?: Time;
  /** Not included. */
  readonly createdTo?: Time;
  readonly cursor?: string;
  readonly limit?: number;
}

export type SearchedSubject = Omit<AuthorizationRequest['subject'], 'phone'>;

export interface IdentityAssertionRequest {
  /** Your own number of this assertion, never the same twice. */
  readonly reference: string;
  /** System or office; no personal data of the subject. */
  readonly vouchedBy: string;
  /** How they know; no personal data of the subject. */
  readonly how: string;
  /** When they saw it; minutes ago at most. */
  readonly at: Time;
}

export interface IdentityAssertion {
  readonly authorization: string;
  /** SHA-256, hex, as trail and scene name it. */
  readonly digest: string;
  readonly at: Time;
  /** After that it is named no more. */
  readonly freshUntil: Time;
}

export interface OwnLinkRequest {
  /** Who of your staff; visible ASCII characters, no personal data of the subject. */
  readonly vouchedBy: string;
  readonly how: 'in-person' | 'video-call' | 'call-back' | 'identity-check' | 'other';
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Null at the end. */
  readonly nextCursor: string | null;
}

export interface Template {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly digest: string;
  /** Only published versions can be requested. */
  readonly status: 'draft' | 'in-review' | 'published' | 'retired';
}

export interface TemplateWithBody extends Template {
  readonly body: Readonly<Record<string, unknown>>;
}

/** A version that was just written. */
export interface NewTemplateVersion {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly digest: string;
  readonly status: 'draft';
}

export interface TemplateFinding {
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly article: string;
  readonly message: { readonly zh: string; readonly en: string };
  readonly path: string;
  /** Where in the text at `path`. */
  readonly start: number;
  readonly end: number;
  readonly excerpt: string;
}

export interface TemplateFindings {
  /** Edition of the rule pack. */
  readonly pack: string;
  readonly items: readonly TemplateFinding[];
}

/** An absent side means new or gone. */
export interface TemplateChange {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** A finding that the approver lets pass, at one place. */
export interface Waiver {
  readonly rule: string;
  readonly path: string;
  readonly reason: string;
}

export interface SigningLink {
  readonly url: string;
  readonly expiresAt: Time;
}

/** Letters of one subject, in the order in which they are read. */
export interface SigningSetRequest {
  readonly authorizations: readonly SigningSetMember[];
}
export interface SigningSetMember extends AuthorizationRequest {
  /** You can go on without it; the subject is told so. */
  readonly optional?: boolean;
}

export interface SigningSet {
  readonly id: string;
  readonly createdAt: Time;
  readonly authorizations: readonly SignedTogether[];
}
export interface SignedTogether extends Authorization {
  readonly optional: boolean;
}

export interface SigningTicketRequest {
  /** Whose pages may frame it; none for a full page only. */
  readonly origins: readonly string[];
  /** Where a full page leads afterwards. */
  readonly returnUrl?: string;
  /** Yours; comes back with the return. */
  readonly state?: string;
}

export interface SigningTicket {
  /** For the widget; good once. */
  readonly ticket: string;
  /** The same ticket as an address, for a full page or WebView. */
  readonly url: string;
  readonly expiresAt: Time;
}

export interface Person {
  readonly id: string;
  readonly name?: string;
}

export interface Party {
  /** Unified social credit code. */
  readonly creditCode: string;
}

export interface RedemptionRequest {
  readonly purpose:
    | 'loan-approval'
    | 'credit-card-approval'
    | 'guarantee-review'
    | 'post-loan-management'
    | 'credit-reporting'
    | 'income-verification'
    | 'identity-verification'
    | 'fraud-prevention';
  readonly source: Party;
  /** Default: the institution itself. */
  readonly recipient?: Party;
  /** Codes of the data items asked for. */
  readonly items: readonly string[];
  /** Who asks, at your side. */
  readonly operator: Person;
  readonly approver?: Person;
  readonly businessReference?: string;
  /** Reserve for ten minutes only; confirm or release when the source has answered or not. */
  readonly hold?: boolean;
}

/** One use. */
export interface Redemption {
  readonly redemption: string;
  readonly authorization: string;
  readonly state: 'reserved' | 'confirmed' | 'released';
  readonly purpose: string;
  readonly source: Party;
  readonly recipient: Party;
  readonly items: readonly string[];
  /** Which use it is. */
  readonly number: number;
  /** Of how many, in each period where uses recur. */
  readonly of: number;
  /** Beijing calendar: `2026-11`, `2026-Q4` or `2026`. */
  readonly period?: string;
  readonly at: Time;
  /** Unless confirmed before, the use comes back. */
  readonly reservedUntil?: Time;
  readonly settledAt?: Time;
  readonly timedOut?: boolean;
}

export interface MadeRedemption extends Redemption {
  /** Compact JWS; hand it to the data source. */
  readonly receipt: string;
  /** RFC 3161 token over the receipt's bytes, base64url; null until it is stamped. */
  readonly timestamp: string | null;
  readonly usesLeft: number;
}

export interface ListedRedemption extends Redemption {
  readonly operator: Person;
  readonly approver?: Person;
  readonly businessReference?: string;
  readonly receipt: string | null;
  readonly timestamp: string | null;
  /** What the receipt's `operator` was made of: HMAC-SHA-256 under the salt (base64url) of field, a zero byte and value. */
  readonly operatorCommitment?: {
    readonly commitment: string;
    readonly field: string;
    readonly salt: string;
    readonly value: string;
  };
}

/** Whether and how often an authorization can still be used, as of now. */
export interface Condition {
  readonly authorization: string;
  readonly redeemable: boolean;
  readonly usesLeft: number;
  readonly withdrawnAt: Time | null;
  readonly onHoldSince: Time | null;
  readonly endedAt: Time | null;
  readonly withdrawalReceipt: string | null;
  readonly withdrawalTimestamp: string | null;
}

/** How you know that the subject wants it. */
export interface Proof {
  readonly kind: 'logged-in' | 'call-recording' | 'paper' | 'in-person' | 'other';
  /** Where you keep it; no personal data. */
  readonly ref: string;
}

export interface WithdrawalRequest {
  readonly by?: 'subject' | 'institution';
  readonly channel: 'page' | 'app' | 'phone' | 'branch' | 'letter' | 'other';
  readonly proof: Proof;
}

export interface Withdrawal {
  readonly withdrawal: string;
  readonly authorization: string;
  readonly by: 'subject' | 'institution';
  readonly channel: string;
  readonly at: Time;
}

export interface HoldRequest {
  readonly by?: 'subject' | 'institution';
  readonly reason?: 'not-signed-by-me' | 'someone-told-me-to' | 'letter-differs' | 'other';
  readonly proof: Proof;
}

export type HoldOutcome = 'upheld' | 'rejected' | 'retracted';

/** A dispute: nothing is used until it is decided. */
export interface Hold {
  readonly hold: string;
  readonly authorization: string;
  readonly by: 'subject' | 'institution';
  readonly reason: string;
  readonly openedAt: Time;
  readonly state: 'open' | 'proposed' | HoldOutcome;
  /** By one person; a second one must agree. */
  readonly proposed?: HoldOutcome;
  readonly resolvedAt?: Time;
  readonly resolution?: string;
}

export interface ListedHold extends Hold {
  /** For `verifyHold`; null until it is signed. */
  readonly receipt: string | null;
  /** For `verifyHoldResolution`. */
  readonly resolutionReceipt: string | null;
}

/** How you think a dispute should end; the disputes desk decides. */
export interface HoldProposal {
  readonly outcome: HoldOutcome;
  /** Where you keep the reasons; no personal data. */
  readonly grounds: string;
}

export interface EndRequest {
  /** The one agreed as the end. */
  readonly event: 'loan-settled';
  /** When it happened; not in the future. */
  readonly at: Time;
}

export interface End {
  readonly end: string;
  readonly authorization: string;
  readonly event: string;
  readonly happenedAt: Time;
  readonly at: Time;
}

/** One event of the list, delivered or not. */
export interface ListedEvent {
  readonly id: number;
  readonly type: WebhookType;
  readonly authorization?: string;
  /** Of `template.…` events, with `version`. */
  readonly template?: string;
  readonly version?: number;
  readonly at: Time;
}

export interface EventFilter {
  readonly type?: WebhookType;
  readonly authorization?: string;
  readonly from?: Time;
  /** Not included. */
  readonly to?: Time;
  readonly cursor?: string;
  readonly limit?: number;
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly person: string;
  readonly scopes: readonly string[];
  readonly state: 'live' | 'expired' | 'revoked';
  readonly createdAt: Time;
  readonly expiresAt: Time | null;
  /** Day, UTC. */
  readonly lastUsedOn: string | null;
  readonly revokedAt: Time | null;
  /** The key that made it; null: the operator. */
  readonly madeBy: string | null;
  readonly replaces: string | null;
}

export interface ApiKeyWithText extends ApiKey {
  /** `mk_…`, shown this once. */
  readonly text: string | null;
}

export interface Webhook {
  readonly id: string;
  readonly url: string;
  /** Null: all. */
  readonly types: readonly string[] | null;
  readonly createdAt: Time;
  readonly failingSince: Time | null;
  readonly disabledAt: Time | null;
  readonly disabledReason: 'gone' | 'failing' | 'by-institution' | null;
}

export interface WebhookWithSecret extends Webhook {
  /** `whsec_…`, shown this once; null when a repeated request was answered: make a new one. */
  readonly secret: string | null;
}

/** What became of one event at one webhook. */
export interface WebhookDelivery {
  readonly id: number;
  readonly event: number;
  readonly type: string;
  readonly authorization?: string;
  readonly template?: string;
  readonly state: 'waiting' | 'delivered' | 'given-up';
  readonly tries: number;
  readonly nextAt: Time | null;
  readonly lastAt: Time | null;
  readonly lastStatus: number | null;
  readonly lastFault: string | null;
}

export interface WebhookRequest {
  readonly url: string;
  /** Which events; all unless said. */
  readonly types?: readonly WebhookType[];
}

export type WebhookType =
  | 'authorization.presented'
  | 'authorization.declined'
  | 'authorization.lapsed'
  | 'authorization.failed'
  | 'authorization.released'
  | 'authorization.redeemed'
  | 'authorization.redemption-released'
  | 'authorization.withdrawn'
  | 'authorization.held'
  | 'authorization.hold-resolved'
  | 'authorization.data-released'
  | 'authorization.restricted'
  | 'authorization.erased'
  | 'authorization.id-image-destroyed'
  | 'authorization.ended'
  | 'authorization.glass-broken'
  | 'template.lint-failed';

export interface CaseRequest {
  readonly kind:
    | 'subject-dispute'
    | 'credit-data-objection'
    | 'consumer-complaint'
    | 'consumer-complaint-complex'
    | 'internal-review';
  /** 1 to 1,000 of your own; fixed from here on. */
  readonly authorizations: readonly string[];
  /** Who complains, and how they are reached. */
  readonly applicant?: string;
  /** What is to be found out. */
  readonly request?: string;
  readonly documents?: readonly string[];
}

export interface DeskCase {
  readonly id: string;
  /** For people: C-2026-000123. */
  readonly number: string;
  readonly kind: string;
  readonly step:
    'applied' | 'accepted' | 'extracted' | 'verified' | 'certified' | 'closed' | 'rejected';
  readonly openedAt: string;
  readonly dueAt: string;
}

/** Members of the subject that a use may hand on. */
export type SubjectField = 'name' | 'idType' | 'idNumber' | 'phone';

export interface OrderReference {
  readonly reference: string;
  readonly url: string;
  /** SVG of the address. */
  readonly qr: string;
}

export interface Order {
  readonly reference: string;
  readonly state: 'not-signed' | 'signed' | 'not-granted' | 'over';
}

/** The subject's data for one use. */
export interface SealedRelease {
  readonly release: string;
  readonly authorization: string;
  readonly redemption: string;
  readonly recipient: Party;
  /** RFC 7638 thumbprint of the key that opens it. */
  readonly key: string;
  readonly fields: readonly string[];
  /** JWE compact, ECDH-ES (P-256) with A256GCM. */
  readonly sealed: string;
  /** Compact JWS, `typ` `mandate-release+jwt`. */
  readonly receipt: string;
  readonly timestamp: string | null;
  readonly at: Time;
}

export interface RestrictionRequest {
  readonly by?: 'subject' | 'institution';
  readonly proof: Proof;
}

/** What has become of the personal data, and what will. */
export interface Privacy {
  readonly authorization: string;
  readonly restrictedAt: Time | null;
  readonly erasedAt: Time | null;
  /** Null before anything is over. */
  readonly retention: {
    readonly runsFrom: Time;
    readonly keptUntil: Time;
    /** The article. */
    readonly basis: string;
    /** False: gone as soon as the subject asks. */
    readonly byLaw: boolean;
  } | null;
}

/** The subject's copy; its other parts are the record's own shapes. */
export interface DataExport extends Readonly<Record<string, unknown>> {
  readonly format: 'mandate-export/v1';
  readonly readable: readonly { readonly title: string; readonly lines: readonly string[] }[];
}

export interface IdImageRequest {
  readonly reason: 'in-person' | 'source-demand';
  readonly side: 'front' | 'back';
  /** Credit code of the letter's source that demands it, with `source-demand`. */
  readonly source?: string;
  /** For how many days it is kept. */
  readonly days?: number;
}

/** A picture of an identity document, without the picture. */
export interface IdImage {
  readonly id: string;
  readonly authorization: string;
  readonly by: 'institution' | 'subject';
  readonly reason: string;
  readonly side: string;
  /** Who demands it. */
  readonly source: Party | null;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Bytes of what is kept. */
  readonly size: number;
  readonly keptAt: Time;
  /** It is destroyed then at the latest. */
  readonly keepUntil: Time;
  readonly destroyed: { readonly at: Time; readonly why: string; readonly by: string } | null;
}

export interface IdImageAccess {
  readonly purpose: 'identity-check' | 'source-demand' | 'dispute' | 'subject-request';
  /** The case it is looked at for; no personal data. */
  readonly reference: string;
}

export interface RegistryEntry {
  readonly creditCode: string;
  readonly name: string;
  /** As letters in English spell it. */
  readonly nameEn: string | null;
  readonly licence: string;
  readonly originProof: string | null;
  readonly reviewedAt: Time;
  /** Later no new letter names it. */
  readonly reviewBy: Time;
  /** Later it is not used either. */
  readonly validUntil: Time;
  readonly approver: string;
  readonly valid: boolean;
}

export interface RegistryCombination {
  readonly source: string;
  readonly item: string;
  readonly purpose: string;
}

export interface UseFilter {
  readonly state?: Redemption['state'];
  readonly source?: string;
  readonly from?: Time;
  /** Not included. */
  readonly to?: Time;
  readonly cursor?: string;
  readonly limit?: number;
}

export interface BulkRequest {
  readonly format: 'ndjson' | 'csv';
  /** What makes a row the same one in another file; your business reference unless said. */
  readonly rowKey?: 'row' | 'business-reference';
}

/** An import of many requests; counts are of rows, `received` of bytes. */
export interface Bulk {
  readonly id: string;
  readonly state: 'receiving' | 'running' | 'done' | 'cancelled';
  readonly format: 'ndjson' | 'csv';
  readonly rowKey: 'row' | 'business-reference';
  readonly received: number;
  /** Null until the file is complete, like `rows`. */
  readonly digest: string | null;
  readonly rows: number | null;
  readonly done: number;
  readonly created: number;
  /** Rows that an earlier file had, with its authorizations. */
  readonly repeated: number;
  readonly refused: number;
  readonly createdAt: Time;
  readonly endedAt: Time | null;
}

/** What became of one row. */
export type RowOutcome = { readonly row: number; readonly businessReference: string | null } & (
  | { readonly authorization: string; readonly repeated?: true }
  | { readonly problem: string; readonly detail: string }
);
