import { concat, sha256, sha256Hex, utf8 } from '@mandate/core';
import { FILING_FIELD } from '@mandate/evidence';
import { filingCsv, renderFilingIndex, sealReport } from '@mandate/report';
import type { FilingIndex, FilingRow, ReportLanguage } from '@mandate/report';
import type { TestAuthority } from '../../kit/authority.js';
import { LATER } from '../../kit/build-bundle.js';
import { rawZip } from '../../kit/raw-zip.js';
import { rewriteLetter } from '../../kit/rewrite-letter.js';
import { sealDigest } from '../../kit/seal-digest.js';
import type { BundleCase } from './bundle-case.js';

type Bytes = Uint8Array;
type Entry = readonly [name: string, bytes: Bytes];

/** Of a filing whose operator made it so; the rest is as it should be. */
interface Making {
  readonly languages?: readonly ReportLanguage[];
  readonly rows?: (rows: readonly FilingRow[]) => readonly FilingRow[];
  readonly missing?: (language: ReportLanguage) => FilingIndex['missing'];
  readonly drawn?: (pdf: Bytes) => Bytes;
  readonly field?: string;
  readonly seal?: (digest: Bytes) => Bytes;
  readonly paper?: (pdf: Bytes) => Bytes;
  readonly csv?: (csv: Bytes) => Bytes;
  readonly entries?: (entries: readonly Entry[]) => readonly Entry[];
  readonly zip?: (zip: Bytes) => Bytes;
}

const AN_HOUR_ON = new Date(LATER.getTime() + 3_600_000);
const FILES: readonly Entry[] = [
  ['M20261122-7F3K9Q2M/report.zh.pdf', utf8('a report')],
  ['M20261122-7F3K9Q2M/bundle.asice', utf8('a bundle, "quoted", in two lines\r\n')],
  ['M20261122-7F3K9Q2N/report.zh.pdf', utf8('another report')],
];

const MISSING = [{ letterNumber: 'M20261122-7F3K9Q2P', why: 'erased' }];

/** Several reports under sealed lists of evidence: statements Z of the format. */
export function filingCases(authority: TestAuthority, stranger: TestAuthority): BundleCase[] {
  const filing = (name: string, making: Making, more: Partial<BundleCase> = {}): BundleCase => ({
    name: `filing: ${name}`,
    make: () => makeFiling(authority, making),
    ...{ verdict: 'TOTAL-FAILED', at: AN_HOUR_ON, ...more },
  });
  const wrong = (rule: string, name: string, making: Making): BundleCase =>
    filing(name, making, { rule });
  const open = (name: string, making: Making, more: Partial<BundleCase>): BundleCase =>
    filing(name, making, { verdict: 'INDETERMINATE', rule: 'Z-5', ...more });
  const row = (change: Partial<FilingRow>): Making => ({
    rows: ([first, ...rest]) => [{ ...first!, ...change }, ...rest],
  });
  const { anchors } = authority;
  const sealedBy = (signer: TestAuthority['seal'], by = authority): Making => ({
    seal: (digest) => sealDigest(digest, signer, by),
  });
  return [
    filing('sound, in two languages', {}, { verdict: 'TOTAL-PASSED' }),
    filing('sound, in one', { languages: ['en'] }, { verdict: 'TOTAL-PASSED' }),
    wrong('Z-1', 'a comment', { zip: (it) => concat(changed(it, -2, 1), utf8('x')) }),
    wrong('Z-1', 'compressed', { zip: (it) => changed(it, 8, 8) }),
    wrong('Z-1', 'a name that leads outside', {
      ...row({ file: '../report.pdf', letterNumber: '..' }),
      entries: ([a, b, c, d, first, ...rest]) => [
        ...[a!, b!, c!, d!],
        ...([['../report.pdf', first![1]], ...rest] as const),
      ],
    }),
    wrong('Z-1', 'more entries than a ZIP can count', {
      entries: (it) => [
        ...it,
        ...Array.from({ length: 0x10000 }, (_, i) => [`M20261122-X/${i}`, utf8('')] as const),
      ],
    }),
    wrong('B-1', 'no list, only a name that begins as one', {
      entries: (it) => [['index.en.csv.txt', utf8('no list')], ...it.slice(4)],
    }),
    wrong('B-1', 'its list under a longer name', {
      entries: ([first, ...rest]) => [['index.en.csv-', first![1]], ...rest],
    }),
    wrong('Z-2', 'the Chinese list first', {
      entries: ([a, b, c, d, ...rest]) => [c!, d!, a!, b!, ...rest],
    }),
    wrong('Z-2', 'a list without its paper', { entries: ([a, , ...rest]) => [a!, ...rest] }),
    wrong('Z-3', 'no byte order mark', { csv: (it) => it.subarray(3) }),
    wrong('Z-3', 'quotes that nothing asks for', {
      csv: edited((it) => it.replace(/,([0-9a-f]{64})/, ',"$1"')),
    }),
    wrong('Z-3', 'a line that only ends', { csv: edited((it) => it.replaceAll('\r\n', '\n')) }),
    wrong('Z-3', 'its last line is cut', { csv: (it) => it.subarray(0, -2) }),
    wrong('Z-3', 'a column more', { csv: edited((it) => it.replaceAll('\r\n', ',\r\n')) }),
    wrong('Z-3', 'a cell that other readers refuse', {
      csv: edited((it) => it.replace(/(\r\n1,(?:[^,]*,){2})/, `$1${'证'.repeat(131_073)}`)),
    }),
    wrong('Z-3', 'more lines than there can be', {
      csv: edited((it) => it + ',M20261122-X,n,,w,,,\r\n'.repeat(22_000)),
    }),
    wrong('Z-3', 'a number too high', row({ no: 2 })),
    wrong('Z-3', 'a digest in capitals', {
      rows: (rows) => rows.map((it) => ({ ...it, digest: it.digest.toUpperCase() })),
    }),
    wrong('Z-3', 'a file in the folder of another letter', row({ letterNumber: 'M20261122-X' })),
    wrong('Z-3', 'no pages at all', row({ pages: 0 })),
    wrong('Z-4', 'its data beside say something else', {
      csv: edited((it) => it.replace('a bundle', 'b')),
      entries: ([, b, c, d, ...rest]) => [c!, b!, c!, d!, ...rest].map(renamedFirst),
    }),
    wrong('Z-4', 'nobody sealed it', { paper: () => utf8('%PDF-1.7\n') }),
    wrong('Z-4', 'in the field of a report', {
      field: 'MandateSeal',
      drawn: renamedField('MandateSeal'),
    }),
    wrong('Z-4', 'no data inside', {
      drawn: (it) => rewriteLetter(it, (body) => body.replaceAll('index.csv', 'other.csv')),
    }),
    wrong('Z-4', 'something behind the seal', { paper: (it) => concat(it, utf8('\n')) }),
    wrong('Z-5', 'sealed for something else', {
      seal: () => sealDigest(sha256(utf8('x')), authority.reportSeal, authority),
    }),
    open('under the seal of evidence', sealedBy(authority.seal), {}),
    open('under a seal nobody knows', sealedBy(stranger.reportSeal), {}),
    open('stamped by nobody known', sealedBy(authority.reportSeal, stranger), {}),
    open('judged before it was sealed', {}, { at: LATER }),
    open('its stamp is too old', {}, { at: new Date('2032-01-01T00:00:00Z') }),
    open('no anchors of seals', {}, { anchors: { ...anchors, seal: [] } }),
    wrong('Z-6', 'a file missing', { entries: (it) => it.slice(0, -1) }),
    wrong('Z-6', 'a file more', { entries: (it) => [...it, ['M20261122-X/more.pdf', utf8('')]] }),
    wrong('Z-6', 'two files in each other’s place', {
      entries: (it) => [...it.slice(0, -2), it.at(-1)!, it.at(-2)!],
    }),
    wrong('Z-6', 'a file that one list has not', {
      entries: (it) => it,
      rows: (rows) => rows.slice(0, -1),
    }),
    wrong('Z-8', 'a letter without a report that one list has not', {
      missing: (language) => (language === 'en' ? MISSING : []),
    }),
    wrong('Z-8', 'of another letter in the other list', {
      missing: (language) =>
        language === 'en' ? MISSING : [{ ...MISSING[0]!, letterNumber: 'M20261122-7F3K9Q2Q' }],
    }),
    wrong('Z-7', 'a file changed', {
      entries: (it) => [...it.slice(0, -1), [it.at(-1)![0], utf8('another')]],
    }),
  ];
}

