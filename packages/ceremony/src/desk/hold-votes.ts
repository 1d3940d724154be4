import {
  DomainError,
  kindDigestHex,
  samePerson,
  sha256Hex,
  utf8,
  type CaseDoor,
  type StaffSession,
} from '@mandate/core';
import type { HoldRow } from '../ports/stop.js';
import { takeAgreement, type AgreedTo } from './agreements.js';
import type { DisputeRow, HoldVoteRow } from './case-ports.js';
import type { CaseDeps } from './cases.js';
import { refused } from './grant-proof.js';
import { refusing } from './grants.js';
import type { MacRow, RowMacs } from './row-macs.js';
import { checkOperatorsOwn, checkStillAsked } from './second-person.js';
import { liveSession } from './sessions.js';
import { visible } from './visible.js';

/** Before the id of whoever proposed it at the desk. */
const DESK = 'desk:';

export type ProposedOutcome = Pick<
  HoldRow,
  'id' | 'outcome' | 'proposedBy' | 'proposedAt' | 'grounds'
>;

/** Digest, 64 hex, of what is proposed and why, as the database computes it; null: nothing is. */
export const holdProposal = (hold: ProposedOutcome): string | null =>
  hold.outcome && hold.proposedBy && hold.proposedAt
    ? sha256Hex(
        utf8(
          [
            ...['mandate/hold-proposal/v1', hold.id, hold.outcome, hold.proposedBy],
            ...[hold.proposedAt.toISOString(), ...(hold.grounds === null ? [] : [hold.grounds])],
          ].join('\n'),
        ),
      )
    : null;

/** Codes from before there were agreements are over the rest. */
const said = ({ agreementId, ...vote }: Omit<HoldVoteRow, 'mac'>): MacRow =>
  ({ ...vote, ...(agreementId === null ? {} : { agreementId }) }) as unknown as MacRow;
const uncoded = ({ mac: _, ...vote }: HoldVoteRow) => vote;

export const voteHolds = (macs: RowMacs, vote: HoldVoteRow): boolean =>
  macs.holds('hold_votes', said(uncoded(vote)), vote.mac);

/** How a dispute ends: one proposes with reasons, another agrees with exactly that. */
export const holdVotes = (deps: CaseDeps): Pick<CaseDoor, 'voteOnHold'> => ({
  voteOnHold: async ({ secret, holdId, outcome, said: word }) => {
    const { clock } = deps;
    const session = await liveSession(deps, secret);
    const hold = await openDispute(deps, session, holdId, word.act);
    const person = `desk:${session.staff}`;
    if (word.act === 'propose') {
      const at = clock.now();
      const proposed = { id: holdId, outcome, proposedBy: person, proposedAt: at };
      const proposal = holdProposal({ ...proposed, grounds: word.grounds })!;
      const vote = { holdId, act: word.act, outcome, proposal, at, agreementId: null };
      return enter(deps, { ...vote, ...by(session) }, person);
    }
    const to = await outcomeToAgree(deps, session, hold, { outcome, proposal: word.proposal });
    const { id: agreementId, at } = await takeAgreement(deps, session, to, word.proof);
    const vote = { holdId, act: word.act, outcome, proposal: word.proposal, at, agreementId };
    return enter(deps, { ...vote, ...by(session) }, person);
  },
});

async function enter(
  { record, macs }: CaseDeps,
  vote: Omit<HoldVoteRow, 'mac'>,
  person: string,
): Promise<{ person: string; at: string }> {
  const mac = macs.of('hold_votes', said(vote));
  await refusing(() => record.addVote({ ...vote, mac }));
  return { person, at: vote.at.toISOString() };
}

/** Throws `not-found`, `grant-refused`. */
export async function openDispute(
  { record }: CaseDeps,
  session: StaffSession,
  holdId: string,
  act: HoldVoteRow['act'],
): Promise<DisputeRow> {
  const hold = visible(session, await record.holdFor(holdId), 'dispute');
  if (hold.resolvedAt) throw new DomainError('not-found', 'no such dispute is open');
  if (!session.roles.includes(act === 'propose' ? 'officer' : 'approver'))
    throw refused('not-allowed');
  if (act === 'approve') checkOperatorsOwn(session);
  return hold;
}

/** Throws `guard-refused`, `forbidden`, `grant-refused`. */
export async function outcomeToAgree(
  deps: CaseDeps,
  session: StaffSession,
  hold: DisputeRow,
  meant: { readonly outcome: HoldVoteRow['outcome']; readonly proposal: string },
): Promise<AgreedTo> {
  await checkProposal(deps, hold, { ...meant, person: `desk:${session.staff}` });
  return agreedOutcome(hold.id, meant.outcome, meant.proposal);
}

export const agreedOutcome = (
  hold: string,
  outcome: HoldVoteRow['outcome'],
  proposal: string,
): AgreedTo => ({
  ...{ act: 'outcome', subject: hold },
  digest: kindDigestHex('agreed', { act: 'outcome', hold, outcome, proposal }),
});

const by = ({ staff, session }: StaffSession) => ({ staffId: staff, sessionId: session });

/** That the proposal that lies there is the one they mean, and that somebody has really said it. */
async function checkProposal(
  deps: CaseDeps,
  hold: DisputeRow,
  meant: { outcome: string; proposal: string; person: string },
): Promise<void> {
  const { record, macs } = deps;
  const proposal = holdProposal(hold);
  if (!proposal || proposal !== meant.proposal || hold.outcome !== meant.outcome)
    throw new DomainError('guard-refused', 'that is not what is proposed');
  if (samePerson(hold.proposedBy!, meant.person))
    throw new DomainError('forbidden', 'a second person has to agree');
  // The institution's own proposal is not a vote: it has one voice, and it is never the second one.
  if (!hold.proposedBy!.startsWith(DESK)) return;
  const staffId = hold.proposedBy!.slice(DESK.length);
  await checkStillAsked(deps, { staffId, at: hold.proposedAt! });
  const votes = await record.proposals(hold.id, proposal);
  if (!votes.some((vote) => isProposersOwn(macs, hold, vote))) throw refused('grant-altered');
}

/** Whether that vote is what the proposer said, by role vault's word. */
export const isProposersOwn = (macs: RowMacs, hold: ProposedOutcome, vote: HoldVoteRow): boolean =>
  vote.act === 'propose' &&
  vote.proposal === holdProposal(hold) &&
  `desk:${vote.staffId}` === hold.proposedBy &&
  voteHolds(macs, vote);
