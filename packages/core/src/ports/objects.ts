/** Write-once storage of ciphertext. Both throw `objects-unavailable` where the store itself fails. */
export interface Objects {
  /**
   * Durable when it resolves. Writing the same bytes again is fine (retries);
   * other bytes under a used name throw `object-exists`.
   */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Throws `object-missing`. */
  get(name: string): Promise<Uint8Array>;
}
