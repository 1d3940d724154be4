import type { StaffDoor } from './door.js';
import type { IdentityCheck, IdentityView } from './identity.js';
import type {
  PasskeyAssertion,
  PasskeyKind,
  PasskeyOptions,
  PasskeyRegistration,
} from './passkeys.js';
import type {
  AttemptState,
  AuthorityRole,
  CodeChannel,
  KeyOrigin,
  State,
} from '../authorization.js';

/** Registration: makes and checks codes, writes `confirmed`. */
export interface RaRole {
  /** Freezes the scene, makes a code, queues its delivery. Throws resend, pause and state refusals. */
  challenge(request: {
    authorizationId: string;
    gate: 'last-six' | 'institution';
    /** Default `sms`. */
    channel?: CodeChannel;
    /** A code although no measure asks for one: it proves the person who registers a passkey. */
    enrol?: boolean;
  }): Promise<ChallengeView>;
  /** Which checks of the person the letter's policy asks for, and how they stand. */
  identity(request: { authorizationId: string }): Promise<IdentityView>;
  /**
   * Asks a provider who the subject is. In a signing set one answer serves every accepted letter. Throws
   * `step-out-of-order`, `invalid-request`, `identity-failed` with `triesLeft`, `identity-exhausted`,
   * `identity-unavailable`.
   */
  identify(request: {
    authorizationId: string;
    check: IdentityCheck;
    /** What the check wants of the subject: a card number, or the provider's one-time text. */
    input?: string;
  }): Promise<IdentityView>;
  /** The institution's own word for its customer. Throws `step-out-of-order`, `not-found`. */
  assertIdentity(request: {
    authorizationId: string;
    institutionId: string;
    /** Where the institution keeps its proof: its own number of this assertion; no personal data. */
    reference: string;
    /** Who there vouches, and how they know; no personal data of the subject. */
    vouchedBy: string;
    how: string;
    /** When the institution saw it, RFC 3339. */
    at: string;
  }): Promise<{ digest: string; at: string; freshUntil: string }>;
  /** Checks what the scene's measures demand and the proof of possession; every try is counted. */
  confirm(request: {
    authorizationId: string;
    /** The browser's visit; the confirmation stays good in this one only. */
    visitId: string;
    code?: string;
    passkey?: PasskeyAssertion;
    publicKey: Uint8Array;
    proof: Uint8Array;
  }): Promise<ConfirmationView>;
  /**
   * The same for a signing set: one code for all letters that were accepted. Every letter is decided by then.
   * Throws also `not-found`.
   */
  challengeSet(request: {
    setId: string;
    gate: 'last-six' | 'institution';
    channel?: CodeChannel;
    enrol?: boolean;
  }): Promise<SetChallengeView>;
  /** One answer for all of them, one fresh key for each; all are confirmed or none. */
  confirmSet(request: {
    setId: string;
    visitId: string;
    code?: string;
    passkey?: PasskeyAssertion;
    keys: readonly {
      readonly authorizationId: string;
      readonly publicKey: Uint8Array;
      readonly proof: Uint8Array;
    }[];
  }): Promise<ConfirmationView>;
  /** What the browser needs to use or register a passkey. Throws `challenge-missing`. */
  passkeyOptions(request: { authorizationId: string; visitId: string }): Promise<PasskeyOptions>;
  /**
   * Registers a passkey for the subject: under the live challenge with its code (checked and counted, not used
   * up), or after a ceremony that this visit confirmed and that is done.
   */
  registerPasskey(request: {
    authorizationId: string;
    visitId: string;
    code?: string;
    registration: PasskeyRegistration;
  }): Promise<{ registeredAt: string }>;
  /**
   * The message for a live challenge, as it goes through this gateway: another gateway gets another code. Null when
   * there is nothing to send any more. For the worker alone.
   */
  message(request: { challengeId: string; gateway: string }): Promise<CodeMessage | null>;
  /** Notes that the subject stopped because somebody told them to sign. For the worker alone. */
  notePause(request: { authorizationId: string }): Promise<{ noted: true }>;
  /** What the subject is told of one use; null when there is nothing to tell. For the worker alone. */
  useMessage(request: { redemptionId: string }): Promise<CodeMessage | null>;
  /** What the subject is told of a dispute, or by its own id of its end; null when it was told. For the worker alone. */
  holdMessage(request: { factId: string }): Promise<CodeMessage | null>;
  /** What the proven number is told of a passkey's registration; null when it was told. For the worker alone. */
  passkeyMessage(request: { passkeyId: string }): Promise<CodeMessage | null>;
  /**
   * Ends the passkeys that an authorization's sitting registered or used, if a dispute over it was upheld: the
   * record is asked, not the caller. Idempotent. For the worker alone.
   */
  endPasskeys(request: { authorizationId: string }): Promise<{ ended: number }>;

