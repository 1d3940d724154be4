import { toHex } from '@mandate/core';
import { termsFor, type RaDeps } from '../confirm/challenge.js';
import { passkeyOwner, subjectKey } from '../confirm/code.js';
import { LIMITS, startOfWeek } from '../deps.js';

/** Letters of a set are declined within this time, milliseconds; they make one pause. */
const ONE_SITTING = 60_000;

/**
 * Remembers a person who said that they were being told to sign; the trail must say so. A letter in somebody's
 * name proves nothing: each institution makes only so many pauses of one person in a week, what is more is not
 * remembered.
 */
export async function notePause(deps: RaDeps, authorizationId: string): Promise<void> {
  const authorization = await deps.record.authorization(authorizationId);
  const declined = (await deps.record.trail(authorizationId))
    .map(({ body }) => JSON.parse(body) as { type: string; at: string; data: { reason?: string } })
    .findLast(({ type }) => type === 'declined');
  if (declined?.data.reason !== 'someone-is-telling-me') return;
  const terms = await termsFor(deps, authorization, 'note-pause');
  const at = new Date(declined.at);
  const person = subjectKey(deps.secret, terms.subject);
  const owner = passkeyOwner(deps.secret, terms.subject);
  const { institutionId } = authorization;
  const noted = (await deps.record.pausesOf(person)).some(
    (pause) =>
      pause.institutionId === institutionId &&
      toHex(pause.ownerKey) === toHex(owner) &&
      Math.abs(pause.at.getTime() - at.getTime()) < ONE_SITTING,
  );
  if (noted) return;
  const counted = await deps.record.count({
    scope: 'challenges-pauses',
    key: `${institutionId} ${toHex(person)}`,
    windowStart: startOfWeek(at),
    max: LIMITS.pausesPerInstitution,
  });
  if (!counted) return;
  await deps.record.notePause({ subjectKey: person, ownerKey: owner, authorizationId, at });
}
