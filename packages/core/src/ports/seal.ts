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
