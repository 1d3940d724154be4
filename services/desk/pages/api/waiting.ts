import type { DeskClient } from '../desk-client.js';
import type { Outcome } from './disputes.js';
import type { AccessSeal } from './seals.js';
import type { Actor } from './searches.js';

interface OfCase {
  readonly caseId: string;
  readonly caseNumber: string;
  readonly by: Actor;
}
/** How a dispute is to end, as somebody proposed. */
export interface WaitingOutcome extends OfCase {
  readonly outcome: Outcome;
  readonly at: string;
}
export type WaitingSeal = AccessSeal & OfCase;

/** What waits for a second person beside grants. */
export interface Waiting {
  readonly outcomes: readonly WaitingOutcome[];
  readonly seals: readonly WaitingSeal[];
}

export const whatWaits = (client: DeskClient): Promise<Waiting> => client.get('/waiting');
