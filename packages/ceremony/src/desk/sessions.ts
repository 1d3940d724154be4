import {
  addSeconds,
  DomainError,
  newId,
  sha256,
  toBase64Url,
  toUtcSeconds,
  utf8,
  type OpenedSession,
  type PasskeyCheck,
  type SignInProvider,
  type SignInMeans,
  type StaffDoor,
  type StaffSession,
} from '@mandate/core';
import type { StepDeps } from '../deps.js';
import type { DoorRecord, StaffPasskeyRow } from './desk-ports.js';
import { newRecoveryCodes, recoveryDigest } from './recovery-codes.js';

/** Seconds. */
const TRY_LIFE = 5 * 60;
const SESSION_LIFE = 10 * 3600;

export interface DoorDeps extends StepDeps {
  readonly record: DoorRecord;
  readonly passkeys: PasskeyCheck;
  /** Null: this installation has accounts of its own only. */
  readonly provider: SignInProvider | null;
}

type SignIns = Pick<
  StaffDoor,
  | 'beginSignIn'
  | 'signInByPasskey'
  | 'signInByProvider'
  | 'signInByRecoveryCode'
  | 'enrol'
  | 'session'
  | 'endSession'
>;

/** Coming in and going out. Every failure of a sign-in is one and the same answer: nobody learns who works here. */
export function staffSignIns(deps: DoorDeps): SignIns {
  const { record, clock, random, passkeys } = deps;
  return {
    beginSignIn: async ({ secret, means, invitation }) => {
      const now = clock.now();
      const invited =
        means === 'enrolment'
          ? await record.invitation(sha256(invitation ?? new Uint8Array()), now)
          : null;
      if (means === 'enrolment' && !invited) throw notThatWay();
      if (means === 'oidc' && !deps.provider) throw notThatWay();
      const row = {
        id: newId('staffSignIn', clock, random),
        means,
        challenge: random.bytes(32),
        secretDigest: sha256(secret),
        staffId: invited?.staffId ?? null,
        madeAt: now,
        endsAt: addSeconds(now, TRY_LIFE),
      };
      await record.beginSignIn(row);
      const begun = { id: row.id, challenge: row.challenge, endsAt: toUtcSeconds(row.endsAt) };
      if (means === 'oidc')
        return { ...begun, address: await deps.provider!.address(row.challenge) };
      if (means === 'passkey')
        return { ...begun, options: requestOptions(passkeys, row.challenge) };
      const { creation } = await passkeys.options({
        challenge: row.challenge,
        user: { handle: sha256(utf8(invited!.staffId)), name: invited!.name },
        known: await record.passkeysOf(invited!.staffId).then(withoutTransports),
      });
      // The device finds it by itself: nobody types who they are.
      const selection = { residentKey: 'required', userVerification: 'required' };
      return { ...begun, options: { ...creation, authenticatorSelection: selection } };
    },

    signInByPasskey: async ({ secret, answer }) => {
      const now = clock.now();
      const begun = await record.takeSignIn('passkey', sha256(secret), now);
      const passkey = begun && (await record.passkey(credentialIdOf(answer.id)));
      if (!begun || !passkey) throw notThatWay();
      const { counter } = await passkeys.assertion(answer, begun.challenge, passkey);
      if (!(await record.moveCounter(passkey, counter))) throw notThatWay();
      return openSession(deps, passkey.staffId, 'passkey');
    },

    signInByProvider: async ({ secret, query }) => {
      const begun = await record.takeSignIn('oidc', sha256(secret), clock.now());
      if (!begun || !deps.provider) throw notThatWay();
      const subject = await deps.provider.subject(query, begun.challenge);
      const staffId = await record.staffByLogin(deps.provider.issuer, subject);
      if (!staffId) throw notThatWay();
      return openSession(deps, staffId, 'oidc');
    },

    signInByRecoveryCode: async ({ code }) => {
      const staffId = await record.takeRecoveryCode(recoveryDigest(code), clock.now());
      if (!staffId) throw notThatWay();
      return openSession(deps, staffId, 'recovery-code');
    },

    enrol: async ({ secret, invitation, answer }) => {
      const now = clock.now();
      const begun = await record.takeSignIn('enrolment', sha256(secret), now);
      if (!begun) throw notThatWay();
      // Checked first: an answer that does not hold must not use the invitation up.
      const made = await passkeys.registration(answer, begun.challenge);
      const invited = await record.invitation(sha256(invitation), now, true);
      if (!invited || invited.staffId !== begun.staffId) throw notThatWay();
      const { staffId } = invited;
      await record.addPasskey({ ...made, staffId, byWayOf: invited.id, madeAt: now });
      const recoveryCodes = newRecoveryCodes(random);
      await record.addRecoveryCodes(staffId, recoveryCodes.map(recoveryDigest), now);
      return { ...(await openSession(deps, staffId, 'passkey')), recoveryCodes };
    },

    session: ({ secret }) => liveSession(deps, secret),

    endSession: async ({ secret }) => {
      await record.endSession(sha256(secret), clock.now());
      return { ended: true };
    },
  };
}

/** Throws `session-ended`. */
export async function liveSession(
  { record, clock }: Pick<DoorDeps, 'record' | 'clock'>,
  secret: Uint8Array,
): Promise<StaffSession> {
  const session = await record.touchSession(sha256(secret), clock.now());
  if (!session) throw new DomainError('session-ended', 'sign in again');
  return session;
}

/** Throws `account-locked` with `why`. */
async function openSession(
  { record, clock, random }: DoorDeps,
  staffId: string,
  means: SignInMeans,
): Promise<OpenedSession> {
  const now = clock.now();
  const why = await record.staffRefusal(staffId, now);
  if (why) throw new DomainError('account-locked', why, { extensions: { why } });
  const secret = random.bytes(32);
  const endsAt = addSeconds(now, SESSION_LIFE);
  await record.openSession({
    id: newId('staffSession', clock, random),
    staffId,
    secretDigest: sha256(secret),
    means,
    openedAt: now,
    endsAt,
  });
  return {
    secret,
    session: await liveSession({ record, clock }, secret),
    endsAt: toUtcSeconds(endsAt),
  };
}

/** `PublicKeyCredentialRequestOptionsJSON` for whatever passkey the device has for the desk. */
const requestOptions = ({ rpId }: PasskeyCheck, challenge: Uint8Array) => ({
  ...{ challenge: toBase64Url(challenge), rpId, userVerification: 'required' },
  allowCredentials: [],
});

const withoutTransports = (passkeys: readonly StaffPasskeyRow[]) =>
  passkeys.map(({ credentialId }) => ({ credentialId, transports: [] }));

const notThatWay = (): DomainError =>
  new DomainError('unauthenticated', 'this did not open the desk');

function credentialIdOf(id: string): Uint8Array {
  return new Uint8Array(Buffer.from(id, 'base64url'));
}
