/** Role ra alone: what was counted so far. */
export interface Counted {
  /** Sum over the windows from `since` on. */
  counted(scope: string, key: string, since: Date): Promise<number>;
}

export interface Limited {
  /** Counts one more in the window; false when `max` is reached already. One conditional UPDATE. */
  count(limit: { scope: string; key: string; windowStart: Date; max: number }): Promise<boolean>;
}

/** Bounds of capacity, which processes share. */
export interface Quotas {
  /**
   * Takes a share of what is left in the window: `granted` may be less than asked for, also 0; `free` is left for
   * everybody afterwards. One conditional UPDATE.
   */
  lease(limit: {
    scope: string;
    key: string;
    windowStart: Date;
    max: number;
    share: number;
  }): Promise<{ granted: number; free: number }>;
}
