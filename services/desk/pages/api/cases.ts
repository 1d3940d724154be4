import type { CaseKind, CaseStep } from '@mandate/core/desk';
import type { DeskClient } from '../desk-client.js';

/** Nothing more is asked for or decided in it. */
export const ended = ({ step }: { readonly step: CaseStep }): boolean =>
  step === 'closed' || step === 'rejected';

export interface CaseTexts {
  readonly applicant?: string;
  readonly standing?: string;
  readonly documents?: readonly string[];
  readonly legalBasis?: string;
  readonly scope?: string;
  readonly note?: string;
  readonly decision?: string;
}

export interface Case {
  readonly id: string;
  readonly number: string;
  readonly kind: CaseKind;
  readonly institution: string;
  readonly dispute: string | null;
  readonly openedBy: string;
  /** Terms run from here. */
  readonly receivedAt: string;
  readonly openedAt: string;
  readonly dueAt: string;
  /** The last time. */
  readonly extendedAt: string | null;
  readonly extensions: number;
  readonly step: CaseStep;
  readonly version: number;
}

/** What an authorization of the case may do now, and why not. */
export interface Standing {
  readonly authorization: string;
  readonly letterNumber: string;
  readonly state: string;
  readonly withdrawn: { readonly by: string; readonly at: string } | null;
  readonly hold: {
    readonly id: string;
    readonly by: string;
    readonly reason: string;
    readonly openedAt: string;
    readonly outcome: string | null;
    readonly resolvedAt: string | null;
  } | null;
  readonly restricted: { readonly askedBy: string; readonly at: string } | null;
  readonly erasedAt: string | null;
}

/** How long an answer may take, and by which rule. */
export interface CaseClock {
  readonly days: number;
  readonly extensionDays: number;
  /** A second time; 0: only once. */
  readonly secondExtensionDays: number;
  /** Somebody else decides; here it is only passed on and watched. */
  readonly received: boolean;
  /** Of the term, or of the duty alone. */
  readonly basis: string;
  /** The days are the operator’s own. */
  readonly ownTarget: boolean;
  /** Whoever asks may name the day. */
  readonly ownDate: boolean;
  /** False: of this kind no more cases are opened. */
  readonly offered: boolean;
}

const DAY = 86_400_000;

/** Days that may be added now; 0: none. */
export const moreDays = (
  clock: Pick<CaseClock, 'extensionDays' | 'secondExtensionDays'>,
  { extensions }: Pick<Case, 'extensions'>,
): number => [clock.extensionDays, clock.secondExtensionDays][extensions] ?? 0;

/** The term is not the kind's own: a court has set the day. */
export const setByCourt = (
  { ownDate, days }: CaseClock,
  { receivedAt, dueAt }: Pick<Case, 'receivedAt' | 'dueAt'>,
): boolean => ownDate && Date.parse(dueAt) - Date.parse(receivedAt) !== days * DAY;

export interface CaseEvent {
  readonly version: number;
  readonly type: 'opened' | 'stepped' | 'noted' | 'extended';
  readonly step: CaseStep;
  readonly by: string;
  /** Of staff; null for all others. */
  readonly name: string | null;
  readonly at: string;
  readonly digest: string;
  /** Null once the case's key was destroyed. */
  readonly texts?: CaseTexts | null;
}

export interface CaseDetail extends Case {
  readonly clock: CaseClock;
  readonly authorizations: readonly Standing[];
  readonly events: readonly CaseEvent[];
  readonly keptUntil: string | null;
}

/** Open ones, soonest due first; those that are over, newest first. */
export type CaseState = 'open' | 'over';

export const listCases = (
  client: DeskClient,
  state: CaseState,
  after?: string,
): Promise<{ readonly items: readonly Case[]; readonly next: string | null }> =>
  client.get(`/cases?state=${state}${after ? `&after=${encodeURIComponent(after)}` : ''}`);

/** Undefined: there is no such case, or it is another institution's. */
export const caseNumbered = async (client: DeskClient, number: string): Promise<Case | undefined> =>
  (
    await client.get<{ readonly items: readonly Case[] }>(
      `/cases?number=${encodeURIComponent(number)}`,
    )
  ).items[0];

export const caseKinds = (
  client: DeskClient,
): Promise<{ readonly items: readonly (CaseClock & { readonly kind: CaseKind })[] }> =>
  client.get('/case-kinds');

export const openCase = (
  client: DeskClient,
  opened: {
    kind: CaseKind;
    authorizations: readonly string[];
    dispute?: string;
    receivedAt?: string;
    dueAt?: string;
    texts: CaseTexts;
  },
): Promise<Case> => client.post('/cases', opened);

export const readCase = (client: DeskClient, id: string): Promise<CaseDetail> =>
  client.get(`/cases/${id}`);

export const stepCase = (
  client: DeskClient,
  { id, version }: Case,
  to: CaseStep,
  texts: CaseTexts,
): Promise<Case> => client.post(`/cases/${id}/steps`, { to, version, texts });

export const noteCase = (
  client: DeskClient,
  { id, version }: Case,
  type: 'noted' | 'extended',
  texts: CaseTexts,
): Promise<Case> => client.post(`/cases/${id}/notes`, { type, version, texts });
