import { existsSync, readFileSync } from 'node:fs';
import type { ApiInfo, Example, Webhook } from '@mandate/runtime';
import { z } from 'zod';
import { authorizationId, time } from './routes/schemas.js';
import { WEBHOOK_TYPES } from './routes/webhooks.js';

/** Calls of a real run, written by `node scripts/api-examples.mjs`; a test holds them against the schemas. */
const EXAMPLES_FILE = new URL('../api-examples.json', import.meta.url);

const TAGS = [
  { name: 'templates', description: 'Versioned templates of letters' },
  { name: 'authorizations', description: 'Requests and their state' },
  { name: 'bulk', description: 'Many requests from one file' },
  { name: 'signing sets', description: 'Several letters in one sitting' },
  { name: 'signing links', description: 'The subject’s ways in' },
  { name: 'downloads', description: 'Letter and evidence' },
  { name: 'uses', description: 'Use, withdrawal, dispute and end of what was signed' },
  {
    name: 'personal data',
    description: 'Who gets them for a use, the subject’s copy, and how they end',
  },
  { name: 'webhooks', description: 'Telling institutions what happened' },
  { name: 'keys', description: 'API keys: what they may do, how long they live' },
  { name: 'signing', description: 'The subject’s steps, for the signing page' },
  { name: 'own authorizations', description: 'What a subject sees, withdraws and disputes' },
];

const SUMMARIES: Readonly<Record<(typeof WEBHOOK_TYPES)[number], string>> = {
  'authorization.presented': 'The subject has seen the letter',
  'authorization.declined': 'The subject declined',
  'authorization.lapsed': 'Nobody signed in time',
  'authorization.failed': 'It could not be signed',
  'authorization.released': 'Signed, stamped and in the ledger: it can be used',
  'authorization.redeemed': 'It was used, or a use was reserved',
  'authorization.redemption-released': 'A reserved use came back',
  'authorization.withdrawn': 'The subject withdrew it',
  'authorization.held': 'Disputed: it cannot be used until that is decided',
  'authorization.hold-resolved': 'The dispute is decided',
  'authorization.data-released': 'Personal data were released for a use',
  'authorization.restricted': 'The data are kept and no longer read',
  'authorization.erased': 'The data are destroyed',
  'authorization.id-image-destroyed': 'A picture of an identity document is destroyed',
  'authorization.ended': 'Its end was reported',
  'authorization.glass-broken':
    'Three people of the disputes desk agreed to open the evidence before a case was accepted',
  'template.lint-failed': 'A newer rule pack finds errors in a published template',
};

const headers = z.object({
  'webhook-id': z.string().describe('the same on every delivery of one event'),
  'webhook-timestamp': z.string().describe('seconds since 1970; refuse what is old'),
  'webhook-signature': z.string().describe('`v1,` and base64; two of them while a secret changes'),
});

const institution = z.string().regex(/^ins_[0-9a-f-]{36}$/);
const anInstitution = 'ins_019b0000-0000-7000-8000-000000000002';

/** What an event's message is about, with an example. */
const about = (type: string): [z.ZodType, unknown] =>
  type.startsWith('template.')
    ? [
        z.object({ template: z.string(), version: z.number().int(), institution }),
        {
          template: 'tpl_019b0000-0000-7000-8000-000000000001',
          version: 1,
          institution: anInstitution,
        },
      ]
    : [
        z.object({ authorization: authorizationId.shape.id, institution }),
        {
          authorization: 'aut_019b0000-0000-7000-8000-000000000001',
          institution: anInstitution,
        },
      ];

const webhook = (type: (typeof WEBHOOK_TYPES)[number]): Webhook => {
  const [data, example] = about(type);
  return {
    name: type,
    summary: SUMMARIES[type],
    headers,
    body: z
      .object({ type: z.literal(type), timestamp: time, data })
      .describe('Nothing but what it is about: ask the API how it stands'),
    example: { type, timestamp: '2026-11-22T01:22:10Z', data: example },
  };
};

/** What the description says beside the routes. */
export const apiInfo = (publicUrl: string): ApiInfo => ({
  title: 'Mandate',
  version: '0',
  description: 'One authorization for one thing, signed by the person, provable by anyone.',
  url: publicUrl,
  tags: TAGS,
  webhooks: WEBHOOK_TYPES.map(webhook),
  examples: existsSync(EXAMPLES_FILE)
    ? (JSON.parse(readFileSync(EXAMPLES_FILE, 'utf8')) as Record<string, Example>)
    : {},
});
