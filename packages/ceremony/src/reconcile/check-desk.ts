import { FIRST_PREVIOUS, secretsEqual, toUtcSeconds } from '@mandate/core';
import { caseEventCode, caseListDigest } from '../desk/opened-case.js';
import { codeHolds } from '../desk/coded-rows.js';
import { agreementHolds, type AnswerChecks } from '../desk/agreements.js';
import { agreedDigest, approvalHolds, approvalsWord, orderHolds } from '../desk/grant-codes.js';
import { sealHolds, sealProven } from '../desk/case-decisions.js';
import type { CaseEvent, HoldVoteRow } from '../desk/case-ports.js';
import { agreedOutcome, holdProposal, isProposersOwn, voteHolds } from '../desk/hold-votes.js';
import type { RowMacs } from '../desk/row-macs.js';
import { read } from './check-ceremony.js';
import { peopleThen, SLACK, type PeopleThen } from './people-then.js';
import { answerMeans } from './answer-means.js';
import { expectedEntries } from './check-entries.js';
import type {
  DeskCaseRows,
  DeskDisputeRows,
  DeskOpeningRows,
  RecordReader,
} from './reconcile-ports.js';
import type { Found } from './record-problem.js';
import { recordedDigest } from './recorded-digest.js';

/** Entries looked up together. */
const AT_ONCE = 500;

/**
 * Cases are unbroken chains that say what their rows say, and each opening has its grant, the people whose word it
 * took, and its entry in the ledger. `macs`: role vault's codes; null where its secret is not at
 * hand. `passkeys`: for the answers by which people agreed.
 */
export async function checkDesk(
  reader: RecordReader,
  found: Found,
  macs: RowMacs | null,
  passkeys: AnswerChecks['passkeys'],
): Promise<void> {
  for await (const row of reader.deskCases()) checkCase(row, found, macs);
  for (const name of await reader.misdated()) found('desk-forged', `migrations/${name}`);
  const people = await peopleThen(reader);
  for await (const { id, staffId, means, openedAt } of reader.deskSessions())
    if (
      !people.could(staffId, null, openedAt) ||
      !(means === 'oidc' ? people.hadLogin : people.hadPasskey)(staffId, openedAt)
    )
      found('desk-unentitled', id);
  for await (const row of reader.deskWords()) {
    const { id, staffId, sessionId, answeredAt: at } = row;
    const by = answerMeans(row);
    if (!by || (macs && !codeHolds(macs, 'staff_agreements', row))) found('desk-forged', id);
    if (!by) continue;
    const theirs = by.login
      ? people.hadLogin(staffId, at, by.login)
      : people.hadPasskey(staffId, at, by.passkey);
    if (!theirs || !people.inSession(sessionId, staffId, at)) found('desk-unentitled', id);
  }
  let expect = expectedEntries();
  let waiting = 0;
  for await (const row of reader.deskOpenings()) {
    checkOpening(row, found);
    if (!wasEntitled(row, people)) found('desk-unentitled', row.id);
    expect.entry(`opening:${row.id}`, {
      ...{ kind: 'opening', at: toUtcSeconds(new Date(row.said.at)) },
      ...{ letter: row.letter, fact: row.digest },
    });
    if (++waiting < AT_ONCE) continue;
    await expect.compare(reader, found);
    expect = expectedEntries();
    waiting = 0;
  }
  await expect.compare(reader, found);
  if (!macs) return;
  const checks = { macs, passkeys };
  const since = (await reader.agreementsSince()).getTime();
  /** An agreement without a word of its own is one from when they were clicks. */
  const proven = async (word: Word): Promise<boolean> =>
    word.agreementId === null
      ? word.to.at.getTime() < since
      : agreementHolds(
          checks,
          (await reader.deskAgreements([word.agreementId])).get(word.agreementId),
          word.to,
        );
  for await (const { grant, authorizations, approvals, orders } of reader.deskGrants()) {
    const list = caseListDigest(authorizations);
    for (const { staffId, sessionId, role, at } of approvals)
      if (!people.could(staffId, role, at) || !people.inSession(sessionId, staffId, at))
        found('desk-unentitled', `${grant.id}/${staffId}`);
    if (
      !approvals.every((approval) => approvalHolds(macs, grant, list, approval)) ||
      !orders.every((order) => orderHolds(macs, list, order))
    )
      found('desk-forged', grant.id);
    for (const approval of approvals.filter((it) => approvalHolds(macs, grant, list, it)))
      if (!(await proven({ ...approval, to: approvalsWord(grant, list, approval) })))
        found('desk-unproven', `${grant.id}/${approval.staffId}`);
  }
  for await (const { mac, ...seal } of reader.deskSeals()) {
    if (!mac) continue;
    const kept = await reader.deskAgreements(seal.agreementId ? [seal.agreementId] : []);
    if (!sealHolds(macs, { ...seal, mac })) found('desk-forged', seal.id);
    else if (!(await sealProven(checks, seal, kept.get(seal.agreementId ?? ''))))
      found('desk-unproven', seal.id);
  }
  for await (const dispute of reader.deskDisputes()) {
    const votes = agreeingVotes(macs, dispute);
    if (votes.length === 0) {
      found('desk-forged', dispute.hold.id);
      continue;
    }
    const given = await Promise.all(votes.map((vote) => proven({ ...vote, to: votesWord(vote) })));
    if (!given.includes(true)) found('desk-unproven', dispute.hold.id);
  }
}

