import type { DeskClient } from '../desk-client.js';

export const AGREED_ACTS = ['grant', 'outcome', 'seal', 'template'] as const;

/** One word the signed-in person gave. */
export interface OwnAgreement {
  readonly agreement: string;
  readonly act: (typeof AGREED_ACTS)[number];
  readonly subject: string;
  readonly at: string;
  readonly means: 'passkey' | 'oidc';
  readonly unaltered: boolean;
  readonly institution: string | null;
  readonly caseId: string | null;
  readonly caseNumber: string | null;
}

export const ownAgreements = (
  client: DeskClient,
  before?: string,
): Promise<{ readonly items: readonly OwnAgreement[]; readonly next: string | null }> =>
  client.get(`/agreements/own${before ? `?before=${before}` : ''}`);

/** How somebody can come in who could not before, or no more. */
export interface NewWayIn {
  readonly number: number;
  readonly at: string;
  readonly act: 'enrolled' | 'linked' | 'reset';
  readonly staff: string;
  readonly name: string;
  readonly byWayOf: 'invitation' | 'recovery-code' | null;
  readonly passkey: string | null;
  readonly by: string;
  readonly approver: string | null;
}

export const newWaysIn = (client: DeskClient): Promise<{ readonly items: readonly NewWayIn[] }> =>
  client.get('/ways-in');