async function makeFiling(authority: TestAuthority, making: Making): Promise<Bytes> {
  const { rows = (it) => it, drawn = (it) => it, paper = (it) => it, csv = (it) => it } = making;
  const { entries = (it) => it, zip = (it) => it } = making;
  const whole: FilingIndex = {
    ...{ caseNumber: 'C-2026-000012', id: 'rjb_1', madeAt: LATER },
    rows: rows(FILES.map(rowOf)),
    missing: MISSING,
  };
  const lists: Entry[] = [];
  for (const language of making.languages ?? (['en', 'zh'] as const)) {
    const index = { ...whole, missing: making.missing?.(language) ?? MISSING };
    const sealed = await sealReport(drawn(await renderFilingIndex(index, language)), {
      ...{ date: LATER, field: making.field ?? FILING_FIELD },
      seal: async (digest) =>
        making.seal?.(digest) ?? sealDigest(digest, authority.reportSeal, authority),
    });
    lists.push(
      [`index.${language}.csv`, csv(filingCsv(index, language))],
      [`index.${language}.pdf`, paper(sealed)],
    );
  }
  return zip(rawZip([...entries([...lists, ...FILES])]));
}

function rowOf([file, bytes]: Entry, i: number): FilingRow {
  const letterNumber = file.split('/')[0]!;
  const about = { no: i + 1, letterNumber, file, size: bytes.length, digest: sha256Hex(bytes) };
  return file.endsWith('.pdf')
    ? { ...about, kind: 'report', language: 'zh', pages: 9 }
    : { ...about, kind: 'bundle' };
}

const edited =
  (change: (text: string) => string) =>
  (csv: Bytes): Bytes =>
    utf8(change(new TextDecoder('utf-8', { ignoreBOM: true }).decode(csv)));

const renamedField = (name: string) => (pdf: Bytes) =>
  rewriteLetter(pdf, (body) => body.replace(FILING_FIELD, name));

const renamedFirst = ([name, bytes]: Entry, i: number): Entry => [
  i === 0 ? 'index.en.csv' : name,
  bytes,
];

function changed(bytes: Bytes, at: number, value: number): Bytes {
  const copy = bytes.slice();
  copy[at < 0 ? copy.length + at : at] = value;
  return copy;
}
