import type { GrantRight } from '@mandate/core/desk';
import { agree } from './agreements.js';
import type { Life } from './searches.js';
import type { DeskClient, OpenedFile } from '../desk-client.js';

export interface Grant {
  readonly id: string;
  readonly caseId: string;
  readonly caseNumber: string;
  /** How many letters the case is about. */
  readonly letters: number;
  readonly requester: string;
  readonly requesterName: string | null;
  readonly legalBasis: string;
  readonly reason: string;
  readonly rights: readonly GrantRight[];
  readonly hours: number;
  readonly breakGlass: boolean;
  readonly askedAt: string;
  readonly approvals: readonly {
    readonly staff: string;
    readonly name: string | null;
    readonly role: 'approver' | 'custodian';
    readonly at: string;
  }[];
  /** Absent while somebody's approval is missing, and after it was revoked. */
  readonly good?: { readonly from: string; readonly until: string };
  readonly revokedAt?: string;
}

export type NewGrant = Pick<Grant, 'legalBasis' | 'reason' | 'rights' | 'hours' | 'breakGlass'>;

/** `waiting`: for somebody to agree. `ended`: its case has, and with it what could be opened. */
export function grantState(
  grant: Grant,
  caseEnded = false,
): 'waiting' | 'good' | 'over' | 'revoked' | 'ended' {
  if (grant.revokedAt) return 'revoked';
  if (caseEnded) return 'ended';
  if (!grant.good) return 'waiting';
  return Date.parse(grant.good.until) > Date.now() ? 'good' : 'over';
}

type Many<Item> = Promise<{ readonly items: readonly Item[] }>;

export const grantsOf = (client: DeskClient, caseId: string): Many<Grant> =>
  client.get(`/cases/${caseId}/grants`);
/** Whether a grant still opens anything, without anybody having asked. */
export async function stillGood(
  client: Pick<DeskClient, 'look'>,
  { id, caseId }: Pick<Grant, 'id' | 'caseId'>,
): Promise<boolean> {
  const { items, caseEnded } = await client.look<{ items: readonly Grant[]; caseEnded: boolean }>(
    `/cases/${caseId}/grants`,
  );
  const grant = items.find((it) => it.id === id);
  return grant !== undefined && grantState(grant, caseEnded) === 'good';
}
export const waitingGrants = (client: DeskClient): Many<Grant> => client.get('/grants');
export const brokenGlass = (client: DeskClient): Many<Grant & { readonly openings: number }> =>
  client.get('/broken-glass');
export const askGrant = (client: DeskClient, caseId: string, grant: NewGrant): Promise<Grant> =>
  client.post(`/cases/${caseId}/grants`, grant);
export const approveGrant = (client: DeskClient, id: string, sentence: string): Promise<Grant> =>
  agree(client, {
    ...{ asked: { act: 'grant', grant: id }, path: `/grants/${id}/approvals`, sentence },
  });
export const revokeGrant = (client: DeskClient, id: string): Promise<Grant> =>
  client.delete(`/grants/${id}`);

/** Each of these is an opening: an entry of the register and of the ledger. */
export const openCopy = (
  client: DeskClient,
  grant: string,
  body: { authorization: string; right: 'view' | 'print'; language: 'zh' | 'en' },
): Promise<OpenedFile> => client.file(`/grants/${grant}/copy`, body);
export const openOriginal = (
  client: DeskClient,
  grant: string,
  body: { authorization: string; of: 'letter' | 'bundle' },
): Promise<OpenedFile> => client.file(`/grants/${grant}/original`, body);

export interface OpenedTrail {
  readonly trail: readonly {
    readonly type?: string;
    readonly at?: string;
    readonly by?: string;
    readonly data?: Readonly<Record<string, unknown>>;
  }[];
  /** With the timestamps and the certificate of the bundle. */
  readonly timeline: Life;
  readonly marks: Marks;
}

/** Who reads what was opened, when and for which case. */
export interface Marks {
  readonly reader: string;
  readonly at: string;
  readonly caseNumber: string;
  readonly access: string;
}
export const openTrail = (
  client: DeskClient,
  grant: string,
  body: { readonly authorization: string; readonly language: 'zh' | 'en' },
): Promise<OpenedTrail> => client.post(`/grants/${grant}/trail`, body);
