import { DomainError, idPattern, toUtcSeconds } from '@mandate/core';
import { openErrors, overdueFrom, type TemplateRow } from '@mandate/ceremony';
import { textSchema } from '@mandate/terms';
import { z } from 'zod';
import type { Contexts, DeskParts } from '../desk-parts.js';
import { workedInstitution } from '../visible-institution.js';

/** The operator's own people name the institution. */
export const ofInstitution = z.object({
  institution: z.string().regex(idPattern('institution')).optional(),
});
export const templateParams = z.strictObject({ id: z.string().regex(idPattern('template')) });
const number = z
  .string()
  .regex(/^[1-9]\d{0,5}$/)
  .transform(Number);
export const versionParams = templateParams.extend({ version: number });
export const versionQuery = ofInstitution.extend({
  from: number.optional(),
  to: number.optional(),
});

/** What is written is checked by hand, so that its faults are told as a template's. */
export const written = z.strictObject({ body: z.record(z.string(), z.unknown()) });
export const assessment = textSchema(100).describe('reference of the impact assessment');
export const waiver = z.strictObject({
  rule: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  path: z.string().min(1).max(100),
  reason: textSchema(200),
});
/** Of an approval. */
export const waivers = z.array(waiver).max(20);
export const finding = z.object({
  rule: z.string(),
  severity: z.enum(['error', 'warning']),
  article: z.string(),
  message: z.object({ zh: z.string(), en: z.string() }),
  path: z.string(),
  start: z.int(),
  end: z.int(),
  excerpt: z.string(),
});

const person = z.object({
  person: z.string(),
  name: z.string().nullable().describe('of staff; null: somebody with an API key, named as there'),
});
export const versionView = z.object({
  id: z.string(),
  name: z.string(),
  version: z.int(),
  digest: z.string(),
  status: z.enum(['draft', 'in-review', 'published', 'retired']),
  authors: z.array(person).describe('everybody who wrote on it'),
  mine: z.boolean().describe('whoever asks wrote on it, and cannot approve it'),
  approver: person.nullable(),
  assessment: z.string().nullable(),
  lintPack: z.string().nullable(),
  waivers: z.array(waiver),
  open: z
    .array(z.object({ rule: z.string(), path: z.string() }))
    .describe('what a newer rule pack finds and nobody waived'),
  refusedFrom: z.string().nullable().describe('then it can be requested no more'),
  createdAt: z.string(),
  submittedAt: z.string().nullable(),
  publishedAt: z.string().nullable(),
  retiredAt: z.string().nullable(),
});

type Version = Omit<TemplateRow, 'body'>;
type Who = Pick<Contexts['staff'], 'staff' | 'institutionId'>;

/** Versions with the names of those of the desk. */
export async function versionViews(
  { cases }: Pick<DeskParts, 'cases'>,
  who: Who,
  rows: readonly Version[],
): Promise<z.input<typeof versionView>[]> {
  const people = rows.flatMap(({ authors, approver }) => [
    ...authors,
    ...(approver ? [approver] : []),
  ]);
  const names = await cases.staffNames([...new Set(people)]);
  const called = (id: string) => ({ person: id, name: names.get(id) ?? null });
  const time = (at: Date | null): string | null => at && toUtcSeconds(at);
  return rows.map((row) => ({
    ...{ id: row.id, name: row.name, version: row.version, digest: row.digest },
    ...{ status: row.status, assessment: row.assessment, lintPack: row.lintPack },
    authors: row.authors.map(called),
    mine: row.authors.includes(who.staff),
    approver: row.approver === null ? null : called(row.approver),
    waivers: [
      ...row.waivers,
      ...row.laterWaivers.map(({ rule, path, reason }) => ({ rule, path, reason })),
    ],
    open: openErrors(row).map(({ rule, path }) => ({ rule, path })),
    refusedFrom: time(overdueFrom(row)),
    createdAt: toUtcSeconds(row.createdAt),
    submittedAt: time(row.submittedAt),
    publishedAt: time(row.publishedAt),
    retiredAt: time(row.retiredAt),
  }));
}

/** Throws `not-found`, also for another institution's. */
export async function foundTemplate(
  { templates }: DeskParts,
  who: Who,
  named: string | undefined,
  { id, version }: { id: string; version?: number },
): Promise<TemplateRow> {
  const found = await templates.findTemplate(workedInstitution(who, named), id, version);
  if (!found) throw new DomainError('not-found', 'no such template version');
  return found;
}
