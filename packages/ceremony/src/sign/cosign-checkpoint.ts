import { isDomainError, type CheckpointWitness } from '@mandate/core';
import {
  consistencyProof,
  formatAddCheckpoint,
  parseVkey,
  readCheckpoint,
  verifyNote,
  type GetNode,
} from '@mandate/ledger';
import type { StepDeps } from '../deps.js';
import type { LedgerRecord } from '../ports.js';

export interface CosignDeps extends StepDeps {
  readonly record: Pick<
    LedgerRecord,
    'newestCheckpoint' | 'node' | 'cosignedSize' | 'keepCosignature'
  >;
  readonly witnesses: readonly CheckpointWitness[];
  /** Told of a witness that does not answer or refuses; a refusal of a grown tree is an alarm. */
  readonly onWitness: (what: { witness: string; status: number | null }) => void;
}

/** A witness may have seen more than we remember: once told its size, it is asked again from there. */
const ASKS = 2;

/**
 * Asks every witness for the newest checkpoint's cosignature, all at once, and keeps what verifies. One that is
 * slow, away or mistaken holds up none of the others.
 */
export async function cosignCheckpoint(deps: CosignDeps): Promise<void> {
  const note = deps.witnesses.length > 0 ? await deps.record.newestCheckpoint(0) : null;
  if (note === null) return;
  const { size } = readCheckpoint(note);
  await Promise.all(deps.witnesses.map((witness) => askWitness(deps, witness, note, size)));
}

async function askWitness(
  deps: CosignDeps,
  witness: CheckpointWitness,
  note: string,
  size: number,
): Promise<void> {
  const { name } = parseVkey(witness.vkey);
  let old = await deps.record.cosignedSize(name);
  if (old === size) return;
  const node: GetNode = (level, index) => deps.record.node(level, index);
  try {
    for (let ask = 0; ask < ASKS; ask++) {
      const proof = await consistencyProof(old, size, node);
      const { status, body } = await witness.addCheckpoint(
        formatAddCheckpoint({ old, proof, checkpoint: note }),
      );
      const line = status === 200 ? cosignatureOf(note, body, witness.vkey) : null;
      if (line) {
        await deps.record.keepCosignature({ size, witness: name, line, at: deps.clock.now() });
        return;
      }
      const seen = status === 409 ? /^(0|[1-9]\d{0,15})\n?$/.exec(body)?.[1] : undefined;
      // a larger tree than ours is another history, or we were set back
      if (seen === undefined || Number(seen) > size || Number(seen) === old) {
        deps.onWitness({ witness: name, status });
        return;
      }
      old = Number(seen);
    }
  } catch (error) {
    if (!isDomainError(error, 'authority-unavailable')) throw error;
    deps.onWitness({ witness: name, status: null });
  }
}

/** The witness's own line, checked under its key; answers may hold lines of other keys. */
function cosignatureOf(note: string, answer: string, vkey: string): string | null {
  for (const line of answer.split('\n').filter(Boolean)) {
    try {
      const { cosigners, failed } = verifyNote(`${note}${line}\n`, [vkey]);
      if (cosigners.length === 1 && failed.length === 0) return `${line}\n`;
    } catch (error) {
      if (!isDomainError(error, 'format-ledger')) throw error;
    }
  }
  return null;
}
