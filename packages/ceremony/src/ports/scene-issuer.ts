import type { KeyOrigin } from '@mandate/core';

/** What a scene certificate says; `sign` turns it into DER and signs it. */
export interface SceneCertificateRequest {
  readonly serial: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly commonName: string;
  /** Hex commitment to the ID number. */
  readonly serialNumber: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly sceneDigest: Uint8Array;
  readonly letterDigest: Uint8Array;
  readonly evidenceRoot: Uint8Array;
  readonly ledgerOrigin: string;
  readonly keyOrigin: KeyOrigin;
}

/** The certification side of `sign`, injected so that acts do not import each other. */
export interface SceneIssuer {
  /** Name and version of the certificate profile. */
  readonly profile: string;
  /** Issuer first, root last, DER. */
  readonly chain: readonly Uint8Array[];
  toBeSigned(request: SceneCertificateRequest): Uint8Array;
  issue(toBeSigned: Uint8Array): Promise<Uint8Array>;
  /** A signed OCSP response for one of our certificates, DER. */
  ocsp(certificate: Uint8Array): Promise<Uint8Array>;
  /** The revocation list, not to be used beyond that certificate's own end, DER. */
  crl(certificate: Uint8Array): Promise<Uint8Array>;
}

/** Our own verifier, injected; throws `verification-failed` naming the first bad finding. */
export type SelfCheck = (bundle: Uint8Array, at: Date) => void;

/** Named points for fault tests; does nothing in production. */
export type Probe = (point: string) => void;
