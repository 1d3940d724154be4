import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addSeconds } from '@mandate/core';
import { NO_ANCHORS, verifyFile } from '@mandate/verify';
import { makeAuthority } from '../../../test/kit/authority.js';
import { buildBundle, LATER } from '../../../test/kit/build-bundle.js';
import { addGeneration, factsOf } from '../../../test/kit/bundle-generations.js';
import { makeReport, renderReport, type Report, type ReportLanguage } from './index.js';
import { usableOf } from './later-state.js';
import type { LaterRow, ReportLater } from './report.js';

/** The page for the judge: few words, none of the trade's. */

const authority = makeAuthority();
const folder = mkdtempSync(join(tmpdir(), 'mandate-front-'));
afterAll(() => rmSync(folder, { recursive: true }));

const reportOn = (bundle: Uint8Array, anchors = authority.anchors): Report =>
  makeReport({
    bundle,
    verification: verifyFile(bundle, { anchors, at: LATER }),
    anchors,
    reportId: 'rep_019a1111-2222-7333-8444-555566667777',
    madeAt: addSeconds(LATER, 60),
    publicUrl: 'https://mandate.test',
    tools: { node: '20.20.0' },
  });

let bundle: Uint8Array;
let sound: Report;
beforeAll(async () => {
  ({ bundle } = await buildBundle(authority));
  sound = reportOn(bundle);
});

async function textOf(report: Report, language: ReportLanguage, ...options: string[]) {
  const file = join(folder, 'report.pdf');
  writeFileSync(file, await renderReport(report, language));
  return execFileSync('pdftotext', [...options, file, '-'], { encoding: 'utf8' });
}

/**
 * Chinese has no spaces: two characters count as one word, as does a date, and every run of letters, digits and
 * signs between them.
 */
function countWords(written: string): number {
  const text = written.replaceAll(/\d+年\d+月\d+日/g, ' date ');
  const characters = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const runs = text
    .replaceAll(/[\p{Script=Han}，。；：（）、！？《》“”]/gu, ' ')
    .split(/\s+/)
    .filter(Boolean);
  return Math.ceil(characters / 2) + runs.length;
}

const FORBIDDEN: Readonly<Record<ReportLanguage, RegExp>> = {
  zh: /哈希|散列|摘要值|时间戳|密钥|公钥|私钥|证书|信任锚|检查点|收录证明|存证日志|区块链|算法|密码学|CMS|PKI|OCSP|CRL|SHA|DER|ASN\.1|PAdES|CAdES|ASiC|ETSI|JSON|XML|TOTAL|INDETERMINATE|openssl|pdfsig/i,
  en: /\b(?:hash|digest|timestamp|token|keys?|certificates?|anchors?|checkpoint|ledger|blockchain|Merkle|algorithm|cryptograph\w*|CMS|PKI|OCSP|CRL|SHA|DER|PAdES|CAdES|ASiC|ETSI|JSON|XML|TOTAL|INDETERMINATE|openssl|pdfsig|metadata)\b/i,
};

const LATER_NONE: ReportLater = {
  generation: 1,
  asOf: '2026-11-21T09:30:00Z',
  uses: { allowed: 1, per: null, counted: 0, reserved: 0 },
  withdrawn: false,
  hold: 'none',
  ended: false,
  restricted: false,
  facts: [],
  accesses: [],
};

const row = (kind: LaterRow['kind'], more: Partial<LaterRow> = {}): LaterRow => ({
  id: `fac_${kind}`,
  kind,
  at: '2026-11-21T09:20:00Z',
  digest: 'a'.repeat(64),
  receipt: 'verified',
  ...more,
});

const USE = row('redemption', {
  who: '禾穗消费金融有限公司',
  source: '示例征信有限公司',
  counts: true,
});

const MONTHLY = { allowed: 1, per: 'month', counted: 1, reserved: 0 } as const;

/** The report as if the file had told this. */
function withLater(later: ReportLater, at = '2026-11-21T10:00:00Z'): Report {
  const { facts } = verifyFile(bundle, { anchors: authority.anchors, at: LATER });
  const { claims, verdict } = sound;
  return { ...sound, later, usable: usableOf({ claims, facts, at, verdict }, later) };
}

