import { fromUtf8, toHex, toUtcSeconds } from '@mandate/core';
import { readCheckpoint, type Checkpoint } from '@mandate/ledger';
import { pass } from '../finding.js';
import { refusal } from '../refusal.js';
import type { Trust } from '../trust.js';
import type { Facts, Finding } from '../verification.js';
import { checkKeyEnds, checkpointUses } from '../checks/key-ends.js';
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
    // a head says nothing of when it was signed: it is as old as the first witness that is trusted saw it
    const seen = Math.min(at.getTime(), ...judged.cosigners.map((it) => it.at.getTime()));
    const uses = checkpointUses(note, new Date(seen), trust);
    return {
      findings: [
        pass('checkpoint-readable'),
        ...judged.findings,
        ...checkKeyEnds(uses, trust.keyEnds),
      ],
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
