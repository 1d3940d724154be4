import { expect, test } from '@jest/globals';
import {
  beijingPeriod,
  buildTerms,
  characterCount,
  codeMessage,
  creditReportTemplate,
  formatDay,
  formatMoment,
  keyTerms,
  KEY_TERM_IDS,
  letterContent,
  newLetterNumber,
  parseTemplate,
  printedTexts,
  SECTION_IDS,
  templateDigest,
  type Terms,
} from './index.js';

const terms = (language: 'zh' | 'en'): Terms =>
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
    request: {
      template: 'credit-report',
      businessReference: 'LN-1',
      language,
      subject: {
        name: '张䶮',
        idType: 'cn-resident-id',
        idNumber: '110105199003072936',
        phone: '13800001234',
      },
      end: { kind: 'date', at: '2026-12-21T15:59:59Z' },
    },
    drawn: {
      salt: new Uint8Array(32),
      letterNumber: 'M20261121-7F3K9Q2M',
      lookupCode: 'ABCD-EFGH-JKLM-NPQR',
      verifyUrl: 'https://mandate.example/verify',
    },
    now: new Date('2026-11-21T09:30:00Z'),
  });

/** Constructions a letter may not use (open lists, no end, no limit), matched as constructions. */
const OPEN =
  /等(?:信息|数据|资料|不良|机构|第三方|用途|方式|权利)|等[，。；]|包括但不限|相关第三方|关联方|合作机构|其他合法|有关部门|必要时|一切|任何第三|长期有效|永久|不可撤销|不限次|including but not|irrevocabl|perpetual|affiliates|partners|and so on|etc\.|any purpose/i;

test.each(['zh', 'en'] as const)(
  'the sample letter in %s has no open list and no endless term',
  (language) => {
    const texts = printedTexts(
      letterContent(terms(language), creditReportTemplate.title[language]),
    );
    for (const text of texts) expect(text).not.toMatch(OPEN);
  },
);

test('Chinese texts use Chinese punctuation', () => {
  const texts = printedTexts(letterContent(terms('zh'), creditReportTemplate.title.zh));
  for (const text of [...texts, ...keyTerms(terms('zh')).map((term) => term.text)])
    expect(text).not.toMatch(/\p{Script=Han}[,:;()]|[,;()]\p{Script=Han}/u);
});

test('every value of the terms a person can check stands in the letter', () => {
  const all = terms('zh');
  const texts = printedTexts(letterContent(all, creditReportTemplate.title.zh));
  const values = [
    ...Object.values(all.institution),
    all.subject.name,
    all.subject.idNumber,
    all.subject.phone,
    all.letterNumber,
    all.lookupCode,
    all.verifyUrl,
    all.businessReference,
    all.purpose.text,
    ...all.items.map((item) => item.name),
    ...all.sources.flatMap((source) => [source.name, source.creditCode]),
    ...[all.method, all.automatedDecision, all.retention, all.refusal, all.rights],
    ...[all.withdrawal, all.electronic],
    ...all.clauses.map((clause) => clause.text),
    '2026年11月21日17:30:00（北京时间）',
    '2026年12月21日23:59:59（北京时间）',
    '1次',
  ];
  for (const value of values) expect(texts).toContain(value);
  const ids = letterContent(all, 'x').sections.map((section) => section.id);
  expect(ids).toEqual([...SECTION_IDS]);
});

test('key terms: all of them, at most 200 Chinese characters', () => {
  const shown = keyTerms(terms('zh'));
  expect(shown.map((term) => term.id)).toEqual([...KEY_TERM_IDS]);
  expect(characterCount(shown.map((term) => term.text).join(''))).toBeLessThanOrEqual(200);
  expect(keyTerms(terms('en')).map((term) => term.id)).toEqual([...KEY_TERM_IDS]);
});

test('the code message is the designed one and fits two parts', () => {
  const { text, templateId } = codeMessage(terms('zh'), '482915', 'KQ7-MRX');
  expect(templateId).toBe('signing-code.zh');
  expect(text).toBe(
    '【禾穗消费金融】验证码482915,5分钟内有效。用途:授权禾穗消费金融有限公司查询您的个人信用报告1次,用于本次贷款审批。核对码KQ7-MRX,应与页面一致。验证码只在签署页面填写,向您索要的都是诈骗;非本人操作请勿填写。',
  );
  expect(text.length).toBeLessThanOrEqual(134);
  const english = codeMessage(terms('en'), '48291500', 'KQ7-MRX').text;
  expect(english).toContain('48291500');
  expect(english).toContain('KQ7-MRX');
  expect(english.length).toBeLessThanOrEqual(134);
  expect(english + text).not.toMatch(/https?:|www\./);
});

test.each([
  ['seven key clauses', { clauses: Array(7).fill(creditReportTemplate.clauses[0]) }],
  ['a clause id twice', { clauses: Array(2).fill(creditReportTemplate.clauses[0]) }],
  ['no source', { sources: [] }],
  ['an unknown purpose', { purpose: { ...creditReportTemplate.purpose, code: 'any' } }],
  ['an unknown measure', { policy: { ...creditReportTemplate.policy, measures: ['face'] } }],
  ['a missing language', { retention: { zh: '六个月' } }],
  ['unlimited days', { limits: { ...creditReportTemplate.limits, maximumDays: 99999 } }],
  ['an extra member', { extra: 1 }],
])('a template with %s is refused', (_name, over) => {
  expect(() => parseTemplate({ ...creditReportTemplate, ...over })).toThrow(
    expect.objectContaining({ code: 'template-invalid' }),
  );
});

test('a letter speaks Beijing time', () => {
  expect(formatMoment('2026-12-31T16:00:00Z', 'zh')).toBe('2027年1月1日00:00:00（北京时间）');
  expect(formatMoment('2026-12-31T15:59:59Z', 'en')).toBe(
    '2026-12-31 23:59:59 (Beijing time, UTC+8)',
  );
  expect(formatDay('2026-12-31T16:00:00Z', 'en')).toBe('2027-01-01');
  const periods = (['month', 'quarter', 'year'] as const).map((per) => [
    beijingPeriod(new Date('2026-12-31T15:59:59Z'), per),
    beijingPeriod(new Date('2026-12-31T16:00:00Z'), per),
  ]);
  expect(periods).toEqual([
    ['2026-12', '2027-01'],
    ['2026-Q4', '2027-Q1'],
    ['2026', '2027'],
  ]);
  const random = { bytes: (n: number) => new Uint8Array(n) };
  expect(newLetterNumber(new Date('2026-12-31T16:00:00Z'), random)).toBe('M20270101-22222222');
});
