import { expect, test } from '@jest/globals';
import { fromUtf8, sha256, sha256Hex } from '@mandate/core';
import { FILING_FIELD } from '@mandate/evidence';
import { embeddedFile, readPdf } from '@mandate/pdf';
import { verifyFile } from '@mandate/verify';
import { makeAuthority } from '../../../test/kit/authority.js';
import { LATER } from '../../../test/kit/build-bundle.js';
import { sealDigest } from '../../../test/kit/seal-digest.js';
import { pageCount } from './page-count.js';
import { sealReport } from './seal-report.js';
import { filingCsv, renderFilingIndex, type FilingIndex } from './filing-index.js';

const digest = sha256Hex(sha256(new Uint8Array()));
const index: FilingIndex = {
  ...{ caseNumber: 'C-2026-000012', id: 'rjb_1', madeAt: LATER },
  rows: Array.from({ length: 120 }, (_, i) => ({
    ...{ no: i + 1, letterNumber: `M20261122-AAAA${i}`, size: 1000 + i, digest },
    ...(i % 2 ? { kind: 'bundle' } : { kind: 'report', language: 'zh', pages: 9 }),
    indication: i < 100 ? 'TOTAL-PASSED' : 'TOTAL-FAILED',
    file: `M20261122-AAAA${i}/${i % 2 ? 'bundle.asice' : 'report.zh.pdf'}`,
  })) as FilingIndex['rows'],
  missing: [
    { letterNumber: 'M20261122-GONE', why: 'erased' },
    { letterNumber: '=cmd', why: 'the subject confessed' },
  ],
};

test('the CSV has a line per file with its digest, and says what is missing', () => {
  const text = fromUtf8(filingCsv(index, 'zh').subarray(3));
  const lines = text.split('\r\n');
  expect(lines[0]).toBe('编号,授权书编号,证据名称,来源,证明内容,文件,页数,SHA-256');
  expect(lines).toHaveLength(1 + 120 + 2 + 1);
  expect(lines[1]).toBe(
    `1,M20261122-AAAA0,电子签名验证报告（中文）,运营方系统,授权书由谁签署、何时签署、内容是否改动及其使用情况的验证结果；结论：签名有效,M20261122-AAAA0/report.zh.pdf,9,${digest}`,
  );
  // Of a letter that did not pass the list claims nothing else, in either language.
  expect(lines[101]).toContain('结论：验证不通过');
  const english = fromUtf8(filingCsv(index, 'en').subarray(3)).split('\r\n');
  expect([english[1], english[101]].map((it) => it!.split('verdict: ')[1]!.split('"')[0])).toEqual([
    'Signature valid',
    'Not valid',
  ]);
  expect(english.join()).not.toContain('that it is unchanged');
  expect(lines[121]).toContain('M20261122-GONE');
  expect(lines[121]).toContain('数据已依法删除');
  // A code that nobody knows is not told, and a cell is no formula.
  expect(lines[122]).toBe(",'=cmd,未能出具报告的授权,,多次尝试均未成功,,,");
  expect(lines.join()).not.toContain('confessed');
  for (const line of lines) expect(line).not.toMatch(/(?:^|,)[=+@\t-]/);
});

test.each(['zh', 'en'] as const)(
  'the sealed list in %s: many pages, its CSV inside, its seal holds',
  async (language) => {
    const authority = makeAuthority();
    const pdf = await renderFilingIndex(index, language);
    expect(Buffer.compare(pdf, await renderFilingIndex(index, language))).toBe(0);
    expect(pageCount(pdf)).toBeGreaterThan(3);
    expect(embeddedFile(readPdf(pdf), 'index.csv')).toEqual(filingCsv(index, language));
    const sealed = await sealReport(pdf, {
      ...{ date: LATER, field: FILING_FIELD },
      seal: async (asked) => sealDigest(asked, authority.reportSeal, authority),
    });
    const judged = verifyFile(sealed, {
      anchors: authority.anchors,
      at: new Date(LATER.getTime() + 3_600_000),
    });
    expect([judged.verdict.indication, judged.input.kind]).toEqual(['TOTAL-PASSED', 'pdf']);
    sealed[2000]! ^= 1;
    const broken = verifyFile(sealed, {
      anchors: authority.anchors,
      at: new Date(LATER.getTime() + 3_600_000),
    });
    expect(broken.verdict.indication).not.toBe('TOTAL-PASSED');
  },
);
