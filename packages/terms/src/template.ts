import { DomainError, kindDigestHex } from '@mandate/core';
import { z } from 'zod';
import { isCreditCode } from './identifiers.js';
import { IDENTITY_POLICY_NAMES, measuresFit } from './identity-policies.js';
import { cleanValue } from './text.js';

/** Why data may be asked for; closed, so that software can compare a use with the grant. */
export const PURPOSE_CODES = [
  'loan-approval',
  'credit-card-approval',
  'guarantee-review',
  'post-loan-management',
  'credit-reporting',
  'income-verification',
  'identity-verification',
  'fraud-prevention',
] as const;
export type PurposeCode = (typeof PURPOSE_CODES)[number];

/** A refinement's fault with its name among `TEMPLATE_FAULTS`. */
const named = (fault: string, error: string) => ({ error, params: { fault } });

/** What the institution does with the data when it is not a query: it reports them to the recipient. */
export const actSchema = z.literal('report').optional();

/** Non-empty text of at most `max` UTF-16 units, without outer spaces. */
export const textSchema = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^\S(?:.*\S)?$/su, 'empty or with outer spaces');

export const creditCodeSchema = z
  .string()
  .refine(
    isCreditCode,
    named(
      'credit-code',
      'not a unified social credit code (18 characters, the last one a check digit)',
    ),
  )
  .describe('unified social credit code (GB 32100), check digit included');

export const codeSchema = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);

const bothLanguages = (max: number) =>
  z.strictObject({ zh: textSchema(max), en: textSchema(max * 3) });

const unique =
  <T>(pick: (item: T) => string) =>
  (items: T[]) =>
    new Set(items.map(pick)).size === items.length;

export const templatePolicySchema = z
  .strictObject({
    /** All of them are required. */
    measures: z
      .array(z.enum(['sms-code', 'passkey']))
      .min(1)
      .max(2),
    /** Where the one-time key may live; `software` is a key for one function call on our side. */
    keyOrigins: z
      .array(z.enum(['browser', 'software']))
      .min(1)
      .max(2),
    gate: z.enum(['last-six', 'institution']),
    minimumReadingSeconds: z.number().int().min(0).max(600),
    /**
     * A time to cool down before a code can be asked for: minutes from the first reading, for subjects of that
     * age on (resident ID numbers tell it; null: no age), and from "someone is telling me to do this", for
     * every later letter of the same person.
     */
    pause: z
      .strictObject({
        fromAge: z.number().int().min(14).max(120).nullable(),
        minutes: z.number().int().min(1).max(2880),
      })
      .optional(),
    /** The code may be asked for by a voice call. */
    voice: z.boolean().optional(),
    /** High value: signed in a full page only; a frame of the institution's page hands over to one. */
    topLevelOnly: z.boolean().optional(),
    /** What must be shown of the person beside the measures; absent: `basic`, which asks for nothing more. */
    identity: z.enum(IDENTITY_POLICY_NAMES).optional(),
  })
  .refine(
    ({ identity = 'basic', measures }) => measuresFit(identity, measures),
    named('measures', 'the identity policy asks for a measure that the template does not have'),
  );
export type TemplatePolicy = z.infer<typeof templatePolicySchema>;

/** A template version as an institution publishes it: everything of a letter that no single subject changes. */
export const templateBodySchema = z.strictObject({
  format: z.literal('mandate-template/v1'),
  name: codeSchema,
  title: bothLanguages(40),
  /** Absent: the institution queries data of the subject. */
  act: actSchema,
  policy: templatePolicySchema,
  purpose: z.strictObject({ code: z.enum(PURPOSE_CODES), text: bothLanguages(300) }),
  /** The words of the page's key terms and of the SMS. They stand in the terms, so they are signed too. */
  plain: z.strictObject({
    data: bothLanguages(20),
    purpose: bothLanguages(20),
    refusal: bothLanguages(60),
  }),
  items: z
    .array(
      z.strictObject({
        code: codeSchema,
        name: bothLanguages(120),
        class: z.enum(['general', 'sensitive']),
        necessary: z.boolean(),
      }),
    )
    .min(1)
    .max(20)
    .refine(
      unique((item: { code: string }) => item.code),
      named('repeated', 'an item code stands twice'),
    )
    .refine(
      (items) => items.some((item) => item.necessary),
      named('none-necessary', 'where every item is optional nothing may be left to authorize'),
    ),
  sources: z
    .array(z.strictObject({ name: bothLanguages(60), creditCode: creditCodeSchema }))
    .min(1)
    .max(5),
  recipients: z
    .array(
      z.strictObject({
        name: bothLanguages(60),
        creditCode: creditCodeSchema,
        purpose: bothLanguages(120),
        /** Without it the letter has no sense: still a consent of its own, and refusing it refuses the letter. */
        necessary: z.literal(true).optional(),
      }),
    )
    .max(5)
    .refine(
      unique((recipient: { creditCode: string }) => recipient.creditCode),
      named('repeated', 'a recipient stands twice'),
    ),
  method: bothLanguages(600),
  automatedDecision: bothLanguages(600),
  retention: bothLanguages(600),
  refusal: bothLanguages(600),
  rights: bothLanguages(800),
  withdrawal: bothLanguages(600),
  electronic: bothLanguages(800),
  /** Key clauses, acknowledged one by one. */
  clauses: z
    .array(
      z.strictObject({
        id: codeSchema,
        text: bothLanguages(160),
        /** Plain words for whoever asks what the clause means; shown beside the letter, not part of it. */
        explain: bothLanguages(160).optional(),
      }),
    )
    .min(1)
    .max(6)
    .refine(
      unique((clause: { id: string }) => clause.id),
      named('repeated', 'a clause id stands twice'),
    ),
  limits: z.strictObject({
    /** Longest time from `from` to the end or latest date. */
    maximumDays: z.number().int().min(1).max(3660),
    /** `maximum` bounds a count as well as the uses of one period. */
    uses: z.strictObject({
      kinds: z
        .array(z.enum(['count', 'recurring']))
        .min(1)
        .max(2),
      maximum: z.number().int().min(1).max(100),
    }),
  }),
});
export type TemplateBody = z.infer<typeof templateBodySchema>;

/** The first fault of a zod error as `path: message`; never the value, which may be personal. */
export function faultOf(error: z.ZodError): string {
  const issue = error.issues[0]!;
  return `${issue.path.join('.') || 'value'}: ${issue.message}`;
}

/** Throws `template-invalid`, or `text-forbidden-character`. */
export function parseTemplate(json: unknown): TemplateBody {
  const result = templateBodySchema.safeParse(cleanValue(json, 'template'));
  if (!result.success) throw new DomainError('template-invalid', faultOf(result.error));
  return result.data;
}

/** Lower-case hex; what terms and evidence name the version by. */
export const templateDigest = (body: TemplateBody): string => kindDigestHex('template', body);
