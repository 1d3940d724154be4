import { DomainError, secretsEqual, sha256, utf8 } from '@mandate/core';
import { LIMITS, startOfDay } from '../deps.js';
import { openTerms } from '../letter-box.js';
import type { EnterDeps, Visit } from './enter.js';

/**
 * The gate: the last six characters of the ID number, before anything personal is shown. Tries are counted per
 * link, and more widely over all links of a letter or set, because whoever took over an account at the
 * institution gets tickets at will. Guesses by the letter's number are counted elsewhere and lock nobody out here.
 * Throws `gate-mismatch`, `gate-locked`.
 */
export async function passGate(deps: EnterDeps, visit: Visit, lastSix: string): Promise<void> {
  if (visit.identified) return;
  const { clock, record } = deps;
  const at = clock.now();
  const set = await record.setOf(visit.authorizationId);
  const letter = set?.members[0]?.authorizationId ?? visit.authorizationId;
  for (const [scope, key, max] of [
    ['gate-link', await linkKey(deps, visit), LIMITS.gateTries],
    ['gate-letter', letter, LIMITS.gateTriesPerLetter],
  ] as const)
    if (!(await record.count({ scope, key, windowStart: startOfDay(at), max })))
      throw new DomainError('gate-locked', 'too many tries today; ask the institution for help');
  const expected = await lastSixDigest(deps, visit.authorizationId, `visit:${visit.id}`);
  if (!secretsEqual(expected, digestOfSix(lastSix)))
    throw new DomainError('gate-mismatch', 'these characters do not match');
  await record.identifyVisit(visit.id, at, 'last-six');
}

/** A frame can make new tickets for itself; they bring no new tries. */
async function linkKey({ record }: EnterDeps, visit: Visit): Promise<string> {
  const link = visit.linkId === null ? null : await record.linkById(visit.linkId);
  const from = link?.handedOverFrom ? await record.visit(link.handedOverFrom) : null;
  return from?.linkId ?? visit.linkId ?? visit.id;
}

/** SHA-256 of what has to be typed. */
export async function lastSixDigest(
  deps: EnterDeps,
  authorizationId: string,
  actor: string,
): Promise<Uint8Array> {
  const { dataKey } = await deps.vault.unwrap({ authorizationId, purpose: 'present', actor });
  const box = await deps.record.personalData(authorizationId, 'terms');
  const { subject } = openTerms(dataKey, authorizationId, box);
  return sha256(utf8(subject.idNumber.slice(-6).toUpperCase()));
}

/** SHA-256 of what was typed; six characters or it matches nothing. */
export const digestOfSix = (typed: string): Uint8Array => sha256(utf8(typed.trim().toUpperCase()));
