import { createHash } from 'node:crypto';
import type { QueryRecord } from './query-log.js';

/** Of one name in one log: what one letter may be queried, and for how many different people by mistake. */
export const NAMED_LIMITS = { queries: 5000, subjects: 3 } as const;

/**
 * Counts the queries and subjects of each authorization, as the log names it; says which limit a query goes over. A
 * log that tries subject after subject with one letter is no log. Kept in numbers of 48 bits, because there are up to
 * a million names.
 */
export function namedCounts(): (
  record: Pick<QueryRecord, 'named' | 'subject'>,
) => 'too-many' | 'subjects-too-many' | null {
  const queries = new Map<number, number>();
  const subjects = new Map<number, number | readonly number[]>();
  return ({ named, subject }) => {
    const name = short(`${named.by} ${named.value}`);
    const count = (queries.get(name) ?? 0) + 1;
    queries.set(name, count);
    if (count > NAMED_LIMITS.queries) return 'too-many';
    if (subject === null) return null;
    const one = short(subject);
    const known = subjects.get(name);
    // nearly every letter has one subject: a list is made for the others only
    const all = known === undefined ? [] : typeof known === 'number' ? [known] : known;
    if (all.includes(one)) return null;
    if (all.length === NAMED_LIMITS.subjects) return 'subjects-too-many';
    subjects.set(name, known === undefined ? one : [...all, one]);
    return null;
  };
}

const short = (text: string): number => createHash('sha256').update(text).digest().readUIntBE(0, 6);
