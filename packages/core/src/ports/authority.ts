import type { AttemptState, AuthorityRole, KeyOrigin, State } from '../authorization.js';

/** Registration: makes and checks codes, writes `confirmed`. */
export interface RaRole {
  /** Freezes the scene, makes a code, queues its delivery. Throws resend and state refusals. */
  challenge(request: {
    authorizationId: string;
    gate: 'last-six' | 'institution';
  }): Promise<ChallengeView>;
  /** Checks the code and the proof of possession; every try is counted. */
  confirm(request: {
    authorizationId: string;
    /** The browser's visit; the confirmation stays good in this one only. */
    visitId: string;
    code: string;
    publicKey: Uint8Array;
    proof: Uint8Array;
  }): Promise<ConfirmationView>;
  /** The message for a live challenge; null when it is dead (nothing to send). For the worker alone. */
  message(request: { challengeId: string }): Promise<CodeMessage | null>;
}

export interface ChallengeView {
  readonly challengeId: string;
  readonly letterDigest: string;
  readonly sceneDigest: string;
  readonly serverNonce: string;
  readonly challengeDigest: string;
  readonly checkCode: string;
  readonly maskedPhone: string;
  readonly expiresAt: string;
  readonly resendAt: string;
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
  report(request: { digest: Uint8Array }): Promise<{ cms: Uint8Array }>;
}

export interface LedgerRole {
  /** Integrates queued entries, signs a checkpoint, releases their authorizations. Resolves after the round. */
  integrate(request: Record<string, never>): Promise<{ size: number; released: readonly string[] }>;
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
  /** Throws `data-shredded`, `not-found`, `forbidden`. */
  unwrap(
    request: { authorizationId: string; purpose: AccessPurpose; actor: string },
    caller?: CallerName,
  ): Promise<{ dataKey: Uint8Array }>;
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
] as const;
export type AccessPurpose = (typeof ACCESS_PURPOSES)[number];

/** Everything a process may ask of the authority; in one process the roles themselves, apart a client per URL. */
export interface Authority {
  readonly ra: RaRole;
  readonly ca: CaRole;
  readonly tsa: TsaRole;
  readonly seal: SealRole;
  readonly ledger: LedgerRole;
  readonly vault: VaultRole;
}

/** What each process may open data for. */
export const ACCESS_BY_CALLER: Readonly<Record<CallerName, readonly AccessPurpose[]>> = {
  web: ['request', 'present', 'download', 'report'],
  worker: [],
  desk: ['verify', 'report'],
  authority: ['challenge', 'confirm', 'send-code', 'sign', 'archive'],
};

/** Which methods each calling process may use; everything else is `forbidden`. */
export const CALLERS: Readonly<Record<CallerName, readonly `${AuthorityRole}.${string}`[]>> = {
  web: [
    'ra.challenge',
    'ra.confirm',
    'ca.issue',
    'ca.complete',
    'ca.signOnce',
    'ca.ocsp',
    'ca.crl',
    'ca.anchors',
    'tsa.respond',
    'ledger.checkpoint',
    'vault.create',
    'vault.unwrap',
    'seal.report',
  ],
  worker: ['ra.message', 'ca.finish', 'ca.archive', 'ledger.integrate'],
  desk: ['vault.unwrap', 'seal.report', 'ca.anchors'],
  authority: ['tsa.token', 'seal.bundle', 'ledger.integrate', 'vault.unwrap', 'ca.ocsp'],
};
