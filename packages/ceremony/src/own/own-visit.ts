import {
  addSeconds,
  bytesEqual,
  DomainError,
  newId,
  secretsEqual,
  sha256,
  toUtcSeconds,
  type OpenedOwnVisit,
  type OwnPasskey,
  type OwnVisit,
  type RaRole,
} from '@mandate/core';
import { countedTry } from '../confirm/counted-try.js';
import { termsFor, type RaDeps } from '../confirm/challenge.js';
import { refuseRevoked } from '../confirm/passkey-answer.js';
import { credentialIdOf } from '../credential-id.js';
import { LIMITS, TIMES } from '../deps.js';
import { ownCodeMac } from './own-enter.js';
import type { OwnChallengeRow, OwnVisitRow } from '../ports/own.js';
import type { PasskeyRow } from '../ports/passkey.js';
import { subjectIndex } from './subject-index.js';

type Narrowing = Pick<OwnVisitRow, 'means' | 'personKey'> &
  Partial<Pick<OwnVisitRow, 'phoneKey' | 'credentialId' | 'institutionId' | 'ownLinkId'>>;

/**
 * Answers an entry. Counted before anything is compared; the last wrong answer kills it. Nobody's entry says the
 * same as somebody's with a wrong code. Throws `challenge-missing`, `challenge-expired`, `challenge-dead`,
 * `code-wrong`, `code-tries-exhausted`, `passkey-unknown`, `passkey-invalid`, `passkey-revoked`.
 */
export async function confirmOwn(
  deps: RaDeps,
  request: Parameters<RaRole['confirmOwn']>[0],
): Promise<OpenedOwnVisit> {
  const { record, clock } = deps;
  const at = clock.now();
  const row = await record.ownChallenge({ secretDigest: sha256(request.secret) });
  const answered = request.passkey ? 'passkey' : 'code';
  if (!row || row.kind !== answered)
    throw new DomainError('challenge-missing', 'ask for a code first');
  const { answer } = await countedTry(
    {
      count: () => record.countOwnTry(row.id, at, LIMITS.codeTries),
      read: () => record.ownChallenge({ id: row.id }),
      kill: () => record.killOwnChallenge(row.id, at),
    },
    at,
    async () => {
      const { narrowing, passkey } = await checkAnswer(deps, row, request);
      return openVisit(deps, at, narrowing, {
        challengeId: row.id,
        ...(passkey ? { passkey } : {}),
      });
    },
  );
  return answer;
}

async function checkAnswer(
  { record, secret, passkeys }: RaDeps,
  row: OwnChallengeRow,
  { code, passkey: assertion }: Parameters<RaRole['confirmOwn']>[0],
): Promise<{ narrowing: Narrowing; passkey?: { id: string; counter: number } }> {
  if (!assertion) {
    const right = secretsEqual(ownCodeMac(secret, row.id, code ?? ''), row.codeMac!);
    const index = row.authorizationId && (await record.subjectIndex(row.authorizationId));
    if (!right || !index) throw new DomainError('code-wrong', 'this code is wrong');
    return { narrowing: { means: 'code', personKey: index.personKey, phoneKey: index.phoneKey } };
  }
  const known = await record.passkey(credentialIdOf(assertion));
  // The passkey's person is the one of the letter it was registered under, name included.
  const index = known && (await record.subjectIndex(known.authorizationId));
  if (!index) throw new DomainError('passkey-unknown', 'this passkey is not registered here');
  const { counter } = await passkeys.assertion(assertion, row.challenge!, known);
  refuseRevoked(known);
  const { personKey, phoneKey } = index;
  return {
    narrowing: { means: 'passkey', personKey, phoneKey, credentialId: known.credentialId },
    passkey: { id: known.id, counter },
  };
}

/**
 * For somebody who lost the number: whoever vouches has made sure who is there. The opening of the personal data,
 * by that institution, stands in the access register before the link exists.
 */
