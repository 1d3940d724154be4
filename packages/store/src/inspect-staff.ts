import {
  codeHolds,
  rowMacs,
  type CodedRow,
  type CodedTable,
  type WithMac,
} from '@mandate/ceremony';
import { canonicalize, FIRST_PREVIOUS, kindDigestHex, type StaffAct } from '@mandate/core';
import { openDatabase, type Database } from './connect.js';
import { staffPeople, type StaffAccount, type StaffChange } from './staff-people.js';

/**
 * `register-broken`: an entry that does not continue the one before it; `not-vouched-for`: a row or entry without a
 * code that holds, so that nobody with the right to wrote it; `unexplained`: an account that stands otherwise than the
 * register says, or a way in that was ended there.
 */
export interface StaffProblem {
  readonly code: 'register-broken' | 'not-vouched-for' | 'unexplained';
  /** Table and key. */
  readonly at: string;
}

interface Said {
  readonly number: number;
  readonly at: string;
  readonly act: StaffAct;
  readonly staff: string;
  readonly previous: string;
  readonly detail: Readonly<Record<string, unknown>>;
}
/** What the register comes to for one account. */
interface Told {
  place: string;
  roles: Set<string>;
  open: boolean;
  /** Number and moment of the entry that last ended all ways in. */
  ended: { number: number; at: Date } | null;
}

/**
 * People of the desk against the register of changes, all of it recomputed; with `vaultSecret` the codes of every row
 * that lets somebody in as well.
 */
export async function inspectStaff(
  url: string,
  { vaultSecret, at }: { vaultSecret: Uint8Array | null; at: Date },
): Promise<{ accounts: number; changes: number; problems: readonly StaffProblem[] }> {
  const db = openDatabase(url, undefined, 1);
  try {
    const { staffAccounts, staffChanges } = staffPeople(db);
    const [accounts, changes] = [await staffAccounts(at), await staffChanges()];
    const told = new Map<string, Told>();
    const problems = [
      ...replay(changes, told),
      ...accounts.filter((it) => !explained(it, told.get(it.id))).map((it) => odd('staff', it.id)),
      ...[...told.keys()]
        .filter((id) => !accounts.some((it) => it.id === id))
        .map((id) => odd('staff', id)),
      ...(await revived(db, told)),
      ...(vaultSecret ? await unvouched(db, vaultSecret, accounts, changes) : []),
    ];
    return { accounts: accounts.length, changes: changes.length, problems };
  } finally {
    await db.destroy();
  }
}

const odd = (table: string, key: string): StaffProblem => ({
  ...{ code: 'unexplained', at: `${table}/${key}` },
});

function replay(changes: readonly StaffChange[], told: Map<string, Told>): StaffProblem[] {
  const problems: StaffProblem[] = [];
  let previous = FIRST_PREVIOUS;
  changes.forEach(({ number, body, digest }, i) => {
    const said = JSON.parse(body) as Said;
    const continues =
      number === i + 1 &&
      said.number === number &&
      said.previous === previous &&
      canonicalize(said) === body &&
      kindDigestHex('staff-change', said) === digest;
    if (!continues) problems.push({ code: 'register-broken', at: `staff_changes/${number}` });
    previous = digest;
    tell(said, told);
  });
  return problems;
}

function tell({ number, at, act, staff, detail }: Said, told: Map<string, Told>): void {
  const fresh: Told = { place: '', roles: new Set(), open: true, ended: null };
  const it = told.get(staff) ?? fresh;
  told.set(staff, it);
  const place = placeOf(detail);
  if (act === 'opened') it.place = place;
  if (act === 'moved' && place !== it.place) Object.assign(it, { place, roles: new Set() });
  if (act === 'role-given') it.roles.add(String(detail['role']));
  if (act === 'role-ended') it.roles.delete(String(detail['role']));
  if (act === 'closed') Object.assign(it, { open: false, roles: new Set() });
  if (act === 'closed' || act === 'reset') it.ended = { number, at: new Date(at) };
}

/** What of a place of work ends roles when it changes. */
const placeOf = (it: Readonly<Record<string, unknown>>): string =>
  JSON.stringify([it['institution'], it['team'], it['outsourced']]);

function explained(account: StaffAccount, told: Told | undefined): boolean {
  const { institutionId: institution, team, outsourced, roles } = account;
  return (
    told !== undefined &&
    told.place === placeOf({ institution, team, outsourced }) &&
    told.open === (account.closedAt === null) &&
    told.roles.size === roles.length &&
    roles.every(({ role }) => told.roles.has(role))
  );
}

/** Ways in that are good by their rows and over by the register. */
async function revived(db: Database, told: ReadonlyMap<string, Told>): Promise<StaffProblem[]> {
  const over = (staffId: string, made: { change?: number; madeAt: Date }): boolean => {
    const ended = told.get(staffId)?.ended;
    if (!ended) return false;
    return made.change === undefined ? made.madeAt <= ended.at : made.change < ended.number;
  };
  const passkeys = await db
    .selectFrom('staffPasskeys')
    .select(['staffId', 'madeAt'])
    .where('endedAt', 'is', null)
    .execute();
  const logins = await db
    .selectFrom('staffLogins')
    .select(['staffId', 'madeAt', 'change'])
    .where('endedAt', 'is', null)
    .execute();
  const invitations = await db
    .selectFrom('staffInvitations')
    .select(['staffId', 'madeAt', 'change'])
    .where('usedAt', 'is', null)
    .execute();
  const found = (table: string, rows: { staffId: string; madeAt: Date; change?: number }[]) =>
    rows.filter((row) => over(row.staffId, row)).map(({ staffId }) => odd(table, staffId));
  return [
    ...found('staff_passkeys', passkeys),
    ...found('staff_logins', logins),
    ...found('staff_invitations', invitations),
  ];
}

/** Rows that let somebody in, or let them do something, and that nobody with the secret wrote. */
async function unvouched(
  db: Database,
  vaultSecret: Uint8Array,
  accounts: readonly StaffAccount[],
  changes: readonly StaffChange[],
): Promise<StaffProblem[]> {
  const macs = rowMacs(vaultSecret);
  const check = <T extends CodedTable, R extends CodedRow<T> & WithMac>(
    table: T,
    rows: readonly R[],
    keyOf: (row: R) => unknown,
  ): StaffProblem[] =>
    rows
      .filter((row) => !codeHolds(macs, table, row))
      .map((row) => ({ code: 'not-vouched-for', at: `${table}/${String(keyOf(row))}` }));
  const passkeys = await db.selectFrom('staffPasskeys').selectAll().execute();
  const codes = await db.selectFrom('staffRecoveryCodes').selectAll().execute();
  const logins = await db.selectFrom('staffLogins').selectAll().execute();
  const invitations = await db.selectFrom('staffInvitations').selectAll().execute();
  const sessions = await db.selectFrom('staffSessions').selectAll().execute();
  const roles = await db.selectFrom('staffRoles').selectAll().execute();
  return [
    ...check('staff_changes', changes, ({ number }) => number),
    ...check('staff', accounts, ({ id }) => id),
    ...check('staff_roles', roles, ({ staffId, role }) => `${staffId}/${role}`),
    ...check('staff_logins', logins, ({ staffId }) => staffId),
    ...check('staff_invitations', invitations, ({ id }) => id),
    ...check('staff_passkeys', passkeys, ({ staffId }) => staffId),
    ...check('staff_recovery_codes', codes, ({ staffId }) => staffId),
    ...check('staff_sessions', sessions, ({ id }) => id),
  ];
}
