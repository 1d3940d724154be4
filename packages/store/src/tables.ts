import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type {
  AgreementRow,
  BulkFormat,
  BulkState,
  CaseClock,
  CaseRow,
  DeskEntry,
  EndRow,
  ErasureRow,
  FilingFileRow,
  GrantApprovalRow,
  GrantRow,
  HoldRow,
  HoldVoteRow,
  IdImageRow,
  ComparedValue,
  KeptQuery,
  LaterWaiver,
  OrderRow,
  ReportActRow,
  OwnChallengeRow,
  OwnLinkRow,
  OwnVisitRow,
  ReceiptRow,
  RecipientKey,
  ReconciliationRow,
  RedemptionRow,
  ReleaseRow,
  ReportFileRow,
  ReportItemRow,
  ReportJobRow,
  ReportOrder,
  RestrictionRow,
  RowKey,
  SampleRow,
  SessionRow,
  SignInRow,
  SubjectIndexRow,
  TemplateStatus,
  WithdrawalRow,
} from '@mandate/ceremony';
import type {
  AttemptState,
  CaseKind,
  CodeChannel,
  DeskIndex,
  EventType,
  IdentityCheck,
  IdentityOutcome,
  IdentityReceipt,
  KeyOrigin,
  Measure,
  PasskeyEnd,
  PasskeyKind,
  SmsFault,
  SmsOutcome,
  SmsReceipt,
  StaffAct,
  StaffRole,
  State,
  Topic,
} from '@mandate/core';

/** A column that UPDATEs may not name. */
type Fixed<T> = ColumnType<T, T, never>;

