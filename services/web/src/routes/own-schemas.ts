import { ACCESS_PURPOSES, OWN_MEANS, PASSKEY_KINDS } from '@mandate/core';
import { ID_TYPES, isIdNumber, isPhone, normalizePhone, type IdType } from '@mandate/terms';
import { z } from 'zod';
import { idImage } from './id-image-schemas.js';
import { privacyState } from './privacy-schemas.js';
import { letterSection, logo, time } from './schemas.js';

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
  logo: logo.optional(),
  act: z.enum(['query', 'report']).describe('the institution asks a source, or reports itself'),
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
  passkeys: z
    .array(
      z.strictObject({
        id: z.string(),
        institution: z.string(),
        letterNumber: z.string().describe('while signing which letter it was set up'),
        kind: z.enum(PASSKEY_KINDS),
        registeredAt: time,
        lastUsedAt: time.nullable(),
        removed: z.strictObject({ at: time, why: z.enum(['subject', 'dispute']) }).nullable(),
        here: z.boolean().describe('the visit was entered by it'),
      }),
    )
    .describe('newest first'),
});

export const passkeyParam = z.strictObject({ passkey: z.string().regex(/^psk_[0-9a-f-]{36}$/) });

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
        by: z.enum(['subject', 'vouched', 'institution', 'service', 'desk']),
        vouched: z
          .strictObject({
            institution: z.string(),
            by: z.string().describe('masked reference'),
            how: z.string(),
          })
          .optional()
          .describe('who let somebody in that lost the number'),
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
  may: z.strictObject({
    withdraw: z.boolean(),
    dispute: z.boolean(),
    download: z.boolean(),
    erase: z.boolean().describe('have the data deleted'),
    keepIdImage: z.boolean().describe('give a picture of the identity document'),
    openIdImages: z.boolean().describe('look at such pictures and have them destroyed'),
  }),
  privacy: privacyState,
  idImages: z.array(idImage).describe('pictures of the identity document, oldest first'),
});
