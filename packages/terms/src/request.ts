import { z } from 'zod';
import { ID_TYPES, normalizePhone } from './identifiers.js';
import { usesSchema } from './terms.js';
import { textSchema } from './template.js';

/** RFC 3339 with `Z` or an offset; kept to the second. */
const momentInputSchema = z.iso
  .datetime({ offset: true, error: 'not a time with its zone such as 2027-01-01T00:00:00Z' })
  .max(40)
  .describe('RFC 3339 with `Z` or an offset');

/** What an institution sends. Shapes only: check digits, age, dates and limits are `buildTerms`'s. */
export const authorizationRequestSchema = z.strictObject({
  /** Id or name of a published template. */
  template: z.string().min(1).max(64).describe('id or name of one of your templates'),
  /** Default: the latest published version. */
  version: z.number().int().min(1).max(1_000_000).optional(),
  /** The institution's own reference for the one thing this is about (order, application). */
  businessReference: textSchema(64).describe('your own reference for the one thing this is about'),
  language: z.enum(['zh', 'en']).default('zh'),
  subject: z.strictObject({
    name: textSchema(60),
    idType: z.enum(ID_TYPES),
    idNumber: z
      .string()
      .min(5)
      .max(18)
      .transform((text) => text.toUpperCase()),
    phone: z.string().min(7).max(16).transform(normalizePhone),
  }),
  from: momentInputSchema.optional(),
  end: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('date'), at: momentInputSchema }),
    z.strictObject({
      kind: z.literal('event'),
      event: z.literal('loan-settled'),
      latest: momentInputSchema,
    }),
  ]),
  uses: usesSchema.default({ kind: 'count', count: 1 }),
});

/** The request as sent, before defaults. */
export type AuthorizationRequest = z.input<typeof authorizationRequestSchema>;