  /**
   * Somebody wants to see their own authorizations. The answer and the work are the same whoever asks; a code is
   * on its way only where phone, name and identity document belong together. Throws `rate-limited`.
   */
  enterOwn(request: OwnAsker): Promise<OwnEntry>;
  /** The same by a passkey: what the browser is to ask the device. Throws `rate-limited`. */
  ownPasskeyOptions(request: Record<string, never>): Promise<OwnPasskeyEntry>;
  /** Answers an entry, by its code or passkey; every try is counted. */
  confirmOwn(request: {
    secret: Uint8Array;
    code?: string;
    passkey?: PasskeyAssertion;
  }): Promise<OpenedOwnVisit>;
  /** A link for a subject whose number is lost, on an institution's word. It opens that institution's alone. */
  ownLink(request: {
    authorizationId: string;
    institutionId: string;
    /** Who at the institution vouches, and how they know; no personal data of the subject. */
    vouchedBy: string;
    how: string;
  }): Promise<{ secret: Uint8Array; expiresAt: string }>;
  /** Trades such a link for a visit, once. Throws `link-invalid`, `link-expired`, `ticket-used`. */
  openOwnLink(request: { secret: Uint8Array }): Promise<OpenedOwnVisit>;
  /** The visit, kept open by being used, and what it may see. Throws `visit-invalid`. */
  ownVisit(request: { secret: Uint8Array }): Promise<OwnVisit>;
  /** The subject removes one of the passkeys the visit sees; again is fine. Throws `visit-invalid`, `not-found`. */
  removePasskey(request: { secret: Uint8Array; passkeyId: string }): Promise<OwnVisit>;
  /** Ends it. */
  leaveOwn(request: { secret: Uint8Array }): Promise<{ left: true }>;
  /** Deletes entries, visits and links that are long over, and old counters. For the worker alone. */
  purgeEntries(request: Record<string, never>): Promise<{ purged: number }>;
  /** The message of an entry; null when there is nothing to send. For the worker alone. */
  ownMessage(request: { ownChallengeId: string; gateway: string }): Promise<CodeMessage | null>;
}

/** What somebody says of themselves to see their own authorizations. */
export interface OwnPerson {
  readonly phone: string;
  readonly name: string;
  readonly idType: string;
  readonly idNumber: string;
}

/** Who says it from where. */
export interface OwnAsker extends OwnPerson {
  /** Keyed digest of the caller's address, by which tries are counted. */
  readonly address: string;
}

/** Bound to the browser that asked: the secret stays in its cookie. */
export interface OwnEntry {
  readonly secret: Uint8Array;
  readonly expiresAt: string;
}

export interface OwnPasskeyEntry extends OwnEntry {
  /** `PublicKeyCredentialRequestOptionsJSON`. */
  readonly request: Readonly<Record<string, unknown>>;
}

export const OWN_MEANS = ['code', 'passkey', 'own-link'] as const;

/** A visit to one's own authorizations; there is no other list of them. */
export interface OwnVisit {
  readonly visit: string;
  readonly means: (typeof OWN_MEANS)[number];
  /** Ids, newest first. */
  readonly authorizations: readonly string[];
  /** Newest first, removed ones too. */
  readonly passkeys: readonly OwnPasskey[];
  /** Who let the subject in, of an own link: the institution's word, kept in the access register. */
  readonly vouched: OwnVouching | null;
  /** Over then, unless it is used before; never after `endsAt`. RFC 3339. */
  readonly expiresAt: string;
  readonly endsAt: string;
}

export interface OwnPasskey {
  readonly id: string;
  /** Under whose ceremony it was registered. */
  readonly authorizationId: string;
  readonly kind: PasskeyKind;
  readonly registeredAt: string;
  readonly lastUsedAt: string | null;
  readonly removed: { readonly at: string; readonly why: PasskeyEnd } | null;
  /** The visit was entered by this one. */
  readonly here: boolean;
}

/** Why a passkey ended: its owner removed it, or a dispute over a letter of its was upheld. */
export type PasskeyEnd = 'subject' | 'dispute';

