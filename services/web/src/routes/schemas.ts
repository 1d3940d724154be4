import { IDENTITY_CHECKS, STATES } from '@mandate/core';
import { z } from 'zod';

/** Shapes shared by several routes. */
export const bytes = (max: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, 'base64url without padding')
    .max(Math.ceil((max * 4) / 3));

export const digest = z.string().regex(/^[0-9a-f]{64}$/);
export const time = z.string().describe('RFC 3339, UTC, seconds');
/** A moment asked for; to the second. */
export const moment = z.iso
  .datetime({ offset: true, error: 'not a time with its zone such as 2027-01-01T00:00:00Z' })
  .max(40)
  .describe('RFC 3339 with `Z` or an offset')
  .transform((text) => new Date(text));
export const authorizationId = z.object({ id: z.string().regex(/^aut_[0-9a-f-]{36}$/) });

export const setId = z.object({ id: z.string().regex(/^set_[0-9a-f-]{36}$/) });

/** Names a letter of the set; without a set, or for the letter at hand, it may be left out. */
export const memberLetter = z
  .string()
  .regex(/^aut_[0-9a-f-]{36}$/)
  .describe('in a signing set: id of the authorization');

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

export const challenge = z.strictObject({
  challengeId: z.string(),
  letterDigest: digest,
  sceneDigest: digest,
  serverNonce: digest,
  challengeDigest: digest,
  checkCode: z.string(),
  maskedPhone: z.string(),
  channel: z.enum(['sms', 'voice']),
  withCode: z.boolean().describe('false: nothing was sent, a passkey alone answers it'),
  expiresAt: time,
  resendAt: time,
});

/** What a one-time key proves in a set, letter by letter. */
const letterChallenge = z.strictObject({
  letterDigest: digest,
  sceneDigest: digest,
  serverNonce: digest,
  challengeDigest: digest,
});

const signingSet = z
  .strictObject({
    id: z.string(),
    position: z.number().int().describe('of the letter this view shows'),
    letters: z.array(
      z.strictObject({
        authorization: z.string(),
        title: z.string(),
        letterNumber: z.string(),
        optional: z.boolean().describe('the institution can go on without it'),
        choice: z.enum(['open', 'accepted', 'refused']),
        state: z.enum(STATES),
        waiting: z.boolean().describe('signed by the subject, its signature is being completed'),
        challenge: letterChallenge.optional(),
      }),
    ),
  })
  .describe(
    'a sitting of several letters; the view shows one of them. Code and passkey answer all accepted ' +
      'ones together: `challenge.challengeDigest` and `challenge.checkCode` are the set’s',
  );

/** The picture beside an institution's name. */
export const logo = z
  .strictObject({ digest, width: z.number().int(), height: z.number().int() })
  .describe('PNG at `/logos/<digest>.png`');

export const choices = z
  .strictObject({
    items: z.array(z.string().max(40)).max(20).describe('codes of the optional items accepted'),
    recipients: z
      .array(z.string().max(18))
      .max(5)
      .describe('credit codes of third parties accepted'),
  })
  .describe('what was accepted; whatever is absent was refused');

const milliseconds = z.number().int().min(0).max(86_400_000);
/** The page's part of a presentation record: an indication of what was on screen. */
export const presentation = z.strictObject({
  language: z.enum(['zh', 'en']).describe('of the page'),
  pageBuild: digest.nullable().default(null).describe('digest of the page build, as served'),
  secondsOpen: z.number().int().min(0).max(86_400),
  clauses: z
    .array(
      z.strictObject({
        id: z.string().max(40),
        visibleMilliseconds: milliseconds,
        acknowledgedAfterMilliseconds: milliseconds,
      }),
    )
    .max(6)
    .describe('every key clause, acknowledged'),
  reachedEnd: z.boolean(),
  alternative: z.enum(['pages', 'text', 'both']),
  readAloud: z.boolean(),
  largePrint: z.boolean(),
  viewport: z.strictObject({
    width: z.number().int().min(0).max(100_000),
    height: z.number().int().min(0).max(100_000),
  }),
  choices,
  logo: digest.optional().describe('of the logo that was seen beside the name of the institution'),
});

