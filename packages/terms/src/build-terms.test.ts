import { expect, test } from '@jest/globals';
import { canonicalize, DomainError } from '@mandate/core';
import {
  buildTerms,
  creditReportTemplate,
  parseTerms,
  templateDigest,
  termsDigest,
  termsText,
  type AuthorizationRequest,
  type Terms,
  type TermsInput,
} from './index.js';

const NOW = new Date('2026-11-21T09:30:00.500Z');

const request = (over: Record<string, unknown> = {}): AuthorizationRequest =>
  ({
    template: 'credit-report',
    businessReference: 'LN-1',
    subject: {
      name: '张䶮',
      idType: 'cn-resident-id',
      idNumber: '110105199003072936',
      phone: '13800001234',
    },
    end: { kind: 'date', at: '2026-12-21T23:59:59+08:00' },
    ...over,
  }) as AuthorizationRequest;

const build = (over: Record<string, unknown> = {}, input: Partial<TermsInput> = {}): Terms =>
  buildTerms({
    template: {
      id: 'tpl_1',
      version: 1,
      digest: templateDigest(creditReportTemplate),
      body: creditReportTemplate,
    },
    institution: {
      name: '禾穗消费金融有限公司',
      creditCode: '91440300MA5EXAMP1F',
      contact: '400-000-0000',
      complaints: '400-000-0001',
    },
    request: request(over),
    drawn: {
      salt: new Uint8Array(32).fill(7),
      letterNumber: 'M20261121-7F3K9Q2M',
      lookupCode: 'ABCD-EFGH-JKLM-NPQR',
      verifyUrl: 'https://mandate.example/verify',
    },
    now: NOW,
    ...input,
  });

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return 'accepted';
};

const subject = (over: Record<string, string>): Record<string, unknown> => ({
  subject: { ...request().subject, ...over },
});

test.each([
  ['an unknown member', { extra: 1 }, 'terms-invalid'],
  ['an empty name', subject({ name: '' }), 'terms-invalid'],
  ['a name with an outer space', subject({ name: ' 张䶮' }), 'terms-invalid'],
  ['a name of 61 characters', subject({ name: 'A'.repeat(61) }), 'terms-invalid'],
  ['a wrong check digit', subject({ idNumber: '110105199003072937' }), 'terms-invalid'],
  ['a day that does not exist', subject({ idNumber: '110105199002302939' }), 'terms-invalid'],
  ['a phone of ten digits', subject({ phone: '1380000123' }), 'terms-invalid'],
  ['a right-to-left override', subject({ name: '张\u202e䶮' }), 'text-forbidden-character'],
  ['a lone surrogate', subject({ name: '张\ud842' }), 'text-forbidden-character'],
  [
    'a zero-width space in the reference',
    { businessReference: 'LN\u200b1' },
    'text-forbidden-character',
  ],
  ['an end in the past', { end: { kind: 'date', at: '2026-11-21T09:30:00Z' } }, 'term-in-past'],
  [
    'a day that does not exist as end',
    { end: { kind: 'date', at: '2026-12-32T00:00:00Z' } },
    'terms-invalid',
  ],
  ['an end without a zone', { end: { kind: 'date', at: '2026-12-21T00:00:00' } }, 'terms-invalid'],
  ['an end 91 days away', { end: { kind: 'date', at: '2027-02-20T09:30:01Z' } }, 'terms-invalid'],
  ['a beginning long ago', { from: '2026-11-20T00:00:00Z' }, 'term-in-past'],
  ['a beginning after the end', { from: '2026-12-22T00:00:00Z' }, 'terms-invalid'],
  ['more uses than allowed', { uses: { kind: 'count', count: 4 } }, 'terms-invalid'],
  [
    'a kind of use not allowed',
    { uses: { kind: 'recurring', atMost: 1, per: 'month' } },
    'terms-invalid',
  ],
  ['an open event', { end: { kind: 'event', event: 'loan-settled' } }, 'terms-invalid'],
  [
    'another event',
    { end: { kind: 'event', event: 'never', latest: '2026-12-21T00:00:00Z' } },
    'terms-invalid',
  ],
] as const)('%s is refused', (_name, over, code) => {
  expect(codeOf(() => build(over))).toBe(code);
});

test('a subject is refused until the Beijing day of the fourteenth birthday', () => {
  // Born on 2012-11-22; that day begins in Beijing at 16:00 UTC on the day before.
  const child = subject({ idNumber: '110105201211220008' });
  const before = new Date('2026-11-21T15:59:59Z');
  const on = new Date('2026-11-21T16:00:00Z');
  expect(codeOf(() => build(child, { now: before }))).toBe('terms-invalid');
  expect(codeOf(() => build(child, { now: on }))).toBe('accepted');
});

test('no error tells a personal value', () => {
  const secret = '110105199003072937';
  try {
    build(subject({ idNumber: secret }));
    throw new Error('accepted');
  } catch (error) {
    expect(String((error as Error).stack)).not.toContain(secret);
  }
});

test('defaults, one spelling of phone and ID, UTC seconds, NFC', () => {
  const terms = build({
    ...subject({ phone: '+8613800001234', name: 'Jose\u0301', idNumber: '11010519491231002x' }),
    end: { kind: 'event', event: 'loan-settled', latest: '2026-12-21T23:59:59.9+08:00' },
  });
  expect(terms.language).toBe('zh');
  expect(terms.uses).toEqual({ kind: 'count', count: 1 });
  expect(terms.subject).toMatchObject({
    phone: '13800001234',
    name: 'Jos\u00e9',
    idNumber: '11010519491231002X',
  });
  expect(terms.issuedAt).toBe('2026-11-21T09:30:00Z');
  expect(terms.from).toBe('2026-11-21T09:30:00Z');
  expect(terms.end).toEqual({
    kind: 'event',
    event: 'loan-settled',
    latest: '2026-12-21T15:59:59Z',
  });
});

test('terms survive their canonical text and nothing else passes', () => {
  const terms = build();
  const text = termsText(terms);
  expect(parseTerms(text)).toEqual(terms);
  expect(termsDigest(parseTerms(text))).toBe(termsDigest(terms));
  expect(codeOf(() => parseTerms(` ${text}`))).toBe('format-json');
  expect(codeOf(() => parseTerms(canonicalize({ ...terms, extra: true })))).toBe('terms-invalid');
  expect(codeOf(() => parseTerms(canonicalize({ ...terms, salt: 'AAAA' })))).toBe('terms-invalid');
  expect(codeOf(() => parseTerms(text.replace('张䶮', '张\u200d䶮')))).toBe(
    'text-forbidden-character',
  );
});

test('every drawn value changes the digest', () => {
  const digest = termsDigest(build());
  const salted = build({}, { drawn: { ...drawnOf(build()), salt: new Uint8Array(32) } });
  expect(termsDigest(salted)).not.toBe(digest);
  expect(termsDigest(build())).toBe(digest);
});

const drawnOf = (terms: Terms): TermsInput['drawn'] => ({
  salt: new Uint8Array(32).fill(7),
  letterNumber: terms.letterNumber,
  lookupCode: terms.lookupCode,
  verifyUrl: terms.verifyUrl,
});

test('an institution whose name leaves no room for the message is refused before the subject is asked', () => {
  const name = `${'禾'.repeat(56)}有限公司`;
  const institution = { ...build().institution, name };
  expect(codeOf(() => build({}, { institution }))).toBe('terms-invalid');
});
