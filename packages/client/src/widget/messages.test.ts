import { expect, test } from '@jest/globals';
import { frameMessageReader } from './messages.js';

const TICKET = 'lnk_01a200bd-febc-7a22-85cf-3ba8de993101';
const AUTHORIZATION = 'aut_01a200bd-febc-7a22-85cf-3ba8de993101';
const success = { mandate: 1, ticket: TICKET, type: 'success', authorization: AUTHORIZATION };

test.each([
  ['nothing', null],
  ['a text', 'success'],
  ['no number', success],
  ['another version', { ...success, seq: 1, mandate: 2 }],
  ['another ticket', { ...success, seq: 1, ticket: TICKET.replace('01a', '02b') }],
  ['an unknown type', { ...success, seq: 1, type: 'toString' }],
  ['a member too many', { ...success, seq: 1, code: '123456' }],
  ['a member too few', { mandate: 1, ticket: TICKET, seq: 1, type: 'success' }],
  ['a wrong id', { ...success, seq: 1, authorization: '13800138000' }],
  ['an unknown reason', { mandate: 1, ticket: TICKET, seq: 1, type: 'exit', reason: 'not-me' }],
  ['an event of the page', { mandate: 1, ticket: TICKET, seq: 1, type: 'event', name: 'letter' }],
  ['text as a step', { mandate: 1, ticket: TICKET, seq: 1, type: 'ready', step: '王小明 138' }],
  ['a height of nothing', { mandate: 1, ticket: TICKET, seq: 1, type: 'height', pixels: 0 }],
  ['a fraction as a number', { ...success, seq: 1.5 }],
  ['zero', { ...success, seq: 0 }],
  ['infinity', { ...success, seq: Infinity }],
])('%s is no message', (_name, data) => {
  const read = frameMessageReader(TICKET);
  expect(read(data)).toBeUndefined();
  // What was refused did not count.
  expect(read({ ...success, seq: 1 })).toEqual({ type: 'success', authorization: AUTHORIZATION });
});

test('numbers rise; a message is heard once', () => {
  const read = frameMessageReader(TICKET);
  const step = (seq: number) =>
    read({ mandate: 1, ticket: TICKET, seq, type: 'event', name: 'step', step: 'code' });
  expect([5, 5, 4, 6, 7].map((seq) => step(seq) !== undefined)).toEqual([
    true,
    false,
    false,
    true,
    true,
  ]);
});
