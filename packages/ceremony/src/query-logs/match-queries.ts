import type { ComparedPart } from '@mandate/core';

/** What a query of a source's log turned out to be. */
export const QUERY_KINDS = [
  'matched',
  /** No authorization of the institution by that name. */
  'unknown',
  /** The authorization is about somebody else. */
  'wrong-subject',
  /** The authorization was never signed. */
  'unsigned',
  'after-withdrawal',
  /** While the subject's dispute stood. */
  'on-hold',
  'out-of-term',
  'wrong-source',
  'wrong-purpose',
  /** A use fits, made by somebody else than who queried. */
  'wrong-operator',
  /** Role vault compared no more: too many different ones of that letter or use were asked about. */
  'operator-not-compared',
  'subject-not-compared',
  /** The use that fits was given back as unanswered. */
  'use-released',
  /** Every use that fits has its query already, in this log or in one matched before. */
  'used-twice',
  /** No use fits. */
  'no-use',
] as const;
export type QueryKind = (typeof QUERY_KINDS)[number];

/** One query under an authorization. Times in milliseconds. */
export interface LoggedQuery {
  readonly line: number;
  /** The source's id of it: two logs may hold the same one. */
  readonly query: string;
  readonly at: number;
  readonly purpose: string;
  /** Uses that may have been made by the operator of the log. */
  readonly agreeing: readonly string[];
  /** The log names another subject than the letter. */
  readonly subjectDiffers: boolean;
  /** What role vault did not compare. */
  readonly withheld: readonly ComparedPart[];
}

export interface LoggedUse {
  readonly id: string;
  readonly at: number;
  readonly state: 'reserved' | 'confirmed' | 'released';
  /** Matched with a query of another log of the source, one that is not in this log. */
  readonly elsewhere: boolean;
}

/** An authorization as it is known when the log is compared. Times in milliseconds. */
export interface UsedAuthorization {
  /** Null: never signed. */
  readonly scope: {
    readonly purpose: string;
    readonly sources: readonly string[];
    readonly from: number;
    /** Agreed, or reported when that was sooner. */
    readonly end: number;
  } | null;
  readonly withdrawnAt: number | null;
  /** Disputes, those that were rejected or taken back with their end. */
  readonly holds: readonly { readonly from: number; readonly until: number | null }[];
  /** Those at the log's source. */
  readonly uses: readonly LoggedUse[];
}

export interface MatchLimits {
  /** By how much two clocks may differ. */
  readonly skew: number;
  /** How long after a use its query may come. */
  readonly window: number;
}

export interface QueryOutcome {
  readonly line: number;
  readonly kind: QueryKind;
  /** The use it belongs to, also where something else is wrong with the query; each has one query at most. */
  readonly redemption: string | null;
}

/** What becomes of a use that the log has no query for; `no-query-yet`: it may stand in the next log. */
export const USE_KINDS = ['no-query', 'no-query-yet'] as const;
export type UseKind = (typeof USE_KINDS)[number];

/**
 * Which query belongs to which use of one authorization, and what is wrong with the others. First as many queries as
 * can be find a use of their own operator; then what is left over finds what is left over, and is named. All uses wait
 * equally long, so taking the earliest one free leaves the most for those who come later. A use that another log
 * matched is taken, but for queries that stand in this log too: those are paired anew. The order of the input does not
 * matter.
 */
export function matchQueries(
  authorization: UsedAuthorization,
  source: string,
  queries: readonly LoggedQuery[],
  limits: MatchLimits,
): QueryOutcome[] {
  const asked = [...queries].sort((a, b) => a.at - b.at || a.line - b.line);
  const uses = [...authorization.uses].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const kept = uses.filter(({ state }) => state !== 'released');
  const released = uses.filter(({ state }) => state === 'released');
  const fits = (query: LoggedQuery, use: LoggedUse): boolean =>
    query.at >= use.at - limits.skew && query.at <= use.at + limits.window;

  const taken = new Set(uses.filter(({ elsewhere }) => elsewhere).map(({ id }) => id));
  const pairs = new Map<number, string>();
  const pair = (query: LoggedQuery, from: readonly LoggedUse[]): boolean => {
    const use = from.find((each) => !taken.has(each.id) && fits(query, each));
    if (!use) return false;
    taken.add(use.id);
    pairs.set(query.line, use.id);
    return true;
  };

  const faults = new Map(
    asked.map((query) => [query.line, faultOf(authorization, source, query, limits.skew)]),
  );
  const named = new Map<number, QueryKind>();
  const left = asked.filter((query) => {
    if (faults.get(query.line)) return true;
    const agreeing = new Set(query.agreeing);
    const own = kept.filter(({ id }) => agreeing.has(id));
    if (!pair(query, own)) return true;
    named.set(query.line, 'matched');
    return false;
  });
  for (const query of left) {
    const fault = faults.get(query.line);
    const otherwise = (): QueryKind => {
      if (pair(query, kept))
        return query.withheld.includes('operator') ? 'operator-not-compared' : 'wrong-operator';
      if (pair(query, released)) return 'use-released';
      return kept.some((use) => fits(query, use)) ? 'used-twice' : 'no-use';
    };
    const kind = otherwise();
    named.set(query.line, fault ?? kind);
  }
  return asked.map(({ line }) => ({
    line,
    kind: named.get(line)!,
    redemption: pairs.get(line) ?? null,
  }));
}

/** What is wrong with a query whatever the uses say. */
function faultOf(
  { scope, withdrawnAt, holds }: UsedAuthorization,
  source: string,
  { at, purpose, subjectDiffers, withheld }: LoggedQuery,
  skew: number,
): QueryKind | null {
  if (subjectDiffers) return 'wrong-subject';
  if (!scope) return 'unsigned';
  if (withdrawnAt !== null && at > withdrawnAt + skew) return 'after-withdrawal';
  const held = holds.some(
    ({ from, until }) => at > from + skew && (until === null || at < until - skew),
  );
  if (held) return 'on-hold';
  if (at < scope.from - skew || at >= scope.end + skew) return 'out-of-term';
  if (!scope.sources.includes(source)) return 'wrong-source';
  if (purpose !== scope.purpose) return 'wrong-purpose';
  return withheld.includes('subject') ? 'subject-not-compared' : null;
}
