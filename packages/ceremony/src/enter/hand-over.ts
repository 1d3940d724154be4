import { addSeconds, DomainError, fromBase64Url, sha256, type State } from '@mandate/core';
import { LIMITS, startOfDay, TIMES } from '../deps.js';
import { insertWayIn, visitOf, type EnterDeps, type Visit } from './enter.js';
import { liveLetterOf } from '../present/set-letters.js';

/**
 * The framed visit behind the secret its frame keeps in memory. It is no key to the visit: it stands
 * for it in `handOver` and `outcomeOf` alone. Throws `visit-invalid`.
 */
export async function visitByHandOver(deps: EnterDeps, secret: string): Promise<Visit> {
  const invalid = 'ask the institution to open this page again';
  let digest: Uint8Array;
  try {
    digest = sha256(fromBase64Url(secret));
  } catch (cause) {
    throw new DomainError('visit-invalid', invalid, { cause });
  }
  const row = await deps.record.visitByHandOver(digest);
  if (!row || row.expiresAt <= deps.clock.now()) throw new DomainError('visit-invalid', invalid);
  return visitOf(row);
}

/**
 * A new ticket for a full page, where the frame cannot or may not go on: no origin may frame it, and
 * it leads back to where the first one did. Throws `visit-invalid`, `illegal-transition`,
 * `rate-limited`.
 */
export async function handOver(
  deps: EnterDeps,
  visit: Visit,
): Promise<{ id: string; secret: string; expiresAt: Date }> {
  const { record, clock } = deps;
  const at = clock.now();
  const link = visit.framed && visit.linkId ? await record.linkById(visit.linkId) : null;
  if (!link || addSeconds(link.expiresAt, TIMES.handOverLife) <= at)
    throw new DomainError('visit-invalid', 'ask the institution to open this page again');
  const authorization = await liveLetterOf(record, visit.authorizationId);
  const counted = await record.count({
    scope: 'hand-over',
    key: visit.id,
    windowStart: startOfDay(at),
    max: LIMITS.handOvers,
  });
  if (!counted) throw new DomainError('rate-limited', 'this frame was handed over too often');
  const { returnUrl, returnState } = link;
  const ways = { kind: 'ticket', origins: [], returnUrl, returnState } as const;
  return insertWayIn(deps, authorization, ways, visit.id);
}

/** How it ended, in the words of the widget's events; `signed` is not yet an end. */
export type Outcome = 'running' | 'success' | 'declined' | 'lapsed' | 'failed';

export const outcomeOf = (state: State): Outcome => {
  if (state === 'released') return 'success';
  if (state === 'declined' || state === 'lapsed' || state === 'failed') return state;
  return 'running';
};

/** The same of a set: it runs while any letter does, and one signed letter is a success. */
export function outcomeOfAll(states: readonly State[]): Outcome {
  const outcomes = states.map(outcomeOf);
  const order = ['running', 'success', 'declined', 'lapsed', 'failed'] as const;
  return order.find((outcome) => outcomes.includes(outcome)) ?? 'running';
}
