import {
  addSeconds,
  bytesEqual,
  DomainError,
  fromHex,
  toBase64Url,
  toUtcSeconds,
  type PasskeyAssertion,
  type PasskeyCheck,
  type PasskeyRecord,
} from '@mandate/core';
import { credentialIdOf } from '../credential-id.js';
import { termsFor, type RaDeps } from './challenge.js';
import { passkeyOwner } from './code.js';
import { TIMES } from '../deps.js';
import type { PasskeyRow } from '../ports/passkey.js';
import type { AuthorizationRow, ChallengeRow, RaRecord } from '../ports.js';
import { answeredDigest } from './try-challenge.js';

/** An answer that holds; its counter is still to be moved, by a conditional UPDATE. */
export interface PasskeyAnswer {
  readonly row: PasskeyRow;
  readonly counter: number;
  readonly assertion: PasskeyAssertion;
}

/**
 * Checks that a living passkey of this subject answered this challenge (32 bytes). A passkey that nobody has or
 * that is another's is `passkey-unknown` alike; one that does not hold `passkey-invalid`. That it was removed,
 * `passkey-revoked`, only its holder learns.
 */
export async function checkAssertion(
  deps: { readonly record: Pick<RaRecord, 'passkey'>; readonly passkeys: PasskeyCheck },
  subject: Uint8Array,
  assertion: PasskeyAssertion,
  challenge: Uint8Array,
): Promise<PasskeyAnswer> {
  const row = await deps.record.passkey(credentialIdOf(assertion));
  if (!row || !bytesEqual(row.subjectKey, subject))
    throw new DomainError('passkey-unknown', 'this passkey is not registered here');
  const { counter } = await deps.passkeys.assertion(assertion, challenge, row);
  refuseRevoked(row);
  return { row, counter, assertion };
}

/** Throws `passkey-revoked`. */
export function refuseRevoked({ revokedAt }: Pick<PasskeyRow, 'revokedAt'>): void {
  if (revokedAt)
    throw new DomainError('passkey-revoked', 'this passkey was removed', {
      extensions: { revokedAt: toUtcSeconds(revokedAt) },
    });
}

/**
 * The same for the live challenge of an authorization. Throws `passkey-waiting` for a further passkey that only
 * a code stood by: who has one passkey already is not to be replaced within one telephone call, and who removes
 * the one before, by another code, does not shorten the wait.
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
  if (row.provenBy.includes('passkey')) return;
  const wait =
    addSeconds(row.createdAt, TIMES.furtherPasskeyWait).getTime() - clock.now().getTime();
  const before = (await record.passkeysOf(owner)).some(
    ({ createdAt, revokedAt }) =>
      createdAt < row.createdAt &&
      (!revokedAt || addSeconds(revokedAt, TIMES.furtherPasskeyWait) > row.createdAt),
  );
  if (wait > 0 && before)
    throw new DomainError('passkey-waiting', 'a further passkey signs a day after it was set up', {
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
  format: 'mandate-passkey/v1',
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
