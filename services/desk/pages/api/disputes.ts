import { agree } from './agreements.js';
import type { DeskClient } from '../desk-client.js';

export const OUTCOMES = ['upheld', 'rejected', 'retracted'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What an approver agrees with. */
export interface Proposal {
  readonly digest: string;
  readonly by: string;
  readonly at: string;
  readonly grounds: string | null;
}

export interface Dispute {
  readonly hold: string;
  readonly authorization: string;
  readonly by: string;
  readonly reason: string;
  readonly openedAt: string;
  readonly state: 'open' | 'proposed' | Outcome;
  readonly proposed?: Outcome;
  readonly proposal?: Proposal;
  readonly resolvedAt?: string;
}

export const disputeOf = (client: DeskClient, caseId: string): Promise<Dispute> =>
  client.get(`/cases/${caseId}/dispute`);
export const proposeOutcome = (
  client: DeskClient,
  caseId: string,
  said: { outcome: Outcome; grounds: string },
): Promise<Dispute> => client.post(`/cases/${caseId}/dispute/proposal`, said);
export const approveOutcome = (
  client: DeskClient,
  caseId: string,
  said: { holdId: string; outcome: Outcome; proposal: string },
  sentence: string,
): Promise<Dispute> => {
  const { holdId: _, ...body } = said;
  const path = `/cases/${caseId}/dispute/approval`;
  return agree(client, { asked: { act: 'outcome', ...said }, path, body, sentence });
};
