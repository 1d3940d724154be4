import { ACCESS_PURPOSES, OWN_MEANS } from '@mandate/core';
import { ID_TYPES, isIdNumber, isPhone, normalizePhone, type IdType } from '@mandate/terms';
import { z } from 'zod';
import { letterSection, time } from './schemas.js';

/** Spaces, hyphens and full-width digits are typing, not meaning. */
const typed = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .transform((text) => text.normalize('NFKC').replace(/[\s-]/gu, ''));

/** What somebody says of themselves. Refusals follow from the input alone. */
export const ownPerson = z
  .strictObject({
    phone: typed(32)
      .transform(normalizePhone)
      .refine(isPhone, 'neither a mainland mobile number nor E.164'),
    name: z.string().trim().min(1).max(60),
    idType: z.enum(ID_TYPES),
    idNumber: typed(32).transform((text) => text.toUpperCase()),
  })
  .refine(({ idType, idNumber }) => isIdNumber(idType as IdType, idNumber), {
    path: ['idNumber'],
    message: 'not a valid number of this type',
  });

const inBoth = z.object({ zh: z.string(), en: z.string() });

export const CONDITIONS = [
  'not-signed',
  'signing',
  'in-force',
  'used-up',
  'ended',
  'withdrawn',
  'on-hold',
  'declined',
  'lapsed',
  'failed',
] as const;

const row = {
  id: z.string(),
  letterNumber: z.string(),
  title: inBoth,
  institution: z.string(),
  purpose: inBoth.describe('plain words of the template'),
  data: inBoth,
  condition: z.enum(CONDITIONS),
  requestedAt: time,
  until: time,
  usesLeft: z.number().int().optional(),
  usesTotal: z.number().int().optional(),
  per: z.enum(['month', 'quarter', 'year']).nullable().optional(),
};
export const ownRow = z.strictObject(row);

export const ownList = z.strictObject({
  means: z.enum(OWN_MEANS),
  expiresAt: time.describe('the visit is over then, unless it is used before'),
  endsAt: time,
  authorizations: z.array(ownRow),
});

const party = z.enum(['subject', 'institution']);
const proof = {
  receipt: z.string().nullable().describe('compact JWS, once sealed'),
  stamped: z.boolean(),
};

export const ownDetail = z.strictObject({
  ...row,
  language: z.enum(['zh', 'en']).describe('of the letter'),
  contact: z.string(),
  complaints: z.string(),
  creditCode: z.string(),
  checkCode: z.string(),
  keyTerms: z.array(z.strictObject({ id: z.string(), label: z.string(), text: z.string() })),
  items: z.array(z.strictObject({ name: z.string(), accepted: z.boolean() })),
  recipients: z.array(
    z.strictObject({ name: z.string(), purpose: z.string(), accepted: z.boolean() }),
  ),
  letterSections: z.array(letterSection),
  uses: z
    .array(
      z.strictObject({
        at: time,
        state: z.enum(['reserved', 'confirmed', 'released']),
        number: z.number().int(),
        of: z.number().int(),
        period: z.string().optional(),
        source: z.string(),
        recipient: z.string(),
        items: z.array(z.string()),
        operator: z.string().describe('masked reference'),
        approved: z.boolean(),
      }),
    )
    .describe('newest first'),
  accesses: z
    .array(
      z.strictObject({
        at: time,
        purpose: z.enum(ACCESS_PURPOSES),
        by: z.enum(['subject', 'institution', 'service', 'desk']),
      }),
    )
    .describe('who opened the personal data, newest first'),
  timeline: z.array(z.strictObject({ at: z.string(), type: z.string() })),
  withdrawal: z
    .strictObject({ id: z.string(), at: time, by: party, channel: z.string(), ...proof })
    .nullable(),
  holds: z.array(
    z.strictObject({
      id: z.string(),
      at: time,
      by: party,
      reason: z.string(),
      outcome: z.enum(['upheld', 'rejected', 'retracted']).nullable(),
      resolvedAt: time.optional(),
      ...proof,
    }),
  ),
  may: z.strictObject({ withdraw: z.boolean(), dispute: z.boolean(), download: z.boolean() }),
});