interface Word {
  readonly agreementId: string | null;
  readonly to: Parameters<typeof agreementHolds>[2];
}

/** Votes by which the dispute ended: both people said exactly this; the institution's own proposal is no vote. */
function agreeingVotes(
  macs: RowMacs,
  { hold, resolvedBy, votes }: DeskDisputeRows,
): readonly HoldVoteRow[] {
  const proposed =
    !hold.proposedBy?.startsWith('desk:') || votes.some((vote) => isProposersOwn(macs, hold, vote));
  return votes.filter(
    (vote) =>
      proposed &&
      vote.act === 'approve' &&
      vote.proposal === holdProposal(hold) &&
      `desk:${vote.staffId}` === resolvedBy &&
      voteHolds(macs, vote),
  );
}

const votesWord = ({ holdId, outcome, proposal, ...vote }: HoldVoteRow) => ({
  ...agreedOutcome(holdId, outcome, proposal),
  ...{ staffId: vote.staffId, sessionId: vote.sessionId, at: vote.at },
});

function checkCase(row: DeskCaseRows, found: Found, macs: RowMacs | null): void {
  let previous = FIRST_PREVIOUS;
  let broken = row.events.length !== row.version;
  for (const [i, stored] of row.events.entries()) {
    const event = read<CaseEvent>(stored.body);
    broken ||=
      !event ||
      stored.version !== i + 1 ||
      event.case !== row.id ||
      event.version !== stored.version ||
      event.previous !== previous ||
      recordedDigest('case-event', event) !== stored.digest ||
      (event.box ?? null) !== stored.box ||
      (i === 0 &&
        (event.authorizations !== caseListDigest(row.authorizations) ||
          event.by !== row.openedBy ||
          (event.institution ?? row.institutionId) !== row.institutionId));
    if (macs && !secretsEqual(caseEventCode(macs, row.id, stored.digest), stored.mac))
      found('desk-forged', `${row.id}/${stored.version}`);
    previous = stored.digest;
  }
  broken ||= clockDiffers(row);
  const last = read<CaseEvent>(row.events.at(-1)?.body ?? '');
  if (broken || row.head !== previous || last?.step !== row.step) found('case-broken', row.id);
}

/** Another day of receipt, or another term, than the case's events say. */
function clockDiffers({ events, receivedAt, dueAt }: DeskCaseRows): boolean {
  const said = events.map(({ body }) => read<CaseEvent>(body));
  const received = said[0]?.received ?? said[0]?.at;
  // none from before terms stood in events
  const due = said.findLast((event) => event?.due !== undefined)?.due;
  return (
    received !== receivedAt.toISOString() || (due !== undefined && due !== dueAt.toISOString())
  );
}

function checkOpening(row: DeskOpeningRows, found: Found): void {
  const { grant, order, said } = row;
  const at = new Date(said.at);
  const agreed = row.approvals.filter((approval) => approval.at.getTime() <= at.getTime());
  const people = new Set(agreed.map(({ staffId }) => staffId));
  if (
    !grant ||
    !row.ofCase ||
    said.case !== grant.caseId ||
    said.actor !== `staff:${grant.requester}` ||
    !grant.rights.includes(said.right) ||
    people.has(grant.requester) ||
    people.size < (grant.breakGlass ? 3 : 2) ||
    (grant.breakGlass && !agreed.some(({ role }) => role === 'custodian')) ||
    (said.order !== undefined && order?.grantId !== grant.id)
  ) {
    found('opening-unexplained', row.id);
    return;
  }
  if (said.agreed !== agreedDigest(grant, row.approvals, at)) found('desk-forged', row.id);
}

/**
 * Whether it could be opened then, whatever the rows say now: neither taken back nor over, by an officer in a session,
 * and under the word of enough people who had held their role ever since they gave it; all of them the operator's own,
 * or of the institution whose letter it is.
 */
function wasEntitled(
  { said, grant, institutionId, approvals, revokedAt, overAt }: DeskOpeningRows,
  people: PeopleThen,
): boolean {
  if (!grant) return true; // is reported as such
  const at = new Date(said.at);
  const { requester, breakGlass } = grant;
  const agreed = approvals.filter(
    (it) =>
      it.at <= at &&
      it.staffId !== requester &&
      people.keptRole(it.staffId, it.role, it.at, at) &&
      people.worksFor(it.staffId, institutionId, at),
  );
  return (
    [revokedAt, overAt].every((end) => !end || at.getTime() <= end.getTime() + SLACK) &&
    people.could(requester, 'officer', at) &&
    people.worksFor(requester, institutionId, at) &&
    (said.session === undefined || people.inSession(said.session, requester, at)) &&
    new Set(agreed.map(({ staffId }) => staffId)).size >= (breakGlass ? 3 : 2) &&
    (!breakGlass || agreed.some(({ role }) => role === 'custodian'))
  );
}
