import { expect, test } from '@jest/globals';
import {
  buildTerms,
  characterCount,
  choosable,
  codeMessage,
  keyTerms,
  letterContent,
  lintTemplate,
  printedTexts,
  PURPOSE_CODES,
  SAMPLE_TEMPLATES,
  templateDigest,
  useMessage,
  type TemplateBody,
  type Terms,
} from '../index.js';

export const termsOf = (body: TemplateBody, language: 'zh' | 'en'): Terms =>
  buildTerms({
    template: { id: 'tpl_1', version: 1, digest: templateDigest(body), body },
    institution: {
      name: '禾穗消费金融有限公司',
      creditCode: '91310000MA1FL5E8XC',
      contact: '400-800-1234',
      complaints: '400-800-1235',
    },
    request: {
      template: body.name,
      businessReference: 'LN-20261121-000123',
      language,
      subject: {
        name: '王䶮',
        idType: 'cn-resident-id',
        idNumber: '310101199003072313',
        phone: '13800138000',
      },
      ...(body.limits.uses.kinds[0] === 'recurring'
        ? {
            uses: { kind: 'recurring' as const, atMost: 1, per: 'month' as const },
            end: {
              kind: 'event' as const,
              event: 'loan-settled' as const,
              latest: '2029-11-21T15:59:59Z',
            },
          }
        : { end: { kind: 'date' as const, at: '2026-12-19T15:59:59Z' } }),
    },
    drawn: {
      salt: new Uint8Array(32),
      letterNumber: 'M20261121-7F3K9Q2M',
      lookupCode: 'ABCD-EFGH-JKLM-NPQR',
      verifyUrl: 'https://mandate.example/verify',
    },
    now: new Date('2026-11-21T09:30:00Z'),
  });

const cases = SAMPLE_TEMPLATES.flatMap((body) =>
  (['zh', 'en'] as const).map((language) => [body.name, language, body] as const),
);

test('six templates, each with a name and a purpose of its own', () => {
  const names = SAMPLE_TEMPLATES.map(({ name }) => name);
  expect(new Set(names).size).toBe(6);
  expect(new Set(SAMPLE_TEMPLATES.map(({ purpose }) => purpose.code)).size).toBe(6);
  for (const { purpose } of SAMPLE_TEMPLATES) expect(PURPOSE_CODES).toContain(purpose.code);
});

test.each(cases)(
  '%s in %s: code and use message fit two parts, key terms 200 characters',
  (_name, language, body) => {
    const terms = termsOf(body, language);
    const code = codeMessage(terms, '482915AA', 'KQ7-MRX').text;
    const use = useMessage(terms, {
      at: new Date('2026-12-01T00:00:00Z'),
      source: terms.sources[0]!.creditCode,
      number: 1,
      of: 1,
    }).text;
    for (const text of [code, use])
      expect(text.length).toBeLessThanOrEqual(language === 'zh' ? 134 : 306);
    const shown = keyTerms(terms)
      .map(({ text }) => text)
      .join('');
    if (language === 'zh') expect(characterCount(shown)).toBeLessThanOrEqual(200);
    // A verb of the other act would misname what is allowed.
    const wrong = body.act === 'report' ? /查询|quer/ : /报送|report your/;
    expect(code + use + shown).not.toMatch(wrong);
  },
);

test.each(cases)('%s in %s speaks one language with its punctuation', (_name, language, body) => {
  const texts = printedTexts(letterContent(termsOf(body, language), body.title[language]));
  for (const text of texts)
    if (language === 'zh')
      expect(text).not.toMatch(/\p{Script=Han}[,:;()]|[,;()]\p{Script=Han}|--|"/u);
    else expect(text).not.toMatch(/[，。；：“”]/u);
});

test.each(cases)(
  '%s in %s: the sensitive items that cannot be refused have a separate consent',
  (_name, language, body) => {
    const sensitive = body.items.filter((item) => item.class === 'sensitive' && item.necessary);
    const consent = body.clauses.find(({ id }) => id === 'sensitive-data')?.text[language] ?? '';
    for (const { name } of sensitive)
      expect(consent.toLowerCase()).toContain(name[language].split(/[:：]/)[0]!.toLowerCase());
  },
);

test('what a letter offers to choose is said in a key clause', () => {
  const offered = SAMPLE_TEMPLATES.filter((body) => {
    const { items, recipients } = choosable(termsOf(body, 'zh'));
    return items.length + recipients.length > 0;
  }).map(({ name }) => name);
  expect(offered).toEqual(['credit-reporting', 'income-tax', 'telecom-check', 'third-party-data']);
});

test('reporting: what the law continues after a withdrawal is a key clause and stands under withdrawal', () => {
  const body = SAMPLE_TEMPLATES.find(({ name }) => name === 'credit-reporting')!;
  expect(body.clauses.map(({ id }) => id)).toContain('continues-by-law');
  expect(body.withdrawal.zh).toMatch(/征信业管理条例.*第十六条.*第二十五条/);
});

test.each(SAMPLE_TEMPLATES.map((body) => [body.name, body] as const))(
  'the rule pack finds nothing in %s',
  (_name, body) => {
    expect(
      lintTemplate(body).map(({ rule, path, excerpt }) => `${rule} ${path} ${excerpt}`),
    ).toEqual([]);
  },
);
