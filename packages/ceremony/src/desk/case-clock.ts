import { DomainError, type NewCase } from '@mandate/core';
import type { CaseClock, CaseRow, DisputeRow } from './case-ports.js';

/** Milliseconds; terms run in hours, so that no summer time moves them. */
const DAY = 24 * 3_600_000;
/** How far back something may have been received, and how far ahead a court may set its day. */
const MOST_DAYS = 366;
/** Milliseconds: clocks of those who ask may be ahead a little. */
const CLOCKS_APART = 5 * 60_000;

/**
 * Since when the term runs and when it ends: by the kind's rule, or on the day that a court has set. What nobody says
 * the day of was received when the subject opened the dispute, or `at`. Throws `invalid-request`, `illegal-transition`
 * for a kind that is opened no more.
 */
export function clockFor(
  rule: CaseClock,
  asked: Pick<NewCase, 'receivedAt' | 'dueAt'>,
  dispute: Pick<DisputeRow, 'openedAt'> | null,
  at: Date,
): Pick<CaseRow, 'receivedAt' | 'dueAt'> {
  if (!rule.offered)
    throw new DomainError('illegal-transition', 'cases of this kind are not opened any more');
  const said = momentOf(asked.receivedAt, 'receivedAt');
  if (said && said.getTime() > at.getTime() + CLOCKS_APART)
    throw new DomainError('invalid-request', 'receivedAt: not yet');
  if (said && said.getTime() < at.getTime() - MOST_DAYS * DAY)
    throw new DomainError('invalid-request', `receivedAt: at most ${MOST_DAYS} days ago`);
  const received = said ?? dispute?.openedAt ?? at;
  const receivedAt = received < at ? received : at;
  const set = momentOf(asked.dueAt, 'dueAt');
  if (set && !rule.ownDate)
    throw new DomainError('invalid-request', 'dueAt: this kind has its own term');
  if (set && (set <= receivedAt || set.getTime() > at.getTime() + MOST_DAYS * DAY))
    throw new DomainError('invalid-request', `dueAt: within ${MOST_DAYS} days`);
  return { receivedAt, dueAt: set ?? new Date(receivedAt.getTime() + rule.days * DAY) };
}

/** With as much more time as the rule gives the next time. Throws `illegal-transition` where it gives none. */
export function extendedClock(
  rule: CaseClock,
  seen: Pick<CaseRow, 'dueAt' | 'extensions'>,
  at: Date,
): Pick<CaseRow, 'dueAt' | 'extendedAt' | 'extensions'> {
  const more = [rule.extensionDays, rule.secondExtensionDays][seen.extensions] ?? 0;
  if (more === 0)
    throw new DomainError('illegal-transition', 'no more time is to be had for this case');
  const dueAt = new Date(seen.dueAt.getTime() + more * DAY);
  return { dueAt, extendedAt: at, extensions: seen.extensions + 1 };
}

function momentOf(text: string | undefined, name: string): Date | null {
  if (text === undefined) return null;
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) throw new DomainError('invalid-request', `${name}: a moment`);
  return moment;
}
