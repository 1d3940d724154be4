import { DomainError, type GrantRight, type LedgerRole } from '@mandate/core';
import type { GrantApprovalRow, GrantRow } from './case-ports.js';
import type { CaseDeps } from './cases.js';
import { agreementHolds, providerSaid } from './agreements.js';
import { approvalHolds, approvalsWord } from './grant-codes.js';
import { openedCase } from './opened-case.js';
import { caseEndFact, deskFactKey, revocationFact } from './desk-facts.js';
import { staffStanding, type StaffStanding } from './sessions.js';
import { isLoginTold, isPasskeyTold, toldAccount } from './told-account.js';

/** Milliseconds. */
const HOUR = 3_600_000;

type ProofDeps = Pick<CaseDeps, 'record' | 'clock' | 'macs' | 'passkeys'>;

/**
 * What a case is about and whose it is, from its opened event as role vault wrote it. Throws `grant-refused` with `grant-altered` when
 * the list is another one now, or the event is not role vault's.
 */
export async function provenList(
  { record, macs }: Pick<ProofDeps, 'record' | 'macs'>,
  caseId: string,
): Promise<{
  readonly digest: string;
  readonly authorizations: ReadonlySet<string>;
  readonly institution: string;
}> {
  const opened = await openedCase({ record, macs }, caseId);
  // Older events do not say whose: then it is the row's word.
  const institution = opened?.institution ?? (await record.caseFor(caseId))?.institutionId;
  if (!opened || !institution) throw refused('grant-altered');
  return { digest: opened.list, authorizations: opened.authorizations, institution };
}

/**
 * Whether role vault's own codes say that this opens, whatever the database says: its owner can replace a rule there,
 * but write none of these rows. Throws `grant-refused` with `why`.
 */
export async function proveGrant(
  deps: ProofDeps & { readonly ledger: Pick<LedgerRole, 'holds'> },
  grant: GrantRow & { readonly approvals: readonly GrantApprovalRow[] },
  asked: { authorizations: readonly string[]; right: GrantRight; staff: string },
): Promise<void> {
  const { clock, macs } = deps;
  const list = await provenList(deps, grant.caseId);
  // Somebody wrote into the table who is not role vault, or changed what was agreed to.
  if (!grant.approvals.every((approval) => approvalHolds(macs, grant, list.digest, approval)))
    throw refused('grant-altered');
  const proven = await provenApprovals(deps, grant, list.digest);
  if (grant.requester !== asked.staff || !asked.authorizations.every(isIn(list.authorizations)))
    throw refused('grant-unknown');
  // What was taken back stays so, whatever its row says now.
  const [revoked, ended] = [deskFactKey('revoked', grant.id), deskFactKey('ended', grant.caseId)];
  const entered = await deps.record.entered([revoked, ended]);
  const facts = [revocationFact(macs, grant.id), caseEndFact(macs, grant.caseId)] as const;
  // The queue has the last seconds; of what is in the tree role ledger knows more than its rows say.
  const { found } = await deps.ledger.holds({ facts });
  if (entered.has(revoked) || found.includes(facts[0])) throw refused('grant-revoked');
  if (entered.has(ended) || found.includes(facts[1])) throw refused('case-closed');
  const requester = await provenStanding(deps, asked.staff);
  if (!requester || requester.refusal || !requester.roles.includes('officer'))
    throw refused('account-closed');
  if (!worksFor(requester, list.institution)) throw refused('grant-altered');
  const agreed: GrantApprovalRow[] = [];
  for (const approval of new Map(proven.map((row) => [row.staffId, row])).values())
    if (
      approval.staffId !== grant.requester &&
      (await stillCounts(deps, approval, list.institution))
    )
      agreed.push(approval);
  const from = completedAt(grant.breakGlass, agreed);
  const now = clock.now().getTime();
  if (from === null || now < from) throw refused('grant-unapproved');
  if (now >= from + grant.hours * HOUR) throw refused('grant-expired');
  if (!grant.rights.includes(asked.right)) throw refused('right-missing');
}

/** Those that somebody's authenticator gave. Throws `grant-refused` with `grant-altered` where one says so and did not. */
async function provenApprovals(
  deps: ProofDeps,
  grant: GrantRow & { readonly approvals: readonly GrantApprovalRow[] },
  list: string,
): Promise<readonly GrantApprovalRow[]> {
  // Without one it was a click, from before there were agreements: it counts no more.
  const given = grant.approvals.filter(({ agreementId }) => agreementId !== null);
  const kept = await deps.record.keptAgreements(given.map(({ agreementId }) => agreementId!));
  for (const approval of given) {
    const word = kept.get(approval.agreementId!);
    if (!word || !(await agreementHolds(deps, word, approvalsWord(grant, list, approval))))
      throw refused('grant-altered');
    // Passkey or sign-in were that person's when they answered, by more than their rows.
    const login = providerSaid(word.row);
    const theirs = login
      ? await isLoginTold(deps, { ...login, staffId: approval.staffId }, approval.at)
      : word.passkey && (await isPasskeyTold(deps, word.passkey, approval.at));
    if (!theirs) throw refused('grant-altered');
  }
  return given;
}

/**
 * Who somebody is and what they may be now, as the register of changes has it: a role that ended there counts no more,
 * whatever its row says. Null: as `staffStanding`. Throws `grant-refused` with `grant-altered` where that register was
 * changed, or cut off behind an entry that the ledger has. `since`: only roles held without a break since then.
 */
export async function provenStanding(
  deps: ProofDeps,
  staffId: string,
  since?: Date,
): Promise<StaffStanding | null> {
  const { changes, whole } = await deps.record.staffChanges(staffId);
  const told = whole ? toldAccount(deps.macs, staffId, changes) : null;
  const then = since && told ? toldAccount(deps.macs, staffId, changes, since) : told;
  if (told === null || then === null) throw refused('grant-altered');
  if (!told) return null;
  const roles = [...told.roles].filter(([role, change]) => then?.roles.get(role) === change);
  return staffStanding(deps, staffId, { ...told, roles: new Map(roles) });
}

const isIn = (all: ReadonlySet<string>) => (one: string) => all.has(one);

/** Whether who agreed still has that role, without a break since, and for that institution. */
async function stillCounts(
  deps: ProofDeps,
  { staffId, role, at }: GrantApprovalRow,
  institution: string,
): Promise<boolean> {
  const standing = await provenStanding(deps, staffId, at);
  return (
    !!standing &&
    !standing.refusal &&
    standing.roles.includes(role) &&
    worksFor(standing, institution)
  );
}

/** The operator's own people work for all institutions, those of one for it alone. */
const worksFor = ({ institutionId }: StaffStanding, institution: string): boolean =>
  institutionId === null || institutionId === institution;

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
