import { termsFor, type RaDeps } from '../confirm/challenge.js';
import { subjectKey } from '../confirm/code.js';

/** Remembers a person who said that they were being told to sign; the trail must say so. */
export async function notePause(deps: RaDeps, authorizationId: string): Promise<void> {
  const authorization = await deps.record.authorization(authorizationId);
  const declined = (await deps.record.trail(authorizationId))
    .map(({ body }) => JSON.parse(body) as { type: string; at: string; data: { reason?: string } })
    .findLast(({ type }) => type === 'declined');
  if (declined?.data.reason !== 'someone-is-telling-me') return;
  const terms = await termsFor(deps, authorization, 'challenge');
  await deps.record.notePause({
    subjectKey: subjectKey(deps.secret, terms.subject),
    authorizationId,
    at: new Date(declined.at),
  });
}
