import { STATES } from '@mandate/core';
import { z } from 'zod';

/** Shapes shared by several routes. */
export const bytes = (max: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, 'base64url without padding')
    .max(Math.ceil((max * 4) / 3));

export const digest = z.string().regex(/^[0-9a-f]{64}$/);
export const time = z.string().describe('RFC 3339, UTC, seconds');
export const authorizationId = z.object({ id: z.string().regex(/^aut_[0-9a-f-]{36}$/) });

export const authorization = z
  .object({
    id: z.string(),
    state: z.enum(STATES),
    template: z.string(),
    templateVersion: z.number().int(),
    businessReference: z.string(),
    letterNumber: z.string(),
    language: z.string(),
    termsDigest: digest,
    letterDigest: digest,
    checkCode: z.string().describe('from the letter’s digest, shown on the page and in the SMS'),
    endAt: time,
    signBy: time,
    createdAt: time,
    archiveLevel: z
      .enum(['B-T', 'B-LTA'])
      .optional()
      .describe('PAdES level of the released letter, when one authorization is read'),
    archiveGeneration: z
      .number()
      .int()
      .optional()
      .describe('1 for the first letter at level B-LTA, one more with every renewal'),
    renewBy: time.optional().describe('by then the archived letter is renewed'),
    renewalOverdue: z.boolean().optional().describe('true: the renewal is late, an alarm'),
  })
  .describe('An authorization as its institution sees it; no personal data');

export const challenge = z.object({
  challengeId: z.string(),
  letterDigest: digest,
  sceneDigest: digest,
  serverNonce: digest,
  challengeDigest: digest,
  checkCode: z.string(),
  maskedPhone: z.string(),
  expiresAt: time,
  resendAt: time,
});

export const signingView = z
  .object({
    visit: z.string().describe('this visit; the page names it in X-Mandate-Visit'),
    authorization: z.string(),
    framed: z
      .object({ origins: z.array(z.string()), topLevelOnly: z.boolean() })
      .optional()
      .describe('in a frame: whose pages may hold it; `topLevelOnly`: it must be handed over'),
    returnUrl: z
      .string()
      .optional()
      .describe('where the subject goes afterwards; the page adds `mandate=success|declined|exit`'),
    step: z.enum(['gate', 'read', 'code', 'sign', 'wait', 'done', 'ended']),
    state: z.enum(STATES),
    language: z.enum(['zh', 'en']),
    institution: z.object({ name: z.string(), contact: z.string(), complaints: z.string() }),
    letterNumber: z.string().optional(),
    keyTerms: z.array(z.object({ id: z.string(), label: z.string(), text: z.string() })).optional(),
    clauses: z.array(z.object({ id: z.string(), text: z.string() })).optional(),
    subject: z
      .object({ maskedName: z.string(), maskedPhone: z.string(), maskedIdNumber: z.string() })
      .optional(),
    letter: z.object({ digest, checkCode: z.string(), size: z.number().int() }).optional(),
    minimumReadingSeconds: z.number().int().optional(),
    keyOrigins: z.array(z.string()).optional(),
    challenge: challenge.optional(),
    confirmationGoodUntil: time.optional(),
    stampUntil: time
      .describe('the signature waits for a timestamp; from then on it is void and is made again')
      .optional(),
    end: z.string().optional(),
  })
  .describe('What the page shows next; later members appear only once their step is reached');

export const idempotencyHeader = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{8,128}$/, '8 to 128 visible ASCII characters')
    .optional(),
});
