import { ID_IMAGE_REASONS, ID_IMAGE_SIDES } from '@mandate/ceremony';
import { MOST_IMAGE_BYTES } from '@mandate/core';
import { z } from 'zod';
import { time } from './schemas.js';

export const idImage = z
  .object({
    id: z.string(),
    authorization: z.string(),
    by: z.enum(['institution', 'subject']),
    reason: z.enum(ID_IMAGE_REASONS),
    side: z.enum(ID_IMAGE_SIDES),
    source: z.object({ creditCode: z.string() }).nullable().describe('who demands it'),
    width: z.number().int().describe('pixels'),
    height: z.number().int(),
    size: z.number().int().describe('bytes of what is kept'),
    keptAt: time,
    keepUntil: time.describe('it is destroyed then at the latest'),
    destroyed: z
      .object({
        at: time,
        why: z.enum(['deadline', 'asked', 'over', 'erased']),
        by: z.enum(['institution', 'subject', 'sweep']),
      })
      .nullable()
      .describe('from then on nobody can read it'),
  })
  .describe('A picture of an identity document, without the picture');

export const idImageList = z.object({ items: z.array(idImage).describe('oldest first') });

/** The picture as it comes in. */
export const imageBody = {
  contentTypes: ['image/jpeg', 'image/png'],
  maxBytes: MOST_IMAGE_BYTES,
} as const;

export const imageQuery = {
  side: z.enum(ID_IMAGE_SIDES),
  source: z
    .string()
    .regex(/^[0-9A-Z]{18}$/)
    .optional()
    .describe('credit code of the letter’s source that demands it, with `reason=source-demand`'),
  days: z.coerce
    .number()
    .int()
    .min(1)
    .max(180)
    .optional()
    .describe(
      'for how many days it is kept: 30, unless less or more is said; the operator sets the most',
    ),
};

/** Why none is kept, beside what the body is refused for. */
export const KEEP_PROBLEMS = [
  'image-refused',
  'image-limit',
  'source-mismatch',
  'illegal-transition',
  'withdrawn',
  'authorization-ended',
  'restricted',
  'erased',
  'budget-exceeded',
  'rate-limited',
] as const;
