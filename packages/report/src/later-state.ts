import { beijingPeriod, type Terms } from '@mandate/terms';
import type { Facts, LaterFact, Verification } from '@mandate/verify';
import type { LaterRow, ReportLater, Usable } from './report.js';

/** What the file tells of the time after signing; undefined when it tells nothing. */
export function laterOf({ later, terms }: Facts): ReportLater | undefined {
  if (!later) return undefined;
  const { state } = later;
  return {
    generation: later.generation,
    asOf: state.asOf,
    uses: state.uses,
    withdrawn: state.withdrawn,
    hold: state.hold,
    ended: state.ended,
    restricted: state.restricted,
    facts: later.facts.map((it) => rowOf(it, terms)),
    accesses: later.accesses.map(({ at, actor, purpose }) => ({ at, actor, purpose })),
    ...(later.registration ? { registration: later.registration } : {}),
  };
}

/** A fact without its salts; parties and items by the names the letter gives them. */
function rowOf(later: LaterFact, terms: Terms | undefined): LaterRow {
  const { kind, id, at, fact, digest, index, receipt } = later;
  const text = (name: string): string | undefined =>
    typeof fact[name] === 'string' ? fact[name] : undefined;
  const who = kind === 'redemption' || kind === 'release' ? text('recipient') : text('by');
  const source = kind === 'redemption' ? text('source') : undefined;
  const codes = Array.isArray(fact['items']) ? fact['items'] : undefined;
  const outcome = text('outcome') ?? text('event');
  return {
    id,
    kind,
    at,
    ...(who ? { who: partyName(who, terms) } : {}),
    ...(source ? { source: partyName(source, terms) } : {}),
    ...(codes ? { items: codes.map((code) => itemName(String(code), terms)) } : {}),
    ...(outcome ? { outcome } : {}),
    ...(kind === 'redemption' ? useOf(later) : {}),
    digest,
    ...(index === undefined ? {} : { index }),
    receipt,
  };
}

/** Whether it counts, and in which period; a reservation is no use before it is confirmed. */
function useOf({ fact, steps = [] }: LaterFact): Pick<LaterRow, 'counts' | 'reserved' | 'period'> {
  const took = (name: string): boolean => steps.some(({ step }) => step === name);
  const { period, reservedUntil } = fact;
  const open = !took('confirmed') && !took('released');
  return {
    counts: !took('released'),
    ...(reservedUntil !== undefined && open ? { reserved: true } : {}),
    ...(typeof period === 'string' ? { period } : {}),
  };
}

/** By credit code; anything else stays what it is. */
function partyName(code: string, terms: Terms | undefined): string {
  if (!terms) return code;
  const { institution, sources, recipients } = terms;
  const parties = [institution, ...sources, ...recipients];
  return parties.find(({ creditCode }) => creditCode === code)?.name ?? code;
}

const itemName = (code: string, terms: Terms | undefined): string =>
  terms?.items.find((item) => item.code === code)?.name ?? code;

/**
 * Whether the authorization can be used at the moment the file was judged for. That its end is past, the letter
 * alone says; that nothing else stands in the way, only what the operator stated afterwards, as of that time.
 */
export function usableOf(
  { claims, facts, at, verdict }: Pick<Verification, 'claims' | 'facts' | 'at' | 'verdict'>,
  later: ReportLater | undefined,
): Usable {
  const { terms } = facts;
  if (!terms || verdict.indication === 'TOTAL-FAILED')
    return { answer: 'no', reason: 'not-established' };
  if (claims.integrity.status !== 'passed' || claims.identity.status !== 'passed')
    return { answer: 'not-told', reason: 'not-established' };
  const end = terms.end.kind === 'date' ? terms.end.at : terms.end.latest;
  const stopped = later && stoppedBy(later);
  if (stopped) return { answer: 'no', ...stopped };
  if (at > end) return { answer: 'no', reason: 'ended', at: end };
  if (at < terms.from) return { answer: 'no', reason: 'not-begun', at: terms.from };
  if (!later) return { answer: 'not-told', reason: 'not-told' };
  // A no may rest on what is stated; a yes needs all of it proven.
  if (verdict.indication !== 'TOTAL-PASSED')
    return { answer: 'not-told', reason: 'not-established' };
  return leftOf(later, at);
}

/**
 * Whether a use was left when the state was told. A reservation may since have been confirmed or given back, and a new
 * period may have begun: then nothing is said.
 */
function leftOf({ uses, facts, asOf }: ReportLater, at: string): Usable {
  const notTold: Usable = { answer: 'not-told', reason: 'not-told' };
  const { per, allowed } = uses;
  const live = facts.filter(({ kind, counts }) => kind === 'redemption' && counts);
  if (per && live.some(({ period }) => period === undefined)) return notTold;
  const own = per
    ? live.filter(({ period }) => period === beijingPeriod(new Date(asOf), per))
    : live;
  const taken = per ? own.length : uses.counted;
  const reserved = per ? own.filter((use) => use.reserved).length : uses.reserved;
  if (taken < allowed) return { answer: 'yes', reason: 'open', at: asOf };
  const same = !per || beijingPeriod(new Date(at), per) === beijingPeriod(new Date(asOf), per);
  if (taken - reserved < allowed || !same) return notTold;
  return { answer: 'no', reason: 'used-up', at: own.at(-1)?.at ?? asOf };
}

/** What stands in the way, with the moment of its fact; the gravest first. */
function stoppedBy(later: ReportLater): Pick<Usable, 'reason' | 'at'> | undefined {
  const { facts, asOf } = later;
  const since = (kind: ReportLater['facts'][number]['kind']): string =>
    facts.findLast((fact) => fact.kind === kind)?.at ?? asOf;
  if (later.restricted) return { reason: 'restricted', at: since('restriction') };
  if (later.withdrawn) return { reason: 'withdrawn', at: since('withdrawal') };
  if (later.hold === 'upheld') return { reason: 'upheld', at: since('hold-resolution') };
  if (later.hold === 'open') return { reason: 'on-hold', at: since('hold') };
  if (later.ended) return { reason: 'ended', at: since('end') };
  return undefined;
}
