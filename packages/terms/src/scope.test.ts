import { expect, test } from '@jest/globals';
import { scopeDigest, scopeOf } from './scope.js';
import type { Terms } from './terms.js';
import { useMessage } from './use-message.js';

const item = (code: string, necessary: boolean) => ({
  code,
  name: code,
  class: 'general' as const,
  necessary,
});
/** Only what scope and message look at. */
const terms = (change: object = {}): Terms =>
  ({
    letterNumber: 'M20261121-7F3K9Q2M',
    verifyUrl: 'https://sign.example.cn/verify',
    language: 'zh',
    institution: { name: '禾穗消费金融有限公司', creditCode: '91310000MA1FL5E8XC' },
    purpose: { code: 'loan-approval', text: 'x' },
    plain: { data: '个人信用报告', purpose: '本次贷款审批', refusal: 'x' },
    items: [item('b', true), item('a', true), item('optional', false)],
    sources: [{ name: '示例征信有限公司', creditCode: '91110000MA00DEM01M' }],
    recipients: [
      { name: 'T', creditCode: '91440300MA5DEM0B5R', purpose: 'p' },
      { name: 'U', creditCode: '91440300MA5DEM0C3N', purpose: 'p' },
    ],
    from: '2026-11-01T00:00:00Z',
    end: { kind: 'date', at: '2026-12-01T00:00:00Z' },
    uses: { kind: 'count', count: 2 },
    ...change,
  }) as unknown as Terms;

test('what was refused is not in the scope, and nothing is that the letter does not offer', () => {
  const none = scopeOf(terms(), { items: [], recipients: [] });
  expect(none).toMatchObject({
    items: ['a', 'b'],
    recipients: ['91310000MA1FL5E8XC'],
    maxUses: 2,
    per: null,
  });
  const some = scopeOf(terms(), {
    items: ['optional', 'never-offered'],
    recipients: ['91440300MA5DEM0C3N', '91110000MA00DEM01M'],
  });
  expect(some.items).toEqual(['a', 'b', 'optional']);
  expect(some.recipients).toEqual(['91310000MA1FL5E8XC', '91440300MA5DEM0C3N']);
  expect(scopeDigest(some)).not.toBe(scopeDigest(none));
});

test('an end by event keeps its latest date, recurring use its period', () => {
  const scope = scopeOf(
    terms({
      end: { kind: 'event', event: 'loan-settled', latest: '2029-01-01T00:00:00Z' },
      uses: { kind: 'recurring', atMost: 3, per: 'quarter' },
    }),
    { items: [], recipients: [] },
  );
  expect(scope).toMatchObject({
    end: '2029-01-01T00:00:00Z',
    endEvent: 'loan-settled',
    maxUses: 3,
    per: 'quarter',
  });
});

test.each(['zh', 'en'])(
  'the message of a use in %s: what, when, which of how many; two parts, no link',
  (language) => {
    const use = {
      at: new Date('2026-11-20T17:00:00Z'),
      source: '91110000MA00DEM01M',
      number: 1,
      of: 2,
    };
    const { text, templateId } = useMessage(terms({ language }), use);
    expect(templateId).toBe(`use-made.${language}`);
    // the day in Beijing
    expect(text).toContain('2026-11-21');
    expect(text).toContain('M20261121-7F3K9Q2M');
    expect(text).toMatch(language === 'zh' ? /第1次,共2次/ : /1 of 2/);
    expect(text).toContain('sign.example.cn/my');
    expect(text).not.toMatch(/https?:|www/);
    expect(text.length).toBeLessThanOrEqual(language === 'zh' ? 134 : 306);
  },
);

test('a long institution name gives way, not the number of uses', () => {
  const institution = { name: `${'很'.repeat(50)}有限公司`, creditCode: 'x' };
  const use = {
    at: new Date('2026-11-20T17:00:00Z'),
    source: '91110000MA00DEM01M',
    number: 1,
    of: 2,
  };
  const { text } = useMessage(terms({ institution }), use);
  expect(text).toContain('第1次,共2次');
  expect(text).not.toContain('示例征信');
});
