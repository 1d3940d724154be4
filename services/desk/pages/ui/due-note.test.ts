import { expect, test } from '@jest/globals';
import type { TemplateResult } from 'lit';
import { daysLeft } from '../moments.js';
import { en } from '../words/en-cases.js';
import { zh } from '../words/zh-cases.js';
import { dueNote } from './due-note.js';

/** What stands there, without its markup. */
const said = (dueAt: string, now: string, words = zh): string => {
  const it = { step: 'accepted', dueAt, extensions: 0 } as const;
  const flat = ({ strings, values }: TemplateResult): string =>
    strings.map((text, i) => text + (i < values.length ? String(values[i]) : '')).join('');
  return flat(dueNote(it, { days: 15 }, words, Date.parse(now)))
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim();
};

test('days are days of the calendar in UTC+8, whatever the hour', () => {
  // 23:59 on the 21st and 00:01 on the 22nd in Beijing
  expect(daysLeft('2026-11-21T16:01:00Z', Date.parse('2026-11-21T15:59:00Z'))).toBe(1);
  expect(daysLeft('2026-11-21T15:59:00Z', Date.parse('2026-11-20T16:00:00Z'))).toBe(0);
  expect(daysLeft('2026-11-20T10:00:00Z', Date.parse('2026-11-22T10:00:00Z'))).toBe(-2);
});

test.each([
  // tomorrow is not today
  [
    '2026-11-23T09:00:00Z',
    '2026-11-22T10:00:00Z',
    '2026-11-23 到期 · 还有 23 小时',
    '23 hours left',
  ],
  [
    '2026-11-22T10:30:00Z',
    '2026-11-22T10:00:00Z',
    '2026-11-22 到期 · 还有不到 1 小时',
    'less than an hour left',
  ],
  ['2026-11-25T01:00:00Z', '2026-11-22T10:00:00Z', '2026-11-25 到期 · 还有 3 天', '3 days left'],
  // a minute late is not a day
  [
    '2026-11-22T10:00:00Z',
    '2026-11-22T10:01:00Z',
    '2026-11-22 到期 · 刚刚超期',
    'less than an hour overdue',
  ],
  [
    '2026-11-22T10:00:00Z',
    '2026-11-22T12:01:00Z',
    '2026-11-22 到期 · 已超期 2 小时',
    '2 hours overdue',
  ],
  [
    '2026-11-20T10:00:00Z',
    '2026-11-22T10:01:00Z',
    '2026-11-20 到期 · 已超期 2 天',
    '2 days overdue',
  ],
])('due %s, read %s', (due, now, chinese, english) => {
  expect(said(due, now)).toBe(chinese);
  expect(said(due, now, en)).toContain(english);
});
