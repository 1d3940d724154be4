export interface LedgerRole {
  /**
   * Integrates queued entries, signs a checkpoint, releases their authorizations. Resolves after the round; `more`: it
   * did not take all that waited.
   */
  integrate(
    request: Record<string, never>,
  ): Promise<{ size: number; more: boolean; released: readonly string[] }>;
  /** Records which build of a component is served, once for each build. */
  deploy(request: { component: 'page' | 'server'; digest: string }): Promise<{ recorded: boolean }>;
  /**
   * Proofs (C2SP tlog-proof) of the entries of these indexes under the newest checkpoint that may be told, and its
   * size; entries that it does not hold yet are left out.
   */
  prove(request: { indexes: readonly number[] }): Promise<{
    size: number;
    proofs: readonly { readonly index: number; readonly proof: string }[];
  }>;
  /** Which of these facts of the desk (64 hex) stand in the tree, by role ledger's own list. Throws `ledger-behind`. */
  holds(request: { facts: readonly string[] }): Promise<{ found: readonly string[] }>;
  /** The newest checkpoint, a C2SP signed note. */
  checkpoint(request: Record<string, never>): Promise<{ note: string }>;
}
