import {
  addSeconds,
  bytesEqual,
  DomainError,
  fromBase64Url,
  fromHex,
  toBase64Url,
  toUtcSeconds,
  type PasskeyAssertion,
  type PasskeyCheck,
  type PasskeyRecord,
} from '@mandate/core';
import { termsFor, type RaDeps } from './challenge.js';
import { passkeyOwner } from './code.js';
import { TIMES } from '../deps.js';
import type { AuthorizationRow, ChallengeRow, PasskeyRow, RaRecord } from '../ports.js';
import { answeredDigest } from './try-challenge.js';

/** An answer that holds; its counter is still to be moved, by a conditional UPDATE. */
export interface PasskeyAnswer {
  readonly row: PasskeyRow;
  readonly counter: number;
  readonly assertion: PasskeyAssertion;
}

/**
 * Checks that a living passkey of this subject answered this challenge (32 bytes). A passkey that nobody
 * has, that is another's or that was revoked is `passkey-unknown` alike; else `passkey-invalid`.
 */
export async function checkAssertion(
  deps: { readonly record: Pick<RaRecord, 'passkey'>; readonly passkeys: PasskeyCheck },
  subject: Uint8Array,
  assertion: PasskeyAssertion,
  challenge: Uint8Array,
): Promise<PasskeyAnswer> {
  const row = await deps.record.passkey(credentialIdOf(assertion));
  if (!row || row.revokedAt || !bytesEqual(row.subjectKey, subject))
    throw new DomainError('passkey-unknown', 'this passkey is not registered here');
  const { counter } = await deps.passkeys.assertion(assertion, challenge, row);
  return { row, counter, assertion };
}

/**
 * The same for the live challenge of an authorization. Throws `pause-running` for a further passkey that only a
 * code stood by: who has one passkey already is not to be replaced within one telephone call.
 */
export async function checkPasskeyAnswer(
  deps: RaDeps,
  authorization: AuthorizationRow,
  challenge: ChallengeRow,
  assertion: PasskeyAssertion,
): Promise<PasskeyAnswer> {
  const { subject } = await termsFor(deps, authorization, 'confirm');
  const owner = passkeyOwner(deps.secret, subject);
  const answer = await checkAssertion(deps, owner, assertion, fromHex(answeredDigest(challenge)));
  await checkWait(deps, owner, answer.row);
  return answer;
}

async function checkWait({ record, clock }: RaDeps, owner: Uint8Array, row: PasskeyRow) {
  if (row.provenBy !== 'sms-code') return;
  const wait =
    addSeconds(row.createdAt, TIMES.furtherPasskeyWait).getTime() - clock.now().getTime();
  const before = (await record.passkeysOf(owner)).some(
    ({ createdAt }) => createdAt < row.createdAt,
  );
  if (wait > 0 && before)
    throw new DomainError('pause-running', 'a further passkey signs a day after it was set up', {
      extensions: { retryAfterSeconds: Math.ceil(wait / 1000) },
    });
}

/** What is kept of it for the bundle. */
export const passkeyRecordOf = (
  { passkeys }: Pick<RaDeps, 'passkeys'>,
  challenge: Pick<ChallengeRow, 'digest' | 'setChallenges'>,
  { row, assertion }: PasskeyAnswer,
  at: Date,
): PasskeyRecord => ({
  format: 'mandate-passkey/v0',
  challenge: answeredDigest(challenge),
  ...setChallengesOf(challenge),
  rpId: passkeys.rpId,
  origin: passkeys.origin,
  credentialId: toBase64Url(row.credentialId),
  publicKey: toBase64Url(row.publicKey),
  authenticatorData: assertion.response.authenticatorData,
  clientDataJSON: assertion.response.clientDataJSON,
  signature: assertion.response.signature,
  checkedAt: toUtcSeconds(at),
  registration: {
    at: toUtcSeconds(row.createdAt),
    provenBy: row.provenBy,
    salt: toBase64Url(row.salt),
    entry: row.entryDigest,
  },
});

/** A record names the challenges of all letters where one answer was given to them together. */
export const setChallengesOf = ({ setChallenges }: Pick<ChallengeRow, 'setChallenges'>) =>
  setChallenges ? { setChallenges } : {};

function credentialIdOf({ id }: PasskeyAssertion): Uint8Array {
  try {
    return fromBase64Url(id);
  } catch (cause) {
    throw new DomainError('passkey-invalid', 'no credential id', { cause });
  }
}
