import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { creditReportTemplate, type LintFinding } from '@mandate/terms';
import { sampleTerms } from '../../../test/kit/build-bundle.js';
import { runCommand } from './index.js';

let folder: string;
const path = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lint-'));
  const write = (name: string, value: unknown) =>
    writeFileSync(path(name), typeof value === 'string' ? value : JSON.stringify(value));
  write('clean.json', creditReportTemplate);
  write('bad.json', {
    ...creditReportTemplate,
    retention: {
      ...creditReportTemplate.retention,
      zh: `${creditReportTemplate.retention.zh}长期有效。`,
    },
  });
  write('terms.json', sampleTerms());
  write('bad-terms.json', { ...sampleTerms(), withdrawal: '本授权不可撤销。' });
  write('warning.txt', '信用报告用于提升服务质量。');
  write('bad.md', '# 授权书\n\n本人同意\n查询本人的姓名等信息。\n');
  write('english.txt', 'Any data, including but not limited to loans.');
  write('clean.txt', '等额本息');
  write('broken.json', '{');
  write('other.json', { format: 'something' });
  writeFileSync(path('latin.txt'), new Uint8Array([0xff, 0xfe, 0xe9]));
});

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommand(['lint', ...args], {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    clock: { now: () => new Date('2026-11-22T00:00:00Z') },
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

test.each([
  ['no file', []],
  ['a missing file', ['missing.json']],
  ['text without a language', ['clean.txt']],
  ['an unknown language', ['clean.txt', '--language', 'fr']],
  ['an unknown output language', ['clean.json', '--lang', 'fr']],
  ['an unknown option', ['clean.json', '--fix']],
  ['broken JSON', ['broken.json']],
  ['JSON of another kind', ['other.json']],
  ['text that is not UTF-8', ['latin.txt', '--language', 'zh']],
  ['a bad file among good ones', ['clean.json', 'broken.json']],
])('%s: exit code 3, nothing on standard output', async (_name, args) => {
  const given = args.map((arg) => (arg.includes('.') ? path(arg) : arg));
  const { code, out, err } = await run(...given);
  expect(code).toBe(3);
  expect(out).toBe('');
  expect(err).toContain('usage: mandate lint');
});

test('exit code 0 clean, 1 errors, 2 warnings only', async () => {
  expect((await run(path('clean.json'))).code).toBe(0);
  expect((await run(path('terms.json'))).code).toBe(0);
  expect((await run(path('clean.txt'), '--language', 'zh')).code).toBe(0);
  expect((await run(path('bad.json'))).code).toBe(1);
  expect((await run(path('bad-terms.json'))).code).toBe(1);
  expect((await run(path('english.txt'), '--language', 'en')).code).toBe(1);
  expect((await run(path('warning.txt'), '--language', 'zh')).code).toBe(2);
  expect((await run(path('warning.txt'), path('bad.md'), '--language', 'zh')).code).toBe(1);
});

test('says where, in lines and columns of a text and paths of a template', async () => {
  const text = await run(path('bad.md'), '--language', 'zh', '--lang', 'zh');
  expect(text.out).toContain(`${path('bad.md')} 4:8  错误  open-list  “等信息”`);
  expect(text.out).toContain('依据: 个人信息保护法 14/17');
  expect(text.out).toContain('1 个错误，0 个警告 (规则包 2026-11)');
  const template = await run(path('bad.json'));
  const column = creditReportTemplate.retention.zh.length + 1;
  expect(template.out).toContain(`retention.zh:${column}  error  no-end  “长期有效”`);
  expect((await run(path('clean.json'))).out).toBe('nothing found (rule pack 2026-11)');
});

test('--json holds pack, files and findings', async () => {
  const { out } = await run(path('bad.json'), path('clean.json'), '--json');
  const report = JSON.parse(out) as {
    pack: string;
    files: { file: string; kind: string; findings: LintFinding[] }[];
  };
  expect(report.pack).toBe('2026-11');
  expect(report.files.map(({ kind, findings }) => [kind, findings.length])).toEqual([
    ['template', 1],
    ['template', 0],
  ]);
  expect(report.files[0]!.findings[0]).toMatchObject({
    rule: 'no-end',
    severity: 'error',
    path: 'retention.zh',
    excerpt: '长期有效',
  });
  expect(Object.keys(report.files[0]!).sort()).toEqual(['file', 'findings', 'kind']);
});
