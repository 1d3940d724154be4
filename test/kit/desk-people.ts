import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openKeyFolder } from '@mandate/adapters';
import {
  addSeconds,
  newId,
  sha256,
  systemRandom,
  toBase64Url,
  type AgreementAsked,
  type Clock,
  type StaffRole,
} from '@mandate/core';
import { openDatabase, staffAdministration } from '@mandate/store';
import { softwareAuthenticator, type PasskeyChanges } from './software-authenticator.js';

export interface AccountChoices {
  /** Null: the operator's own people. */
  readonly institutionId?: string | null;
  readonly outsourced?: boolean;
  readonly team?: string;
  readonly name?: string;
}
const DAY = 86_400;
const DONE = { by: 'head', approver: 'second' };

/** Accounts of the desk as `mandate staff` makes them, on the installation whose keys lie in `folder`/keys. */
export async function deskPeople(p: { databaseUrl: string; folder: string; clock: Clock }) {
  const { clock } = p;
  const owner = openDatabase(p.databaseUrl, undefined, 2);
  const secret = await openKeyFolder(join(p.folder, 'keys', 'vault')).secret('wrapping');
  const accounts = staffAdministration(owner, secret);
  const done = () => ({ ...DONE, at: clock.now() });

  const account = async (
    roles: readonly StaffRole[],
    { institutionId = null, outsourced = false, team = 'disputes', name }: AccountChoices = {},
  ): Promise<string> => {
    const id = newId('staff', clock, systemRandom);
    const contractUntil = outsourced ? addSeconds(clock.now(), 300 * DAY) : null;
    const place = { institutionId, team, outsourced, contractUntil };
    await accounts.openStaff({
      ...{ id, name: name ?? id.slice(-4), undertaking: 'HR-1', ...place, ...done() },
    });
    for (const role of roles) await accounts.giveRole({ staffId: id, role, ...done() });
    return id;
  };
  /** Secret of a one-time invitation to set up a passkey. */
  const invite = async (staffId: string): Promise<Uint8Array> => {
    const invitation = systemRandom.bytes(32);
    await accounts.inviteStaff({
      ...{ id: newId('staffInvitation', clock, systemRandom), staffId, ...done() },
      ...{ secretDigest: sha256(invitation), endsAt: addSeconds(clock.now(), DAY) },
    });
    return invitation;
  };
  return { accounts, account, invite, done, close: () => owner.destroy() };
}
export type DeskPeople = Awaited<ReturnType<typeof deskPeople>>;

/** The word of an agreement that nobody was asked for. */
export const NOBODYS = {
  agreement: 'agr_01890000-0000-7000-8000-000000000000',
  query: '',
} as const;

/** A browser at the desk, with its cookies; it sends what the desk's own page sends. */
export function deskBrowser(deskUrl: string) {
  const jar = new Map<string, string>();
  /** A header that is undefined is not sent. */
  return async (method: string, path: string, body?: unknown, headers: object = {}) => {
    const response = await fetch(`${deskUrl}${path}`, {
      method,
      headers: whole({
        'x-requested-with': 'mandate',
        ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
        cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body === undefined || body instanceof Uint8Array
          ? {}
          : { 'content-type': 'application/json' }),
        ...headers,
      }),
      ...(body === undefined
        ? {}
        : { body: body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0]!.split('=') as [string, string];
      jar.set(name, value);
    }
    const bytes = new Uint8Array(await response.arrayBuffer());
    const json = /json/.test(response.headers.get('content-type') ?? '')
      ? JSON.parse(Buffer.from(bytes).toString('utf8'))
      : undefined;
    return { status: response.status, headers: response.headers, bytes, json };
  };
}
const whole = (headers: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );

export type DeskBrowser = ReturnType<typeof deskBrowser>;

/** Somebody of the desk who has set up a passkey and is signed in, through the real door over HTTP. */
export async function deskPerson(
  at: { deskUrl: string; people: DeskPeople },
  roles: readonly StaffRole[],
  choices: AccountChoices = {},
) {
  const id = await at.people.account(roles, choices);
  const invitation = toBase64Url(await at.people.invite(id));
  const go = deskBrowser(at.deskUrl);
  const authenticator = softwareAuthenticator(at.deskUrl);
  const begun = await go('POST', '/desk/api/sign-in', { means: 'enrolment', invitation });
  const answer = authenticator.register(begun.json.options.challenge);
  const made = await go('POST', '/desk/api/sign-in/enrolment', { invitation, answer });
  if (made.status !== 200) throw new Error(`enrolment: ${JSON.stringify(made.json)}`);
  /** Anew, by the passkey. */
  const signIn = async () => {
    const tried = await go('POST', '/desk/api/sign-in', { means: 'passkey' });
    return go('POST', '/desk/api/sign-in/passkey', {
      answer: authenticator.assert(tried.json.options.challenge),
    });
  };
  /** A fresh word of the passkey's over that; what the desk says where it does not ask for one. */
  const word = async (asked: AgreementAsked, changes: PasskeyChanges = {}) => {
    const begun = await go('POST', '/desk/api/agreements', asked);
    if (begun.status !== 201) return { begun };
    const answer = authenticator.assert(begun.json.options.challenge, changes);
    return { begun, proof: { agreement: begun.json.agreement as string, answer } };
  };
  /** Agrees with it: to a grant, unless told otherwise. */
  const agree = async (
    grant: string,
    asked: AgreementAsked = { act: 'grant', grant },
    path = `/desk/api/grants/${grant}/approvals`,
    body: object = {},
  ) => {
    const { begun, proof } = await word(asked);
    return proof ? go('POST', path, { ...body, proof }) : begun;
  };
  return {
    ...{ id, go, authenticator, signIn, word, agree },
    recoveryCodes: made.json.recoveryCodes as readonly string[],
  };
}
