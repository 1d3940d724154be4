import { expect, test } from '@jest/globals';
import { SAMPLE_TEMPLATES } from '../templates/index.js';
import { creditReportTemplate } from '../templates/credit-report.js';
import type { TemplateBody } from '../template.js';
import type { Terms } from '../terms.js';
import { foldText } from './fold-text.js';
import { lintTemplate, lintTerms, lintText } from './lint.js';
import { CURRENT_RULE_PACK, RULE_PACKS } from './packs/index.js';
import type { LintFinding } from './rule.js';

const ids = (findings: readonly LintFinding[]): string[] => findings.map(({ rule }) => rule);

const changed = (change: (body: TemplateBody) => void): TemplateBody => {
  const body = structuredClone(creditReportTemplate);
  change(body);
  return body;
};

/** The terms of a letter under a template, as far as the linter reads them. */
function termsOf(body: TemplateBody, language: 'zh' | 'en'): Terms {
  const pick = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(pick);
    if (typeof value !== 'object' || value === null) return value;
    if ('zh' in value && 'en' in value) return value[language];
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, pick(member)]));
  };
  return { ...(pick(body) as Terms), language };
}

/**
 * A long text costs what its length says: what is linear ends far within this, what is quadratic far beyond. Time of
 * the processor, not of the clock: the limit is the linter's, whatever else runs here.
 */
const LIMIT_MS = 4000;
const LONG = 400_000;

function milliseconds(work: (text: string) => void, seed: string): number {
  const text = seed.repeat(Math.ceil(LONG / seed.length));
  const before = process.cpuUsage();
  work(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

test('a finding says rule, article, place and words, in UTF-16 offsets of the text as given', () => {
  const text = '　𠮷野：Ａ方可将信用报告提供给关联\n 公司。';
  const [finding, ...others] = lintText(text, 'zh');
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    rule: 'unnamed-party',
    severity: 'error',
    article: '个人信息保护法 23; 征信业管理条例 18/20',
    path: '',
    excerpt: '关联\n 公司',
  });
  expect(text.slice(finding!.start, finding!.end)).toBe(finding!.excerpt);
  expect(finding!.message.zh).toMatch(/全称/);
  expect(finding!.message.en).toMatch(/full name/);
});

test('findings come in the order of fields, then words, whatever order the members have', () => {
  const body = changed((template) => {
    template.withdrawal.zh += '本授权长期有效，不可撤销。';
    template.clauses[2]!.text.en += ' The report goes to affiliates, etc.';
    template.items[1]!.name.zh += '等';
  });
  const findings = lintTemplate(body);
  expect(findings.map(({ rule, path }) => `${path} ${rule}`)).toEqual([
    'items[1].name.zh open-list',
    'withdrawal.zh no-end',
    'withdrawal.zh irrevocable',
    'clauses[2].text.en unnamed-party',
    'clauses[2].text.en open-list',
  ]);
  const reversed = Object.fromEntries(Object.entries(body).reverse()) as TemplateBody;
  expect(lintTemplate(reversed)).toEqual(findings);
  expect(JSON.stringify(lintTemplate(body))).toBe(JSON.stringify(findings));
});

test('every sample template is clean, and so are its terms in both languages', () => {
  expect(SAMPLE_TEMPLATES.length).toBeGreaterThan(0);
  for (const body of SAMPLE_TEMPLATES) {
    const at = ({ rule, path, excerpt }: LintFinding) => `${body.name} ${rule} ${path} ${excerpt}`;
    expect(lintTemplate(body).map(at)).toEqual([]);
    for (const language of ['zh', 'en'] as const)
      expect(lintTerms(termsOf(body, language)).map(at)).toEqual([]);
  }
});

test('terms are linted in their language, without the words of persons and institutions', () => {
  const bad = changed((template) => {
    template.retention.zh = '永久保存。';
    template.clauses[1]!.text.zh = '我同意处理这些信息。';
  });
  const terms = termsOf(bad, 'zh');
  expect(lintTerms(terms).map(({ rule, path }) => `${path} ${rule}`)).toEqual([
    'items[1].name sensitive-without-clause',
    'items[2].name sensitive-without-clause',
    'retention no-end',
    'retention retention-unsaid',
  ]);
  expect(lintTerms(termsOf(bad, 'en'))).toEqual([]);
  const institution = { name: '永久合作机构有限公司' } as Terms['institution'];
  expect(ids(lintTerms({ ...termsOf(creditReportTemplate, 'zh'), institution }))).toEqual([]);
});