test.each<[string, Partial<ReportLater>, Report['usable'], RegExp]>([
  [
    'nothing happened',
    {},
    { answer: 'yes', reason: 'open', at: LATER_NONE.asOf },
    /能（2026年11月21日的情况），还剩1次.*尚无人使用/s,
  ],
  [
    'used up',
    { uses: { allowed: 1, per: null, counted: 1, reserved: 0 }, facts: [USE] },
    { answer: 'no', reason: 'used-up', at: USE.at },
    /次数已用完.*禾穗消费金融有限公司，1次，2026年11月21日\s/s,
  ],
  [
    'used in this month of once a month',
    { uses: MONTHLY, facts: [{ ...USE, period: '2026-11' }] },
    { answer: 'no', reason: 'used-up', at: USE.at },
    /次数已用完/,
  ],
  [
    'used in another month of once a month',
    { uses: MONTHLY, facts: [{ ...USE, period: '2026-10' }] },
    { answer: 'yes', reason: 'open', at: LATER_NONE.asOf },
    /能（/,
  ],
  [
    'used in a month that nobody names',
    { uses: MONTHLY, facts: [USE] },
    { answer: 'not-told', reason: 'not-told' },
    /请询运营方/,
  ],
  [
    'reserved and not confirmed',
    {
      uses: { allowed: 1, per: null, counted: 1, reserved: 1 },
      facts: [{ ...USE, reserved: true }],
    },
    { answer: 'not-told', reason: 'not-told' },
    /请询运营方.*尚无人使用/s,
  ],
  [
    'a use given back',
    { facts: [{ ...USE, counts: false }] },
    { answer: 'yes', reason: 'open', at: LATER_NONE.asOf },
    /尚无人使用/,
  ],
  [
    'withdrawn after use',
    { withdrawn: true, facts: [USE, row('withdrawal', { who: 'subject' })] },
    { answer: 'no', reason: 'withdrawn', at: USE.at },
    /撤回/,
  ],
  [
    'disputed',
    { hold: 'open', facts: [row('hold')] },
    { answer: 'no', reason: 'on-hold', at: USE.at },
    /争议/,
  ],
  [
    'a dispute upheld',
    { hold: 'upheld', facts: [row('hold'), row('hold-resolution', { outcome: 'upheld' })] },
    { answer: 'no', reason: 'upheld', at: USE.at },
    /争议成立/,
  ],
  ['ended', { ended: true }, { answer: 'no', reason: 'ended', at: LATER_NONE.asOf }, /到期/],
  [
    'restricted',
    { restricted: true },
    { answer: 'no', reason: 'restricted', at: LATER_NONE.asOf },
    /只存储/,
  ],
])(
  '%s: page one says whether it can be used and by whom it was',
  async (_, told, usable, shown) => {
    const report = withLater({ ...LATER_NONE, ...told });
    expect(report.usable).toEqual(usable);
    expect(await textOf(report, 'zh', '-l', '1', '-layout')).toMatch(shown);
  },
);

test('all uses of a month say nothing of the next one', () => {
  const told = { ...LATER_NONE, uses: MONTHLY, facts: [{ ...USE, period: '2026-11' }] };
  // 30 November 23:59:59 and one second later, Beijing
  expect(withLater(told, '2026-11-30T15:59:59Z').usable).toMatchObject({ reason: 'used-up' });
  expect(withLater(told, '2026-11-30T16:00:00Z').usable).toEqual({
    answer: 'not-told',
    reason: 'not-told',
  });
});

test('what is not proven in every point is never usable', async () => {
  const made = await buildBundle(authority, { noProof: true });
  const facts = [factsOf(made).redemption('one', 600, true)];
  const state = { uses: { counted: 1, reserved: 1 } };
  const grown = await addGeneration(authority, made, made.bundle, { facts, state, at: 700 });
  const report = reportOn(grown);
  expect(report.verdict.indication).toBe('INDETERMINATE');
  expect(report.later?.facts).toMatchObject([{ counts: true, reserved: true }]);
  expect(report.usable).toEqual({ answer: 'not-told', reason: 'not-established' });
});

