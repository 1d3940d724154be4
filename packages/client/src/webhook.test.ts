import { expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { verifyWebhook } from './webhook.js';

const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const at = new Date('2026-11-21T08:00:00Z');
const body = JSON.stringify({
  type: 'authorization.released',
  timestamp: '2026-11-21T08:00:00Z',
  data: { authorization: 'aut_1', institution: 'ins_1' },
});
/** Signed by the reference implementation of the specification. */
const headersFor = (text = body, key = secret): Record<string, string> => ({
  'webhook-id': 'msg_1',
  'webhook-timestamp': String(at.getTime() / 1000),
  'webhook-signature': new Webhook(key).sign('msg_1', at, text),
});
const check = (change: Partial<Parameters<typeof verifyWebhook>[0]> = {}) =>
  verifyWebhook({ body, headers: headersFor(), secret, now: at.getTime(), ...change });

test.each([
  ['another body', { body: body.replace('aut_1', 'aut_2') }, 'signature-mismatch'],
  [
    'another secret',
    { secret: `whsec_${Buffer.alloc(24, 8).toString('base64')}` },
    'signature-mismatch',
  ],
  ['another id', { headers: { ...headersFor(), 'webhook-id': 'msg_2' } }, 'signature-mismatch'],
  [
    'another time',
    { headers: { ...headersFor(), 'webhook-timestamp': String(at.getTime() / 1000 + 1) } },
    'signature-mismatch',
  ],
  ['no signature', { headers: { ...headersFor(), 'webhook-signature': '' } }, 'header-missing'],
  [
    'a signature of another kind',
    {
      headers: {
        ...headersFor(),
        'webhook-signature': headersFor()['webhook-signature']!.replace('v1,', 'v1a,'),
      },
    },
    'signature-mismatch',
  ],
  [
    'a cut signature',
    {
      headers: {
        ...headersFor(),
        'webhook-signature': headersFor()['webhook-signature']!.slice(0, 15),
      },
    },
    'signature-mismatch',
  ],
  ['an old delivery', { now: at.getTime() + 301_000 }, 'too-old'],
  ['one from the future', { now: at.getTime() - 301_000 }, 'in-the-future'],
  [
    'a time that is none',
    { headers: { ...headersFor(), 'webhook-timestamp': 'soon' } },
    'header-missing',
  ],
  ['a secret that is none', { secret: 'whsec_' }, 'secret-malformed'],
  ['a body that is no event', { body: '[]', headers: headersFor('[]') }, 'body-malformed'],
])('%s is refused', async (_name, change, reason) => {
  await expect(check(change)).rejects.toMatchObject({ name: 'MandateSignatureError', reason });
});

test('what the reference implementation signs is accepted', async () => {
  expect(await check()).toMatchObject({ type: 'authorization.released' });
  expect(await check({ headers: new Headers(headersFor()) })).toMatchObject({
    data: { authorization: 'aut_1' },
  });
});

test('while a secret is being replaced either is accepted', async () => {
  const next = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
  const both = `${headersFor()['webhook-signature']} ${headersFor(body, next)['webhook-signature']}`;
  const headers = { ...headersFor(), 'webhook-signature': both };
  for (const one of [secret, next, [next, secret]])
    expect(await check({ headers, secret: one })).toMatchObject({ type: 'authorization.released' });
});
