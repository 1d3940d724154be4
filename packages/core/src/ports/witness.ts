/**
 * A witness of the ledger, run by somebody else (C2SP tlog-witness). `addCheckpoint` posts the request's text
 * and resolves to whatever was answered; it throws `witness-unavailable` when nothing was, in time.
 */
export interface CheckpointWitness {
  /** Verifier key of its cosignatures, C2SP signed-note: name, key hash, key. */
  readonly vkey: string;
  addCheckpoint(body: string): Promise<{ readonly status: number; readonly body: string }>;
}
