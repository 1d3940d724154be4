import {
  decrypt,
  DomainError,
  fromUtf8,
  isDomainError,
  MOST_GRANT_HOURS,
  newId,
  toUtcSeconds,
  type Grant,
  type LedgerRole,
  type NewGrant,
  type StaffDoor,
  type StaffSession,
} from '@mandate/core';
import { entryBytes } from '@mandate/ledger';
import type { VaultRecord } from '../ports.js';
import type { GrantStanding } from './desk-ports.js';
import { liveSession, type DoorDeps } from './sessions.js';

interface GrantDeps extends Omit<DoorDeps, 'passkeys' | 'provider'> {
  readonly keys: Pick<VaultRecord, 'key'>;
  readonly wrappingKey: Uint8Array;
  readonly ledger: Pick<LedgerRole, 'integrate'>;
}

type Grants = Pick<StaffDoor, 'requestGrant' | 'approveGrant' | 'revokeGrant' | 'openForCase'>;

/** Four eyes, and six where the glass is broken; who may ask and agree is decided in the database. */
export function staffGrants(deps: GrantDeps): Grants {
  const { record, clock, random } = deps;
  return {
    requestGrant: async ({ secret, grant }) => {
      const session = await liveSession(deps, secret);
      const { caseId, ...asked } = checked(grant);
      const about = await visibleCase(deps, session, caseId);
      const id = newId('grant', clock, random);
      const row = { ...asked, id, caseId, authorizationId: about.authorizationId };
      await refusing(() =>
        record.addGrant({ ...row, requester: session.staff, askedAt: clock.now() }),
      );
      return standing(deps, id);
    },

    approveGrant: async ({ secret, grant: id }) => {
      const session = await liveSession(deps, secret);
      const grant = await visibleGrant(deps, session, id);
      if (grant.requester === session.staff)
        throw new DomainError('own-request', 'somebody else agrees to what one asks for');
      const approval = { grantId: id, staffId: session.staff, sessionId: session.session };
      await refusing(() => record.approve({ ...approval, at: clock.now() }));
      return standing(deps, id);
    },

    revokeGrant: async ({ secret, grant: id }) => {
      const session = await liveSession(deps, secret);
      const grant = await visibleGrant(deps, session, id);
      const theirs =
        grant.requester === session.staff ||
        session.roles.some((role) => role === 'approver' || role === 'custodian');
      if (!theirs) throw new DomainError('forbidden', 'not for you to take back');
      await record.revoke({ grantId: id, by: session.staff, at: clock.now() });
      return standing(deps, id);
    },

    openForCase: async ({ secret, grant: id, right }) => {
      const session = await liveSession(deps, secret);
      const grant = await visibleGrant(deps, session, id);
      const { authorizationId } = grant;
      const at = clock.now();
      const why = await record.grantRefusal({
        ...{ grantId: id, staffId: session.staff, authorizationId, right, at },
      });
      if (why) throw refused(why);
      const held = await deps.keys.key(authorizationId);
      if (!held) throw new DomainError('not-found', 'no such authorization');
      if (!held.wrapped) throw new DomainError('erased', 'the data key was destroyed');
      const access = newId('access', clock, random);
      await record.recordOpening(
        {
          ...{ id: access, authorizationId, purpose: 'case', actor: `staff:${session.staff}`, at },
          ...{ caseId: grant.caseId, grant: id, right },
        },
        (fact, letter) =>
          fromUtf8(
            entryBytes({
              ...{ format: 'mandate-entry/v1', kind: 'access', at: toUtcSeconds(at) },
              ...{ letter, fact },
            }),
          ),
      );
      // First in the tree, then opened: an opening that nobody could find does not happen.
      await deps.ledger.integrate({});
      if (!(await record.openingEntered(access)))
        throw new DomainError('ledger-behind', 'the opening is not in the ledger yet; try again');
      const dataKey = decrypt(deps.wrappingKey, held.wrapped, `data_keys/${authorizationId}`);
      return { dataKey, authorizationId, access, at: toUtcSeconds(at) };
    },
  };
}

async function visibleCase({ record }: GrantDeps, session: StaffSession, id: string) {
  const found = await record.caseFor(id);
  if (!found || (session.institutionId && session.institutionId !== found.institutionId))
    throw new DomainError('not-found', 'no such case');
  return found;
}

async function visibleGrant(
  deps: GrantDeps,
  session: StaffSession,
  id: string,
): Promise<GrantStanding> {
  const grant = await deps.record.grant(id, deps.clock.now());
  if (!grant) throw new DomainError('not-found', 'no such grant');
  await visibleCase(deps, session, grant.caseId);
  return grant;
}

function checked(grant: NewGrant): NewGrant {
  const whole = Number.isInteger(grant.hours) && grant.hours >= 1;
  if (!whole || grant.hours > MOST_GRANT_HOURS || grant.rights.length === 0)
    throw new DomainError(
      'invalid-request',
      `hours: 1 to ${MOST_GRANT_HOURS}; rights: at least one`,
    );
  return grant;
}

/** What the database's rules about people refuse. */
async function refusing(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isDomainError(error, 'illegal-transition')) throw error;
    throw refused('not-allowed', error);
  }
}

const refused = (why: string, cause?: unknown): DomainError =>
  new DomainError('grant-refused', why, { cause, extensions: { why } });

async function standing({ record, clock }: GrantDeps, id: string): Promise<Grant> {
  const row = (await record.grant(id, clock.now()))!;
  const { goodFrom, goodUntil, approvals, askedAt, revokedAt, ...rest } = row;
  return {
    ...rest,
    askedAt: toUtcSeconds(askedAt),
    approvals: approvals.map(({ staffId, at }) => ({ staff: staffId, at: toUtcSeconds(at) })),
    ...(goodFrom && goodUntil
      ? { good: { from: toUtcSeconds(goodFrom), until: toUtcSeconds(goodUntil) } }
      : {}),
    ...(revokedAt ? { revokedAt: toUtcSeconds(revokedAt) } : {}),
  };
}
