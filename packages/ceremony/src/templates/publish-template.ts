import { DomainError, samePerson } from '@mandate/core';
import { CURRENT_RULE_PACK, lintTemplate, parseTemplate, type LintFinding } from '@mandate/terms';
import type { TemplateRecord, TemplateRow, Waiver } from '../ports/template.js';

/** Refusals name so many findings; all of them stand at `…/findings`. */
const FINDINGS_NAMED = 5;

/** What the newest rule pack says of a version, published ones too. */
export const findingsOf = (template: TemplateRow): LintFinding[] =>
  lintTemplate(parseTemplate(JSON.parse(template.body)));

/** A version as it is to be published. */
export interface Publication {
  readonly id: string;
  readonly version: number;
  readonly digest: string;
  readonly approver: string;
  readonly assessment: string;
  readonly lintPack: string;
  readonly waivers: readonly Waiver[];
}
interface Approval {
  readonly approver: string;
  readonly assessment?: string | undefined;
  readonly waivers: readonly Waiver[];
}

/** A second person publishes what lies in review. Throws as `checkedPublication`. */
export async function publishTemplate(
  record: Pick<TemplateRecord, 'publishTemplate'>,
  template: TemplateRow,
  { at, ...approval }: Approval & { readonly at: Date },
): Promise<void> {
  const done = await record.publishTemplate({ ...checkedPublication(template, approval), at });
  if (!done) throw wrongState('another state', 'in-review');
}

/**
 * What lies in review, if this person may publish it so. Throws `template-state`, `template-own-work`,
 * `assessment-missing`, `template-lint-failed`, and `invalid-request` for a waiver of nothing.
 */
export function checkedPublication(template: TemplateRow, approval: Approval): Publication {
  const { approver } = approval;
  const waivers = approval.waivers.map(({ rule, path, reason }) => ({ rule, path, reason }));
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
  return {
    ...{ id: template.id, version: template.version, digest: template.digest },
    ...{ approver, assessment, lintPack: CURRENT_RULE_PACK.version, waivers },
  };
}

export const wrongState = (is: string, should: string): DomainError =>
  new DomainError('template-state', `the version is ${is}, not ${should}`);
