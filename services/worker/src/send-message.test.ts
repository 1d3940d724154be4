import { expect, test } from '@jest/globals';
import type { CodeMessage, Sms, SmsOutcome } from '@mandate/core';
import type { SmsSend } from '@mandate/ceremony';
import { createLog } from '@mandate/runtime';
import { sameMessage, sendMessage } from './send-message.js';

const accepted: SmsOutcome = { outcome: 'accepted', messageIds: ['m1'] };
const refused: SmsOutcome = { outcome: 'refused', fault: 'number' };
const later: SmsOutcome = { outcome: 'try-again', fault: 'overload' };
const unknown: SmsOutcome = { outcome: 'unknown', fault: 'no-answer' };

/** Gateways `a`, `b`, … that answer this; what they were asked to send. */
function started(...outcomes: SmsOutcome[]) {
  const sent: string[] = [];
  const notes: SmsSend[] = [];
  const lines: string[] = [];
  const sms = outcomes.map((outcome, i): Sms => {
    const gateway = 'abc'[i]!;
    return {
      gateway,
      send: async ({ text }) => {
        sent.push(text);
        return outcome;
      },
      close: async () => {},
    };
  });
  const parts = {
    sms,
    record: { noteSend: async (send: SmsSend) => void notes.push(send) },
    clock: { now: () => new Date('2026-11-21T09:30:00Z') },
    log: createLog({
      service: 'test',
      level: 'info',
      destination: { write: (line: string) => void lines.push(line) },
    }),
  };
  return { parts, sent, notes, lines };
}
const message = (text: string): CodeMessage => ({
  phone: '13800138000',
  templateId: 'signing-code.zh',
  vars: { code: text },
  text,
  channel: 'sms',
  reference: 'chl_1',
});
const made = async (gateway: string) => message(`482913-${gateway}`);

test('the first gateway that takes it is the last one asked', async () => {
  const it = started(accepted, accepted);
  await sendMessage(it.parts, made);
  expect(it.sent).toEqual(['482913-a']);
  expect(it.notes).toMatchObject([{ gateway: 'a', outcome: accepted }]);
});

test.each([[refused], [later], [unknown]])(
  'after %j the next one gets a message of its own',
  async (first) => {
    const it = started(first, accepted);
    await sendMessage(it.parts, made);
    expect(it.sent).toEqual(['482913-a', '482913-b']);
    expect(it.notes.map(({ gateway, outcome }) => [gateway, outcome.outcome])).toEqual([
      ['a', first.outcome],
      ['b', 'accepted'],
    ]);
    expect(it.lines.join('')).not.toMatch(/138|482913/);
  },
);

test('nothing to send is nothing sent, also when it died between two gateways', async () => {
  const none = started(accepted);
  await sendMessage(none.parts, async () => null);
  expect([none.sent, none.notes]).toEqual([[], []]);
  const died = started(later, accepted);
  await sendMessage(died.parts, async (gateway) => (gateway === 'a' ? made('a') : null));
  expect(died.sent).toEqual(['482913-a']);
});

test('it is worth another try unless every gateway refused it for good', async () => {
  for (const outcomes of [[later], [refused, later], [unknown, refused]])
    await expect(sendMessage(started(...outcomes).parts, made)).rejects.toMatchObject({
      code: 'sms-unavailable',
    });
  const it = started(refused, refused);
  await sendMessage(it.parts, made);
  expect(it.lines.at(-1)).toContain('"level":50');
});

test('a send that cannot be noted is still sent once', async () => {
  const it = started(accepted, accepted);
  const record = { noteSend: () => Promise.reject(new Error('no database')) };
  await sendMessage({ ...it.parts, record }, made);
  expect(it.sent).toEqual(['482913-a']);
});

test('what is no secret is made once for all gateways', async () => {
  const it = started(later, accepted);
  let asked = 0;
  await sendMessage(
    it.parts,
    sameMessage(async () => message(`use-${++asked}`)),
  );
  expect(it.sent).toEqual(['use-1', 'use-1']);
});
