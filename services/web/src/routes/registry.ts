import { toUtcSeconds } from '@mandate/core';
import { PURPOSE_CODES } from '@mandate/terms';
import { z } from 'zod';
import { route, type WebParts } from '../web-parts.js';
import * as schema from './schemas.js';

const entry = z.object({
  creditCode: z.string(),
  name: z.string(),
  nameEn: z.string().nullable().describe('as letters in English spell it'),
  licence: z.string(),
  originProof: z.string().nullable().describe('proof of the lawful origin of its data'),
  reviewedAt: schema.time,
  reviewBy: schema.time.describe('later no new letter names it'),
  validUntil: schema.time.describe('end of the licence: later it is not used either'),
  approver: z.string(),
  valid: z.boolean(),
});
const combination = z.object({
  source: z.string(),
  item: z.string(),
  purpose: z.enum(PURPOSE_CODES),
});

/** Who may be asked and who may receive, as the operator registered them; the same for every institution. */
export const registryRoutes = (parts: WebParts) => {
  const partiesOf = (kind: 'source' | 'recipient', path: string, summary: string) =>
    route({
      method: 'get',
      path,
      auth: 'institution',
      scope: 'registry:read',
      tag: 'registry',
      summary,
      responses: {
        200: {
          description: 'The newest entry of each',
          schema: z.object({ items: z.array(entry) }),
        },
      },
      problems: [],
      handler: async () => {
        const now = parts.clock.now();
        const entries = await parts.record.registryEntries(kind);
        return {
          status: 200,
          body: {
            items: entries.map(({ creditCode, name, nameEn, licence, originProof, ...at }) => ({
              ...{ creditCode, name, nameEn, licence, originProof, approver: at.approver },
              reviewedAt: toUtcSeconds(at.reviewedAt),
              reviewBy: toUtcSeconds(at.reviewBy),
              validUntil: toUtcSeconds(at.validUntil),
              valid: at.reviewedAt <= now && at.reviewBy > now && at.validUntil > now,
            })),
          },
        };
      },
    });
  return [
    partiesOf('source', '/v1/registry/sources', 'List registered sources'),
    partiesOf('recipient', '/v1/registry/recipients', 'List registered recipients'),
    route({
      method: 'get',
      path: '/v1/registry/combinations',
      auth: 'institution',
      scope: 'registry:read',
      tag: 'registry',
      summary: 'What may be asked: source, item, purpose',
      responses: {
        200: {
          description: 'All that is allowed; nothing else is',
          schema: z.object({ items: z.array(combination) }),
        },
      },
      problems: [],
      handler: async () => ({
        status: 200,
        body: {
          items: (await parts.record.registryCombinations()).map((row) => ({
            ...row,
            purpose: row.purpose as (typeof PURPOSE_CODES)[number],
          })),
        },
      }),
    }),
  ];
};
