import type { StaffRole } from '@mandate/core';
import {
  tellChange,
  type ProviderLogin,
  type ToldAccount,
  type ToldChange,
} from '../desk/told-account.js';
import type { RecordReader } from './reconcile-ports.js';

/**
 * Milliseconds. Command and role vault have clocks of their own, and what was under way when somebody's role ended has
 * the moment at which it was begun: so much is nobody's lie.
 */
export const SLACK = 60_000;

/** What people of the desk could do at a moment, by the register of changes; what their rows say now counts nothing. */
export interface PeopleThen {
  /** The account was open and held that role; null: any or none. */
  could(staffId: string, role: StaffRole | null, at: Date): boolean;
  /** That role, by one and the same entry, at both moments. */
  keptRole(staffId: string, role: StaffRole, since: Date, at: Date): boolean;
  /** The account had a passkey; of that credential (SHA-256 of its id, hex), where one is named. */
  hadPasskey(staffId: string, at: Date, passkey?: string): boolean;
  /** The account was linked with the identity provider; with that sign-in there, where one is named. */
  hadLogin(staffId: string, at: Date, login?: ProviderLogin): boolean;
  /** Of the operator's own people, or of that institution's. */
  worksFor(staffId: string, institutionId: string, at: Date): boolean;
  /** A session of that person that nothing in the register had ended. */
  inSession(sessionId: string, staffId: string, at: Date): boolean;
}

interface Then extends ToldAccount {
  readonly since: number;
}
interface Session {
  readonly staffId: string;
  readonly openedAt: Date;
  readonly endsAt: Date;
}

/** Plays the whole register, and keeps every account as it was after each entry. */
export async function peopleThen(
  reader: Pick<RecordReader, 'deskChanges' | 'deskSessions'>,
): Promise<PeopleThen> {
  const accounts = new Map<string, Then[]>();
  for await (const { body } of reader.deskChanges()) {
    const said = JSON.parse(body) as ToldChange;
    const all = accounts.get(said.staff) ?? [];
    const told = tellChange(structuredClone(all.at(-1)), said);
    accounts.set(said.staff, [...all, { ...told, since: new Date(said.at).getTime() }]);
  }
  const sessions = new Map<string, Session>();
  for await (const { id, ...session } of reader.deskSessions()) sessions.set(id, session);

  const as = (staffId: string, moment: number): Then | undefined =>
    accounts.get(staffId)?.findLast(({ since }) => since <= moment);
  /** The account as it was about then, where it was one to work with. */
  const about = (staffId: string, at: Date): readonly Then[] =>
    [-SLACK, 0, SLACK]
      .flatMap((by) => as(staffId, at.getTime() + by) ?? [])
      .filter(
        ({ open, contractUntil: end }) =>
          open && (end === null || at.getTime() < Date.parse(end) + SLACK),
      );
  return {
    could: (staffId, role, at) =>
      about(staffId, at).some(({ roles }) => role === null || roles.has(role)),
    keptRole: (staffId, role, since, at) => {
      const given = about(staffId, since).flatMap((it) => it.roles.get(role) ?? []);
      return about(staffId, at).some((it) => given.includes(it.roles.get(role) ?? -1));
    },
    hadPasskey: (staffId, at, passkey) =>
      about(staffId, at).some(
        ({ enrolled }) =>
          enrolled !== null && (passkey === undefined || enrolled.passkey === passkey),
      ),
    hadLogin: (staffId, at, login) =>
      about(staffId, at).some(
        ({ linked }) =>
          linked !== null &&
          (!login || (linked.issuer === login.issuer && linked.subject === login.subject)),
      ),
    worksFor: (staffId, institutionId, at) =>
      about(staffId, at).some(
        ({ institution }) => institution === null || institution === institutionId,
      ),
    inSession: (id, staffId, at) => {
      const session = sessions.get(id);
      return (
        session?.staffId === staffId &&
        at.getTime() >= session.openedAt.getTime() - SLACK &&
        at.getTime() < session.endsAt.getTime() + SLACK &&
        about(staffId, at).some(({ sessionsOver }) => session.openedAt >= new Date(sessionsOver))
      );
    },
  };
}