test('past its end it cannot be used, whatever else is known', () => {
  const after = '2027-01-01T00:00:00Z';
  expect(withLater(LATER_NONE, after).usable).toMatchObject({ answer: 'no', reason: 'ended' });
});

test.each<ReportLanguage>(['zh', 'en'])(
  '%s: at most 120 words, none of the trade’s',
  async (language) => {
    const { bundle: own } = await buildBundle(authority, {}, language);
    const broken = own.slice();
    broken[broken.length - 3000]! ^= 1;
    const recipients = {
      zh: ['禾穗消费金融有限公司', '示例担保有限公司', '示例保险有限公司'],
      en: [
        'Hesui Consumer Finance Co., Ltd.',
        'Sample Guarantee Co., Ltd.',
        'Sample Insurance Co.',
      ],
    }[language];
    const uses = Array.from({ length: 7 }, (_, i) => ({
      ...USE,
      ...{ id: `red_${i}`, who: recipients[i % 3]! },
    }));
    const recurring = {
      ...LATER_NONE,
      uses: { allowed: 9, per: null, counted: 7, reserved: 0 },
      facts: uses,
    };
    const level = (it: 'E1' | 'E2' | 'E3' | 'E4') => ({
      ...withLater(recurring),
      evidenceLevel: { level: it, reasons: [] },
    });
    const reports = [
      reportOn(own),
      reportOn(broken),
      reportOn(own, NO_ANCHORS),
      reportOn((await buildBundle(authority, { noProof: true }, language)).bundle),
      withLater({ ...LATER_NONE, withdrawn: true }),
      level('E1'),
      level('E2'),
      level('E3'),
      level('E4'),
    ];
    expect(new Set(reports.map(({ verdict }) => verdict.indication)).size).toBe(3);
    const used = (await textOf(reports.at(-1)!, language, '-l', '1')).replaceAll(/\s/g, '');
    expect(used).toMatch(
      language === 'zh'
        ? /还剩2次.*禾穗消费金融有限公司，3次，最近2026年11月21日；示例保险有限公司，2次；另有1家/
        : /2left.*HesuiConsumerFinanceCo.,Ltd.,3times,last2026-11-21;SampleInsuranceCo.,2times;and1more/,
    );
    for (const report of reports) {
      const text = await textOf(report, language, '-l', '1');
      expect(countWords(text)).toBeGreaterThan(40);
      expect([countWords(text), countWords(text) <= 120 || text]).toEqual([countWords(text), true]);
      expect(text.match(FORBIDDEN[language])).toBeNull();
      if (report.statement)
        expect(text).toMatch(language === 'zh' ? /目前能否使用/ : /Still usable\?/);
    }
  },
  120_000,
);

test.each<ReportLanguage>(['zh', 'en'])(
  '%s: the pages in the lists are the pages',
  async (language) => {
    const pages = (await textOf(sound, language)).split('\f').slice(0, -1);
    const plain = (text: string): string => text.replaceAll(/\s/g, '');
    const layout = (await textOf(sound, language, '-layout', '-f', '2', '-l', '2')).split('\n');
    const entries = layout.flatMap((line) => {
      const match = /^\s*((?:\d+\. |[一二三四五六七八九十]+、).*?)\s{2,}(\d+)\s*$/.exec(line);
      return match ? [[match[1]!, Number(match[2])] as const] : [];
    });
    expect(entries).toHaveLength(21);
    for (const [title, page] of entries)
      // On the page of the list itself every title stands once more.
      expect(plain(pages[page - 1]!).split(plain(title)).length - 1).toBe(page === 2 ? 2 : 1);
    pages.forEach((text, i) =>
      expect(plain(text)).toContain(
        language === 'zh' ? `第${i + 1}页共${pages.length}页` : `Page${i + 1}of${pages.length}`,
      ),
    );
  },
);
