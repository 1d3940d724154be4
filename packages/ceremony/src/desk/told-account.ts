import { kindDigestHex, sha256Hex, type StaffAct, type StaffRole } from '@mandate/core';
import { codeHolds } from './coded-rows.js';
import type { RowMacs } from './row-macs.js';
import type { LoginRow, SignInRecord, StaffPasskeyRow } from './sign-in-ports.js';
import type { StaffChangeRow } from './staff-change.js';

/** What an entry of the register of changes says. */
export interface ToldChange {
  readonly number: number;
  readonly at: string;
  readonly act: StaffAct;
  readonly staff: string;
  readonly previous: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Whom an identity provider calls so. */
export type ProviderLogin = Pick<LoginRow, 'issuer' | 'subject'>;

/** What the register of changes comes to for one account. */
export interface ToldAccount {
  place: string;
  /** Where that is; null: the operator's own. */
  institution: string | null;
  /** When a contractor's contract ends, as `Date.toISOString`; null: none does. */
  contractUntil: string | null;
  /** Roles held, with the number of the entry that gave them. */
  roles: Map<string, number>;
  open: boolean;
  /** Number of the entry that last ended all ways in. */
  ended: number;
  /** Since when every older session is over. */
  sessionsOver: string;
  /** Its passkey (SHA-256 of the credential's id), and what came with it. */
  enrolled: { at: string; passkey: string; codes: number } | null;
  /** Its sign-in at the identity provider, with the number of the entry that linked it. */
  linked: ({ number: number } & ProviderLogin) | null;
  /** Invitations, and sessions by recovery code, that led to a passkey. */
  ways: Set<string>;
  reviewedAt: string;
  wokenAt: string | null;
}

/** Plays the account's next entry. `told`: what those before came to. */
export function tellChange(
  told: ToldAccount | undefined,
  { number, at, act, detail }: ToldChange,
): ToldAccount {
  const it: ToldAccount = told ?? {
    ...{ place: '', roles: new Map<string, number>(), open: true, ended: 0, sessionsOver: at },
    ...{ enrolled: null, linked: null, ways: new Set<string>(), reviewedAt: at, wokenAt: null },
    ...{ institution: null, contractUntil: null },
  };
  const place = placeOf(detail);
  if (act === 'opened' || act === 'moved') {
    it.institution = (detail['institution'] ?? null) as string | null;
    it.contractUntil = (detail['contractUntil'] ?? null) as string | null;
  }
  if (act === 'opened') it.place = place;
  if (act === 'moved' && place !== it.place)
    Object.assign(it, { place, roles: new Map(), sessionsOver: at });
  if (act === 'role-given') it.roles.set(String(detail['role']), number);
  if (act === 'role-ended') it.roles.delete(String(detail['role']));
  if (act === 'closed') Object.assign(it, { open: false, roles: new Map() });
  if (act === 'closed' || act === 'reset')
    Object.assign(it, { ended: number, sessionsOver: at, enrolled: null, linked: null });
  if (act === 'linked')
    it.linked = { number, issuer: String(detail['issuer']), subject: String(detail['subject']) };
  if (act === 'enrolled') {
    const [passkey, codes] = [String(detail['passkey']), Number(detail['codes'])];
    Object.assign(it, { sessionsOver: at, enrolled: { at, passkey, codes } });
    it.ways.add(String(detail['byWayOf']));
  }
  if (act === 'reviewed') it.reviewedAt = at;
  if (act === 'woken') it.wokenAt = at;
  return it;
}

/** What of a place of work ends roles when it changes. */
export const placeOf = (it: Readonly<Record<string, unknown>>): string =>
  JSON.stringify([it['institution'], it['team'], it['outsourced']]);

/**
 * What the register says of an account, whatever its rows say now; `until`: as it stood then. Undefined: nothing. Null
 * where one of the entries is not as role vault or the `staff` command wrote it.
 * @param changes the account's own, in their order
 */
export function toldAccount(
  macs: RowMacs,
  staffId: string,
  changes: readonly Pick<StaffChangeRow, 'number' | 'body' | 'digest' | 'mac'>[],
  until?: Date,
): ToldAccount | undefined | null {
  let told: ToldAccount | undefined;
  for (const row of changes) {
    const said = JSON.parse(row.body) as ToldChange;
    const whole =
      codeHolds(macs, 'staff_changes', row) &&
      said.number === row.number &&
      said.staff === staffId &&
      kindDigestHex('staff-change', said) === row.digest;
    if (!whole) return null;
    if (until === undefined || new Date(said.at) <= until) told = tellChange(told, said);
  }
  return told;
}

/** Which entry gave each role that is held; null and `changes` as above. */
export function toldRoles(
  ...register: Parameters<typeof toldAccount>
): ReadonlyMap<StaffRole, number> | null {
  const told = toldAccount(...register);
  return told === null ? null : ((told?.roles ?? new Map()) as ReadonlyMap<StaffRole, number>);
}

interface Told {
  readonly record: Pick<SignInRecord, 'staffChanges'>;
  readonly macs: RowMacs;
}

/** Null where the register has a gap, or is cut off behind what the ledger has: it names nobody then. */
async function wholeAccount(
  { record, macs }: Told,
  staffId: string,
  until?: Date,
): Promise<ToldAccount | null> {
  const { changes, whole } = await record.staffChanges(staffId);
  return (whole && toldAccount(macs, staffId, changes, until)) || null;
}

/**
 * Whether that passkey is the one the register of changes names, at `until` or now: a row that somebody brought back, or
 * made with role vault's secret, is none.
 */
export async function isPasskeyTold(
  deps: Told,
  { staffId, credentialId }: Pick<StaffPasskeyRow, 'staffId' | 'credentialId'>,
  until?: Date,
): Promise<boolean> {
  const told = await wholeAccount(deps, staffId, until);
  return told?.enrolled?.passkey === sha256Hex(credentialId);
}

/** The same of a sign-in at the identity provider. `change`: of the entry that linked it, where a row names one. */
export async function isLoginTold(
  deps: Told,
  login: ProviderLogin & { readonly staffId: string; readonly change?: number },
  until?: Date,
): Promise<boolean> {
  const linked = (await wholeAccount(deps, login.staffId, until))?.linked;
  return (
    linked?.issuer === login.issuer &&
    linked.subject === login.subject &&
    (login.change ?? linked.number) === linked.number
  );
}

/**
 * Whether an invitation, or a session by recovery code, may still lead to a passkey: it has not done so yet, and the
 * account was not reset since. `change`: of the entry by which somebody was invited.
 */
export async function isWayTold(
  deps: Told,
  {
    id,
    staffId,
    change,
  }: { readonly id: string; readonly staffId: string; readonly change?: number },
): Promise<boolean> {
  const told = await wholeAccount(deps, staffId);
  return told !== null && !told.ways.has(id) && (change === undefined || change > told.ended);
}
