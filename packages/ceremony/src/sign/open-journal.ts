import type { AuthorityRole } from '@mandate/core';
import { loadLetter } from '../letter-box.js';
import type { AttemptRow } from '../ports.js';
import { attemptJournal } from './attempt-journal.js';
import type { CaDeps } from './open-attempt.js';

/** Who asks: the roles have names, workers act for role ca. */
const CA_ACTOR: `role:${AuthorityRole}` = 'role:ca';

/** What an attempt has left so far, decrypted. */
export async function openJournal(deps: CaDeps, attempt: AttemptRow) {
  const { dataKey } = await deps.vault.unwrap({
    authorizationId: attempt.authorizationId,
    purpose: 'sign',
    actor: CA_ACTOR,
  });
  const authorization = await deps.record.authorization(attempt.authorizationId);
  const letter = await loadLetter(deps.objects, dataKey, authorization);
  return {
    dataKey,
    letter,
    journal: attemptJournal(
      deps.record,
      attempt.id,
      dataKey,
      deps.random,
      await deps.record.journaled(attempt.id),
    ),
  };
}
