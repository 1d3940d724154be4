import { bytesEqual, DomainError, utf8, type LedgerRole } from '@mandate/core';
import { Frontier, leafHash, parseCheckpoint, parseEntry, verifyNote, vkey } from '@mandate/ledger';
import type { LedgerDeps } from './integrate.js';

/** Entries read at once. */
const PAGE = 512;

/**
 * Which facts of the desk the tree has, by a list of role ledger's own: every entry is read once and hashed, and counts
 * only where the whole comes to the root that role ledger itself has signed. Who renames rows of the queue, or takes
 * some away, hides nothing. The list is made at the first question. Throws `ledger-behind` where the entries do not
 * come to that root.
 */
export function knownFacts({
  record,
  origin,
  publicKey,
}: Pick<LedgerDeps, 'record' | 'origin' | 'publicKey'>): LedgerRole['holds'] {
  const keys = [vkey(origin, publicKey)];
  let frontier = new Frontier();
  let known = new Set<string>();
  const read = async (): Promise<void> => {
    const note = await record.newestCheckpoint('any');
    if (!note) return;
    const { text, signers } = verifyNote(note, keys);
    const head = parseCheckpoint(text);
    while (frontier.size < head.size) {
      const count = Math.min(PAGE, head.size - frontier.size);
      for (const entry of await record.entries(frontier.size, count)) {
        frontier.append(leafHash(utf8(entry)));
        if (!entry.includes('"kind":"desk"')) continue;
        const said = parseEntry(utf8(entry));
        if (said.kind === 'desk') known.add(said.fact);
      }
    }
    if (
      !signers.includes(origin) ||
      frontier.size !== head.size ||
      !bytesEqual(frontier.root(), head.root)
    )
      throw new DomainError('ledger-behind', 'the entries are not those that were signed');
  };
  let turn: Promise<void> = Promise.resolve();
  return async ({ facts }) => {
    turn = turn
      .catch(() => undefined)
      .then(read)
      .catch((error: unknown) => {
        // Nothing that was read beside a wrong root counts.
        frontier = new Frontier();
        known = new Set();
        throw error;
      });
    await turn;
    return { found: facts.filter((fact) => known.has(fact)) };
  };
}
