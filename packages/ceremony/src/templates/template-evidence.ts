import {
  addSeconds,
  canonicalize,
  DomainError,
  fromHex,
  kindDigestHex,
  personPseudonym,
  toUtcSeconds,
  type TemplateEvidence,
} from '@mandate/core';
import type { LintError, TemplateRow } from '../ports/template.js';

/**
 * How long a published version goes on being used after a newer rule pack has found an error in it that nobody
 * waived: time to publish another one, or for a second person to waive it with a reason.
 */
export const RELINT_GRACE_DAYS = 30;

const sameFinding = (a: LintError, b: LintError): boolean => a.rule === b.rule && a.path === b.path;

/** Errors of the newest pack that nobody let pass. */
export const openErrors = (template: Pick<TemplateRow, 'lint' | 'waivers' | 'laterWaivers'>) =>
  (template.lint?.errors ?? []).filter(
    (error) =>
      ![...template.waivers, ...template.laterWaivers].some((waiver) => sameFinding(error, waiver)),
  );

/** From then on no new letter is made under the version; null while nothing is open. */
export const overdueFrom = (
  template: Pick<TemplateRow, 'lint' | 'waivers' | 'laterWaivers'>,
): Date | null =>
  openErrors(template).length === 0
    ? null
    : addSeconds(template.lint!.lintedAt, RELINT_GRACE_DAYS * 86_400);

/** Throws `template-overdue` when the grace after a newer rule pack is over. */
export function checkNotOverdue(template: TemplateRow, now: Date): void {
  const from = overdueFrom(template);
  if (from && from <= now)
    throw new DomainError(
      'template-overdue',
      `rule pack ${template.lint!.pack} finds errors since ${toUtcSeconds(template.lint!.lintedAt)}: ` +
        'publish another version, or have a second person waive them',
      { extensions: { findings: openErrors(template).length } },
    );
}

/** Whether the text that lies there is the one its digest names. */
export const isTextOfDigest = ({ body, digest }: Pick<TemplateRow, 'body' | 'digest'>): boolean =>
  kindDigestHex('template', JSON.parse(body)) === digest;

/**
 * The part of a letter's evidence about its template version, as it stands now, in canonical JSON with its digest.
 * Throws `template-state` for a version that was never published, `internal` where its text is not the one of its digest.
 */
export function templateEvidence(template: TemplateRow): { body: string; digest: string } {
  const { approver, assessment, publishedAt, lintPack } = template;
  if (approver === null || assessment === null || publishedAt === null || lintPack === null)
    throw new DomainError('template-state', 'the version was not published');
  if (!isTextOfDigest(template))
    throw new DomainError('internal', `template ${template.id}/${template.version} was changed`);
  const salt = fromHex(template.personSalt);
  const known = (person: string): string => personPseudonym(salt, person);
  const evidence: TemplateEvidence = {
    format: 'mandate-template-record/v1',
    id: template.id,
    version: template.version,
    digest: template.digest,
    body: JSON.parse(template.body) as object,
    authors: [...new Set(template.authors.map(known))].sort(),
    approver: known(approver),
    assessment,
    publishedAt: toUtcSeconds(publishedAt),
    lint: {
      pack: lintPack,
      newestPack: template.lint?.pack ?? lintPack,
      waivers: [
        ...template.waivers.map((waiver) => ({ ...waiver, by: known(approver) })),
        ...template.laterWaivers.map(({ rule, path, reason, waivedBy }) => ({
          ...{ rule, path, reason },
          by: known(waivedBy),
        })),
      ].sort(
        (a, b) => compare(a.path, b.path) || compare(a.rule, b.rule) || compare(a.reason, b.reason),
      ),
      open: openErrors(template),
    },
  };
  return { body: canonicalize(evidence), digest: kindDigestHex('template-record', evidence) };
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