const block = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('paragraph'), text: z.string() }),
  z.strictObject({
    kind: z.literal('rows'),
    rows: z.array(z.strictObject({ label: z.string(), text: z.string() })),
  }),
  z.strictObject({
    kind: z.literal('table'),
    head: z.array(z.string()),
    weights: z.array(z.number()).describe('relative column widths'),
    rows: z.array(z.array(z.string())),
  }),
]);

/** The letter as text, in reading order, from the content that the PDF is drawn from. */
export const letterSection = z.strictObject({
  id: z.string(),
  title: z.string(),
  blocks: z.array(block),
});

const identity = z
  .strictObject({
    policy: z.string(),
    steps: z.array(
      z.strictObject({
        missing: z.number().int().describe('how many more of the options are needed'),
        options: z.array(
          z.strictObject({
            check: z.enum(IDENTITY_CHECKS),
            state: z.enum(['open', 'matched', 'failed']),
            provider: z
              .strictObject({
                name: z.string(),
                operator: z.string(),
                simulated: z.boolean().describe('true: compares nothing; never in production'),
              })
              .optional(),
            input: z.enum(['none', 'card', 'credential']).describe('what the subject adds'),
            available: z.boolean(),
          }),
        ),
      }),
    ),
  })
  .describe(
    'in the step `identity`: who must still confirm who the subject is, in the order of asking',
  );

export const signingView = z
  .strictObject({
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
    step: z.enum(['gate', 'read', 'identity', 'code', 'sign', 'wait', 'done', 'ended']),
    state: z.enum(STATES),
    language: z.enum(['zh', 'en']),
    institution: z.strictObject({
      name: z.string(),
      creditCode: z.string(),
      contact: z.string(),
      complaints: z.string(),
      logo: logo.optional(),
    }),
    letterNumber: z.string().optional(),
    title: z.string().optional().describe('of the letter'),
    keyTerms: z
      .array(z.strictObject({ id: z.string(), label: z.string(), text: z.string() }))
      .optional(),
    clauses: z
      .array(
        z.strictObject({
          id: z.string(),
          text: z.string(),
          explain: z.string().optional().describe('the template’s plain words for it'),
        }),
      )
      .optional(),
    items: z
      .array(
        z.strictObject({
          code: z.string(),
          name: z.string(),
          class: z.enum(['general', 'sensitive']),
          necessary: z.boolean().describe('false: accepted or refused by itself'),
        }),
      )
      .optional(),
    recipients: z
      .array(
        z.strictObject({
          creditCode: z.string(),
          name: z.string(),
          purpose: z.string(),
          thirdParty: z.boolean().describe('true: accepted or refused by itself'),
          necessary: z
            .literal(true)
            .optional()
            .describe('refusing it refuses the letter (`choice-necessary`)'),
        }),
      )
      .optional(),
    choices: choices.optional().describe('as presented last'),
    letterSections: z.array(letterSection).optional(),
    subject: z
      .strictObject({ maskedName: z.string(), maskedPhone: z.string(), maskedIdNumber: z.string() })
      .optional(),
    letter: z.strictObject({ digest, checkCode: z.string(), size: z.number().int() }).optional(),
    minimumReadingSeconds: z.number().int().optional(),
    voice: z.boolean().optional().describe('the code may be asked for by a voice call'),
    pauseUntil: time.optional().describe('before that no code can be asked for'),
    measures: z
      .array(z.enum(['sms-code', 'passkey']))
      .optional()
      .describe('all of them are asked for'),
    keyOrigins: z.array(z.string()).optional(),
    identity: identity.optional(),
    challenge: challenge.optional(),
    set: signingSet.optional(),
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
