import { expect, test } from '@jest/globals';
import { LATE_SECONDS, type SmsMessage } from '@mandate/core';
import { memoryInbox } from '../../../../test/kit/memory-inbox.js';
import { sandboxSms } from './sandbox-sms.js';

let now = new Date('2026-11-22T00:00:00Z');
const message = (phone: string): SmsMessage => ({
  phone,
  templateId: 'code',
  vars: {},
  text: '123456',
  channel: 'sms',
  reference: `r-${phone}`,
});

test.each([
  ['13800138000', 'accepted', 1, 1],
  ['14000000000', 'accepted', 1, 1],
  ['14000000001', 'accepted', 0, 0],
  ['14000000002', 'accepted', 0, 1],
  ['14000000003', 'try-again', 0, 0],
  ['14000000004', 'refused', 0, 0],
  ['14000000005', 'unknown', 1, 1],
])('%s: %s, %i message at once, %i later', async (phone, outcome, atOnce, later) => {
  const inbox = memoryInbox({ now: () => now });
  const sms = sandboxSms(inbox);
  for (let time = 0; time < 2; time++)
    expect(await sms.send(message(phone))).toMatchObject({ outcome });
  expect(await inbox.list()).toHaveLength(atOnce);
  now = new Date(now.getTime() + LATE_SECONDS * 1000);
  expect(await inbox.list()).toHaveLength(later);
});