test('a list of Markdown keeps its lines apart, a wrapped line does not', () => {
  expect(foldText('不得向\n关联方').text).toBe('不得向关联方');
  expect(ids(lintText('不得公开\n\n关联方可以查询', 'zh'))).toEqual(['unnamed-party']);
  expect(ids(lintText('- 不得公开\n- 关联方可以查询', 'zh'))).toEqual(['unnamed-party']);
  expect(ids(lintText('including but\nnot  limited to', 'en'))).toEqual(['open-list']);
  expect(foldText('Ａ（ 1 ）\r\n\r\n２').text).toBe('a(1)\n2');
});

test('empty and tiny texts', () => {
  for (const text of ['', ' ', '\n', '等', 'a']) expect(() => lintText(text, 'zh')).not.toThrow();
  expect(ids(lintText('等', 'zh'))).toEqual(['open-list']);
  expect(lintText('', 'en')).toEqual([]);
});

test('packs: versions and rule names stand once, every rule has both languages and an article', () => {
  expect(RULE_PACKS).toContain(CURRENT_RULE_PACK);
  expect(new Set(RULE_PACKS.map(({ version }) => version)).size).toBe(RULE_PACKS.length);
  for (const { version, rules } of RULE_PACKS) {
    expect(version).toMatch(/^\d{4}-\d\d$/);
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const { id, articles, message } of rules) {
      expect(id).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
      for (const article of articles)
        expect(article).toMatch(
          /^(?:个人信息保护法|征信业管理条例|民法典|电子签名法|网络数据安全管理条例) \d+(?:[/–]\d+)*$/,
        );
      expect(articles.length).toBeGreaterThan(0);
      expect(message.zh).toMatch(/\p{Script=Han}{6}/u);
      expect(message.en).toMatch(/[a-z]{3} [a-z]/);
    }
  }
});

test('packs are data: they survive JSON, and no pattern repeats without bound', () => {
  for (const pack of RULE_PACKS) {
    const copy = JSON.parse(JSON.stringify(pack)) as typeof pack;
    expect(copy).toEqual(pack);
    expect(ids(lintText('长期有效', 'zh', copy))).toEqual(['no-end']);
    const strings: string[] = [pack.denial.zh, pack.denial.en];
    JSON.stringify(
      pack.rules.map(({ matcher }) => matcher),
      (_key, value: unknown) => {
        if (typeof value === 'string') strings.push(value);
        return value;
      },
    );
    for (const source of strings) {
      const plain = source.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '');
      expect(plain).not.toMatch(/[*+]|\{\d+,\}/);
    }
  }
});

test.each([
  ...[
    '等',
    '等等',
    '姓名等信息',
    '不得向关联',
    '关联方',
    '不关联方',
    '撤回经授权人',
    '不同意停止',
    '合作机构为',
  ],
  ...[
    '授权同意',
    '视为不',
    '放弃',
    '至全部',
    '查询收入',
    '由此产生的',
    '及其他',
    '\n',
    ' ',
    '　',
    '为业务',
    '各类的的',
  ],
  ...[
    '(',
    '一切的',
    '不可撤销',
    '承诺不向',
    '证件',
    '等你我他她它',
    '自动',
    '12345678901234567',
    '三十日',
  ],
])('a long text of zh “%s” ends', (seed) => {
  expect(milliseconds((text) => lintText(text, 'zh'), seed)).toBeLessThan(LIMIT_MS);
});

test.each([
  ...[
    'affiliates ',
    'not affiliates ',
    'authorizes authorizes ',
    'and other relevant ',
    'refuses to ',
  ],
  ...[
    'waives the ',
    'deemed to be to ',
    'until all a a ',
    'withdraw ',
    'includes ',
    'any any ',
    'release ',
  ],
  ...['by using ', 'no ', 'queries a ', 'a', '. ', 'third parties ', 'collects income '],
])('a long text of en “%s” ends', (seed) => {
  expect(milliseconds((text) => lintText(text, 'en'), seed)).toBeLessThan(LIMIT_MS);
});
