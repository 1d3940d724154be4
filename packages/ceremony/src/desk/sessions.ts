import {
  addSeconds,
  DomainError,
  newId,
  sha256,
  toUtcSeconds,
  type OpenedSession,
  type PasskeyCheck,
  type SignInProvider,
  type StaffRole,
  type StaffSession,
} from '@mandate/core';
import type { StepDeps } from '../deps.js';
import { codeHolds, codeOf } from './coded-rows.js';
import type { DoorRecord } from './desk-ports.js';
import type { RowMacs } from './row-macs.js';
import type { ToldAccount } from './told-account.js';
import type { SessionProof, SessionRow, StaffRefusal } from './sign-in-ports.js';

/** Seconds. */
const SESSION_LIFE = 10 * 3600;
/** To set up a passkey after a recovery code. */
const RECOVERY_LIFE = 15 * 60;

export interface DoorDeps extends StepDeps {
  readonly record: DoorRecord;
  /** By `rowMacs` over role vault's secret. */
  readonly macs: RowMacs;
  readonly passkeys: PasskeyCheck;
  /** Null: this installation has accounts of its own only. */
  readonly provider: SignInProvider | null;
}
export type SessionDeps = Pick<DoorDeps, 'record' | 'clock' | 'macs'>;

/** Who somebody of the desk is and what they may be now; roles whose rows nobody vouches for are left out. */
export interface StaffStanding extends Pick<
  StaffSession,
  'staff' | 'name' | 'institutionId' | 'outsourced' | 'roles'
> {
  /** Why they may not work; null: they may. */
  readonly refusal: StaffRefusal | null;
}

/**
 * `told`: what the register of changes comes to. A role that it has ended, or gave anew since, counts no more, whatever its
 * row says, and an account elsewhere or until another day is one that nobody vouches for. Null: such a one, or none.
 */
export async function staffStanding(
  { record, clock, macs }: SessionDeps,
  staffId: string,
  told?: Pick<ToldAccount, 'roles' | 'institution' | 'contractUntil'>,
): Promise<StaffStanding | null> {
  const now = clock.now();
  const found = await record.staffStanding(staffId, now);
  if (!found || !codeHolds(macs, 'staff', found.account)) return null;
  const { id, name, institutionId, outsourced, contractUntil } = found.account;
  const until = contractUntil?.toISOString() ?? null;
  if (told && (told.institution !== institutionId || told.contractUntil !== until)) return null;
  // The end of a contract is in a row with a code: the database is not believed that it goes on.
  const over = contractUntil && contractUntil <= now ? ('contract-over' as const) : null;
  const roles = found.roles
    .filter((row) => row.staffId === staffId && codeHolds(macs, 'staff_roles', row))
    .filter(({ role, change }) => !told || told.roles.get(role) === change)
    .map(({ role }): StaffRole => role);
  return { staff: id, name, institutionId, outsourced, roles, refusal: found.refusal ?? over };
}

/**
 * Somebody who came in by passkey or by the organisation's sign-in. Throws `session-ended`; `forbidden` in a session
 * by recovery code, with `why`. `quiet`: it idles on.
 */
export async function liveSession(
  deps: SessionDeps,
  secret: Uint8Array,
  quiet = false,
): Promise<StaffSession> {
  const session = await anySession(deps, secret, quiet);
  if (session.means === 'recovery-code')
    throw new DomainError('forbidden', 'set up a passkey first', {
      extensions: { why: 'passkey-needed' },
    });
  return session;
}

/** The session as it is, by whatever means; `quiet`: it idles on. Throws `session-ended`. */
export async function anySession(
  deps: SessionDeps,
  secret: Uint8Array,
  quiet = false,
): Promise<StaffSession> {
  const { record, clock, macs } = deps;
  const row = await record.touchSession(sha256(secret), clock.now(), quiet);
  const standing =
    row && codeHolds(macs, 'staff_sessions', row) ? await staffStanding(deps, row.staffId) : null;
  if (!row || !standing || standing.refusal)
    throw new DomainError('session-ended', 'sign in again');
  const { refusal: _, ...who } = standing;
  const roles = row.means === 'recovery-code' ? [] : who.roles;
  return {
    ...{ ...who, roles, session: row.id, means: row.means, endsAt: toUtcSeconds(row.endsAt) },
    ...(row.authTime === null ? {} : { authTime: row.authTime }),
  };
}

/**
 * Throws `account-locked` with `why`: only to whoever has proven to be that person; `unauthenticated` where what proved
 * it has ended meanwhile.
 */
export async function openSession(
  deps: SessionDeps & Pick<DoorDeps, 'random'>,
  staffId: string,
  proof: SessionProof,
): Promise<OpenedSession> {
  const { record, clock, random, macs } = deps;
  const { means } = proof;
  await checkMayWork(deps, staffId);
  const now = clock.now();
  const secret = random.bytes(32);
  const endsAt = addSeconds(now, means === 'recovery-code' ? RECOVERY_LIFE : SESSION_LIFE);
  const row = {
    ...{ id: newId('staffSession', clock, random), staffId, secretDigest: sha256(secret) },
    ...{ means, openedAt: now, endsAt },
    authTime: proof.means === 'oidc' ? proof.authTime : null,
  } satisfies Omit<SessionRow, 'mac'>;
  const mac = codeOf(macs, 'staff_sessions', row);
  if (!(await record.openSession({ ...row, mac }, proof))) throw notThatWay();
  return { secret, session: await anySession(deps, secret), endsAt: toUtcSeconds(endsAt) };
}

/** The one answer to whoever does not come in. */
export const notThatWay = (): DomainError =>
  new DomainError('unauthenticated', 'this did not open the desk');

/** Throws `account-locked` with `why`. */
export async function checkMayWork(deps: SessionDeps, staffId: string): Promise<void> {
  const standing = await staffStanding(deps, staffId);
  const why = standing ? standing.refusal : 'account-closed';
  if (why) throw new DomainError('account-locked', why, { extensions: { why } });
}