export interface OwnVouching {
  readonly institutionId: string;
  /** Who of its staff, as it says. */
  readonly by: string;
  readonly how: string;
}

export interface OpenedOwnVisit extends OwnVisit {
  readonly secret: Uint8Array;
}

export interface ChallengeView {
  readonly challengeId: string;
  readonly letterDigest: string;
  readonly sceneDigest: string;
  readonly serverNonce: string;
  readonly challengeDigest: string;
  readonly checkCode: string;
  readonly maskedPhone: string;
  readonly channel: CodeChannel;
  /** False: nothing was sent, a passkey alone answers it. */
  readonly withCode: boolean;
  readonly expiresAt: string;
  readonly resendAt: string;
}

/** One challenge for the accepted letters of a signing set. */
export interface SetChallengeView extends Omit<
  ChallengeView,
  'letterDigest' | 'sceneDigest' | 'serverNonce'
> {
  /** In the order of the letters; `challengeDigest` above is their `setChallengeDigest`. */
  readonly members: readonly (Pick<
    ChallengeView,
    'letterDigest' | 'sceneDigest' | 'serverNonce' | 'challengeDigest'
  > & { readonly authorization: string })[];
}

export interface ConfirmationView {
  readonly confirmedAt: string;
  /** Until then the same browser may sign again with a new key. */
  readonly goodUntil: string;
}

export interface CodeMessage {
  readonly phone: string;
  readonly templateId: string;
  readonly vars: Readonly<Record<string, string>>;
  readonly text: string;
  readonly channel: CodeChannel;
  readonly reference: string;
}

/** Certification: issues scene certificates, finishes attempts, answers OCSP and CRL. */
export interface CaRole {
  /** New attempt: intent journalled, certificate issued, what the subject is to sign prepared. */
  issue(request: {
    authorizationId: string;
    visitId: string;
    publicKey: Uint8Array;
    proof: Uint8Array;
  }): Promise<SigningMaterial>;
  /** Journals the subject's signature, then finishes. Repeating it with the same signature is fine. */
  complete(request: {
    authorizationId: string;
    attemptId: string;
    signature: Uint8Array;
  }): Promise<AttemptView>;
  /** One-call software key, only where the template's policy allows it. */
  signOnce(request: { authorizationId: string; visitId: string }): Promise<AttemptView>;
  /** Continues an attempt after the subject's signature; idempotent, any worker may call it. */
  finish(request: { attemptId: string }): Promise<AttemptView>;
  /**
   * Brings a released letter to PAdES B-LTA, or renews that before an authority or an algorithm ends;
   * idempotent, any worker may call it. Throws `timestamp-unavailable`, `illegal-transition`.
   */
  archive(request: { authorizationId: string }): Promise<ArchiveView>;
  /**
   * Adds to a released letter's evidence bundle what has happened since; idempotent, any worker may call it. Throws
   * `timestamp-unavailable`, `illegal-transition`.
   */
  extend(request: { authorizationId: string }): Promise<BundleView>;
  /** DER OCSPRequest → DER OCSPResponse (RFC 6960). */
  ocsp(request: { der: Uint8Array }): Promise<{ der: Uint8Array }>;
  /** DER CertificateList of the scene CA. */
  crl(request: Record<string, never>): Promise<{ der: Uint8Array }>;
  /** Public certificates by purpose, DER, and the ledger key note. */
  anchors(request: Record<string, never>): Promise<PublicAnchors>;
}

export interface ArchiveView {
  readonly authorizationId: string;
  readonly level: 'B-LTA';
  /** 1 for the first archived letter, one more with every renewal. */
  readonly generation: number;
  /** RFC 3339: from then on nothing proves the letter any more unless it is renewed before. */
  readonly renewBy: string;
}

export interface BundleView {
  readonly authorizationId: string;
  /** The newest one; 0: nothing was added since the letter was signed. */
  readonly generation: number;
  /** By this call. */
  readonly added: boolean;
}

export interface PublicAnchors {
  readonly scene: readonly Uint8Array[];
  readonly seal: readonly Uint8Array[];
  readonly timestamp: readonly Uint8Array[];
  /** C2SP signed-note verifier key, `origin+hash+key`. */
  readonly ledger: readonly string[];
  /** Intermediates, DER, for `/pki`. */
  readonly intermediates: readonly Uint8Array[];
  /** Revocation lists of the roots, DER, for archived letters. */
  readonly crls?: readonly Uint8Array[];
  /** Public keys (SubjectPublicKeyInfo, DER) of those who vouch for persons, by the provider's name. */
  readonly identity?: readonly { readonly provider: string; readonly publicKey: Uint8Array }[];
  /** Keys of receipts, status lists and releases; those in use stand in `receiptKeys` of role seal as well. */
  readonly receipt?: readonly PublicJwk[];
}

