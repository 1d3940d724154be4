import { DomainError, newId, toUtcSeconds, type AccessSeal, type CaseDoor } from '@mandate/core';
import type { SealRow } from './case-ports.js';
import { visibleCase, type CaseDeps } from './cases.js';
import { refused } from './grant-proof.js';
import { refusing } from './grants.js';
import { holdVotes } from './hold-votes.js';
import type { RowMacs } from './row-macs.js';
import { liveSession } from './sessions.js';

type Decisions = Pick<CaseDoor, 'voteOnHold' | 'askSeal' | 'approveSeal' | 'liftSeal'>;

/** What takes two people beside openings: how a dispute ends, and what a court has hidden. */
export function caseDecisions(deps: CaseDeps): Decisions {
  const { record, clock, random, macs } = deps;
  const visibleSeal = async (secret: Uint8Array, id: string) => {
    const session = await liveSession(deps, secret);
    const seal = await record.seal(id);
    if (!seal) throw new DomainError('not-found', 'no such seal');
    await visibleCase(deps, session, seal.caseId);
    return { session, seal };
  };
  return {
    ...holdVotes(deps),

    askSeal: async ({ secret, caseId, legalBasis, until }) => {
      const session = await liveSession(deps, secret);
      await visibleCase(deps, session, caseId);
      if (!session.roles.includes('officer')) throw refused('not-allowed');
      const id = newId('accessSeal', clock, random);
      const by = { askedBy: session.staff, askedSession: session.session, askedAt: clock.now() };
      await refusing(() =>
        record.addSeal({ ...by, id, caseId, legalBasis, until: new Date(until) }),
      );
      return sealOf((await record.seal(id))!);
    },

    approveSeal: async ({ secret, seal: id }) => {
      const { session, seal } = await visibleSeal(secret, id);
      if (seal.askedBy === session.staff)
        throw new DomainError('own-request', 'somebody else agrees to what one asks for');
      if (!session.roles.includes('approver')) throw refused('not-allowed');
      const approval = { approvedBy: session.staff, approvedAt: clock.now() };
      const mac = accessSealCode(macs, { ...seal, ...approval });
      const { approvedBy: by, approvedAt: at } = approval;
      await refusing(async () => {
        if (!(await record.approveSeal({ id, by, at, session: session.session, mac })))
          throw refused('not-allowed');
      });
      return sealOf((await record.seal(id))!);
    },

    liftSeal: async ({ secret, seal: id }) => {
      const { session, seal } = await visibleSeal(secret, id);
      if (seal.askedBy !== session.staff && !session.roles.includes('approver'))
        throw new DomainError('forbidden', 'not for you to lift');
      await record.liftSeal({ id, by: session.staff, at: clock.now() });
      return sealOf((await record.seal(id))!);
    },
  };
}

/** Over what was asked and who agreed. */
export const accessSealCode = (
  macs: RowMacs,
  { id, caseId, legalBasis, until, askedBy, askedAt, approvedBy, approvedAt }: SealRow,
): Uint8Array =>
  macs.of('access_seals', {
    ...{ id, caseId, legalBasis, until, askedBy, askedAt, approvedBy, approvedAt },
  });

/** As it is told to people and pages. */
export const sealOf = (row: SealRow): AccessSeal => ({
  ...{ id: row.id, caseId: row.caseId, legalBasis: row.legalBasis },
  ...{ until: toUtcSeconds(row.until), askedBy: row.askedBy, askedAt: toUtcSeconds(row.askedAt) },
  ...(row.approvedBy ? { approvedBy: row.approvedBy } : {}),
  ...(row.approvedAt ? { approvedAt: toUtcSeconds(row.approvedAt) } : {}),
  ...(row.liftedAt ? { liftedAt: toUtcSeconds(row.liftedAt) } : {}),
});
