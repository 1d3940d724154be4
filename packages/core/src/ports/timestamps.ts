/** One RFC 3161 authority behind HTTP or in process. */
export interface TimestampAuthority {
  readonly name: string;
  /** Who runs it; thresholds count distinct operators. */
  readonly operator: string;
  /** DER TimeStampReq → DER TimeStampResp, unchecked. Throws `timestamp-unavailable` on time-out or transport error. */
  stamp(request: Uint8Array): Promise<Uint8Array>;
}
