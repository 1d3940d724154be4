import {
  codeHolds,
  placeOf,
  rowMacs,
  tellChange,
  type CodedRow,
  type CodedTable,
  type ToldAccount,
  type ToldChange,
  type WithMac,
} from '@mandate/ceremony';
import { canonicalize, FIRST_PREVIOUS, kindDigestHex, sha256Hex } from '@mandate/core';
import { openDatabase, type Database } from '../connect.js';
import { staffPeople, type StaffAccount, type StaffChange } from '../desk/staff-people.js';

/**
 * `register-broken`: an entry that does not continue the one before it; `not-vouched-for`: a row or entry without a
 * code that holds, so that nobody with the right to wrote it; `unexplained`: an account that stands otherwise than the
 * register says, a way in that was ended there, or an entry of a passkey by way of what had led to one already.
 */
export interface StaffProblem {
  readonly code: 'register-broken' | 'not-vouched-for' | 'unexplained';
  /** Table and key. */
  readonly at: string;
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
    const told = new Map<string, ToldAccount>();
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

function replay(changes: readonly StaffChange[], told: Map<string, ToldAccount>): StaffProblem[] {
  const problems: StaffProblem[] = [];
  let previous = FIRST_PREVIOUS;
  changes.forEach(({ number, body, digest }, i) => {
    const said = JSON.parse(body) as ToldChange;
    const continues =
      number === i + 1 &&
      said.number === number &&
      said.previous === previous &&
      canonicalize(said) === body &&
      kindDigestHex('staff-change', said) === digest;
    if (!continues) problems.push({ code: 'register-broken', at: `staff_changes/${number}` });
    // What led to a passkey once leads to none again: its row was brought back.
    const by = said.act === 'enrolled' ? String(said.detail['byWayOf']) : null;
    if (by !== null && told.get(said.staff)?.ways.has(by))
      problems.push(odd('staff_changes', String(number)));
    previous = digest;
    told.set(said.staff, tellChange(told.get(said.staff), said));
  });
  return problems;
}

function explained(account: StaffAccount, told: ToldAccount | undefined): boolean {
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
async function revived(
  db: Database,
  told: ReadonlyMap<string, ToldAccount>,
): Promise<StaffProblem[]> {
  const passkeys = await db
    .selectFrom('staffPasskeys')
    .select(['staffId', 'credentialId'])
    .where('endedAt', 'is', null)
    .execute();
  const logins = await db
    .selectFrom('staffLogins')
    .select(['staffId', 'issuer', 'subject', 'change'])
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
    good: (row: R, it: ToldAccount) => boolean,
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
    ...found(
      'staff_logins',
      logins,
      ({ issuer, subject, change }, { linked }) =>
        linked?.number === change && linked.issuer === issuer && linked.subject === subject,
    ),
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
