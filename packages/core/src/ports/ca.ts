import type { AttemptState, State } from '../authorization.js';
import type { KeyOrigin } from '../scene.js';
import type { PublicJwk } from './seal.js';

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
