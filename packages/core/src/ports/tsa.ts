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
