import type { DeskClient } from '../desk-client.js';

/** What a query turned out to be; `no-query`: a use that the log does not have, `-yet`: the next one may. Worst first. */
export const FINDING_KINDS = [
  'unknown',
  'wrong-subject',
  'unsigned',
  'after-withdrawal',
  'on-hold',
  'out-of-term',
  'wrong-source',
  'wrong-purpose',
  'wrong-operator',
  'subject-not-compared',
  'operator-not-compared',
  'used-twice',
  'no-use',
  'use-released',
  'no-query',
  'no-query-yet',
  'matched',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Reconciliation {
  readonly id: string;
  readonly institution: string;
  readonly source: string;
  readonly from: string;
  readonly to: string;
  readonly state:
    'receiving' | 'matching' | 'searching' | 'done' | 'refused' | 'failed' | 'abandoned';
  readonly madeBy: string;
  readonly madeAt: string;
  readonly received: number;
  readonly digest: string | null;
  readonly endedAt: string | null;
  readonly sweptAt: string | null;
}
export interface ReconciliationDetail extends Reconciliation {
  readonly counts: Readonly<Partial<Record<FindingKind, number>>>;
  /** The signed-in person began it. */
  readonly own: boolean;
  /** Lines that the log was refused for. */
  readonly faults: readonly { readonly line: number; readonly fault: string }[];
}
export interface Finding {
  readonly kind: FindingKind;
  readonly line: number | null;
  readonly query: string | null;
  readonly at: string;
  readonly authorization: string | null;
  readonly redemption: string | null;
}
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export const listReconciliations = (client: DeskClient): Promise<Page<Reconciliation>> =>
  client.get('/reconciliations');
export const beginReconciliation = (
  client: DeskClient,
  asked: {
    readonly institution: string;
    readonly source: string;
    readonly from: string;
    readonly to: string;
  },
): Promise<Reconciliation> => client.post('/reconciliations', asked);
export const readReconciliation = (client: DeskClient, id: string): Promise<ReconciliationDetail> =>
  client.get(`/reconciliations/${id}`);
/** Without anybody having asked. */
export const watchReconciliation = (
  client: DeskClient,
  id: string,
): Promise<ReconciliationDetail> => client.look(`/reconciliations/${id}`);
/** As long as the desk takes it. */
const LOG_MILLISECONDS = 60 * 60_000;
/** The whole file; broken off it is sent again whole and goes on behind what was kept. */
export const sendLog = (client: DeskClient, id: string, file: Blob): Promise<Reconciliation> =>
  client.put(
    `/reconciliations/${id}/log`,
    new Blob([file], { type: 'text/csv' }),
    LOG_MILLISECONDS,
  );
export const abandonReconciliation = (client: DeskClient, id: string): Promise<Reconciliation> =>
  client.post(`/reconciliations/${id}/abandonment`);
export const listFindings = (
  client: DeskClient,
  id: string,
  { kind, after }: { kind?: FindingKind | undefined; after?: string | undefined },
): Promise<Page<Finding>> => {
  const asked = new URLSearchParams();
  if (kind) asked.set('kind', kind);
  if (after) asked.set('after', after);
  return client.get(`/reconciliations/${id}/findings?${asked}`);
};
export const findingsFile = (id: string): string => `/desk/api/reconciliations/${id}/findings.csv`;
