import {
  codeHolds,
  rowMacs,
  type CodedRow,
  type CodedTable,
  type WithMac,
} from '@mandate/ceremony';
import {
  canonicalize,
  FIRST_PREVIOUS,
  kindDigestHex,
  sha256Hex,
  type StaffAct,
} from '@mandate/core';
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
  /** Number of the entry that last ended all ways in. */
  ended: number;
  /** Since when every older session is over. */
  sessionsOver: string;
  /** Its passkey (SHA-256 of the credential's id), and what came with it. */
  enrolled: { at: string; passkey: string; codes: number } | null;
  /** Invitations, and sessions by recovery code, that led to a passkey. */
  ways: Set<string>;
  reviewedAt: string;
  wokenAt: string | null;
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
  const fresh: Told = {
    ...{ place: '', roles: new Set<string>(), open: true, ended: 0, sessionsOver: at },
    ...{ enrolled: null, ways: new Set<string>(), reviewedAt: at, wokenAt: null },
  };
  const it = told.get(staff) ?? fresh;
  told.set(staff, it);
  const place = placeOf(detail);
  if (act === 'opened') it.place = place;
  if (act === 'moved' && place !== it.place)
    Object.assign(it, { place, roles: new Set(), sessionsOver: at });
  if (act === 'role-given') it.roles.add(String(detail['role']));
  if (act === 'role-ended') it.roles.delete(String(detail['role']));
  if (act === 'closed') Object.assign(it, { open: false, roles: new Set() });
  if (act === 'closed' || act === 'reset')
    Object.assign(it, { ended: number, sessionsOver: at, enrolled: null });
  if (act === 'enrolled') {
    const [passkey, codes] = [String(detail['passkey']), Number(detail['codes'])];
    Object.assign(it, { sessionsOver: at, enrolled: { at, passkey, codes } });
    it.ways.add(String(detail['byWayOf']));
  }
  if (act === 'reviewed') it.reviewedAt = at;
  if (act === 'woken') it.wokenAt = at;
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
    told.reviewedAt === account.reviewedAt.toISOString() &&
    told.wokenAt === (account.wokenAt?.toISOString() ?? null) &&
    told.roles.size === roles.length &&
    roles.every(({ role }) => told.roles.has(role))
  );
}

/** Ways in that are good by their rows and over by the register, and who was seen without a session. */
async function revived(db: Database, told: ReadonlyMap<string, Told>): Promise<StaffProblem[]> {
  const passkeys = await db
    .selectFrom('staffPasskeys')
    .select(['staffId', 'credentialId'])
    .where('endedAt', 'is', null)
    .execute();
  const logins = await db
    .selectFrom('staffLogins')
    .select(['staffId', 'change'])
    .where('endedAt', 'is', null)
    .execute();
  const invitations = await db
    .selectFrom('staffInvitations')
    .select(['id', 'staffId', 'change'])
    .where('usedAt', 'is', null)
    .execute();
  const codes = await db
    .selectFrom('staffRecoveryCodes')
    .select(['staffId', 'madeAt'])
    .where('usedAt', 'is', null)
    .execute();
  const sessions = await db
    .selectFrom('staffSessions')
    .select(['id', 'staffId', 'means', 'openedAt', 'endedAt'])
    .execute();
  const seen = await db.selectFrom('staff').select(['id', 'seenAt']).execute();

  const found = <R extends { staffId: string }>(
    table: string,
    rows: readonly R[],
    good: (row: R, it: Told) => boolean,
  ): StaffProblem[] => {
    const wrong = rows.filter((row) => {
      const it = told.get(row.staffId);
      return !it || !good(row, it);
    });
    return [...new Set(wrong.map(({ staffId }) => staffId))].map((id) => odd(table, id));
  };
  /** Each came of a code that is used up. */
  const recovered = (staffId: string, since: string) =>
    sessions.filter(
      (it) =>
        it.staffId === staffId &&
        it.means === 'recovery-code' &&
        it.openedAt.toISOString() >= since,
    ).length;
  const unused = (staffId: string) => codes.filter((it) => it.staffId === staffId).length;
  const last = new Map<string, number>();
  for (const { staffId, openedAt } of sessions)
    last.set(staffId, Math.max(last.get(staffId) ?? 0, openedAt.getTime()));
  return [
    ...found(
      'staff_passkeys',
      passkeys,
      ({ credentialId }, it) => it.enrolled?.passkey === sha256Hex(credentialId),
    ),
    ...found('staff_logins', logins, ({ change }, it) => change > it.ended),
    ...found(
      'staff_invitations',
      invitations,
      ({ id, change }, it) => change > it.ended && !it.ways.has(id),
    ),
    ...found(
      'staff_recovery_codes',
      codes,
      ({ staffId, madeAt }, { enrolled }) =>
        enrolled?.at === madeAt.toISOString() &&
        unused(staffId) + recovered(staffId, enrolled.at) <= enrolled.codes,
    ),
    ...found(
      'staff_sessions',
      sessions.filter(({ endedAt }) => endedAt === null),
      ({ openedAt }, it) => openedAt.toISOString() >= it.sessionsOver,
    ),
    ...seen
      .filter(({ id, seenAt }) => (seenAt?.getTime() ?? 0) > (last.get(id) ?? 0))
      .map(({ id }) => odd('staff', id)),
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
