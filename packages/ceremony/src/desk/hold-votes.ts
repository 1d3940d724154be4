import {
  DomainError,
  samePerson,
  sha256Hex,
  utf8,
  type CaseDoor,
  type StaffSession,
} from '@mandate/core';
import type { HoldRow } from '../use-ports.js';
import type { DisputeRow, HoldVoteRow } from './case-ports.js';
import type { CaseDeps } from './cases.js';
import { refused } from './grant-proof.js';
import { refusing } from './grants.js';
import type { MacRow, RowMacs } from './row-macs.js';
import { liveSession } from './sessions.js';

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

const said = ({ mac: _, ...vote }: HoldVoteRow): MacRow => vote as unknown as MacRow;

export const voteHolds = (macs: RowMacs, vote: HoldVoteRow): boolean =>
  macs.holds('hold_votes', said(vote), vote.mac);

/** How a dispute ends: one proposes with reasons, another agrees with exactly that. */
export const holdVotes = (deps: CaseDeps): Pick<CaseDoor, 'voteOnHold'> => ({
  voteOnHold: async ({ secret, holdId, outcome, said: word }) => {
    const { record, clock, macs } = deps;
    const session = await liveSession(deps, secret);
    const hold = await record.holdFor(holdId);
    const visible = hold && (session.institutionId ?? hold.institutionId) === hold.institutionId;
    if (!visible || hold.resolvedAt) throw new DomainError('not-found', 'no such dispute is open');
    if (!session.roles.includes(word.act === 'propose' ? 'officer' : 'approver'))
      throw refused('not-allowed');
    const person = `desk:${session.staff}`;
    const at = clock.now();
    const proposal =
      word.act === 'propose'
        ? holdProposal({
            ...{ id: holdId, outcome, proposedBy: person, proposedAt: at, grounds: word.grounds },
          })!
        : await agreedWith(deps, hold, { outcome, proposal: word.proposal, person });
    const vote = {
      ...{ holdId, act: word.act, outcome, proposal, at },
      ...by(session),
    };
    const mac = macs.of('hold_votes', vote);
    await refusing(() => record.addVote({ ...vote, mac }));
    return { person, at: at.toISOString() };
  },
});

const by = ({ staff, session }: StaffSession) => ({ staffId: staff, sessionId: session });

/** The proposal that lies there, if it is the one they mean and somebody has really said it. */
async function agreedWith(
  { record, macs }: CaseDeps,
  hold: DisputeRow,
  meant: { outcome: string; proposal: string; person: string },
): Promise<string> {
  const proposal = holdProposal(hold);
  if (!proposal || proposal !== meant.proposal || hold.outcome !== meant.outcome)
    throw new DomainError('guard-refused', 'that is not what is proposed');
  if (samePerson(hold.proposedBy!, meant.person))
    throw new DomainError('forbidden', 'a second person has to agree');
  // The institution's own proposal is not a vote: it has one voice, and it is never the second one.
  if (!hold.proposedBy!.startsWith('desk:')) return proposal;
  const votes = await record.proposals(hold.id, proposal);
  if (!votes.some((vote) => isProposersOwn(macs, hold, vote))) throw refused('grant-altered');
  return proposal;
}

/** Whether that vote is what the proposer said, by role vault's word. */
export const isProposersOwn = (macs: RowMacs, hold: ProposedOutcome, vote: HoldVoteRow): boolean =>
  vote.act === 'propose' &&
  vote.proposal === holdProposal(hold) &&
  `desk:${vote.staffId}` === hold.proposedBy &&
  voteHolds(macs, vote);
