import {
  addSeconds,
  AGREEING_ROLES,
  isDomainError,
  newId,
  sha256,
  sha256Hex,
  toBase64Url,
  toUtcSeconds,
  utf8,
  type PasskeyAssertion,
  type PasskeyCheck,
  type StaffDoor,
} from '@mandate/core';
import { credentialIdOf } from '../credential-id.js';
import { codeHolds, codeOf } from './coded-rows.js';
import { newRecoveryCodes, recoveryDigest } from './recovery-codes.js';
import { anySession, checkMayWork, notThatWay, openSession, type DoorDeps } from './sessions.js';
import type { SignInRow, StaffPasskeyRow } from './sign-in-ports.js';
import { staffChange } from './staff-change.js';
import { isLoginTold, isPasskeyTold, isWayTold, toldRoles } from './told-account.js';

/** Seconds. */
const TRY_LIFE = 5 * 60;
/** So many failures of one account in so many seconds lock it for as long. */
const FAILURES = 5;
const FAILURE_SPAN = 15 * 60;

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
  const { record, clock, random, passkeys, macs } = deps;

  const take = async (means: SignInRow['means'], secret: Uint8Array): Promise<SignInRow> => {
    const begun = await record.takeSignIn(means, sha256(secret), clock.now());
    if (!begun || !codeHolds(macs, 'staff_sign_ins', begun)) throw notThatWay();
    return begun;
  };

  /**
   * Whether recovery codes are anything to that person: not to whoever agrees, by the register of changes, since the desk's
   * process sees them. Who lost such a passkey is set up anew by two people (`staff reset`).
   */
  const recovers = async (staffId: string): Promise<boolean> => {
    const { changes } = await record.staffChanges(staffId);
    const told = toldRoles(macs, staffId, changes);
    return told !== null && !AGREEING_ROLES.some((role) => told.has(role));
  };

  /** Whoever may set up a passkey: invited, or come in by a recovery code. */
  const enrolling = async (p: { invitation?: Uint8Array; session?: Uint8Array }) => {
    if (p.invitation) {
      const row = await record.invitation(sha256(p.invitation), clock.now());
      if (!row || !codeHolds(macs, 'staff_invitations', row)) throw notThatWay();
      if (!(await isWayTold(deps, row))) throw notThatWay();
      await checkMayWork(deps, row.staffId);
      return { staffId: row.staffId, byWayOf: row.id, invitation: row.id };
    }
    if (!p.session) throw notThatWay();
    const { staff, session, means } = await anySession(deps, p.session);
    if (means !== 'recovery-code' || !(await recovers(staff))) throw notThatWay();
    if (!(await isWayTold(deps, { id: session, staffId: staff }))) throw notThatWay();
    return { staffId: staff, byWayOf: session };
  };

  return {
    beginSignIn: async ({ secret, means, invitation, session }) => {
      const now = clock.now();
      const known = {
        ...(invitation ? { invitation } : {}),
        ...(session ? { session } : {}),
      };
      const person = means === 'enrolment' ? await enrolling(known) : null;
      if (means === 'oidc' && !deps.provider) throw notThatWay();
      const row = {
        id: newId('staffSignIn', clock, random),
        means,
        challenge: random.bytes(32),
        secretDigest: sha256(secret),
        staffId: person?.staffId ?? null,
        madeAt: now,
        endsAt: addSeconds(now, TRY_LIFE),
      };
      await record.beginSignIn({ ...row, mac: codeOf(macs, 'staff_sign_ins', row) });
      const begun = { id: row.id, challenge: row.challenge, endsAt: toUtcSeconds(row.endsAt) };
      if (means === 'oidc')
        return { ...begun, address: await deps.provider!.address(row.challenge) };
      if (means === 'passkey')
        return { ...begun, options: requestOptions(passkeys, row.challenge) };
      const { staffId } = person!;
      const standing = await record.staffStanding(staffId, now);
      const { creation } = await passkeys.options({
        challenge: row.challenge,
        user: { handle: sha256(utf8(staffId)), name: standing!.account.name },
        known: [],
      });
      // The device finds it by itself: nobody types who they are.
      const selection = { residentKey: 'required', userVerification: 'required' };
      return { ...begun, options: { ...creation, authenticatorSelection: selection } };
    },

    signInByPasskey: async ({ secret, answer }) => {
      const begun = await take('passkey', secret);
      const passkey = await named(record, answer);
      if (!passkey || !codeHolds(macs, 'staff_passkeys', passkey)) throw notThatWay();
      if (!(await isPasskeyTold(deps, passkey))) throw notThatWay();
      const { staffId } = passkey;
      const since = addSeconds(clock.now(), -FAILURE_SPAN);
      if ((await record.failuresSince(staffId, since)) >= FAILURES) throw notThatWay();
      const proven = await proves(passkeys, answer, begun.challenge, passkey);
      if (!proven || !(await record.moveCounter(passkey, proven.counter))) {
        await record.noteFailure(staffId, clock.now());
        throw notThatWay();
      }
      const { credentialId } = passkey;
      return openSession(deps, staffId, { means: 'passkey', credentialId });
    },

    signInByProvider: async ({ secret, query }) => {
      const begun = await take('oidc', secret);
      if (!deps.provider) throw notThatWay();
      const { subject, authTime } = await deps.provider.signedIn(query, begun.challenge);
      const login = await record.login(deps.provider.issuer, subject);
      if (!login || !codeHolds(macs, 'staff_logins', login)) throw notThatWay();
      if (!(await isLoginTold(deps, login))) throw notThatWay();
      const { issuer } = deps.provider;
      return openSession(deps, login.staffId, { means: 'oidc', issuer, subject, authTime });
    },

    signInByRecoveryCode: async ({ code }) => {
      const row = await record.recoveryCode(recoveryDigest(code));
      if (!row || !codeHolds(macs, 'staff_recovery_codes', row)) throw notThatWay();
      if (!(await recovers(row.staffId))) throw notThatWay();
      // Used up with the session: who may not work keeps the code for when they may.
      return openSession(deps, row.staffId, { means: 'recovery-code', digest: row.digest });
    },

    enrol: async ({ secret, answer, ...how }) => {
      const begun = await take('enrolment', secret);
      const { staffId, byWayOf, ...by } = await enrolling(how);
      if (staffId !== begun.staffId) throw notThatWay();
      // Checked first: an answer that does not hold must not use the invitation up.
      const made = await passkeys.registration(answer, begun.challenge);
      const madeAt = clock.now();
      const { credentialId, publicKey, counter } = made;
      const passkey = { credentialId, staffId, byWayOf, publicKey, counter, madeAt };
      const recoveryCodes = (await recovers(staffId)) ? newRecoveryCodes(random) : [];
      const codes = recoveryCodes
        .map((code) => ({ digest: recoveryDigest(code), staffId, madeAt }))
        .map((row) => ({ ...row, mac: codeOf(macs, 'staff_recovery_codes', row) }));
      const mac = codeOf(macs, 'staff_passkeys', passkey);
      // In the register of changes: a passkey, codes or an invitation from before are known to be over.
      const detail = { passkey: sha256Hex(credentialId), byWayOf, codes: codes.length };
      const deed = { act: 'enrolled' as const, staffId, by: staffId, at: madeAt, detail };
      const enrolled = await record.enrol({
        ...{ passkey: { ...passkey, mac }, codes, ...by },
        change: (last) => staffChange(macs, last, deed),
      });
      if (!enrolled) throw notThatWay();
      const session = await openSession(deps, staffId, { means: 'passkey', credentialId });
      return { ...session, recoveryCodes };
    },

    session: ({ secret, quiet }) => anySession(deps, secret, quiet),

    endSession: async ({ secret }) => {
      await record.endSession(sha256(secret), clock.now());
      return { ended: true };
    },
  };
}

/** Null: no passkey of anybody's. */
async function named(
  record: DoorDeps['record'],
  answer: PasskeyAssertion,
): Promise<StaffPasskeyRow | null> {
  try {
    return await record.passkey(credentialIdOf(answer));
  } catch (error) {
    if (!isDomainError(error, 'passkey-invalid')) throw error;
    return null;
  }
}

/** Null: the answer does not hold, which is nobody's business to learn apart. */
async function proves(
  passkeys: PasskeyCheck,
  answer: PasskeyAssertion,
  challenge: Uint8Array,
  passkey: StaffPasskeyRow,
): Promise<{ counter: number } | null> {
  try {
    return await passkeys.assertion(answer, challenge, passkey);
  } catch (error) {
    if (!isDomainError(error, 'passkey-invalid')) throw error;
    return null;
  }
}

/** `PublicKeyCredentialRequestOptionsJSON` for whatever passkey the device has for the desk. */
const requestOptions = ({ rpId }: PasskeyCheck, challenge: Uint8Array) => ({
  ...{ challenge: toBase64Url(challenge), rpId, userVerification: 'required' },
  allowCredentials: [],
});
