import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { creditReportTemplate } from '@mandate/terms';
import { runCommand } from './index.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sms-texts-'));
  writeFileSync(join(folder, 'template.json'), JSON.stringify(creditReportTemplate));
  writeFileSync(join(folder, 'other.json'), '{"format":"something"}');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommand(['sms-texts', ...args], {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    clock: { now: () => new Date('2026-11-22T00:00:00Z') },
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}
const party = ['--institution', '禾穗消费金融有限公司', '--url', 'https://sign.example/'];

test.each([
  ['no file', party],
  ['no institution', ['template.json', '--url', 'https://sign.example']],
  ['no address', ['template.json', '--institution', '禾穗']],
  ['an address that is none', ['template.json', '--institution', '禾穗', '--url', 'sign']],
  ['a missing file', ['missing.json', ...party]],
  ['JSON of another kind', ['other.json', ...party]],
  ['an unknown option', ['template.json', ...party, '--fix']],
])('%s: exit code 3, nothing on standard output', async (_name, args) => {
  const { code, out, err } = await run(
    ...args.map((arg) => (arg.endsWith('.json') ? join(folder, arg) : arg)),
  );
  expect({ code, out }).toEqual({ code: 3, out: '' });
  expect(err).toContain('usage: mandate sms-texts');
});

test('every message in both languages, with this institution’s names and this address', async () => {
  const { code, out } = await run(join(folder, 'template.json'), ...party, '--json');
  const { items: list } = JSON.parse(out) as {
    items: { template: string; sign: string; text: string; id: string }[];
  };
  expect(code).toBe(0);
  for (const language of ['zh', 'en'])
    for (const name of [
      'signing-code',
      'signing-set',
      'own-code',
      'use-made',
      'passkey-registered',
    ])
      expect(list.filter(({ template }) => template === `${name}.${language}`)).toHaveLength(1);
  expect(list[0]).toMatchObject({ template: 'signing-code.zh', sign: '禾穗消费金融', id: '' });
  expect(list[0]!.text).toContain('授权禾穗消费金融有限公司查询您的个人信用报告1次');
  expect(out).toContain('sign.example/my');
  expect((await run(join(folder, 'template.json'), ...party)).out).toContain('checkCode ≤ 7');
});
