import type { StaffRole } from '@mandate/core/desk';
import type { DeskClient } from '../desk-client.js';

export type Lock = 'account-closed' | 'contract-over' | 'account-dormant' | 'review-overdue';

export interface Account {
  readonly staff: string;
  readonly name: string;
  /** Null: the operator's own people. */
  readonly institutionName: string | null;
  readonly team: string;
  readonly outsourced: boolean;
  readonly contractUntil: string | null;
  readonly roles: readonly {
    readonly role: StaffRole;
    readonly givenAt: string;
    readonly givenBy: string;
    readonly approvedBy: string;
  }[];
  readonly openedAt: string;
  readonly seenAt: string | null;
  readonly reviewDueAt: string;
  readonly closedAt: string | null;
  /** Why this person may not work now. */
  readonly locked: Lock | null;
}

export const ACTS = [
  ...(['opened', 'role-given', 'role-ended', 'invited', 'linked', 'enrolled'] as const),
  ...(['reset', 'moved', 'reviewed', 'woken', 'closed'] as const),
] as const;
export interface AccountChange {
  readonly number: number;
  readonly at: string;
  readonly act: (typeof ACTS)[number];
  readonly by: string;
  readonly approver: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** All of them; a hundred at a time. */
export async function accounts(client: DeskClient): Promise<readonly Account[]> {
  const all: Account[] = [];
  for (let after = ''; ;) {
    const page = await client.get<Page<Account>>(`/people${after && `?after=${after}`}`);
    all.push(...page.items);
    if (!page.next) return all;
    after = page.next;
  }
}

export const changesOf = async (
  client: DeskClient,
  staff: string,
): Promise<readonly AccountChange[]> =>
  (await client.get<Page<AccountChange>>(`/people/${staff}/changes`)).items;
