import { agree } from './agreements.js';
import type { DeskClient } from '../desk-client.js';

/** A court's word that the subject is not to see, for a time, that their data were opened for a case. */
export interface AccessSeal {
  readonly id: string;
  readonly legalBasis: string;
  readonly until: string;
  readonly askedBy: string;
  readonly askedAt: string;
  readonly approvedBy?: string;
  readonly approvedAt?: string;
  readonly liftedAt?: string;
}

export const sealsOf = async (client: DeskClient, caseId: string): Promise<readonly AccessSeal[]> =>
  (await client.get<{ items: readonly AccessSeal[] }>(`/cases/${caseId}/seals`)).items;
/** `until`: UTC, whole seconds. */
export const askSeal = (
  client: DeskClient,
  caseId: string,
  asked: { legalBasis: string; until: string },
): Promise<AccessSeal> => client.post(`/cases/${caseId}/seals`, asked);
export const approveSeal = (
  client: DeskClient,
  id: string,
  sentence: string,
): Promise<AccessSeal> =>
  agree(client, { asked: { act: 'seal', seal: id }, path: `/seals/${id}/approvals`, sentence });
export const liftSeal = (client: DeskClient, id: string): Promise<AccessSeal> =>
  client.delete(`/seals/${id}`);
