import { fromUtf8, toHex, toUtcSeconds } from '@mandate/core';
import { readCheckpoint, type Checkpoint } from '@mandate/ledger';
import { pass } from '../finding.js';
import { refusal } from '../refusal.js';
import type { Trust } from '../trust.js';
import type { Facts, Finding } from '../verification.js';
import { checkNote, type NoteJudgement } from '../checks/note.js';

const RULE = { unsupported: 'FORMAT_FAILURE', ownProfile: true } as const;

/** A ledger's signed head (C2SP tlog-checkpoint), by itself. Bad input is a finding. */
export function verifyCheckpoint(
  bytes: Uint8Array,
  trust: Trust,
  at: Date,
): { readonly findings: readonly Finding[]; readonly facts: Facts } {
  try {
    const note = fromUtf8(bytes);
    const checkpoint = readCheckpoint(note);
    const judged = checkNote(note, checkpoint.origin, trust, at);
    return {
      findings: [pass('checkpoint-readable'), ...judged.findings],
      facts: { checkpoint: checkpointFacts(checkpoint, judged) },
    };
  } catch (error) {
    return { findings: [refusal('checkpoint-readable', error, RULE)], facts: {} };
  }
}

export const checkpointFacts = (
  { origin, size, root }: Checkpoint,
  { signers, cosigners, unknown }: NoteJudgement,
): NonNullable<Facts['checkpoint']> => ({
  origin,
  size,
  root: toHex(root),
  signers,
  cosigners: cosigners.map(({ name, at }) => ({ name, at: toUtcSeconds(at) })),
  unknownSignatures: unknown,
});
