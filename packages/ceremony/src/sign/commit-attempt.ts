import { sha256Hex, toHex, toUtcSeconds, type Scene } from '@mandate/core';
import { entryText, type LetterEntry } from '@mandate/ledger';
import { scopeDigest, scopeOf } from '@mandate/terms';
import { openTerms } from '../letter-box.js';
import type { AttemptRow } from '../ports.js';
import { sealScope } from '../use/sealed-scope.js';
import type { AttemptJournal } from './attempt-journal.js';
import type { CaDeps } from './open-attempt.js';

/** The signature counts from here on: state, trail, scope and the ledger's entry in one transaction, once. */
export async function commitAttempt(
  deps: CaDeps,
  attempt: AttemptRow,
  journal: AttemptJournal,
  signature: Uint8Array,
  dataKey: Uint8Array,
): Promise<void> {
  const { record } = deps;
  const bundle = journal.read('bundle')!;
  const authorization = await record.authorization(attempt.authorizationId);
  const challenge = await record.challenge(attempt.challengeId);
  const box = await record.personalData(authorization.id, 'terms');
  const { choices } = JSON.parse(challenge.scene) as Scene;
  const scope = scopeOf(openTerms(dataKey, authorization.id, box), choices);
  const at = deps.clock.now();
  const entry: LetterEntry = {
    format: 'mandate-entry/v1',
    kind: 'letter',
    at: toUtcSeconds(at),
    serial: toHex(attempt.serial),
    signature: sha256Hex(signature),
    letter: authorization.letterDigest,
    scene: challenge.sceneDigest,
    bundle: bundle.digest,
  };
  deps.probe('before-commit');
  try {
    await record.commit(
      {
        authorization,
        to: 'signed',
        type: 'signed',
        at,
        data: {
          attempt: attempt.id,
          serial: entry.serial,
          signature: entry.signature,
          bundle: bundle.digest,
          object: bundle.object,
          keyOrigin: attempt.keyOrigin,
          scope: scopeDigest(scope),
        },
        outbox: [{ topic: 'integrate-ledger', ref: authorization.id }],
      },
      attempt.id,
      entryText(entry),
      scope,
      sealScope(dataKey, authorization.id, scopeDigest(scope), deps.random),
    );
  } catch (error) {
    // Another worker was first: its commit is ours.
    const now = await record.attempt(attempt.id);
    if (now?.state !== 'committed') throw error;
  }
  deps.probe('after-commit');
}
