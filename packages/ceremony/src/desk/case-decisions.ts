import {
  DomainError,
  kindDigestHex,
  newId,
  secretsEqual,
  toUtcSeconds,
  type AccessSeal,
  type CaseDoor,
  type StaffSession,
} from '@mandate/core';
import type { KeptAgreement } from './agreement-ports.js';
import { agreementHolds, takeAgreement, type AgreedTo, type AnswerChecks } from './agreements.js';
import type { SealRow } from './case-ports.js';
import { visibleCase, type CaseDeps } from './cases.js';
import { deskFact, liftFact } from './desk-facts.js';
import { refused } from './grant-proof.js';
import { refusing } from './grants.js';
import { holdVotes } from './hold-votes.js';
import type { RowMacs } from './row-macs.js';
import { checkOperatorsOwn, checkStillAsked } from './second-person.js';
import { liveSession } from './sessions.js';

type Decisions = Pick<CaseDoor, 'voteOnHold' | 'askSeal' | 'approveSeal' | 'liftSeal'>;

/** What takes two people beside openings: how a dispute ends, and what a court has hidden. */
export function caseDecisions(deps: CaseDeps): Decisions {
  const { record, clock, random, macs } = deps;
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

    approveSeal: async ({ secret, seal: id, proof }) => {
      const { session, seal } = await visibleSeal(deps, secret, id);
      const to = await sealToAgree(deps, session, seal);
      const { id: agreement, at } = await takeAgreement(deps, session, to, proof);
      const { staff: by, session: within } = session;
      const approval = { approvedBy: by, approvedSession: within, approvedAt: at };
      const mac = accessSealCode(macs, { ...seal, ...approval, agreementId: agreement });
      await refusing(async () => {
        if (!(await record.approveSeal({ id, by, session: within, agreement, at, mac })))
          throw refused('not-allowed');
      });
      return sealOf((await record.seal(id))!);
    },

    liftSeal: async ({ secret, seal: id }) => {
      const { session, seal } = await visibleSeal(deps, secret, id);
      if (seal.askedBy !== session.staff && !session.roles.includes('approver'))
        throw new DomainError('forbidden', 'not for you to lift');
      const at = clock.now();
      const entered = deskFact('lifted', id, { fact: liftFact(macs, id), at });
      await record.liftSeal({ id, by: session.staff, at, entered });
      return sealOf((await record.seal(id))!);
    },
  };
}

/** Throws `session-ended`, `not-found`, `forbidden`. */
export async function visibleSeal(deps: CaseDeps, secret: Uint8Array, id: string) {
  const session = await liveSession(deps, secret);
  const seal = await deps.record.seal(id);
  if (!seal) throw new DomainError('not-found', 'no such seal');
  await visibleCase(deps, session, seal.caseId);
  return { session, seal };
}

/** Throws `own-request`, `grant-refused`. */
export async function sealToAgree(
  deps: CaseDeps,
  session: StaffSession,
  seal: SealRow,
): Promise<AgreedTo> {
  if (seal.askedBy === session.staff)
    throw new DomainError('own-request', 'somebody else agrees to what one asks for');
  if (!session.roles.includes('approver') || seal.approvedBy || seal.liftedAt)
    throw refused('not-allowed');
  checkOperatorsOwn(session);
  await checkStillAsked(deps, { staffId: seal.askedBy, at: seal.askedAt });
  return agreedSeal(seal);
}

const agreedSeal = ({ id, caseId, legalBasis, until, askedBy, askedAt }: SealRow): AgreedTo => ({
  ...{ act: 'seal', subject: id },
  digest: kindDigestHex('agreed', {
    ...{ act: 'seal', id, case: caseId, legalBasis, until: until.toISOString() },
    ...{ askedBy, askedAt: askedAt.toISOString() },
  }),
});

/** Over what was asked and who agreed, by which word of theirs. */
const accessSealCode = (macs: RowMacs, seal: SealRow): Uint8Array => {
  const { id, caseId, legalBasis, until, askedBy, askedAt } = seal;
  const { approvedBy, approvedSession, approvedAt, agreementId } = seal;
  return macs.of('access_seals', {
    ...{ id, caseId, legalBasis, until, askedBy, askedAt },
    ...{ approvedBy, approvedSession, approvedAt, agreementId },
  });
};

/** Whether role vault wrote who agreed to it. */
export const sealHolds = (macs: RowMacs, seal: SealRow & { readonly mac: Uint8Array }): boolean =>
  secretsEqual(accessSealCode(macs, seal), seal.mac);

/** Whether their own authenticator said so. */
export async function sealProven(
  checks: AnswerChecks,
  seal: SealRow,
  kept: KeptAgreement | undefined,
): Promise<boolean> {
  const { approvedBy: staffId, approvedSession: sessionId, approvedAt: at } = seal;
  if (staffId === null || sessionId === null || at === null) return false;
  return agreementHolds(checks, kept, { ...agreedSeal(seal), staffId, sessionId, at });
}

/** As it is told to people and pages. */
export const sealOf = (row: SealRow): AccessSeal => ({
  ...{ id: row.id, caseId: row.caseId, legalBasis: row.legalBasis },
  ...{ until: toUtcSeconds(row.until), askedBy: row.askedBy, askedAt: toUtcSeconds(row.askedAt) },
  ...(row.approvedBy ? { approvedBy: row.approvedBy } : {}),
  ...(row.approvedAt ? { approvedAt: toUtcSeconds(row.approvedAt) } : {}),
  ...(row.liftedAt ? { liftedAt: toUtcSeconds(row.liftedAt) } : {}),
});
