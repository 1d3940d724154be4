import {
  addSeconds,
  canonicalize,
  commitment,
  DomainError,
  fromHex,
  fromUtf8,
  newId,
  sha256Hex,
  toBase64Url,
  toHex,
  toUtcSeconds,
  type Measure,
  type NewPasskey,
  type PasskeyCredential,
  type PasskeyOptions,
  type RaRole,
} from '@mandate/core';
import { entryBytes } from '@mandate/ledger';
import { maskName, maskPhone } from '@mandate/terms';
import { termsFor, type RaDeps } from './challenge.js';
import { passkeyOwner } from './code.js';
import { LIMITS, startOfDay, TIMES } from '../deps.js';
import type { PasskeyRow } from '../ports/passkey.js';
import type { AuthorizationRow, ChallengeRow, RaRecord } from '../ports.js';
import { answeredDigest, compareCode, tryChallenge } from './try-challenge.js';

/**
 * What the browser needs to answer the challenge at hand with a passkey, or to register one under it.
 * Throws `challenge-missing`.
 */
export async function passkeyOptions(
  deps: RaDeps,
  request: Parameters<RaRole['passkeyOptions']>[0],
): Promise<PasskeyOptions> {
  const { record, clock, secret, passkeys } = deps;
  const authorization = await record.authorization(request.authorizationId);
  const { challenge } = await provable(deps, authorization, request.visitId, clock.now());
  const { subject } = await termsFor(deps, authorization, 'confirm');
  const key = passkeyOwner(secret, subject);
  return passkeys.options({
    challenge: fromHex(answeredDigest(challenge)),
    // Shown by the device among its passkeys; the handle tells nobody anything.
    user: { handle: key, name: `${maskName(subject.name)} ${maskPhone(subject.phone)}` },
    known: (await record.passkeysOf(key)).filter(({ revokedAt }) => !revokedAt),
  });
}

/**
 * Registers a passkey for the subject, bound to an earlier proof: the right code for the live challenge, which
 * is counted and not used up, or the confirmation of a ceremony that is done. The proven number is told. Throws `challenge-missing`,
 * `measure-missing`, `code-wrong`, `code-tries-exhausted`, `challenge-expired`, `passkey-invalid`,
 * `rate-limited`.
 */
export async function registerPasskey(
  deps: RaDeps,
  request: Parameters<RaRole['registerPasskey']>[0],
): Promise<{ registeredAt: string }> {
  const { record, clock, secret, random } = deps;
  const at = clock.now();
  const authorization = await record.authorization(request.authorizationId);
  const { challenge, provenBy } = await provable(deps, authorization, request.visitId, at);
  const check = (): Promise<NewPasskey> =>
    deps.passkeys.registration(request.registration, fromHex(answeredDigest(challenge)));
  const { code } = request;
  if (!provenBy && code === undefined)
    throw new DomainError('measure-missing', 'a code shows first whose passkey this will be');
  const made = provenBy
    ? await check()
    : (
        await tryChallenge(deps, challenge, at, async () => {
          compareCode(deps, challenge, code!);
          return check();
        })
      ).answer;

  const { subject } = await termsFor(deps, authorization, 'confirm');
  const key = passkeyOwner(secret, subject);
  const counted = await record.count({
    scope: 'challenges-passkeys',
    key: toHex(key),
    windowStart: startOfDay(at),
    max: LIMITS.registrations,
  });
  if (!counted) throw new DomainError('rate-limited', 'no more passkeys can be registered today');

  const salt = random.bytes(32);
  const credential = toHex(commitment(salt, 'passkey', canonicalize(credentialOf(made))));
  const entry = entryBytes({
    format: 'mandate-entry/v1',
    kind: 'credential',
    at: toUtcSeconds(at),
    credential,
  });
  const row: PasskeyRow = {
    ...made,
    id: newId('passkey', clock, random),
    subjectKey: key,
    salt,
    entryDigest: sha256Hex(entry),
    authorizationId: authorization.id,
    challengeDigest: challenge.digest,
    provenBy: provenBy ?? ['sms-code'],
    createdAt: at,
    lastUsedAt: null,
    revokedAt: null,
    revokedWhy: null,
  };
  await record.registerPasskey(
    {
      authorization,
      type: 'passkey-registered',
      at,
      data: {
        passkey: row.id,
        credential,
        challenge: challenge.digest,
        provenBy: row.provenBy,
        visit: request.visitId,
      },
      outbox: [
        { topic: 'integrate-ledger', ref: row.id },
        { topic: 'tell-passkey', ref: row.id },
      ],
    },
    row,
    fromUtf8(entry),
  );
  return { registeredAt: toUtcSeconds(at) };
}

export const credentialOf = (
  passkey: Pick<NewPasskey, 'credentialId' | 'publicKey'>,
): PasskeyCredential => ({
  credentialId: toBase64Url(passkey.credentialId),
  publicKey: toBase64Url(passkey.publicKey),
});

/**
 * The challenge by which this visit can show who is there. `provenBy`: it has done so already, in a ceremony
 * that is done; else an answer to the live challenge must.
 */
async function provable(
  { record }: RaDeps,
  authorization: AuthorizationRow,
  visitId: string,
  at: Date,
): Promise<{ challenge: ChallengeRow; provenBy: PasskeyRow['provenBy'] | null }> {
  if (authorization.state === 'challenged') {
    const challenge = await record.latestChallenge(authorization.id);
    if (challenge && !challenge.deadAt && challenge.expiresAt > at)
      return { challenge: await withCodeOf(record, challenge), provenBy: null };
  }
  if (authorization.state === 'released') {
    const confirmation = await record.latestConfirmation(authorization.id);
    if (
      confirmation?.visitId === visitId &&
      addSeconds(confirmation.confirmedAt, TIMES.enrolmentLife) > at
    ) {
      const challenge = (await record.challenge(confirmation.challengeId))!;
      const provenBy: Measure[] = [
        ...(confirmation.codeRecord ? (['sms-code'] as const) : []),
        ...(confirmation.passkey ? (['passkey'] as const) : []),
      ];
      return { challenge, provenBy };
    }
  }
  throw new DomainError('challenge-missing', 'ask for a code first');
}

/** In a set the code, its tries and its end are the first challenge's. */
export const withCodeOf = async (
  record: Pick<RaRecord, 'challengeByDigest'>,
  challenge: ChallengeRow,
): Promise<ChallengeRow> =>
  challenge.setChallenges && challenge.setChallenges[0] !== challenge.digest
    ? (await record.challengeByDigest(challenge.setChallenges[0]!))!
    : challenge;
