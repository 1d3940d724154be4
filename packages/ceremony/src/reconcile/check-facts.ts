import { isDomainError, type TrailEvent } from '@mandate/core';
import type { AuthorizationRow, Institution } from '../ports.js';
import type { StoredFact } from '../ports/receipt.js';
import { factDigest, factEntry, factEntryOf, factMoment, factOf } from '../use/use-facts.js';
import type { Expected } from './check-entries.js';
import type { AuthorizationRows } from './reconcile-ports.js';
import type { Found } from './record-problem.js';

/** A fact as its row says it, and the digest that row comes to. */
export interface RecomputedFact {
  readonly id: string;
  readonly digest: string;
  readonly ledgerDigest: string;
}

type Kind = StoredFact['kind'];
/** The event that tells of each kind, where its entry is queued, and the member of the event that names it. */
const KINDS: Readonly<Record<Kind, { type: TrailEvent['type']; dedupe: (row: never) => string }>> =
  {
    redemption: { type: 'redeemed', dedupe: ({ id }: Id) => `redemption:${id}:made` },
    withdrawal: { type: 'withdrawn', dedupe: ({ id }: Id) => `withdrawal:${id}` },
    hold: { type: 'held', dedupe: ({ id }: Id) => `hold:${id}:opened` },
    'hold-resolution': { type: 'hold-resolved', dedupe: ({ id }: Id) => `hold:${id}:resolved` },
    end: { type: 'ended', dedupe: ({ id }: Id) => `end:${id}` },
    release: { type: 'data-released', dedupe: ({ id }: Id) => `access:${id}` },
    restriction: { type: 'restricted', dedupe: ({ id }: Id) => `shred:${id}` },
    erasure: { type: 'erased', dedupe: ({ id }: Id) => `shred:${id}` },
    'id-image-destruction': {
      type: 'id-image-destroyed',
      dedupe: ({ id }: Id) => `shred:${id}`,
    },
  };
interface Id {
  readonly id: string;
}

/**
 * Facts after the release: each row comes to the digest that its event names and has its entry; no event of the kind
 * without its row; and uses are counted as agreed. Resolves to the facts, for their receipts.
 */
export function checkFacts(p: {
  readonly all: AuthorizationRows;
  readonly authorization: AuthorizationRow;
  readonly institution: Institution | undefined;
  readonly events: readonly TrailEvent[];
  readonly found: Found;
  readonly expect: Expected;
}): readonly RecomputedFact[] {
  const { all, authorization, institution, events, found, expect } = p;
  const [scope] = all.scopes;
  const base = { authorization, institution, scope };
  const stored = [
    ...all.redemptions.map((row) => ({ kind: 'redemption', row })),
    ...all.withdrawals.map((row) => ({ kind: 'withdrawal', row })),
    ...all.holds.map((row) => ({ kind: 'hold', row })),
    ...all.holds
      .filter(({ resolvedAt }) => resolvedAt !== null)
      .map((row) => ({ kind: 'hold-resolution', row })),
    ...all.ends.map((row) => ({ kind: 'end', row })),
    ...all.subjectReleases.map((row) => ({ kind: 'release', row })),
    ...all.restrictions.map((row) => ({ kind: 'restriction', row })),
    ...all.erasures.map((row) => ({ kind: 'erasure', row })),
    ...all.idImages
      .filter(({ destroyedAt }) => destroyedAt !== null)
      .map((row) => ({ kind: 'id-image-destruction', row })),
  ].map((one) => ({ ...base, ...one }) as unknown as StoredFact);

  const facts: RecomputedFact[] = [];
  for (const fact of stored) {
    const kind = KINDS[fact.kind];
    const event = events.find(({ type, data }) => type === kind.type && data['id'] === fact.row.id);
    if (!event) found('fact-without-event', fact.row.id);
    const recomputed = recompute(fact);
    if (
      !recomputed ||
      (event &&
        (event.data['fact'] !== recomputed.digest || event.at !== factMoment(fact).toISOString()))
    ) {
      found('fact-changed', fact.row.id);
      if (!recomputed) continue;
    }
    facts.push({ ...recomputed, id: recomputed.id });
    expect.entry(kind.dedupe(fact.row as never), recomputed.entry);
  }
  for (const { type, data } of events) {
    const told = Object.entries(KINDS).find(([, kind]) => kind.type === type);
    if (told && !stored.some(({ kind, row }) => kind === told[0] && row.id === data['id']))
      found('event-without-fact', `${type} ${String(data['id'])}`);
  }
  checkUses(p);
  return facts;
}

/** Null when the row says something no fact can say. */
function recompute(stored: StoredFact) {
  try {
    const fact = factOf(stored);
    const digest = factDigest(fact);
    const { ledgerEntry, ledgerDigest } = factEntryOf(stored);
    if (
      stored.kind === 'redemption' &&
      (stored.row.digest !== digest || stored.row.ledgerEntry !== ledgerDigest)
    )
      return null;
    const entry = JSON.parse(ledgerEntry) as Record<string, unknown>;
    return { id: fact.id, digest, ledgerDigest, entry };
  } catch (error) {
    // a missing scope or institution, a salt that is no hex
    if (!(error instanceof TypeError) && !isDomainError(error)) throw error;
    return null;
  }
}

/** How each redemption ended, by its events and entries; and that no period has more uses than agreed. */
function checkUses({
  all,
  authorization,
  events,
  found,
  expect,
}: Parameters<typeof checkFacts>[0]): void {
  const rows = all.redemptions;
  const [scope] = all.scopes;
  const live = new Map<string, Set<number>>();
  for (const row of rows) {
    const settled = events.filter(
      ({ type, data }) =>
        (type === 'redemption-confirmed' || type === 'redemption-released') &&
        data['id'] === row.id,
    );
    const says = row.reservedUntil ? `redemption-${row.state}` : null;
    const expected = says === null || says === 'redemption-reserved' ? [] : [says];
    if (
      settled.map(({ type }) => type).join() !== expected.join() ||
      (row.reservedUntil === null && row.state !== 'confirmed')
    )
      found('fact-changed', row.id);
    if (settled.length > 0 && row.settledAt)
      expect.entry(
        `redemption:${row.id}:${row.state}`,
        JSON.parse(
          factEntry('redemption', authorization, {
            at: row.settledAt,
            fact: row.digest,
            step: row.state,
          }).ledgerEntry,
        ) as Record<string, unknown>,
      );
    if (row.state === 'released') continue;
    const numbers = live.get(row.period) ?? new Set();
    live.set(row.period, numbers);
    if (numbers.has(row.number) || !scope || row.number > scope.maxUses || row.number < 1)
      found('uses-miscounted', row.id);
    numbers.add(row.number);
  }
  for (const { data, type } of events)
    if (
      (type === 'redemption-confirmed' || type === 'redemption-released') &&
      !rows.some(({ id }) => id === data['id'])
    )
      found('event-without-fact', `${type} ${String(data['id'])}`);
}
