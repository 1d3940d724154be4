import { z } from 'zod';
import { time } from './schemas.js';

export const privacyState = z
  .object({
    authorization: z.string(),
    restrictedAt: time.nullable().describe('from then on kept and not read any more'),
    erasedAt: time.nullable().describe('from then on nobody can read it'),
    retention: z
      .object({ runsFrom: time, keptUntil: time, basis: z.string(), byLaw: z.boolean() })
      .nullable()
      .describe(
        'null before anything is over; `basis` is the article, `byLaw` false: gone as soon as the subject asks',
      ),
  })
  .describe('What has become of the personal data, and what will');

/** The subject's copy. Its parts are the record's own shapes, described in docs/privacy.md. */
export const dataExport = z
  .looseObject({
    format: z.literal('mandate-export/v1'),
    readable: z
      .array(z.object({ title: z.string(), lines: z.array(z.string()).readonly() }))
      .readonly(),
  })
  .describe('Everything held about one subject under one authorization');
