/** Up to five letters for one sitting. */
export interface SigningSet {
  readonly id: string;
  readonly institutionId: string;
  readonly createdAt: Date;
  /** In their order. */
  readonly members: readonly SetMember[];
}

export interface SetMember {
  readonly authorizationId: string;
  /** 1-based. */
  readonly position: number;
  /** As the institution says: it can go on without. */
  readonly optional: boolean;
  /** Refused, and not yet for good; null otherwise. */
  readonly refusedAt: Date | null;
}

export interface SetReads {
  set(id: string): Promise<SigningSet | null>;
  /** The set an authorization is a member of; null for most. */
  setOf(authorizationId: string): Promise<SigningSet | null>;
}
