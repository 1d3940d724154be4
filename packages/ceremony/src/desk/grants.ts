import {
  DomainError,
  isDomainError,
  MOST_GRANT_HOURS,
  newId,
  toUtcSeconds,
  type Grant,
  type GrantDoor,
  type NewGrant,
  type StaffSession,
} from '@mandate/core';
import { takeAgreement, type AgreedTo } from './agreements.js';
import { agreedGrant, approvalCode } from './grant-codes.js';
import type { GrantApprovalRow, GrantStanding } from './case-ports.js';
import { deskFact, revocationFact } from './desk-facts.js';
import { visibleCase, type CaseDeps } from './cases.js';
import { provenList, provenStanding, refused } from './grant-proof.js';
import { checkStillAsked } from './second-person.js';
import { liveSession } from './sessions.js';

type Asking = Pick<GrantDoor, 'requestGrant' | 'approveGrant' | 'revokeGrant'>;

/** Four eyes, and six where the glass is broken; who may ask and agree is decided in the database. */
export function staffGrants(deps: CaseDeps): Asking {
  const { record, clock, random, macs } = deps;
  return {
    requestGrant: async ({ secret, grant }) => {
      const session = await liveSession(deps, secret);
      const asked = checked(grant);
      if (!session.roles.includes('officer')) throw refused('not-allowed');
      await visibleCase(deps, session, asked.caseId);
      const id = newId('grant', clock, random);
      const by = { requester: session.staff, sessionId: session.session };
      await refusing(() => record.addGrant({ ...asked, ...by, id, askedAt: clock.now() }));
      return standing(deps, id);
    },

    approveGrant: async ({ secret, grant: id, proof }) => {
      const session = await liveSession(deps, secret);
      const grant = await visibleGrant(deps, session, id);
      if (await hasAgreed(deps, session, grant)) return standing(deps, id);
      const { to, role, list } = await grantToAgree(deps, session, grant);
      const word = await takeAgreement(deps, session, to, proof);
      const approval = {
        ...{ staffId: session.staff, sessionId: session.session, role },
        ...{ at: word.at, agreementId: word.id },
      };
      const mac = approvalCode(macs, grant, list, approval);
      await refusing(() => record.approve(id, { ...approval, mac }));
      return standing(deps, id);
    },

    revokeGrant: async ({ secret, grant: id }) => {
      const session = await liveSession(deps, secret);
      const grant = await visibleGrant(deps, session, id);
      const theirs =
        grant.requester === session.staff ||
        session.roles.some((role) => role === 'approver' || role === 'custodian');
      if (!theirs) throw new DomainError('forbidden', 'not for you to take back');
      const act = { grantId: id, by: session.staff, at: clock.now() };
      const fact = revocationFact(macs, id);
      await record.revoke({ ...act, entered: deskFact('revoked', id, { fact, at: act.at }) });
      return standing(deps, id);
    },
  };
}

/** What this person would agree to, and as what. Throws `own-request`, `grant-refused`. */
export async function grantToAgree(
  deps: CaseDeps,
  session: StaffSession,
  grant: GrantStanding,
): Promise<{ to: AgreedTo; role: 'approver' | 'custodian'; list: string }> {
  if (grant.requester === session.staff)
    throw new DomainError('own-request', 'somebody else agrees to what one asks for');
  await hasAgreed(deps, session, grant);
  const role = await roleFor(deps, session, grant);
  // What is over or complete is not agreed to: nobody is asked for their word in vain.
  if (grant.revokedAt || grant.goodFrom) throw refused('not-allowed');
  await checkStillAsked(deps, { staffId: grant.requester, at: grant.askedAt });
  const { digest: list } = await provenList(deps, grant.caseId);
  return { to: agreedGrant(grant, list, role), role, list };
}

/**
 * Who has agreed has agreed, once. Throws `grant-refused` with `agreed-before` where that word counts no more: a second one
 * of theirs would be thrown away, and somebody else has to agree.
 */
async function hasAgreed(
  deps: CaseDeps,
  { staff }: StaffSession,
  { approvals }: GrantStanding,
): Promise<boolean> {
  const own = approvals.find(({ staffId }) => staffId === staff);
  if (!own) return false;
  if (!(await countsStill(deps, own))) throw refused('agreed-before');
  return true;
}

/** Whether that word still counts: theirs who have neither left nor lost that role since. */
async function countsStill(
  deps: CaseDeps,
  { staffId, role, at, agreementId }: GrantApprovalRow,
): Promise<boolean> {
  const by = agreementId === null ? null : await provenStanding(deps, staffId, at);
  return !!by && !by.refusal && by.roles.includes(role);
}

/** As what somebody agrees: the one who keeps keys is needed once where the glass is broken, and nowhere else. */
async function roleFor(
  deps: CaseDeps,
  { roles }: StaffSession,
  { breakGlass, approvals }: GrantStanding,
): Promise<'approver' | 'custodian'> {
  if (breakGlass && roles.includes('custodian')) {
    const keepers = approvals.filter(({ role }) => role === 'custodian');
    const counted = await Promise.all(keepers.map((row) => countsStill(deps, row)));
    if (!counted.includes(true) || !roles.includes('approver')) return 'custodian';
  }
  if (roles.includes('approver')) return 'approver';
  throw refused('not-allowed');
}

export async function visibleGrant(
  deps: CaseDeps,
  session: Pick<StaffSession, 'institutionId'>,
  id: string,
): Promise<GrantStanding> {
  const grant = await deps.record.grant(id, deps.clock.now());
  if (!grant) throw new DomainError('not-found', 'no such grant');
  await visibleCase(deps, session, grant.caseId);
  return grant;
}

function checked(grant: NewGrant): NewGrant {
  const { caseId, legalBasis, reason, rights, hours, breakGlass } = grant;
  const whole = Number.isInteger(hours) && hours >= 1;
  if (!whole || hours > MOST_GRANT_HOURS || rights.length === 0)
    throw new DomainError(
      'invalid-request',
      `hours: 1 to ${MOST_GRANT_HOURS}; rights: at least one`,
    );
  return { caseId, legalBasis, reason, rights: [...new Set(rights)], hours, breakGlass };
}

/** What the database's rules about people refuse. */
export async function refusing(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isDomainError(error, 'illegal-transition')) throw error;
    throw refused('not-allowed', error);
  }
}

async function standing({ record, clock }: CaseDeps, id: string): Promise<Grant> {
  return grantOf((await record.grant(id, clock.now()))!);
}

/** As it is told to people and pages. */
export function grantOf(row: GrantStanding): Grant {
  const { goodFrom, goodUntil, revokedAt } = row;
  return {
    ...{ id: row.id, caseId: row.caseId, caseNumber: row.caseNumber, letters: row.letters },
    ...{ requester: row.requester, legalBasis: row.legalBasis },
    ...{ reason: row.reason, rights: row.rights, hours: row.hours, breakGlass: row.breakGlass },
    askedAt: toUtcSeconds(row.askedAt),
    approvals: row.approvals.map(({ staffId, role, at }) => ({
      ...{ staff: staffId, role, at: toUtcSeconds(at) },
    })),
    ...(goodFrom && goodUntil
      ? { good: { from: toUtcSeconds(goodFrom), until: toUtcSeconds(goodUntil) } }
      : {}),
    ...(revokedAt ? { revokedAt: toUtcSeconds(revokedAt) } : {}),
  };
}
