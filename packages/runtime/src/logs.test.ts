import { expect, test } from '@jest/globals';
import { DomainError } from '@mandate/core';
import { createLog, describeError, withoutValues } from './logs.js';

test.each([
  ['invalid input syntax for type uuid: "aut_123"', 'invalid input syntax for type uuid: "…"'],
  ['phone 138 0013 8000 refused', 'phone # refused'],
  ['subject 欧阳䶮 unknown', 'subject … unknown'],
  ['first line\nDETAIL: Key (name)=(李四)', 'first line'],
])('%j loses its values', (message, expected) => {
  expect(withoutValues(message)).toBe(expected);
});

test('causes are described, three deep, values cut', () => {
  const root = Object.assign(new Error('bad "13800138000"'), { code: '22P02' });
  const error = new DomainError('database-unavailable', 'no answer', { cause: root });
  const described = describeError(error);
  expect(described).toMatchObject({
    code: 'database-unavailable',
    message: 'no answer',
    cause: { code: '22P02', message: 'bad "…"' },
  });
  const loop = new Error('loop');
  loop.cause = loop;
  expect(JSON.stringify(describeError(loop)).length).toBeLessThan(20_000);
});

test('well-known personal members are censored even when a whole object is logged', () => {
  const lines: string[] = [];
  const log = createLog({
    service: 's',
    level: 'info',
    destination: { write: (l) => void lines.push(l) },
  });
  log.info({ subject: { phone: '13800138000', idNumber: '110101199001011237' } }, 'oops');
  log.error({ err: new Error('at "张三"') }, 'failed');
  expect(lines).toHaveLength(2);
  expect(lines.join('')).not.toMatch(/13800138000|110101199001011237|张三/);
});
