import { beforeAll, expect, test } from '@jest/globals';
import { renderLetter } from '@mandate/letter';
import { extractText, readPdf } from '@mandate/pdf';
import { creditReportTemplate, type Terms } from '@mandate/terms';
import { inflateSync } from 'node:zlib';
import { SIGNATURE_FIELD, TERMS_FILE as LETTER_TERMS_FILE } from '@mandate/letter';
import { sampleTerms } from '../../../../test/kit/build-bundle.js';
import { LETTER_FIELD } from '../material/letter-material.js';
import { embeddedTerms, firstDifference, TERMS_FILE } from './terms-text.js';

const inflate = (bytes: Uint8Array): Uint8Array => new Uint8Array(inflateSync(bytes));
const squeeze = (text: string): string => text.replaceAll(/\s+/gu, '');
const letters = new Map<'zh' | 'en', { terms: Terms; pages: string[] }>();

beforeAll(async () => {
  for (const language of ['zh', 'en'] as const) {
    const terms = sampleTerms(language);
    const bytes = await renderLetter(terms, creditReportTemplate.title[language]);
    const file = readPdf(bytes, { inflate });
    expect(embeddedTerms(file)?.terms).toEqual(terms);
    letters.set(language, { terms, pages: extractText(file).map(squeeze) });
  }
});

test('the names agree with those of the renderer', () => {
  expect(LETTER_FIELD).toBe(SIGNATURE_FIELD);
  expect(TERMS_FILE).toBe(LETTER_TERMS_FILE);
});

test.each(['zh', 'en'] as const)('pages say exactly what the terms say (%s)', (language) => {
  const { terms, pages } = letters.get(language)!;
  expect(pages.length).toBeGreaterThan(1);
  expect(firstDifference(pages, terms, creditReportTemplate.title[language])).toBeNull();
});

/** Every typed value that a reader relies on, changed in the terms and not on the pages. */
const CHANGES: [string, (terms: Terms) => Terms][] = [
  ['the subject', (it) => ({ ...it, subject: { ...it.subject, name: '张三' } })],
  ['the phone', (it) => ({ ...it, subject: { ...it.subject, phone: '13900139000' } })],
  ['the institution', (it) => ({ ...it, institution: { ...it.institution, name: '某公司' } })],
  ['the letter number', (it) => ({ ...it, letterNumber: 'M20261121-7F3K9Q2N' })],
  ['the purpose', (it) => ({ ...it, purpose: { ...it.purpose, text: `${it.purpose.text}.` } })],
  ['the end', (it) => ({ ...it, end: { kind: 'date', at: '2026-12-21T15:59:59Z' } })],
  ['the uses', (it) => ({ ...it, uses: { kind: 'count', count: 2 } })],
  ['an item less', (it) => ({ ...it, items: it.items.slice(1) })],
  [
    'an item’s class',
    (it) => ({
      ...it,
      items: it.items.map((item, i) => (i === 0 ? { ...item, class: 'sensitive' as const } : item)),
    }),
  ],
  ['a clause less', (it) => ({ ...it, clauses: it.clauses.slice(0, -1) })],
  [
    'a recipient more',
    (it) => ({
      ...it,
      recipients: [{ name: '另一家', creditCode: it.institution.creditCode, purpose: '营销' }],
    }),
  ],
  ['the retention', (it) => ({ ...it, retention: it.retention.slice(0, -2) })],
];

test.each(CHANGES)('a difference in %s is found', (_, change) => {
  for (const language of ['zh', 'en'] as const) {
    const { terms, pages } = letters.get(language)!;
    expect(
      firstDifference(pages, change(terms), creditReportTemplate.title[language]),
    ).not.toBeNull();
  }
});

test('the title is the template’s', () => {
  for (const language of ['zh', 'en'] as const) {
    const { terms, pages } = letters.get(language)!;
    expect(firstDifference(pages, terms, '连带责任保证书')).toBe('连带责任保证书');
  }
});

test('nothing may be added, dropped or moved on the pages', () => {
  for (const language of ['zh', 'en'] as const) {
    const { terms, pages } = letters.get(language)!;
    const [first = '', ...rest] = pages;
    const middle = Math.floor(first.length / 2);
    for (const other of [
      [`${first}X`, ...rest],
      [`X${first}`, ...rest],
      [`${first.slice(0, middle)}X${first.slice(middle)}`, ...rest],
      [first.slice(0, middle) + first.slice(middle + 1), ...rest],
      [...pages, 'and everything else'],
      [...pages, ''],
      pages.slice(0, -1),
      [...pages].reverse(),
      [],
    ])
      expect(firstDifference(other, terms, creditReportTemplate.title[language])).not.toBeNull();
  }
});
