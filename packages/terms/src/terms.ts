import {
  canonicalize,
  DomainError,
  EYE_ALPHABET,
  fromBase64Url,
  kindDigestHex,
  parseCanonical,
  type Random,
} from '@mandate/core';
import { z } from 'zod';
import { ID_TYPES, isIdNumber, isPhone } from './identifiers.js';
import { beijingDay } from './moments.js';
import {
  actSchema,
  codeSchema,
  creditCodeSchema,
  faultOf,
  PURPOSE_CODES,
  textSchema,
} from './template.js';
import { cleanValue } from './text.js';

const EYE = `[${EYE_ALPHABET}]`;

/** RFC 3339, UTC, whole seconds, a day that exists. */
const momentSchema = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  .refine((text) => {
    const at = new Date(text);
    return !Number.isNaN(at.getTime()) && `${at.toISOString().slice(0, 19)}Z` === text;
  }, 'no such time');

const saltSchema = z.string().refine((text) => {
  try {
    return fromBase64Url(text).length === 32;
  } catch {
    return false;
  }
}, 'not 32 bytes in base64url');

export const subjectSchema = z
  .strictObject({
    name: textSchema(60),
    idType: z.enum(ID_TYPES),
    idNumber: z.string(),
    phone: z.string().refine(isPhone, 'neither a mainland mobile number nor E.164'),
  })
  .refine((subject) => isIdNumber(subject.idType, subject.idNumber), {
    path: ['idNumber'],
    message: 'not a valid number of this type',
  });

export const institutionSchema = z.strictObject({
  name: textSchema(60),
  creditCode: creditCodeSchema,
  contact: textSchema(120),
  complaints: textSchema(120),
});
export type InstitutionParty = z.infer<typeof institutionSchema>;

export const usesSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('count'), count: z.number().int().min(1).max(100) }),
  z.strictObject({
    kind: z.literal('recurring'),
    atMost: z.number().int().min(1).max(100),
    per: z.enum(['month', 'quarter', 'year']),
  }),
]);
export type Uses = z.infer<typeof usesSchema>;

/** The typed content of one authorization, salt included; its canonical form stands inside the letter. */
export const termsSchema = z.strictObject({
  format: z.literal('mandate-terms/v1'),
  salt: saltSchema,
  letterNumber: z.string().regex(new RegExp(`^M\\d{8}-${EYE}{8}$`)),
  lookupCode: z.string().regex(new RegExp(`^${EYE}{4}(?:-${EYE}{4}){3}$`)),
  verifyUrl: z
    .string()
    .max(120)
    .regex(/^https?:\/\/[\x21\x24-\x7e]+$/),
  language: z.enum(['zh', 'en']),
  issuedAt: momentSchema,
  template: z.strictObject({
    id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
    version: z.number().int().min(1),
    digest: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  businessReference: textSchema(64),
  act: actSchema,
  institution: institutionSchema,
  subject: subjectSchema,
  purpose: z.strictObject({ code: z.enum(PURPOSE_CODES), text: textSchema(900) }),
  plain: z.strictObject({
    data: textSchema(60),
    purpose: textSchema(60),
    refusal: textSchema(180),
  }),
  items: z
    .array(
      z.strictObject({
        code: codeSchema,
        name: textSchema(360),
        class: z.enum(['general', 'sensitive']),
        necessary: z.boolean(),
      }),
    )
    .min(1)
    .max(20),
  sources: z
    .array(z.strictObject({ name: textSchema(180), creditCode: creditCodeSchema }))
    .min(1)
    .max(5),
  recipients: z
    .array(
      z.strictObject({
        name: textSchema(180),
        creditCode: creditCodeSchema,
        purpose: textSchema(360),
        necessary: z.literal(true).optional(),
      }),
    )
    .max(5),
  method: textSchema(1800),
  automatedDecision: textSchema(1800),
  from: momentSchema,
  end: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('date'), at: momentSchema }),
    z.strictObject({
      kind: z.literal('event'),
      event: z.literal('loan-settled'),
      latest: momentSchema,
    }),
  ]),
  uses: usesSchema,
  retention: textSchema(1800),
  refusal: textSchema(1800),
  rights: textSchema(2400),
  withdrawal: textSchema(1800),
  electronic: textSchema(2400),
  clauses: z
    .array(z.strictObject({ id: codeSchema, text: textSchema(480) }))
    .min(1)
    .max(6),
});
export type Terms = z.infer<typeof termsSchema>;

/** Checks a value as terms. Throws `terms-invalid`, `text-forbidden-character`. */
export function checkTerms(value: unknown): Terms {
  const result = termsSchema.safeParse(cleanValue(value, 'terms'));
  if (!result.success) throw new DomainError('terms-invalid', faultOf(result.error));
  return result.data;
}

/** Canonical JSON text → terms. Throws `format-json`, `terms-invalid`, `text-forbidden-character`. */
export const parseTerms = (text: string): Terms => checkTerms(parseCanonical(text));

/** The text embedded in the letter as `terms.json`. */
export const termsText = (terms: Terms): string => canonicalize(terms);

/** Lower-case hex; salted, so it tells nothing about the subject. */
export const termsDigest = (terms: Terms): string => kindDigestHex('terms', terms);

/** `M20261121-7F3K9Q2M`: Beijing day of issue and 40 random bits; uniqueness is the database's. */
export function newLetterNumber(now: Date, random: Random): string {
  const tail = [...random.bytes(8)].map((byte) => EYE_ALPHABET[byte & 31]).join('');
  return `M${beijingDay(now).replaceAll('-', '')}-${tail}`;
}
