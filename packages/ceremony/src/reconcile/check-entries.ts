import { possibleText, read } from './check-ceremony.js';
import type { RecordReader } from './reconcile-ports.js';
import type { Found } from './record-problem.js';

type Members = Readonly<Record<string, unknown>>;

/** What the ledger must hold for the rows of one page. */
export interface Expected {
  /** `dedupe` is the key under which it was queued; members that the record cannot know are left out. */
  entry(dedupe: string, entry: Members): void;
}

/** Collects what rows say must be in the ledger, and compares it with what is. */
export function expectedEntries(): Expected & {
  compare(reader: RecordReader, found: Found): Promise<number>;
} {
  const expected = new Map<string, Members>();
  return {
    entry: (dedupe, entry) => void expected.set(dedupe, entry),

    async compare(reader, found) {
      if (expected.size === 0) return 0;
      const rows = await reader.entries([...expected.keys()]);
      const there = new Map(rows.map((row) => [row.dedupe, row]));
      for (const [dedupe, entry] of expected) {
        const row = there.get(dedupe);
        if (!row) found('entry-missing', dedupe);
        else if (!says(row.placed ?? row.entry, entry)) found('entry-differs', dedupe);
      }
      return expected.size;
    },
  };
}

/** The stored text is an entry, and has every member that was expected and no other that could be known. */
function says(text: string, expected: Members): boolean {
  const entry = read<Record<string, unknown>>(text);
  return (
    entry !== null &&
    possibleText(entry) === text &&
    Object.entries(expected).every(([name, value]) => entry[name] === value) &&
    Object.keys(entry).every((name) => name in expected || ['format', 'previous'].includes(name))
  );
}
