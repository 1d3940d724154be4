import { DomainError, type Measure, type Scene, type SceneIdentity } from '@mandate/core';
import { missingOf, sceneIdentity } from '@mandate/terms';
import type { RaDeps } from '../confirm/challenge.js';
import type { OpenedLetter } from '../confirm/freeze-scene.js';
import type { PasskeyRow } from '../ports/passkey.js';
import { countedMeasures, passkeyCountsFrom } from './counted-measures.js';
import { identityStanding, usableResults } from './standing.js';

const required = (): DomainError =>
  new DomainError('identity-required', 'who the subject is has not been shown, or too long ago');

/**
 * What goes into the scene: the policy as it is now and the results that meet it. No code is made before.
 * Throws `identity-required`.
 */
export async function requireIdentity(
  deps: RaDeps,
  { authorization, policy, terms }: OpenedLetter,
  measures: readonly Measure[],
  at: Date,
): Promise<SceneIdentity | undefined> {
  const name = policy.identity ?? 'basic';
  if (name === 'basic') return undefined;
  const rows = await deps.record.identityResults(authorization.id);
  const usable = usableResults(rows, deps.identity, at);
  const counted = await countedMeasures(deps, name, measures, terms.subject, at);
  const { missing, results } = identityStanding(name, counted, usable);
  if (missing.some((each) => each > 0)) throw required();
  return sceneIdentity(name, results);
}

/**
 * The results that the scene names still count, and so does the passkey, once one has answered. The database asks again.
 * Throws `identity-required`, `passkey-waiting`.
 */
export async function checkIdentity(
  deps: RaDeps,
  authorizationId: string,
  { identity, measures }: Scene,
  passkey: Pick<PasskeyRow, 'createdAt'> | undefined,
  at: Date,
): Promise<void> {
  if (!identity) return;
  const rows = await deps.record.identityResults(authorizationId);
  const alive = usableResults(rows, deps.identity, at).map(({ digest }) => digest);
  // All of them, also those that are more than enough: what the evidence names is judged.
  if (!identity.results.every(({ digest }) => alive.includes(digest))) throw required();
  const shown = [...measures, ...identity.results.map(({ check }) => check)];
  const misses = (of: readonly string[]): boolean =>
    identity.requirements.some((each) => missingOf(each, of) > 0);
  if (misses(shown)) throw required();
  const from = passkey && passkeyCountsFrom(passkey);
  if (from && from > at && misses(shown.filter((each) => each !== 'passkey')))
    throw new DomainError('passkey-waiting', 'a passkey shows who somebody is a day after', {
      extensions: { retryAfterSeconds: Math.ceil((from.getTime() - at.getTime()) / 1000) },
    });
}
