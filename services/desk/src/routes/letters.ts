import { idPattern } from '@mandate/core';
import { z } from 'zod';
import { route, type DeskParts } from '../desk-parts.js';
import { accessView, letterLife, nextView, timelineView, useView } from '../letter-life.js';
import { letterView, letterViewOf, visibleLetter } from '../letter-view.js';

/** A letter's facts without opening anything: its life, and who used it, when and why. */
export const letterRoutes = (parts: DeskParts) => [
  route({
    method: 'get',
    path: '/desk/api/letters/{id}',
    auth: 'staff',
    roles: ['officer', 'approver', 'auditor'],
    tag: 'searches',
    summary: 'A letter that a search of one’s own found, or a case is about',
    params: z.strictObject({ id: z.string().regex(idPattern('authorization')) }),
    query: z.object({
      language: z.enum(['zh', 'en']).default('zh'),
      usesBefore: z.string().regex(idPattern('redemption')).optional(),
      accessesBefore: z.coerce.number().int().min(1).max(2_000_000_000).optional(),
    }),
    responses: {
      200: {
        description: 'Its facts; no personal data',
        schema: letterView.extend({
          purpose: z.string(),
          uses: z.array(useView),
          accesses: z.array(accessView),
          next: nextView,
          timeline: timelineView,
        }),
      },
    },
    problems: ['not-found'],
    handler: async (call) => {
      const { language, ...page } = call.query;
      const letter = await visibleLetter(parts, call, call.params.id);
      const template = await parts.record.template(letter.templateId, letter.templateVersion);
      return {
        status: 200,
        body: {
          ...letterViewOf(letter),
          purpose: purposeOf(template.body)[language],
          ...(await letterLife(parts, letter.id, language, page)),
        },
      };
    },
  }),
];

/** The template’s own words for what the letter allows; published ones have been parsed already. */
const purposeOf = (body: string): Readonly<Record<'zh' | 'en', string>> =>
  (JSON.parse(body) as { plain: { purpose: Record<'zh' | 'en', string> } }).plain.purpose;
