import { DomainError, toUtcSeconds } from '@mandate/core';
import { openErrors, overdueFrom, type TemplateRow } from '@mandate/ceremony';
import { textSchema } from '@mandate/terms';
import { z } from 'zod';
import type { WebParts } from '../web-parts.js';
import * as schema from './schemas.js';

export const templateId = z.object({ id: z.string().regex(/^[a-z][A-Za-z0-9_-]{0,63}$/) });
export const versionKey = templateId.extend({
  version: z
    .string()
    .regex(/^[1-9]\d{0,5}$/)
    .transform(Number),
});

const lintError = z.object({ rule: z.string(), path: z.string() });

export const waiver = z.strictObject({
  rule: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  path: z.string().min(1).max(100),
  reason: textSchema(200),
});

export const versionSchema = z.object({
  id: z.string(),
  name: z.string(),
  version: z.number().int(),
  digest: schema.digest,
  status: z.enum(['draft', 'in-review', 'published', 'retired']),
  authors: z.array(z.string()).describe('everybody who wrote on it'),
  approver: z.string().nullable(),
  assessment: z.string().nullable().describe('reference of the impact assessment'),
  lint: z
    .object({ pack: z.string(), waivers: z.array(waiver) })
    .nullable()
    .describe('what it was published with'),
  relint: z
    .object({
      pack: z.string(),
      lintedAt: schema.time,
      open: z.array(lintError).describe('errors that nobody waived'),
      waivers: z.array(waiver.extend({ by: z.string(), at: schema.time })),
      refusedFrom: schema.time
        .nullable()
        .describe('then new requests are `template-overdue`; null: nothing is open'),
    })
    .nullable()
    .describe('what a newer rule pack says of it; null: none has come since'),
  createdAt: schema.time,
  submittedAt: schema.time.nullable(),
  publishedAt: schema.time.nullable(),
  retiredAt: schema.time.nullable(),
});

const timeOf = (at: Date | null): string | null => at && toUtcSeconds(at);

/** A version as its institution sees it, without its body. */
export const templateVersion = (row: Omit<TemplateRow, 'body'>) => ({
  id: row.id,
  name: row.name,
  version: row.version,
  digest: row.digest,
  status: row.status,
  authors: [...row.authors],
  approver: row.approver,
  assessment: row.assessment,
  lint: row.lintPack === null ? null : { pack: row.lintPack, waivers: [...row.waivers] },
  relint: row.lint && {
    pack: row.lint.pack,
    lintedAt: toUtcSeconds(row.lint.lintedAt),
    open: openErrors(row),
    waivers: row.laterWaivers.map(({ rule, path, reason, waivedBy, at }) => ({
      ...{ rule, path, reason },
      by: waivedBy,
      at: toUtcSeconds(at),
    })),
    refusedFrom: timeOf(overdueFrom(row)),
  },
  createdAt: toUtcSeconds(row.createdAt),
  submittedAt: timeOf(row.submittedAt),
  publishedAt: timeOf(row.publishedAt),
  retiredAt: timeOf(row.retiredAt),
});

/** Throws `not-found`, also for another institution's. */
export async function foundTemplate(
  parts: WebParts,
  institutionId: string,
  idOrName: string,
  version?: number,
): Promise<TemplateRow> {
  const found = await parts.record.findTemplate(institutionId, idOrName, version);
  if (!found) throw new DomainError('not-found', 'no such template version');
  return found;
}
