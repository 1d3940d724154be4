import { DomainError, samePerson } from '@mandate/core';
import { CURRENT_RULE_PACK, lintTemplate, parseTemplate, type LintFinding } from '@mandate/terms';
import type { TemplateRecord, TemplateRow, Waiver } from '../ports/template.js';

/** Refusals name so many findings; all of them stand at `…/findings`. */
const FINDINGS_NAMED = 5;

/** What the newest rule pack says of a version, published ones too. */
export const findingsOf = (template: TemplateRow): LintFinding[] =>
  lintTemplate(parseTemplate(JSON.parse(template.body)));

/**
 * A second person publishes what lies in review. Throws `template-state`, `template-own-work`,
 * `assessment-missing`, `template-lint-failed`, and `invalid-request` for a waiver of nothing.
 */
export async function publishTemplate(
  record: TemplateRecord,
  template: TemplateRow,
  approval: {
    approver: string;
    assessment?: string | undefined;
    waivers: readonly Waiver[];
    at: Date;
  },
): Promise<void> {
  const { approver, waivers, at } = approval;
  if (template.status !== 'in-review') throw wrongState(template.status, 'in-review');
  if (template.authors.some((author) => samePerson(author, approver)))
    throw new DomainError('template-own-work', `${approver} wrote on this version`);
  const assessment = approval.assessment ?? template.assessment;
  if (!assessment)
    throw new DomainError('assessment-missing', 'name the impact assessment of this processing');
  const findings = findingsOf(template);
  const meets = (finding: LintFinding, waiver: Waiver): boolean =>
    finding.rule === waiver.rule && finding.path === waiver.path;
  const idle = waivers.find((waiver) => !findings.some((finding) => meets(finding, waiver)));
  if (idle)
    throw new DomainError('invalid-request', `no finding ${idle.rule} at ${idle.path} to waive`);
  const open = findings.filter(
    (finding) => finding.severity === 'error' && !waivers.some((waiver) => meets(finding, waiver)),
  );
  if (open.length > 0) {
    const named = open.slice(0, FINDINGS_NAMED).map(({ rule, path }) => `${rule} at ${path}`);
    throw new DomainError(
      'template-lint-failed',
      named.join('; ') + (open.length > FINDINGS_NAMED ? '; …' : ''),
      { extensions: { findings: open.length } },
    );
  }
  const done = await record.publishTemplate({
    id: template.id,
    version: template.version,
    digest: template.digest,
    approver,
    assessment,
    lintPack: CURRENT_RULE_PACK.version,
    waivers,
    at,
  });
  if (!done) throw wrongState('another state', 'in-review');
}

export const wrongState = (is: string, should: string): DomainError =>
  new DomainError('template-state', `the version is ${is}, not ${should}`);