export async function makeOwnLink(
  deps: RaDeps,
  request: Parameters<RaRole['ownLink']>[0],
): Promise<{ secret: Uint8Array; expiresAt: string }> {
  const { record, clock, random } = deps;
  const at = clock.now();
  const authorization = await record.authorization(request.authorizationId);
  if (authorization.institutionId !== request.institutionId)
    throw new DomainError('not-found', 'no such authorization');
  const id = newId('ownLink', clock, random);
  const actor = `institution:${request.institutionId}/${id}`;
  const { subject } = await termsFor(deps, authorization, 'own-link', actor);
  await record.indexSubject({
    authorizationId: authorization.id,
    ...subjectIndex(deps.secret, subject),
  });
  const secret = random.bytes(32);
  const expiresAt = addSeconds(at, TIMES.ownLinkLife);
  await record.createOwnLink({
    id,
    authorizationId: authorization.id,
    institutionId: request.institutionId,
    vouchedBy: request.vouchedBy,
    how: request.how,
    secretDigest: sha256(secret),
    createdAt: at,
    expiresAt,
  });
  return { secret, expiresAt: toUtcSeconds(expiresAt) };
}

/** Once. Throws `link-invalid`, `link-expired`, `ticket-used`. */
export async function openOwnLink(deps: RaDeps, secret: Uint8Array): Promise<OpenedOwnVisit> {
  const at = deps.clock.now();
  const link = await deps.record.ownLink(sha256(secret));
  const index = link && (await deps.record.subjectIndex(link.authorizationId));
  if (!index) throw new DomainError('link-invalid', 'this link is not known');
  if (link.expiresAt <= at) throw new DomainError('link-expired', 'this link has expired');
  return openVisit(
    deps,
    at,
    {
      means: 'own-link',
      personKey: index.personKey,
      institutionId: link.institutionId,
      ownLinkId: link.id,
    },
    { linkId: link.id },
  );
}

async function openVisit(
  { record, clock, random }: RaDeps,
  at: Date,
  narrowing: Narrowing,
  by: Parameters<RaDeps['record']['openOwnVisit']>[0],
): Promise<OpenedOwnVisit> {
  const secret = random.bytes(32);
  const row: OwnVisitRow = {
    ...{ phoneKey: null, credentialId: null, institutionId: null, ownLinkId: null },
    ...narrowing,
    id: newId('ownVisit', clock, random),
    secretDigest: sha256(secret),
    createdAt: at,
    expiresAt: addSeconds(at, TIMES.ownVisitLife),
    endsAt: addSeconds(at, TIMES.ownVisitMost),
  };
  await record.openOwnVisit(by, row);
  return { ...(await visitView(record, row)), secret };
}

/** Throws `visit-invalid`. */
export const readOwnVisit = async (
  deps: Pick<RaDeps, 'record' | 'clock'>,
  secret: Uint8Array,
): Promise<OwnVisit> => visitView(deps.record, await liveOwnVisit(deps, secret));

/** The visit, kept open by being used. Throws `visit-invalid`. */
export async function liveOwnVisit(
  { record, clock }: Pick<RaDeps, 'record' | 'clock'>,
  secret: Uint8Array,
): Promise<OwnVisitRow> {
  const at = clock.now();
  const until = addSeconds(at, TIMES.ownVisitLife);
  const row = await record.touchOwnVisit(sha256(secret), at, until);
  if (!row) throw new DomainError('visit-invalid', 'enter again');
  return row;
}

export const leaveOwn = (
  { record, clock }: Pick<RaDeps, 'record' | 'clock'>,
  secret: Uint8Array,
): Promise<void> => record.endOwnVisit(sha256(secret), clock.now());

export const visitView = async (record: RaDeps['record'], row: OwnVisitRow): Promise<OwnVisit> => ({
  visit: row.id,
  means: row.means,
  authorizations: await record.ownAuthorizations(row.id),
  passkeys: (await record.ownPasskeys(row.id)).map((passkey) => ownPasskey(passkey, row)),
  vouched: row.ownLinkId ? await record.ownVouching(row.ownLinkId) : null,
  expiresAt: toUtcSeconds(row.expiresAt),
  endsAt: toUtcSeconds(row.endsAt),
});

const ownPasskey = (passkey: PasskeyRow, { credentialId }: OwnVisitRow): OwnPasskey => ({
  id: passkey.id,
  authorizationId: passkey.authorizationId,
  kind: passkey.kind,
  registeredAt: toUtcSeconds(passkey.createdAt),
  lastUsedAt: passkey.lastUsedAt && toUtcSeconds(passkey.lastUsedAt),
  removed: passkey.revokedAt && {
    at: toUtcSeconds(passkey.revokedAt),
    why: passkey.revokedWhy!,
  },
  here: credentialId !== null && bytesEqual(credentialId, passkey.credentialId),
});
