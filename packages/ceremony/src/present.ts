import { DomainError, kindDigestHex } from '@mandate/core';
import type { EnterDeps, Visit } from './enter.js';
import { loadLetter, openTerms } from './letter-box.js';
import type { AuthorizationRow } from './ports.js';
import type { Terms } from '@mandate/terms';

/** What was on screen, as an indication; never "understood". */
export interface Presentation {
  readonly letterDigest: string;
  readonly acknowledged: readonly string[];
  readonly readingSeconds: number;
  readonly reachedEnd: boolean;
}

interface Opened {
  readonly terms: Terms;
  readonly dataKey: Uint8Array;
}

/** One opening per request: a visit object lives as long as the request it was read for. */
const openings = new WeakMap<Visit, Promise<Opened>>();

/** The authorization and its terms for an identified visit. */
export async function openForVisit(
  deps: EnterDeps,
  visit: Visit,
): Promise<Opened & { authorization: AuthorizationRow }> {
  if (!visit.identified) throw new DomainError('step-out-of-order', 'pass the gate first');
  let opening = openings.get(visit);
  if (!opening) openings.set(visit, (opening = open(deps, visit)));
  return {
    authorization: await deps.record.authorization(visit.authorizationId),
    ...(await opening),
  };
}

async function open(deps: EnterDeps, visit: Visit): Promise<Opened> {
  const { authorizationId } = visit;
  const { dataKey } = await deps.vault.unwrap({
    authorizationId,
    purpose: 'present',
    actor: `visit:${visit.id}`,
  });
  const box = await deps.record.personalData(authorizationId, 'terms');
  return { terms: openTerms(dataKey, authorizationId, box), dataKey };
}

/** The exact bytes to be signed. */
export async function letterForVisit(deps: EnterDeps, visit: Visit): Promise<Uint8Array> {
  const { authorization, dataKey } = await openForVisit(deps, visit);
  return loadLetter(deps.objects, dataKey, authorization);
}

/**
 * Records that the letter was shown and its key clauses acknowledged one by one.
 * Throws `invalid-request` when a clause is missing or the digest is another letter's,
 * `step-out-of-order` when the policy's reading time is not over.
 */
export async function recordPresentation(
  deps: EnterDeps,
  visit: Visit,
  presentation: Presentation,
  minimumReadingSeconds: number,
): Promise<void> {
  const { authorization, terms } = await openForVisit(deps, visit);
  if (presentation.letterDigest !== authorization.letterDigest)
    throw new DomainError('invalid-request', 'another letter was shown');
  const clauses = terms.clauses.map((clause) => clause.id);
  if (
    presentation.acknowledged.length !== clauses.length ||
    clauses.some((id) => !presentation.acknowledged.includes(id))
  )
    throw new DomainError('invalid-request', 'every key clause is acknowledged, each by itself');
  if (presentation.readingSeconds < minimumReadingSeconds)
    throw new DomainError('step-out-of-order', 'please take the time to read the letter');
  if (authorization.state === 'presented') return;
  if (authorization.state !== 'requested')
    throw new DomainError('illegal-transition', `the authorization is ${authorization.state}`);
  await deps.record.advance({
    authorization,
    to: 'presented',
    type: 'presented',
    at: deps.clock.now(),
    data: {
      letter: authorization.letterDigest,
      presentation: kindDigestHex('presentation', presentation),
      readingSeconds: presentation.readingSeconds,
      reachedEnd: presentation.reachedEnd,
      acknowledged: clauses,
      visit: visit.id,
    },
  });
}
