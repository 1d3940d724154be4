/** A use with what lies under its data key, sealed. */
export interface SealedUse {
  readonly id: string;
  readonly authorizationId: string;
  readonly institutionId: string;
  /** Salted commitment, hex. */
  readonly operator: string;
  readonly box: Uint8Array;
  /** Null: destroyed. */
  readonly wrapped: Uint8Array | null;
  readonly restricted: boolean;
}

/** Role vault: what is compared without being opened to anybody. */
export interface ReviewRecord {
  /** Of this institution only. */
  sealedUses(institutionId: string, ids: readonly string[]): Promise<readonly SealedUse[]>;
  /** By authorization, of this institution only: keyed digest of the subject's document number. */
  subjectKeys(
    institutionId: string,
    authorizationIds: readonly string[],
  ): Promise<ReadonlyMap<string, Uint8Array>>;
}
