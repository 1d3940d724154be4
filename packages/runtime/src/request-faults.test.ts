import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { refusedRequest } from './request-faults.js';

const schema = z.strictObject({
  subject: z.strictObject({ name: z.string().min(2), kind: z.enum(['one', 'two']) }),
  items: z.array(z.strictObject({ code: z.string() })).optional(),
  free: z.record(z.string(), z.number()).optional(),
});
const refused = (value: unknown) =>
  refusedRequest(schema.safeParse(value).error!, 'body') as unknown as {
    code: string;
    detail: string;
    extensions: {
      errors: { pointer: string; rule: string; says: string }[];
      errorsLeftOut?: number;
    };
  };
const places = (value: unknown) =>
  refused(value).extensions.errors.map(({ pointer, rule }) => `${pointer} ${rule}`);

test('each place by pointer and rule, unknown members too', () => {
  expect(
    places({
      subject: { name: 'x', kind: 'three', more: 1 },
      items: [{ code: 'a' }, {}],
      other: 1,
    }),
  ).toEqual([
    '/subject/name too-small',
    '/subject/kind invalid-value',
    '/subject/more unknown-member',
    '/items/1/code invalid-type',
    '/other unknown-member',
  ]);
  expect(places(null)).toEqual([' invalid-type']);
});

test('neither values nor names that only the caller can have chosen are repeated', () => {
  const secret = '310101199003072313';
  const error = refused({
    subject: { name: 'ok', kind: secret, [secret]: 1 },
    [`${secret}x`]: 1,
    free: { [secret]: 'x' },
  });
  expect(JSON.stringify([error.detail, error.extensions])).not.toContain('3101');
  expect(error.extensions.errors.map(({ pointer }) => pointer)).toEqual(
    expect.arrayContaining(['/subject/kind', '/subject', '/free/*', '']),
  );
});

test('nothing is cut but their number, and what is left out is counted', () => {
  const long = z.strictObject({ one: z.enum(Array.from({ length: 40 }, (_, i) => `choice-${i}`)) });
  const only = refusedRequest(long.safeParse({ one: 1 }).error!, 'query').extensions as never as {
    errors: { says: string }[];
  };
  expect(only.errors[0]!.says).toContain('choice-39');
  const many = refused({
    subject: { name: 'ok', kind: 'one' },
    items: Array.from({ length: 80 }, () => ({ code: 1 })),
  });
  expect(many.extensions.errors).toHaveLength(50);
  expect(many.extensions.errorsLeftOut).toBe(30);
  expect(many.detail).toMatch(/^body\.items\.0\.code: .* \(and 79 more, see errors\)$/);
});