export interface SigningMaterial {
  readonly attemptId: string;
  readonly certificate: Uint8Array;
  readonly issuer: Uint8Array;
  /** The incremental update with an empty `/Contents`. */
  readonly update: Uint8Array;
  /** DER SET OF Attribute; exactly what the subject's key signs. */
  readonly signedAttributes: Uint8Array;
  readonly notAfter: string;
}

export interface AttemptView {
  readonly attemptId: string;
  readonly state: AttemptState;
  readonly authorization: State;
  readonly keyOrigin: KeyOrigin;
}

/** Timestamping: outgoing tokens (checked) and the built-in RFC 3161 authority. */
export interface TsaRole {
  /**
   * SHA-256 digest → request and checked token, DER. Throws `timestamp-unavailable`: fail closed.
   * `otherThan`: operators that have stamped already; where operators must differ they are not asked.
   */
  token(request: {
    digest: Uint8Array;
    otherThan?: readonly string[];
  }): Promise<{ request: Uint8Array; token: Uint8Array; operator: string; genTime: string }>;
  /** The built-in authority: DER TimeStampReq → DER TimeStampResp, errors included. */
  respond(request: { der: Uint8Array }): Promise<{ der: Uint8Array }>;
}

/**
 * The organisation's signatures, always with a timestamp: detached CAdES-T over a SHA-256 digest, DER
 * CMS. Two keys, so that whoever may have reports sealed cannot have a bundle sealed.
 */
export interface SealRole {
  /** Over a bundle's manifest; for role ca alone. */
  bundle(request: { digest: Uint8Array }): Promise<{ cms: Uint8Array }>;
  /** Over a report; `operator` stamped it. */
  report(request: { digest: Uint8Array }): Promise<{ cms: Uint8Array; operator: string }>;
  /**
   * A token over a sealed report with its validation material, DER: its document timestamp. `otherThan` as in
   * `TsaRole.token`. Throws `timestamp-unavailable`.
   */
  stampReport(request: {
    digest: Uint8Array;
    otherThan?: readonly string[];
  }): Promise<{ token: Uint8Array }>;
  /** Shows an endpoint's newest webhook secret, `whsec_…`, once. Throws `not-found`. */
  webhookSecret(request: { endpointId: string }): Promise<{ secret: string }>;
  /** The signed message of one delivery (Standard Webhooks), made from the record. Throws `not-found`. */
  webhookMessage(request: { deliveryId: number }): Promise<{
    body: string;
    headers: Readonly<Record<string, string>>;
  }>;
  /**
   * The signed receipt of a redemption, withdrawal, hold or end. The role reads the fact itself: nobody gets a
   * receipt for what did not happen. The same on every call. Throws `not-found`.
   */
  receipt(request: { factId: string }): Promise<Receipt>;
  /** Receipt with its timestamp; idempotent. Throws `timestamp-unavailable`: then it is tried again later. */
  stamp(request: { factId: string }): Promise<Receipt>;
  /** One status list of receipts, signed; made anew when its content changes or it nears its end. */
  statusList(request: { list: number }): Promise<SignedStatusList>;
  /** The keys receipts and status lists are signed with, as a JWK set (RFC 7517). */
  receiptKeys(request: Record<string, never>): Promise<{ keys: readonly PublicJwk[] }>;
}

export interface Receipt {
  /** Compact JWS, ES256, `typ` names the kind of fact. */
  readonly jws: string;
  /** RFC 3161 token over SHA-256 of the JWS's ASCII bytes, DER; null until an authority has answered. */
  readonly token: Uint8Array | null;
}

export interface SignedStatusList {
  /** Compact JWS, `typ` `statuslist+jwt` (IETF Token Status List). */
  readonly jws: string;
  /** SHA-256 of its content, hex: unchanged content, unchanged tag. */
  readonly tag: string;
}

export interface PublicJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly alg: 'ES256';
  readonly use: 'sig';
  /** RFC 7638 thumbprint. */
  readonly kid: string;
}

