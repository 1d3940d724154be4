import {
  systemRandom,
  type AgreementAsked,
  type AgreementProof,
  type OpenedSession,
  type StaffDoor,
  type StaffRole,
} from '@mandate/core';
import type { AccountChoices, DeskPeople } from './desk-people.js';
import { softwareAuthenticator } from './software-authenticator.js';

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

export interface DoorPerson {
  readonly id: string;
  readonly authenticator: ReturnType<typeof softwareAuthenticator>;
  readonly recoveryCodes: readonly string[];
  /** Of the session. */
  secret: Uint8Array;
}

/** A passkey set up by invitation, at role vault itself. */
export async function enrolAtDoor(
  door: StaffDoor,
  p: { origin: string } & ({ invitation: Uint8Array } | { session: Uint8Array }),
) {
  const { origin, ...how } = p;
  const authenticator = softwareAuthenticator(origin);
  const secret = systemRandom.bytes(32);
  const { challenge } = await door.beginSignIn({ secret, means: 'enrolment', ...how });
  const answer = authenticator.register(base64url(challenge));
  return { ...(await door.enrol({ secret, answer, ...how })), authenticator };
}

/** Somebody of the desk who is signed in, at role vault itself. */
export async function doorPerson(
  at: { door: StaffDoor; people: DeskPeople; origin: string },
  roles: readonly StaffRole[],
  choices: AccountChoices = {},
): Promise<DoorPerson> {
  const id = await at.people.account(roles, choices);
  const invitation = await at.people.invite(id);
  const { secret, authenticator, recoveryCodes } = await enrolAtDoor(at.door, {
    ...{ origin: at.origin, invitation },
  });
  return { id, authenticator, secret, recoveryCodes };
}

export async function signInAtDoor(
  door: StaffDoor,
  { authenticator }: Pick<DoorPerson, 'authenticator'>,
  changes: Parameters<DoorPerson['authenticator']['assert']>[1] = {},
): Promise<OpenedSession> {
  const secret = systemRandom.bytes(32);
  const { challenge } = await door.beginSignIn({ secret, means: 'passkey' });
  const answer = authenticator.assert(base64url(challenge), changes);
  return door.signInByPasskey({ secret, answer });
}

/** That person's own fresh word over it, as their passkey gives it. */
export async function wordAtDoor(
  door: StaffDoor,
  { secret, authenticator }: Pick<DoorPerson, 'secret' | 'authenticator'>,
  asked: AgreementAsked,
  changes: Parameters<DoorPerson['authenticator']['assert']>[1] = {},
): Promise<AgreementProof> {
  const { agreement, options } = await door.beginAgreement({ secret, asked });
  return { agreement, answer: authenticator.assert(String(options!['challenge']), changes) };
}

/** Agrees to the grant. */
export async function agreeAtDoor(
  door: StaffDoor,
  who: Pick<DoorPerson, 'secret' | 'authenticator'>,
  grant: string,
) {
  const proof = await wordAtDoor(door, who, { act: 'grant', grant });
  return door.approveGrant({ secret: who.secret, grant, proof });
}