/** The tables as Kysely sees them (camelCase of `migrations/*.sql`). */
export interface Tables {
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
    lintPack: Generated<string | null>;
    waivers: Generated<string>;
    personSalt: ColumnType<string, never, never>;
  };
  templateWaivers: { templateId: Fixed<string>; version: Fixed<number> } & {
    [K in keyof LaterWaiver]: Fixed<LaterWaiver[K]>;
  };
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
  authorizations: {
    id: Fixed<string>;
    institutionId: Fixed<string>;
    templateId: Fixed<string>;
    templateVersion: Fixed<number>;
    businessReference: Fixed<string>;
    letterNumber: Fixed<string>;
    language: Fixed<string>;
    termsDigest: Fixed<string>;
    letterDigest: Fixed<string>;
    letterSize: Fixed<number>;
    state: State;
    version: number;
    head: string;
    endAt: Fixed<Date>;
    signBy: Fixed<Date>;
    createdAt: Fixed<Date>;
    updatedAt: Date;
  };
  signingSets: {
    id: Fixed<string>;
    institutionId: Fixed<string>;
    size: Fixed<number>;
    createdAt: Fixed<Date>;
  };
  setMembers: {
    setId: Fixed<string>;
    position: Fixed<number>;
    authorizationId: Fixed<string>;
    optional: Fixed<boolean>;
    refusedAt: Date | null;
  };
  events: {
    stream: Fixed<string>;
    version: Fixed<number>;
    type: Fixed<EventType>;
    body: Fixed<string>;
    previous: Fixed<string>;
    digest: Fixed<string>;
  };
  identityAnswers: {
    digest: Fixed<string>;
    checkName: Fixed<IdentityCheck>;
    provider: Fixed<string>;
    operator: Fixed<string>;
    simulated: Fixed<boolean>;
    outcome: Fixed<IdentityOutcome>;
    reference: Fixed<string>;
    suite: Fixed<IdentityReceipt['suite']>;
    subjectKey: Fixed<Uint8Array>;
    checkedAt: Fixed<Date>;
    receivedAt: Fixed<Date>;
    freshUntil: Fixed<Date>;
  };
  identityResults: {
    authorizationId: Fixed<string>;
    digest: Fixed<string>;
    box: Fixed<Uint8Array>;
  };
  identityPolicies: {
    policy: Fixed<string>;
    requirements: Fixed<unknown>;
    freshSeconds: Fixed<number>;
  };
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
  signingLinks: {
    id: Fixed<string>;
    authorizationId: Fixed<string>;
    kind: Fixed<'link' | 'ticket'>;
    tokenDigest: Fixed<Uint8Array>;
    origins: Fixed<string[]>;
    createdAt: Fixed<Date>;
    expiresAt: Fixed<Date>;
    usedAt: Date | null;
    returnUrl: Fixed<string | null>;
    returnState: Fixed<string | null>;
    handedOverFrom: Fixed<string | null>;
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
  visits: {
    id: Fixed<string>;
    authorizationId: Fixed<string>;
    cookieDigest: Fixed<Uint8Array>;
    createdAt: Fixed<Date>;
    expiresAt: Fixed<Date>;
    identifiedAt: Date | null;
    gate: 'last-six' | 'institution' | null;
    linkId: Fixed<string | null>;
    continues: Fixed<string | null>;
    framed: Fixed<boolean>;
    handOverDigest: Fixed<Uint8Array | null>;
  };
  challenges: {
    id: Fixed<string>;
    authorizationId: Fixed<string>;
    ordinal: Fixed<number>;
    digest: Fixed<string>;
    scene: Fixed<string>;
    sceneDigest: Fixed<string>;
    serverNonce: Fixed<string>;
    codeMac: Uint8Array | null;
    withCode: ColumnType<boolean, never, never>;
    channel: Fixed<CodeChannel>;
    sealedCode: Uint8Array | null;
    madeAt: Fixed<Date>;
    expiresAt: Fixed<Date>;
    tries: Generated<number>;
    sends: Generated<number>;
    deadAt: Date | null;
    setChallenges: Fixed<readonly string[] | null>;
    codeOrdinal: Generated<number>;
    codeGateway: string | null;
    prefixKey: Fixed<Uint8Array | null>;
  };
  smsSends: {
    id: Generated<number>;
    about: Fixed<string>;
    ordinal: Fixed<number>;
    gateway: Fixed<string>;
    outcome: Fixed<SmsOutcome['outcome']>;
    fault: Fixed<SmsFault | null>;
    code: Fixed<string | null>;
    messageIds: Fixed<readonly string[]>;
    at: Fixed<Date>;
  };
  smsReceipts: {
    gateway: Fixed<string>;
    messageId: Fixed<string>;
    status: Fixed<SmsReceipt['status']>;
    code: Fixed<string>;
    receivedAt: Fixed<Date>;
    heardBy: Generated<string>;
  };
  confirmations: {
    authorizationId: Fixed<string>;
    challengeId: Fixed<string>;
    visitId: Fixed<string>;
    parts: Fixed<string>;
    evidenceRoot: Fixed<string>;
    codeRecord: Fixed<string | null>;
    passkey: Fixed<string | null>;
    delivery: Fixed<string | null>;
    publicKey: Fixed<Uint8Array>;
    proof: Fixed<Uint8Array>;
    trailVersion: Fixed<number>;
    confirmedAt: Fixed<Date>;
    goodUntil: Fixed<Date>;
  };
  passkeys: {
    id: Fixed<string>;
    subjectKey: Fixed<Uint8Array>;
    credentialId: Fixed<Uint8Array>;
    publicKey: Fixed<Uint8Array>;
    counter: number;
    transports: Fixed<readonly string[]>;
    salt: Fixed<Uint8Array>;
    entryDigest: Fixed<string>;
    authorizationId: Fixed<string>;
    challengeDigest: Fixed<string>;
    provenBy: Fixed<readonly Measure[]>;
    kind: Fixed<PasskeyKind>;
    createdAt: Fixed<Date>;
    lastUsedAt: Date | null;
    revokedAt: Date | null;
    revokedWhy: PasskeyEnd | null;
    tells: Generated<number>;
  };
  subjectSearch: {
    authorizationId: Fixed<string>;
    institutionId: Fixed<string>;
    key: Fixed<Uint8Array>;
  };
  subjectIndex: { [K in keyof SubjectIndexRow]: Fixed<SubjectIndexRow[K]> };
  ownChallenges: {
    [K in keyof OwnChallengeRow]: K extends 'tries' | 'codeOrdinal'
      ? Generated<number>
      : K extends 'deadAt' | 'sealedCode' | 'codeMac' | 'codeGateway'
        ? OwnChallengeRow[K]
        : Fixed<OwnChallengeRow[K]>;
  } & { sends: Generated<number> };
  ownLinks: { [K in keyof OwnLinkRow]: Fixed<OwnLinkRow[K]> } & { usedAt: Date | null };
  ownVisits: {
    [K in keyof OwnVisitRow]: K extends 'expiresAt' ? Date : Fixed<OwnVisitRow[K]>;
  };
  pauses: {
    subjectKey: Fixed<Uint8Array>;
    ownerKey: Fixed<Uint8Array>;
    authorizationId: Fixed<string>;
    at: Fixed<Date>;
  };
  attempts: {
    id: Fixed<string>;
    authorizationId: Fixed<string>;
    challengeId: Fixed<string>;
    state: AttemptState;
    keyOrigin: Fixed<KeyOrigin>;
    profile: Fixed<string>;
    serial: Fixed<Uint8Array>;
    keyDigest: Fixed<Uint8Array>;
    tbsDigest: Fixed<Uint8Array>;
    trailVersion: Fixed<number>;
    notBefore: Fixed<Date>;
    notAfter: Fixed<Date>;
    createdAt: Fixed<Date>;
    voidedAt: Date | null;
    voidReason: string | null;
  };
  attemptJournal: {
    attemptId: Fixed<string>;
    step: Fixed<string>;
    box: Fixed<Uint8Array>;
    at: Fixed<Date>;
  };
  outbox: {
    id: Generated<string>;
    topic: Fixed<Topic>;
    ref: Fixed<string>;
    createdAt: Fixed<Date>;
    relayedAt: Date | null;
  };
  limits: { scope: string; key: string; windowStart: Date; count: number };
  quotas: { scope: string; key: string; windowStart: Date; count: number };
  bulks: {
    id: Fixed<string>;
    institutionId: Fixed<string>;
    format: Fixed<BulkFormat>;
    rowKey: Fixed<RowKey>;
    state: Generated<BulkState>;
    received: Generated<number>;
    pieces: Generated<number>;
    digest: Generated<string | null>;
    rows: Generated<number | null>;
    columns: Generated<string[] | null>;
    readTo: Generated<number>;
    done: Generated<number>;
    created: Generated<number>;
    repeated: Generated<number>;
    refused: Generated<number>;
    worker: Generated<string | null>;
    leasedUntil: Generated<Date | null>;
    servedAt: Generated<Date | null>;
    createdAt: Fixed<Date>;
    updatedAt: Date;
    endedAt: Generated<Date | null>;
  };
  bulkPieces: {
    bulkId: Fixed<string>;
    start: Fixed<number>;
    size: Fixed<number>;
    box: Fixed<Uint8Array>;
  };
  bulkOutcomes: {
    bulkId: Fixed<string>;
    row: Fixed<number>;
    institutionId: Fixed<string>;
    reference: Fixed<string | null>;
    key: Fixed<string | null>;
    requestDigest: Fixed<string | null>;
    authorizationId: Fixed<string | null>;
    repeated: Fixed<boolean>;
    problem: Fixed<string | null>;
    detail: Fixed<string | null>;
  };
  idempotency: {
    institutionId: Fixed<string>;
    key: Fixed<string>;
    requestDigest: Fixed<string>;
    responseStatus: number | null;
    responseBody: string | null;
    startedAt: Date;
  };
  settings: { name: string; value: string };
  sandboxMessages: {
    id: Generated<string>;
    reference: Fixed<string>;
    phone: Fixed<string>;
    text: Fixed<string>;
    createdAt: Fixed<Date>;
    shownAt: Fixed<Date | null>;
  };
  ledgerQueue: {
    id: Generated<string>;
    dedupe: Fixed<string>;
    entry: Fixed<string>;
    authorizationId: Generated<string | null>;
    leafIndex: Generated<number | null>;
  };
  ledgerEntries: { leafIndex: Fixed<number>; entry: Fixed<string>; queueId: Fixed<string> };
  ledgerNodes: { level: Fixed<number>; index: Fixed<number>; hash: Fixed<Uint8Array> };
  ledgerCheckpoints: {
    size: Fixed<number>;
    root: Fixed<Uint8Array>;
    note: Fixed<string>;
    madeAt: Fixed<Date>;
  };
  ledgerCosignatures: {
    size: Fixed<number>;
    witness: Fixed<string>;
    line: Fixed<string>;
    madeAt: Fixed<Date>;
  };
  ledgerStamps: {
    number: Fixed<number>;
    size: Fixed<number>;
    token: Fixed<Uint8Array>;
    stampedAt: Fixed<Date>;
    published: boolean;
  };
  ledgerPublished: { one: Generated<boolean>; size: number };
  ledgerHead: { one: Generated<boolean>; size: number };
  inclusionProofs: { authorizationId: Fixed<string>; proof: Fixed<string> };
  archives: {
    authorizationId: Fixed<string>;
    generation: Fixed<number>;
    level: Fixed<'B-LTA'>;
    object: Fixed<string>;
    digest: Fixed<string>;
    madeAt: Fixed<Date>;
    renewFrom: Fixed<Date>;
    renewBy: Fixed<Date>;
  };
  bundleGenerations: {
    authorizationId: Fixed<string>;
    generation: Fixed<number>;
    object: Fixed<string>;
    digest: Fixed<string>;
    ledgerSize: Fixed<number>;
    accesses: Fixed<number>;
    archiveGeneration: Fixed<number>;
    madeAt: Fixed<Date>;
    renewFrom: Fixed<Date>;
    renewBy: Fixed<Date>;
  };
  bundleChanges: {
    authorizationId: Fixed<string>;
    changes: Fixed<number>;
    told: number;
    changedAt: Fixed<Date>;
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
  reports: { id: Fixed<string>; authorizationId: Fixed<string>; createdAt: Fixed<Date> };
  scopes: {
    authorizationId: Fixed<string>;
    digest: Fixed<string>;
    purpose: Fixed<string>;
    items: Fixed<string[]>;
    sources: Fixed<string[]>;
    recipients: Fixed<string[]>;
    fromAt: Fixed<Date>;
    endAt: Fixed<Date>;
    endEvent: Fixed<string | null>;
    maxUses: Fixed<number>;
    per: Fixed<'month' | 'quarter' | 'year' | null>;
    sealed: Fixed<Uint8Array>;
  };
  withdrawals: { [K in keyof WithdrawalRow]: Fixed<WithdrawalRow[K]> };
  holds: { [K in keyof HoldRow]: HoldRow[K] } & {
    tells: Generated<number>;
    resolutionTells: Generated<number>;
  };
  ends: { [K in keyof EndRow]: Fixed<EndRow[K]> };
  redemptions: {
    [K in keyof RedemptionRow]: K extends 'state' | 'settledAt' | 'settledBy'
      ? RedemptionRow[K]
      : Fixed<RedemptionRow[K]>;
  } & { tells: Generated<number> };
  receipts: { [K in keyof ReceiptRow]: ReceiptRow[K] };
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
  idImages: {
    [K in keyof IdImageRow]: K extends 'destroyedAt' | 'destroyedWhy' | 'destroyedBy'
      ? IdImageRow[K]
      : Fixed<IdImageRow[K]>;
  } & { box: Uint8Array | null };
  erasureMarks: {
    authorizationId: Fixed<string>;
    markedAt: Date;
    /** Both computed where nobody approved. */
    actFrom: Generated<Date>;
    askedBy: Generated<string>;
    approvedBy: Generated<string | null>;
  };
  staff: {
    id: Fixed<string>;
    name: string;
    institutionId: string | null;
    team: string;
    outsourced: boolean;
    contractUntil: Date | null;
    openedAt: Fixed<Date>;
    openingUndertaking: Fixed<string>;
    reviewedAt: Date;
    seenAt: ColumnType<Date | null, undefined, Date>;
    wokenAt: ColumnType<Date | null, undefined, Date>;
    movedAt: ColumnType<Date | null, undefined, Date>;
    closedAt: ColumnType<Date | null, undefined, Date>;
    closedBy: ColumnType<string | null, undefined, string>;
    closingUndertaking: ColumnType<string | null, undefined, string>;
    change: number;
    mac: Uint8Array;
  };
  staffChanges: {
    number: Fixed<number>;
    staffId: Fixed<string>;
    act: Fixed<StaffAct>;
    body: Fixed<string>;
    digest: Fixed<string>;
    mac: Fixed<Uint8Array>;
  };
  staffReviews: {
    staffId: Fixed<string>;
    at: Fixed<Date>;
    by: Fixed<string>;
    institutionId: Fixed<string | null>;
    team: Fixed<string>;
    roles: Fixed<string[]>;
    change: Fixed<number>;
  };
  staffRoles: {
    staffId: Fixed<string>;
    role: Fixed<StaffRole>;
    givenAt: Fixed<Date>;
    givenBy: Fixed<string>;
    approvedBy: Fixed<string>;
    endedAt: ColumnType<Date | null, undefined, Date>;
    endedBy: ColumnType<string | null, undefined, string>;
    change: Fixed<number>;
    mac: Fixed<Uint8Array>;
  };
  staffLogins: {
    issuer: Fixed<string>;
    subject: Fixed<string>;
    staffId: Fixed<string>;
    madeAt: Fixed<Date>;
    madeBy: Fixed<string>;
    approvedBy: Fixed<string>;
    endedAt: ColumnType<Date | null, undefined, Date>;
    change: Fixed<number>;
    mac: Fixed<Uint8Array>;
  };
  staffInvitations: {
    id: Fixed<string>;
    staffId: Fixed<string>;
    secretDigest: Fixed<Uint8Array>;
    madeAt: Fixed<Date>;
    madeBy: Fixed<string>;
    approvedBy: Fixed<string>;
    endsAt: Fixed<Date>;
    usedAt: ColumnType<Date | null, undefined, Date>;
    change: Fixed<number>;
    mac: Fixed<Uint8Array>;
  };
  staffPasskeys: {
    credentialId: Fixed<Uint8Array>;
    staffId: Fixed<string>;
    byWayOf: Fixed<string>;
    publicKey: Fixed<Uint8Array>;
    counter: number;
    madeAt: Fixed<Date>;
    endedAt: ColumnType<Date | null, undefined, Date>;
    mac: Fixed<Uint8Array>;
  };
  staffRecoveryCodes: {
    digest: Fixed<Uint8Array>;
    staffId: Fixed<string>;
    madeAt: Fixed<Date>;
    usedAt: ColumnType<Date | null, undefined, Date>;
    mac: Fixed<Uint8Array>;
  };
  staffSignIns: { [K in keyof SignInRow]: Fixed<SignInRow[K]> } & {
    usedAt: ColumnType<Date | null, undefined, Date>;
  };
  staffAgreements: {
    [K in Exclude<keyof AgreementRow, 'answeredAt' | 'proof' | 'mac'>]: Fixed<AgreementRow[K]>;
  } & {
    answeredAt: Date | null;
    proof: string | null;
    mac: Uint8Array;
  };
  staffFailures: { staffId: Fixed<string>; at: Fixed<Date> };
  staffSessions: { [K in keyof SessionRow]: Fixed<SessionRow[K]> } & {
    seenAt: Date;
    endedAt: ColumnType<Date | null, undefined, Date>;
  };
  caseKinds: { kind: CaseKind } & CaseClock;
  cases: { [K in keyof CaseRow]: CaseRow[K] } & { requestKey: Fixed<string | null> };
  caseAuthorizations: { caseId: Fixed<string>; authorizationId: Fixed<string> };
  caseEvents: {
    caseId: Fixed<string>;
    version: Fixed<number>;
    type: Fixed<string>;
    body: Fixed<string>;
    digest: Fixed<string>;
    previous: Fixed<string>;
    mac: Fixed<Uint8Array>;
  };
  caseBoxes: { caseId: Fixed<string>; version: Fixed<number>; box: Fixed<Uint8Array> };
  caseKeys: { caseId: Fixed<string>; wrapped: Uint8Array | null; destroyedAt: Date | null };
  holdVotes: { [K in keyof HoldVoteRow]: Fixed<HoldVoteRow[K]> };
  grants: { [K in Exclude<keyof GrantRow, 'rights'>]: Fixed<GrantRow[K]> } & {
    rights: Fixed<string[]>;
    revokedAt: ColumnType<Date | null, undefined, Date>;
    revokedBy: ColumnType<string | null, undefined, string>;
  };
  grantApprovals: { grantId: Fixed<string> } & {
    [K in keyof GrantApprovalRow]: Fixed<GrantApprovalRow[K]>;
  };
  deskOrders: { [K in keyof OrderRow]: Fixed<OrderRow[K]> } & { requestKey: Fixed<string | null> };
  reportActs: { [K in keyof ReportActRow]: Fixed<ReportActRow[K]> };
  deskOrderAuthorizations: { orderId: Fixed<string>; authorizationId: Fixed<string> };
  accessSeals: {
    id: Fixed<string>;
    caseId: Fixed<string>;
    legalBasis: Fixed<string>;
    until: Fixed<Date>;
    askedBy: Fixed<string>;
    askedSession: Fixed<string>;
    askedAt: Fixed<Date>;
    approvedBy: ColumnType<string | null, undefined, string>;
    approvedSession: ColumnType<string | null, undefined, string>;
    approvedAt: ColumnType<Date | null, undefined, Date>;
    agreementId: ColumnType<string | null, undefined, string>;
    mac: ColumnType<Uint8Array | null, undefined, Uint8Array>;
    liftedAt: ColumnType<Date | null, undefined, Date>;
    liftedBy: ColumnType<string | null, undefined, string>;
  };
  deskIndex: {
    authorizationId: Fixed<string>;
    institutionId: Fixed<string>;
  } & { [K in keyof DeskIndex]: Fixed<DeskIndex[K]> };
  deskRegister: {
    staffId: Fixed<string>;
    ordinal: Fixed<number>;
    id: Fixed<string>;
    kind: Fixed<DeskEntry['kind']>;
    institutionId: Fixed<string | null>;
    caseId: Fixed<string | null>;
    found: Fixed<string[]>;
    body: Fixed<string>;
    digest: Fixed<string>;
  };
  reportAnchors: { digest: Fixed<string>; body: Fixed<string> };
  reportJobs: {
    [K in keyof Omit<ReportJobRow, 'languages' | 'state' | 'why' | 'changedAt'>]: Fixed<
      ReportJobRow[K]
    >;
  } & {
    languages: Fixed<('zh' | 'en')[]>;
    state: ReportJobRow['state'];
    why: ColumnType<string | null, undefined, string | null>;
    changedAt: Date;
    worker: ColumnType<string | null, undefined, string>;
    leasedUntil: ColumnType<Date | null, undefined, Date | null>;
  };
  reportJobOrders: { [K in keyof ReportOrder]: Fixed<ReportOrder[K]> } & {
    request: Fixed<string | null>;
    jobId: Fixed<string>;
    nth: Fixed<number>;
  };
  reportItems: {
    jobId: Fixed<string>;
    ordinal: Fixed<number>;
    authorizationId: Fixed<string>;
    state: ReportItemRow['state'];
    why: ColumnType<string | null, undefined, string>;
    reportId: ColumnType<string | null, undefined, string | null>;
    madeAt: ColumnType<Date | null, undefined, Date | null>;
    facts: ColumnType<string | null, undefined, string | null>;
    tries: ColumnType<number, undefined, number>;
    worker: ColumnType<string | null, undefined, string>;
    leasedUntil: ColumnType<Date | null, undefined, Date | null>;
    indication: ColumnType<string | null, undefined, string>;
    subIndication: ColumnType<string | null, undefined, string | null>;
    endedAt: ColumnType<Date | null, undefined, Date>;
  };
  reportFiles: { [K in keyof ReportFileRow]: Fixed<ReportFileRow[K]> } & {
    reportId: Fixed<string>;
  };
  reportFilings: { [K in keyof FilingFileRow]: Fixed<FilingFileRow[K]> } & {
    jobId: Fixed<string>;
    madeAt: Fixed<Date>;
  };
  reconciliations: { [K in keyof ReconciliationRow]: ReconciliationRow[K] } & {
    updatedAt: Date;
    worker: ColumnType<string | null, undefined, string | null>;
    leasedUntil: ColumnType<Date | null, undefined, Date | null>;
    attempts: ColumnType<number, undefined, number>;
  };
  reconciliationQueries: {
    [K in Exclude<keyof KeptQuery, 'agreeing' | 'withheld'>]: KeptQuery[K];
  } & {
    runId: Fixed<string>;
    agreeing: Fixed<string[]>;
    withheld: Fixed<KeptQuery['withheld'][number][]>;
    redemptionId: string | null;
  };
  reconciliationUnqueried: { runId: Fixed<string>; redemptionId: Fixed<string> };
  comparedValues: { [K in keyof ComparedValue]: Fixed<ComparedValue[K]> } & {
    staffId: Fixed<string>;
    at: Fixed<Date>;
  };
  samples: { [K in keyof SampleRow]: SampleRow[K] };
  sampleItems: {
    sampleId: Fixed<string>;
    ordinal: Fixed<number>;
    itemId: Fixed<string>;
    authorizationId: Fixed<string>;
  };
  sampleFindings: {
    sampleId: Fixed<string>;
    ordinal: Fixed<number>;
    number: Fixed<number>;
    finding: Fixed<string>;
    note: Fixed<string>;
    staffId: Fixed<string>;
    at: Fixed<Date>;
  };
}
