import { DomainError, type Measure } from '@mandate/core';
import { parseTemplate, type IdentityPolicyName, type Terms } from '@mandate/terms';
import { openFor, type RaDeps } from '../confirm/challenge.js';
import type { AuthorizationRow } from '../ports.js';
import { countedMeasures } from './counted-measures.js';

/** A letter of the sitting, with what its template asks. */
export interface SittingLetter {
  readonly authorization: AuthorizationRow;
  readonly policy: IdentityPolicyName;
  readonly measures: readonly Measure[];
}

/** What one check serves: a letter, or all letters of a set that are accepted by now. */
export interface IdentitySitting {
  readonly own: SittingLetter;
  /** The letter, or the set: what tries are counted by. One person, exactly as the letters name them. */
  readonly countedBy: string;
  readonly letters: readonly SittingLetter[];
  /** Those of all letters together, as they are answered together, that can be counted on. */
  readonly measures: readonly Measure[];
  readonly subject: Terms['subject'];
}

const OPEN = ['presented', 'challenged', 'confirmed'];

/** Throws `step-out-of-order` unless the letter was shown and is not signed; `link-expired`. */
export async function openSitting(deps: RaDeps, authorizationId: string): Promise<IdentitySitting> {
  const { record, clock } = deps;
  const authorization = await record.authorization(authorizationId);
  if (!OPEN.includes(authorization.state))
    throw new DomainError('step-out-of-order', `no check while it is ${authorization.state}`);
  if (authorization.signBy <= clock.now())
    throw new DomainError('link-expired', 'the time to sign is over');
  const own = await letterOf(deps, authorization);
  const set = await record.setOf(authorizationId);
  const letters: SittingLetter[] = [];
  for (const member of set?.members ?? []) {
    if (member.refusedAt) continue;
    const other = await record.authorization(member.authorizationId);
    if (OPEN.includes(other.state)) letters.push(await letterOf(deps, other));
  }
  if (letters.length === 0) letters.push(own);
  const { terms } = await openFor(deps, authorization, 'identify');
  const asked = [...new Set(letters.flatMap((letter) => letter.measures))];
  const measures = await countedMeasures(deps, own.policy, asked, terms.subject, clock.now());
  return { own, countedBy: set?.id ?? authorizationId, letters, measures, subject: terms.subject };
}

export async function letterOf(
  { record }: Pick<RaDeps, 'record'>,
  authorization: AuthorizationRow,
): Promise<SittingLetter> {
  const { templateId, templateVersion } = authorization;
  const { policy } = parseTemplate(
    JSON.parse((await record.template(templateId, templateVersion)).body),
  );
  return { authorization, policy: policy.identity ?? 'basic', measures: policy.measures };
}