export interface LedgerRole {
  /** Integrates queued entries, signs a checkpoint, releases their authorizations. Resolves after the round. */
  integrate(request: Record<string, never>): Promise<{ size: number; released: readonly string[] }>;
  /** Records which build of a component is served, once for each build. */
  deploy(request: { component: 'page' | 'server'; digest: string }): Promise<{ recorded: boolean }>;
  /**
   * Proofs (C2SP tlog-proof) of the entries of these indexes under the newest checkpoint that may be told, and its
   * size; entries that it does not hold yet are left out.
   */
  prove(request: { indexes: readonly number[] }): Promise<{
    size: number;
    proofs: readonly { readonly index: number; readonly proof: string }[];
  }>;
  /** Which of these facts of the desk (64 hex) stand in the tree, by role ledger's own list. Throws `ledger-behind`. */
  holds(request: { facts: readonly string[] }): Promise<{ found: readonly string[] }>;
  /** The newest checkpoint, a C2SP signed note. */
  checkpoint(request: Record<string, never>): Promise<{ note: string }>;
}

/** Processes that call the authority; who calls is proven, not said. */
export type CallerName = 'web' | 'worker' | 'desk' | 'authority';

/** Data keys; each release writes the access entry first, under the name of the process that called. */
export interface VaultRole {
  /** Makes and wraps the authorization's data key. */
  create(
    request: { authorizationId: string; actor: string },
    caller?: CallerName,
  ): Promise<{ dataKey: Uint8Array }>;
  /** Throws `erased`, `restricted`, `not-found`, `forbidden`. */
  unwrap(
    request: { authorizationId: string; purpose: AccessPurpose; actor: string },
    caller?: CallerName,
  ): Promise<{ dataKey: Uint8Array }>;
  /**
   * The key of one picture of an identity document: it takes the authorization's data key and a secret of the
   * picture's own, so either one's destruction ends it. `make`: a new picture's. Throws `erased` once the picture was
   * destroyed, `restricted`, `not-found`, `forbidden`.
   */
  imageKey(
    request: { authorizationId: string; imageId: string; actor: string; make?: boolean },
    caller?: CallerName,
  ): Promise<{ dataKey: Uint8Array }>;
  /**
   * Destroys the data key, once, where nothing forbids it any more; the access entry, the trail's event and the
   * ledger's entry commit with it. Erased already: as it is. Throws `retention-runs`, `on-hold`,
   * `illegal-transition`, `not-found`.
   */
  erase(request: { authorizationId: string }): Promise<{ erasure: string; at: string }>;
  /** Deletes keys older than a day whose authorization or import was never committed: nothing is under them. */
  sweepKeys(request: Record<string, never>): Promise<{ deleted: number }>;
  /** Enters what stands in the access registers into the ledger, some minutes old. Resolves to how many openings. */
  anchorRegister(request: Record<string, never>): Promise<{ anchored: number }>;
  /**
   * By what an institution finds its letters of a person: see `subject_search`. Opens nothing. With `letter`, a new
   * one: also by what the desk finds it.
   */
  searchKey(request: {
    institutionId: string;
    person: SearchedPerson;
    letter?: { authorizationId: string; phone: string; lookupCode: string };
  }): Promise<{ searchKey: Uint8Array; deskIndex?: DeskIndex }>;
  /**
   * The access register of one authorization, oldest first, as its subject and its bundle tell it: openings for a case
   * are the disputes desk's, of nobody by name; what a court has sealed is left out for its time.
   */
  accesses(
    request: { authorizationId: string },
    caller?: CallerName,
  ): Promise<{ entries: readonly AccessEntry[] }>;
}

/** How the desk finds a letter, and what it is shown of its subject, sealed; all by secrets of role vault. */
export interface DeskIndex {
  readonly idKey: Uint8Array;
  readonly phoneKey: Uint8Array;
  readonly lookupKey: Uint8Array;
  readonly masks: Uint8Array;
}

/** Whom an institution looks for: all three must be as in the letter. */
export interface SearchedPerson {
  readonly idType: string;
  readonly idNumber: string;
  readonly name: string;
}

/** Who opened the personal data of an authorization, when and what for. */
export interface AccessEntry {
  readonly ordinal: number;
  readonly at: string;
  readonly purpose: AccessPurpose;
  /** Calling process and whom it acted for, e.g. `web/institution:ins_…`. */
  readonly actor: string;
}

