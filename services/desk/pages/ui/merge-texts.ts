import { pathOf, type Way } from './template-shape.js';

/** Somebody else's value where both have changed it. */
export interface Clash {
  readonly way: Way;
  /** As findings name it. */
  readonly path: string;
  readonly mine: unknown;
  /** Undefined: they have taken it away. */
  readonly theirs: unknown;
}

/**
 * What two people made of the same text, in one: what only one of them changed is theirs, what both changed stays mine
 * and is named. A list whose length somebody changed counts as one value. Nothing of `mine` is lost.
 */
export function mergeTexts<T>(
  base: T,
  mine: T,
  theirs: T,
): { readonly merged: T; readonly clashes: readonly Clash[] } {
  const clashes: Clash[] = [];
  const merge = (was: unknown, own: unknown, other: unknown, way: Way): unknown => {
    if (same(own, was) || same(own, other)) return other;
    if (same(other, was)) return own;
    if (isRecord(was) && isRecord(own) && isRecord(other))
      return Object.fromEntries(
        [...new Set([...Object.keys(own), ...Object.keys(other)])]
          .map((name) => [name, merge(was[name], own[name], other[name], [...way, name])] as const)
          .filter(([, value]) => value !== undefined),
      );
    const lists = [was, own, other].filter((list): list is unknown[] => Array.isArray(list));
    if (lists.length === 3 && lists.every(({ length }) => length === lists[0]!.length)) {
      const [from, here, there] = lists;
      return here!.map((value, i) => merge(from![i], value, there![i], [...way, i]));
    }
    clashes.push({ way, path: pathOf(way), mine: own, theirs: other });
    return own;
  };
  return { merged: merge(base, mine, theirs, []) as T, clashes };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same value, whatever the order of members. */
export function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((value, i) => same(value, b[i]));
  if (isRecord(a) && isRecord(b)) {
    const names = Object.keys(a);
    return (
      names.length === Object.keys(b).length &&
      names.every((name) => name in b && same(a[name], b[name]))
    );
  }
  return a === b;
}
