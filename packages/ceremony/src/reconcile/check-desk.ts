import { FIRST_PREVIOUS, secretsEqual, toUtcSeconds } from '@mandate/core';
import { caseEventCode, caseListDigest } from '../desk/cases.js';
import { agreedDigest, approvalHolds, orderHolds } from '../desk/grant-codes.js';
import { accessSealCode } from '../desk/case-decisions.js';
import type { CaseEvent } from '../desk/case-ports.js';
import { holdProposal, isProposersOwn, voteHolds } from '../desk/hold-votes.js';
import type { RowMacs } from '../desk/row-macs.js';
import { read } from './check-ceremony.js';
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
 * took, and its entry in the ledger. `macs`: role vault's codes; null where its secret is not at hand.
 */
export async function checkDesk(
  reader: RecordReader,
  found: Found,
  macs: RowMacs | null,
): Promise<void> {
  for await (const row of reader.deskCases()) checkCase(row, found, macs);
  let expect = expectedEntries();
  let waiting = 0;
  for await (const row of reader.deskOpenings()) {
    checkOpening(row, found);
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
  for await (const { grant, authorizations, approvals, orders } of reader.deskGrants()) {
    const list = caseListDigest(authorizations);
    if (
      !approvals.every((approval) => approvalHolds(macs, grant, list, approval)) ||
      !orders.every((order) => orderHolds(macs, list, order))
    )
      found('desk-forged', grant.id);
  }
  for await (const seal of reader.deskSeals())
    if (seal.mac && !secretsEqual(accessSealCode(macs, seal), seal.mac))
      found('desk-forged', seal.id);
  for await (const dispute of reader.deskDisputes())
    if (!votedFor(macs, dispute)) found('desk-forged', dispute.hold.id);
}

/** Both people said exactly this; the institution's own proposal is no vote. */
function votedFor(macs: RowMacs, { hold, resolvedBy, votes }: DeskDisputeRows): boolean {
  const agreed = votes.some(
    (vote) =>
      vote.act === 'approve' &&
      vote.proposal === holdProposal(hold) &&
      `desk:${vote.staffId}` === resolvedBy &&
      voteHolds(macs, vote),
  );
  const institutions = !hold.proposedBy?.startsWith('desk:');
  return agreed && (institutions || votes.some((vote) => isProposersOwn(macs, hold, vote)));
}

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
        (event.authorizations !== caseListDigest(row.authorizations) || event.by !== row.openedBy));
    if (macs && !secretsEqual(caseEventCode(macs, row.id, stored.digest), stored.mac))
      found('desk-forged', `${row.id}/${stored.version}`);
    previous = stored.digest;
  }
  const last = read<CaseEvent>(row.events.at(-1)?.body ?? '');
  if (broken || row.head !== previous || last?.step !== row.step) found('case-broken', row.id);
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
