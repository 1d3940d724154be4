import { fromUtf8, sha256Hex } from '@mandate/core';
import {
  readCheckpoint,
  leafHash,
  parseEntry,
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
import { checkKeyEnds, proofUses } from '../checks/key-ends.js';
import { checkNote } from '../checks/note.js';
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
    checkpoint = readCheckpoint(proof.checkpoint);
  } catch (error) {
    const findings = [refusal('ledger-proof-readable', error, RULE)];
    return { material: null, findings, facts: {} };
  }
  const leaf = proof.extra ?? given;
  const opened = leaf ? openEntry(leaf) : { findings: [NO_ENTRY] };
  const madeAt = opened.entry && new Date(opened.entry.at);
  const signed = checkNote(proof.checkpoint, checkpoint.origin, trust, at, madeAt);
  const { index } = proof;
  const findings = [
    pass('ledger-proof-readable'),
    ...signed.findings,
    ...(leaf ? [included(proof, checkpoint, leaf)] : []),
    ...opened.findings,
  ];
  const facts: Facts = { checkpoint: checkpointFacts(checkpoint, signed) };
  if (!leaf || !opened.entry) return { material: null, findings, facts };
  const { entry } = opened;
  return {
    material: { proof, checkpoint, leaf, entry },
    findings: [...findings, ...checkKeyEnds(proofUses({ proof, entry }, trust), trust.keyEnds)],
    facts: { ...facts, entry: { index, digest: sha256Hex(leaf), entry: { ...entry } } },
  };
}

const NO_ENTRY = fail('entry-readable', 'SIGNED_DATA_NOT_FOUND');

function openEntry(leaf: Uint8Array): {
  readonly entry?: LedgerEntry;
  readonly findings: readonly Finding[];
} {
  try {
    const entry = parseEntry(leaf);
    return { entry, findings: [pass('entry-readable', { kind: entry.kind })] };
  } catch (error) {
    return { findings: [refusal('entry-readable', error, RULE)] };
  }
}

const included = (
  { index, hashes }: LedgerProof,
  { size, root }: Checkpoint,
  leaf: Uint8Array,
): Finding =>
  check(
    'ledger-inclusion',
    verifyInclusion({ index, size, leaf: leafHash(leaf), hashes, root }),
    'HASH_FAILURE',
    { index: String(index), size: String(size) },
  );
