import { bytesEqual, DomainError, isDomainError, utf8, type LedgerRole } from '@mandate/core';
import { Frontier, leafHash, parseCheckpoint, parseEntry, verifyNote, vkey } from '@mandate/ledger';
import type { LedgerDeps } from './integrate.js';
import type { LedgerGate } from './ledger-gate.js';

/** Entries read at once. */
const PAGE = 512;

/**
 * Which facts of the desk the tree has, by a list of role ledger's own: every entry is read once and hashed, and counts
 * only where the whole comes to the root that role ledger itself has signed. Who renames rows of the queue, or takes
 * some away, hides nothing; who shows an older head makes it forget nothing. The list is made at the first question.
 * Throws `ledger-behind` where the entries do not come to that root, or the head is older than one seen before.
 */
export function knownFacts({
  record,
  origin,
  publicKey,
  gate,
}: Pick<LedgerDeps, 'record' | 'origin' | 'publicKey'> & {
  readonly gate: Pick<LedgerGate, 'seen'>;
}): LedgerRole['holds'] {
  const keys = [vkey(origin, publicKey)];
  let verified = new Frontier();
  const known = new Set<string>();
  const read = async (): Promise<void> => {
    // Asked for first: while the note is read, the tree may grow.
    const least = Math.max(verified.size, gate.seen());
    const note = await record.newestCheckpoint('any');
    if (!note && least === 0) return;
    if (!note) throw older(least);
    const { text, signers } = verifyNote(note, keys);
    const head = parseCheckpoint(text);
    if (head.size < least) throw older(least);
    const frontier = verified.copy();
    const more: string[] = [];
    while (frontier.size < head.size) {
      const entries = await record.entries(
        frontier.size,
        Math.min(PAGE, head.size - frontier.size),
      );
      if (entries.length === 0) break;
      for (const entry of entries) {
        frontier.append(leafHash(utf8(entry)));
        if (!entry.includes('"kind":"desk"')) continue;
        const fact = factOf(entry);
        if (fact !== null) more.push(fact);
      }
    }
    if (
      !signers.includes(origin) ||
      frontier.size !== head.size ||
      !bytesEqual(frontier.root(), head.root)
    )
      throw new DomainError('ledger-behind', 'the entries are not those that were signed');
    // Only now: nothing that was read beside a wrong root counts, and nothing that counted is dropped.
    verified = frontier;
    for (const fact of more) known.add(fact);
  };
  let turn: Promise<void> = Promise.resolve();
  return async ({ facts }) => {
    turn = turn.catch(() => undefined).then(read);
    await turn;
    return { found: facts.filter((fact) => known.has(fact)) };
  };
}

/** Null: no fact of the desk. What is no entry is none either: it stays in the tree, and may stop nobody for ever. */
function factOf(text: string): string | null {
  try {
    const said = parseEntry(utf8(text));
    return said.kind === 'desk' ? said.fact : null;
  } catch (error) {
    if (!isDomainError(error, 'format-ledger')) throw error;
    return null;
  }
}

const older = (size: number): DomainError =>
  new DomainError('ledger-behind', `the head is older than one of ${size} entries`);
