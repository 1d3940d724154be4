import type { DeskClient } from '../desk-client.js';

export const OUTCOMES = ['upheld', 'rejected', 'retracted'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Dispute {
  readonly hold: string;
  readonly authorization: string;
  readonly by: string;
  readonly reason: string;
  readonly openedAt: string;
  readonly state: 'open' | 'proposed' | Outcome;
  readonly proposed?: Outcome;
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
  outcome: Outcome,
): Promise<Dispute> => client.post(`/cases/${caseId}/dispute/approval`, { outcome });
