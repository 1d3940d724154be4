import {
  DomainError,
  isDomainError,
  kindDigestHex,
  secretsEqual,
  type GrantRight,
} from '@mandate/core';
import type { CaseEvent, CaseList, GrantApprovalRow, GrantRow } from './case-ports.js';
import { caseEventCode, caseListDigest, type CaseDeps } from './cases.js';
import { approvalHolds } from './grant-codes.js';
import { staffStanding } from './sessions.js';

/** Milliseconds. */
const HOUR = 3_600_000;

type ProofDeps = Pick<CaseDeps, 'record' | 'clock' | 'macs'>;

/**
 * What a case is about, from its opened event as role vault wrote it. Throws `grant-refused` with `grant-altered` when
 * the list is another one now, or the event is not role vault's.
 */
export async function provenList(
  { record, macs }: Pick<ProofDeps, 'record' | 'macs'>,
  caseId: string,
): Promise<{ readonly digest: string; readonly authorizations: ReadonlySet<string> }> {
  const list = await record.caseList(caseId);
  const digest = list && caseListDigest([...list.authorizations].sort());
  if (!list || !digest || !openedWith(macs, caseId, list, digest)) throw refused('grant-altered');
  return { digest, authorizations: new Set(list.authorizations) };
}

function openedWith(
  macs: ProofDeps['macs'],
  caseId: string,
  { opened }: CaseList,
  list: string,
): boolean {
  if (!secretsEqual(caseEventCode(macs, caseId, opened.digest), opened.mac)) return false;
  try {
    const event = JSON.parse(opened.body) as CaseEvent;
    return (
      kindDigestHex('case-event', event) === opened.digest &&
      event.type === 'opened' &&
      event.case === caseId &&
      event.authorizations === list
    );
  } catch (error) {
    if (!isDomainError(error) && !(error instanceof SyntaxError)) throw error;
    return false;
  }
}

/**
 * Whether role vault's own codes say that this opens, whatever the database says: its owner can replace a rule there,
 * but write none of these rows. Throws `grant-refused` with `why`.
 */
export async function proveGrant(
  deps: ProofDeps,
  grant: GrantRow & { readonly approvals: readonly GrantApprovalRow[] },
  asked: { authorizations: readonly string[]; right: GrantRight; staff: string },
): Promise<void> {
  const { clock, macs } = deps;
  const list = await provenList(deps, grant.caseId);
  // Somebody wrote into the table who is not role vault, or changed what was agreed to.
  if (!grant.approvals.every((approval) => approvalHolds(macs, grant, list.digest, approval)))
    throw refused('grant-altered');
  if (grant.requester !== asked.staff || !asked.authorizations.every(isIn(list.authorizations)))
    throw refused('grant-unknown');
  const requester = await staffStanding(deps, asked.staff);
  if (!requester || requester.refusal || !requester.roles.includes('officer'))
    throw refused('account-closed');
  const agreed: GrantApprovalRow[] = [];
  for (const approval of new Map(grant.approvals.map((row) => [row.staffId, row])).values())
    if (approval.staffId !== grant.requester && (await stillCounts(deps, approval)))
      agreed.push(approval);
  const from = completedAt(grant.breakGlass, agreed);
  const now = clock.now().getTime();
  if (from === null || now < from) throw refused('grant-unapproved');
  if (now >= from + grant.hours * HOUR) throw refused('grant-expired');
  if (!grant.rights.includes(asked.right)) throw refused('right-missing');
}

const isIn = (all: ReadonlySet<string>) => (one: string) => all.has(one);

async function stillCounts(deps: ProofDeps, { staffId, role }: GrantApprovalRow): Promise<boolean> {
  const standing = await staffStanding(deps, staffId);
  return !!standing && !standing.refusal && standing.roles.includes(role);
}

/** Epoch milliseconds of the approval that made it whole: two people, or three with one who keeps keys; null: not yet. */
function completedAt(breakGlass: boolean, agreed: readonly GrantApprovalRow[]): number | null {
  const people = agreed.map(({ at }) => at.getTime()).sort((a, b) => a - b);
  if (!breakGlass) return people[1] ?? null;
  const keepers = agreed
    .filter(({ role }) => role === 'custodian')
    .map(({ at }) => at.getTime())
    .sort((a, b) => a - b);
  const [third, keeper] = [people[2], keepers[0]];
  return third === undefined || keeper === undefined ? null : Math.max(third, keeper);
}

export const refused = (why: string, cause?: unknown): DomainError =>
  new DomainError('grant-refused', why, { cause, extensions: { why } });
