import { agreementHolds, type AnswerChecks } from '../desk/agreements.js';
import type { TemplateVoteRow } from '../ports/template.js';
import {
  agreedTemplate,
  approvalSaid,
  retirementSaid,
  templateVoteHolds,
  waiverSaid,
} from '../templates/template-votes.js';
import type { DeskTemplateRows, RecordReader } from './reconcile-ports.js';
import type { Found } from './record-problem.js';

/** What a row says that somebody of the desk said, and when. */
interface Claim {
  readonly act: TemplateVoteRow['act'];
  readonly by: string;
  readonly at: Date | null;
  readonly said: string;
}

/**
 * Versions that people of the desk approved, waived findings of or retired rest on their words: each with role vault's
 * code over exactly what stands there now, and, but for retiring, on their authenticator's answer. What came before
 * there were such words has none.
 */
export async function checkDeskTemplates(
  reader: Pick<RecordReader, 'deskTemplates' | 'deskAgreements'>,
  found: Found,
  checks: AnswerChecks | null,
): Promise<void> {
  if (!checks) return;
  for await (const row of reader.deskTemplates()) {
    const where = `${row.id}/${row.version}`;
    const words = row.votes.filter((vote) => templateVoteHolds(checks.macs, vote));
    const claimed = claims(row).map((claim) => words.find((vote) => isFor(vote, claim)));
    if (words.length < row.votes.length || claimed.includes(undefined)) found('desk-forged', where);
    for (const vote of claimed)
      if (vote && vote.act !== 'retire' && !(await proven(reader, checks, vote)))
        found('desk-unproven', where);
  }
}

const isFor = (vote: TemplateVoteRow, { act, by, at, said }: Claim): boolean =>
  vote.act === act &&
  vote.staffId === by &&
  vote.at.getTime() === at?.getTime() &&
  vote.said === said;

function claims(row: DeskTemplateRows): Claim[] {
  const { approver, publishedAt, lintPack, assessment, retiredBy, retiredAt, since } = row;
  const counts = (by: string, at: Date | null): boolean =>
    by.startsWith('stf_') && at !== null && at >= since;
  const made: Claim[] = row.laterWaivers.map(({ waivedBy, at, ...waiver }) => ({
    ...{ act: 'waive', by: waivedBy, at, said: waiverSaid({ ...row, ...waiver }) },
  }));
  if (approver !== null)
    made.push({
      ...{ act: 'approve', by: approver, at: publishedAt },
      said: approvalSaid({ ...row, lintPack: lintPack ?? '', assessment: assessment ?? '' }),
    });
  if (retiredBy !== null)
    made.push({ act: 'retire', by: retiredBy, at: retiredAt, said: retirementSaid(row) });
  return made.filter(({ by, at }) => counts(by, at));
}

async function proven(
  reader: Pick<RecordReader, 'deskAgreements'>,
  checks: AnswerChecks,
  { templateId: id, version, said, staffId, sessionId, at, agreementId }: TemplateVoteRow,
): Promise<boolean> {
  if (agreementId === null) return false;
  const kept = (await reader.deskAgreements([agreementId])).get(agreementId);
  return agreementHolds(checks, kept, {
    ...{ ...agreedTemplate({ id, version, said }), staffId, sessionId, at },
  });
}
