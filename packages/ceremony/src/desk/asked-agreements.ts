import {
  addSeconds,
  DomainError,
  toUtcSeconds,
  type AgreementAct,
  type AgreementAsked,
  type AgreementDoor,
  type StaffSession,
} from '@mandate/core';
import { askAgreement, type AgreedTo } from './agreements.js';
import { sealToAgree, visibleSeal } from './case-decisions.js';
import type { CaseDeps } from './cases.js';
import { grantToAgree, visibleGrant } from './grants.js';
import { openDispute, outcomeToAgree } from './hold-votes.js';
import { codeHolds } from './coded-rows.js';
import { liveSession } from './sessions.js';

/** Seconds for which people are told what they agreed to. */
const TOLD = 90 * 86_400;

/** Looks whether this person may agree to that now, and says what it is. Throws what the act itself would. */
export type ToAgree<A extends AgreementAct> = (
  session: StaffSession,
  asked: Extract<AgreementAsked, { act: A }>,
  secret: Uint8Array,
) => Promise<AgreedTo>;

/** Asking people for their word: nobody is asked who could not agree, or for what does not stand there. */
export function askedAgreements(
  deps: CaseDeps,
  more: { readonly template?: ToAgree<'template'> } = {},
): AgreementDoor {
  const acts: { readonly [A in AgreementAct]?: ToAgree<A> } = {
    ...more,
    grant: async (session, { grant: id }) =>
      (await grantToAgree(deps, session, await visibleGrant(deps, session, id))).to,
    outcome: async (session, { holdId, ...meant }) => {
      const hold = await openDispute(deps, session, holdId, 'approve');
      return outcomeToAgree(deps, session, hold, meant);
    },
    seal: async (session, { seal: id }, secret) => {
      const { seal } = await visibleSeal(deps, secret, id);
      return sealToAgree(deps, session, seal);
    },
  };
  return {
    beginAgreement: async ({ secret, asked }) => {
      const session = await liveSession(deps, secret);
      const act = acts[asked.act] as ToAgree<AgreementAct> | undefined;
      if (!act) throw new DomainError('invalid-request', 'nobody agrees to that here');
      return askAgreement(deps, session, await act(session, asked, secret));
    },
    ownAgreements: async ({ secret, before, limit }) => {
      const { staff: staffId } = await liveSession(deps, secret);
      const since = addSeconds(deps.clock.now(), -TOLD);
      const rows = await deps.record.answeredBy({ staffId, since, before, limit });
      const items = rows.map((row) => ({
        ...{ agreement: row.id, act: row.act, subject: row.subject, means: row.means },
        at: toUtcSeconds(row.answeredAt!),
        unaltered: codeHolds(deps.macs, 'staff_agreements', row),
      }));
      return { items, next: rows.length === limit ? rows.at(-1)!.id : null };
    },
  };
}
