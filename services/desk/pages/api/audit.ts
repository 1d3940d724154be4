import type { DeskClient } from '../desk-client.js';

interface Place {
  readonly size: number;
  readonly at: string;
}
export interface LedgerState {
  readonly size: number;
  readonly published: number;
  readonly waiting: number;
  readonly head: (Place & { readonly root: string }) | null;
  readonly stamped: Place | null;
  readonly witnesses: readonly (Place & { readonly name: string })[];
}
export interface RegisterCheck {
  readonly anchors: number;
  readonly covered: number;
  readonly deskEntries: number;
  readonly unanchored: number;
  readonly openingsOutside: number;
  readonly problems: readonly { readonly code: string; readonly at: string }[];
}
export const ANOMALY_RULES = [
  'shared-number',
  'few-confirm',
  'all-confirm',
  'looks-without-deciding',
  'often-refused',
] as const;
export type AnomalyRule = (typeof ANOMALY_RULES)[number];
export interface Anomaly {
  readonly rule: AnomalyRule;
  readonly about: { readonly id: string; readonly name: string | null } | null;
  readonly figures: Readonly<Record<string, number>>;
  readonly letters: readonly string[];
}
export interface Anomalies {
  readonly rules: readonly {
    readonly rule: AnomalyRule;
    readonly thresholds: Readonly<Record<string, number>>;
  }[];
  readonly items: readonly Anomaly[];
}

export const ledgerState = (client: DeskClient): Promise<LedgerState> =>
  client.get('/audit/ledger');
export const checkRegister = (client: DeskClient): Promise<RegisterCheck> =>
  client.get('/audit/register');
export const findAnomalies = (client: DeskClient): Promise<Anomalies> =>
  client.get('/audit/anomalies');
