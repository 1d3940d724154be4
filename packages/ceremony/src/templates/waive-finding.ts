import { DomainError, samePerson } from '@mandate/core';
import type { LaterWaiver, TemplateRecord, TemplateRow, Waiver } from '../ports/template.js';
import { openErrors } from './template-evidence.js';
import { wrongState } from './publish-template.js';

/**
 * A second person lets pass what a newer rule pack finds in a published version; it stands in the evidence of every
 * later letter. Repeated, the first one stands. Throws as `checkedWaiver`.
 */
export async function waiveFinding(
  record: Pick<TemplateRecord, 'addWaiver'>,
  template: TemplateRow,
  { at, ...given }: { by: string; waiver: Waiver; at: Date },
): Promise<void> {
  const row = checkedWaiver(template, given);
  if (row) await record.addWaiver({ ...row, at });
}

/**
 * Null: it was let pass already. Throws `template-state`, `template-own-work`, and `invalid-request` for a waiver of
 * nothing.
 */
export function checkedWaiver(
  template: TemplateRow,
  { by, waiver }: { by: string; waiver: Waiver },
): (Omit<LaterWaiver, 'at'> & { readonly id: string; readonly version: number }) | null {
  const { id, version, status, authors, lint, laterWaivers } = template;
  if (status !== 'published') throw wrongState(status, 'published');
  if (authors.some((author) => samePerson(author, by)))
    throw new DomainError('template-own-work', `${by} wrote on this version`);
  const isIt = ({ rule, path }: { rule: string; path: string }): boolean =>
    rule === waiver.rule && path === waiver.path;
  if (laterWaivers.some(isIt)) return null;
  if (!lint || !openErrors(template).some(isIt))
    throw new DomainError('invalid-request', `no open error ${waiver.rule} at ${waiver.path}`);
  return { id, version, ...waiver, waivedBy: by, pack: lint.pack };
}
