import { fromUtf8, isDomainError, sha256Hex } from '@mandate/core';
import {
  leafHash,
  parseCheckpoint,
  parseEntry,
  parseNote,
  parseProof,
  verifyInclusion,
  type Checkpoint,
  type LedgerEntry,
  type LedgerProof,
} from '@mandate/ledger';
import { check, fail, pass } from '../finding.js';
import { refusal } from '../refusal.js';
import type { Trust } from '../trust.js';
import type { Facts, Finding } from '../verification.js';
import { checkNote } from './check-note.js';
import { checkpointFacts } from './verify-checkpoint.js';

const RULE = { unsupported: 'FORMAT_FAILURE', ownProfile: true } as const;

export interface ProofMaterial {
  readonly proof: LedgerProof;
  readonly checkpoint: Checkpoint;
  /** The entry's bytes, as the proof or the caller gave them. */
  readonly leaf: Uint8Array;
  readonly entry: LedgerEntry;
}

export interface ProofJudgement {
  readonly material: ProofMaterial | null;
  readonly findings: readonly Finding[];
  readonly facts: Facts;
}

/**
 * An inclusion proof (C2SP tlog-proof) by itself. The entry comes in the proof; where that does not carry it, the
 * caller gives its bytes. Bad input is a finding.
 */
export function verifyProof(
  bytes: Uint8Array,
  trust: Trust,
  at: Date,
  given?: Uint8Array,
): ProofJudgement {
  let proof: LedgerProof;
  let checkpoint: Checkpoint;
  try {
    proof = parseProof(fromUtf8(bytes));
    checkpoint = parseCheckpoint(parseNote(proof.checkpoint).text);
  } catch (error) {
    const findings = [refusal('ledger-proof-readable', error, RULE)];
    return { material: null, findings, facts: {} };
  }
  const signed = checkNote(proof.checkpoint, checkpoint.origin, trust, at);
  const facts: Facts = { checkpoint: checkpointFacts(checkpoint, signed) };
  const first = [pass('ledger-proof-readable'), ...signed.findings];
  const leaf = proof.extra ?? given;
  if (!leaf)
    return {
      material: null,
      findings: [...first, fail('entry-readable', 'SIGNED_DATA_NOT_FOUND')],
      facts,
    };
  const { index } = proof;
  const included = check(
    'ledger-inclusion',
    verifyInclusion({
      index,
      size: checkpoint.size,
      leaf: leafHash(leaf),
      hashes: proof.hashes,
      root: checkpoint.root,
    }),
    'HASH_FAILURE',
    { index: String(index), size: String(checkpoint.size) },
  );
  try {
    const entry = parseEntry(leaf);
    return {
      material: { proof, checkpoint, leaf, entry },
      findings: [...first, included, pass('entry-readable', { kind: entry.kind })],
      facts: { ...facts, entry: { index, digest: sha256Hex(leaf), entry: { ...entry } } },
    };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return {
      material: null,
      findings: [...first, included, refusal('entry-readable', error, RULE)],
      facts,
    };
  }
}