export const ACCESS_PURPOSES = [
  'request',
  'present',
  'challenge',
  'confirm',
  'send-code',
  'sign',
  'download',
  'verify',
  'report',
  'archive',
  'redeem',
  'uses',
  'tell-use',
  'tell-passkey',
  'note-pause',
  'identify',
  'own',
  'own-code',
  'own-link',
  'subject-data',
  'export',
  'erase',
  'case',
  'keep-id-image',
  'id-image',
] as const;
export type AccessPurpose = (typeof ACCESS_PURPOSES)[number];

/** Everything a process may ask of the authority; in one process the roles themselves, apart a client per URL. */
export interface Authority {
  readonly ra: RaRole;
  readonly ca: CaRole;
  readonly tsa: TsaRole;
  readonly seal: SealRole;
  readonly ledger: LedgerRole;
  readonly vault: VaultRole & StaffDoor;
}

/** What each process may open data for. */
export const ACCESS_BY_CALLER: Readonly<Record<CallerName, readonly AccessPurpose[]>> = {
  web: [
    'request',
    'present',
    'download',
    'report',
    'redeem',
    'uses',
    'own',
    'subject-data',
    'export',
    'keep-id-image',
    'id-image',
  ],
  worker: [],
  // By grants alone.
  desk: [],
  authority: [
    'challenge',
    'confirm',
    'send-code',
    'sign',
    'archive',
    'tell-use',
    'tell-passkey',
    'note-pause',
    'identify',
    'own-code',
    'own-link',
  ],
};

/** Which methods each calling process may use; everything else is `forbidden`. */
export const CALLERS: Readonly<Record<CallerName, readonly `${AuthorityRole}.${string}`[]>> = {
  web: [
    'ra.identity',
    'ra.identify',
    'ra.assertIdentity',
    'ra.challenge',
    'ra.confirm',
    'ra.challengeSet',
    'ra.confirmSet',
    'ra.passkeyOptions',
    'ra.registerPasskey',
    'ra.enterOwn',
    'ra.ownPasskeyOptions',
    'ra.confirmOwn',
    'ra.ownLink',
    'ra.openOwnLink',
    'ra.ownVisit',
    'ra.removePasskey',
    'ra.leaveOwn',
    'ca.issue',
    'ca.complete',
    'ca.signOnce',
    'ca.ocsp',
    'ca.crl',
    'ca.anchors',
    'tsa.respond',
    'ledger.checkpoint',
    'ledger.deploy',
    'vault.create',
    'vault.unwrap',
    'vault.imageKey',
    'vault.accesses',
    'vault.searchKey',
    'vault.openInstitutionCase',
    'seal.report',
    'seal.stampReport',
    'seal.receipt',
    'seal.statusList',
    'seal.receiptKeys',
    'seal.webhookSecret',
  ],
  worker: [
    'ra.message',
    'ra.notePause',
    'ra.useMessage',
    'ra.holdMessage',
    'ra.passkeyMessage',
    'ra.endPasskeys',
    'ra.purgeEntries',
    'ra.ownMessage',
    'seal.stamp',
    'seal.webhookMessage',
    'ca.finish',
    'ca.archive',
    'ca.extend',
    'ledger.integrate',
    'vault.erase',
    'vault.sweepKeys',
    'vault.anchorRegister',
    'vault.openDisputes',
    'vault.sweepCases',
    'vault.sweepReviews',
  ],
  desk: [
    'vault.beginSignIn',
    'vault.signInByPasskey',
    'vault.signInByProvider',
    'vault.signInByRecoveryCode',
    'vault.enrol',
    'vault.session',
    'vault.endSession',
    'vault.beginAgreement',
    'vault.requestGrant',
    'vault.approveGrant',
    'vault.revokeGrant',
    'vault.openForCase',
    'vault.orderReports',
    'vault.openForOrder',
    'vault.settleReport',
    'vault.openCase',
    'vault.actOnCase',
    'vault.readCase',
    'vault.voteOnHold',
    'vault.agreeToTemplate',
    'vault.retireTemplate',
    'vault.askSeal',
    'vault.approveSeal',
    'vault.liftSeal',
    'vault.search',
    'vault.compareUses',
    'vault.noteReview',
    'seal.report',
    'seal.stampReport',
    'seal.receiptKeys',
    'ca.anchors',
  ],
  authority: [
    'tsa.token',
    'seal.bundle',
    'seal.receipt',
    'seal.receiptKeys',
    'ledger.integrate',
    'ledger.deploy',
    'ledger.prove',
    'ledger.holds',
    'vault.unwrap',
    'vault.accesses',
    'ca.ocsp',
  ],
};
