import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { SmsReceipt } from '@mandate/core';
import { createHttpApp, createLog, listen, type Listening } from '@mandate/runtime';
import { systemRandom } from '@mandate/core';
import type { WebParts } from '../web-parts.js';
import { mountSmsReceipts } from './sms-receipts.js';

const TOKEN = 'T'.repeat(43);
const clock = { now: () => new Date('2026-11-21T09:30:00Z') };
const noted: SmsReceipt[] = [];
const lines: string[] = [];
let granted = true;
let listening: Listening;
beforeAll(async () => {
  const log = createLog({
    service: 'test',
    level: 'info',
    destination: { write: (line: string) => void lines.push(line) },
  });
  const app = createHttpApp({ log, clock, random: systemRandom });
  const record = {
    count: async () => granted,
    noteReceipts: async (receipts: readonly SmsReceipt[]) => void noted.push(...receipts),
  };
  mountSmsReceipts(app, { record, clock, smsCallbackToken: TOKEN } as unknown as WebParts);
  listening = await listen(app, 0, '127.0.0.1');
});
afterAll(() => listening.close());
beforeEach(() => {
  noted.length = 0;
  granted = true;
});

const report = { biz_id: '9^0', success: true, err_code: 'DELIVERED', phone_number: '13800138000' };
const post = async (path: string, body: string, type = 'application/json') => {
  const response = await fetch(`http://127.0.0.1:${listening.port}/sms-receipts/${path}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  });
  return [response.status, (await response.json()) as { code?: unknown }] as const;
};

test('a vendor that knows the address is heard, and answered as it wants to be', async () => {
  expect(await post(`alibaba/${TOKEN}`, JSON.stringify([report]))).toEqual([
    200,
    { code: 0, msg: 'OK' },
  ]);
  expect(noted).toEqual([
    { gateway: 'alibaba', messageId: '9^0', status: 'delivered', code: 'DELIVERED' },
  ]);
  expect(lines.join('')).not.toMatch(/T{20}|138/);
});

test.each([
  ['another token', `alibaba/${'t'.repeat(43)}`, [report], 404],
  ['no token', 'alibaba/x', [report], 404],
  ['another vendor', `nobody/${TOKEN}`, [report], 404],
  ['one report without id', `alibaba/${TOKEN}`, [report, { ...report, biz_id: '' }], 400],
  ['no list', `alibaba/${TOKEN}`, report, 400],
])('%s: nothing is noted', async (_, path, body, status) => {
  expect((await post(path, JSON.stringify(body)))[0]).toBe(status);
  expect(noted).toEqual([]);
});

test('no JSON, another type, too much, too often: nothing is noted', async () => {
  const path = `alibaba/${TOKEN}`;
  expect((await post(path, '[{'))[0]).toBe(400);
  expect((await post(path, JSON.stringify([report]), 'text/plain'))[0]).toBe(415);
  expect((await post(path, `[${' '.repeat(300_000)}]`))[0]).toBe(413);
  granted = false;
  expect((await post(path, JSON.stringify([report])))[0]).toBe(429);
  expect(noted).toEqual([]);
});

test('without a token nobody is listened to', async () => {
  const log = createLog({ service: 'test', level: 'silent' });
  const app = createHttpApp({ log, clock, random: systemRandom });
  mountSmsReceipts(app, { clock } as unknown as WebParts);
  const deaf = await listen(app, 0, '127.0.0.1');
  const url = `http://127.0.0.1:${deaf.port}/sms-receipts/alibaba/undefined`;
  expect((await fetch(url, { method: 'POST', body: '[]' })).status).toBe(404);
  await deaf.close();
});
