import type { DeskClient } from '../desk-client.js';
import type { Actor } from './searches.js';

export const REGISTER_KINDS = [
  ...(['opening', 'search', 'case-read', 'refusal', 'reconciliation', 'sample'] as const),
] as const;
export type RegisterKind = (typeof REGISTER_KINDS)[number];

export interface RegisterEntry {
  readonly id: string;
  readonly at: string;
  readonly kind: RegisterKind;
  readonly by: Actor;
  readonly purpose: string | null;
  readonly case: { readonly id: string; readonly number: string | null } | null;
  readonly institution: string | null;
  readonly authorization: string | null;
  readonly letterNumber: string | null;
  readonly right: string | null;
  readonly why: string | null;
  readonly searchedBy: string | null;
  readonly searched: string | null;
  /** What was done with a reconciliation or sample, and with which. */
  readonly act: string | null;
  readonly about: string | null;
  readonly values: number | null;
  readonly results: number | null;
}

/** Empty members narrow nothing. `from` and `until`: days in UTC+8, both included. */
export interface RegisterFilter {
  readonly person: string;
  readonly case: string;
  readonly authorization: string;
  readonly purpose: string;
  readonly kind: string;
  readonly from: string;
  readonly until: string;
}

export const registerQuery = ({ from, until, ...rest }: RegisterFilter): string => {
  const next = (day: string): string =>
    new Date(Date.parse(`${day}T00:00:00+08:00`) + 86_400_000).toISOString();
  const asked = {
    ...rest,
    from: from && new Date(`${from}T00:00:00+08:00`).toISOString(),
    until: until && next(until),
  };
  return new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== '')).toString();
};

export const registerPage = (
  client: DeskClient,
  filter: RegisterFilter,
  before?: string,
): Promise<{ readonly items: readonly RegisterEntry[]; readonly next: string | null }> =>
  client.get(`/register?${registerQuery(filter)}${before ? `&before=${before}` : ''}`);

export const registerForPaper = (
  client: DeskClient,
  filter: RegisterFilter,
): Promise<{ readonly items: readonly RegisterEntry[]; readonly whole: boolean }> =>
  client.get(`/register/print?${registerQuery(filter)}`);
