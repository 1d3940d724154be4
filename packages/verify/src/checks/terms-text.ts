import { bytesEqual, fromUtf8, isDomainError } from '@mandate/core';
import { PART, partOf, type Bundle } from '@mandate/evidence';
import {
  embeddedFile,
  extractAnnotations,
  extractText,
  readPages,
  type PdfFile,
} from '@mandate/pdf';
import { letterContent, parseTerms, printedTexts, type Terms } from '@mandate/terms';
import { check, fail, pass } from '../finding.js';
import { refusal } from '../refusal.js';
import type { Finding } from '../verification.js';

/** Name of the associated file; package `letter` writes it. */
export const TERMS_FILE = 'terms.json';

const RULE = { unsupported: 'SIGNED_DATA_NOT_FOUND', ownProfile: true } as const;

/** The terms a letter carries inside itself; null when there are none that can be read. */
export function embeddedTerms(file: PdfFile): { bytes: Uint8Array; terms: Terms } | null {
  try {
    const bytes = embeddedFile(file, TERMS_FILE);
    return { bytes, terms: parseTerms(fromUtf8(bytes)) };
  } catch (error) {
    if (isDomainError(error)) return null;
    throw error;
  }
}

/** The machine's reading (embedded terms), the bundle's copy and the human's reading (pages) are one. */
export function checkScope(file: PdfFile, bundle: Bundle): Finding[] {
  const embedded = embeddedTerms(file);
  if (!embedded) return [fail('terms-embedded', 'FORMAT_FAILURE')];
  return [
    pass('terms-embedded'),
    check('terms-equal', bytesEqual(embedded.bytes, partOf(bundle, PART.terms)), 'HASH_FAILURE'),
    checkPages(file, embedded.terms),
    checkField(file, embedded.terms),
  ];
}

function checkPages(file: PdfFile, terms: Terms): Finding {
  let pages: string[];
  try {
    pages = extractText(file).map(squeeze);
  } catch (error) {
    return refusal('terms-on-pages', error, RULE);
  }
  const fault = firstDifference(pages, terms);
  return check(
    'terms-on-pages',
    fault === null,
    'HASH_FAILURE',
    fault === null ? { pages: String(pages.length) } : { text: fault },
  );
}

/**
 * Beside the pages' own content there is one annotation, the field for the signature, and it shows the words that
 * every such field shows: text in a field would be read as part of the letter, and no terms stand behind it.
 */
function checkField(file: PdfFile, terms: Terms): Finding {
  try {
    const [field, ...others] = extractAnnotations(file);
    const due = squeeze(letterContent(terms, TITLE).signature.stamp.join(''));
    const ok =
      field !== undefined &&
      others.length === 0 &&
      field.subtype === 'Widget' &&
      field.page === readPages(file).length - 1 &&
      !field.more &&
      squeeze(field.text) === due;
    return check('field-on-pages', ok, 'HASH_FAILURE');
  } catch (error) {
    return refusal('field-on-pages', error, RULE);
  }
}

/** Line ends and justification add and drop white space; nothing else may differ. */
const squeeze = (text: string): string => text.normalize('NFC').replaceAll(/\s+/gu, '');

/** Printed by the renderer beside the letter's content, per language. */
const FURNITURE = {
  zh: { scan: '扫码查询', page: (n: number, of: number) => `第${n}页共${of}页` },
  en: { scan: 'Scantolookup', page: (n: number, of: number) => `Page${n}of${of}` },
} as const;

/** Stands for the title, which is the template's and not in the terms. */
const TITLE = '\u0000';

/**
 * Walks all pages and expects the letter's content in reading order and nothing else: beside it only
 * the QR caption, the title, repeated table heads and the footers. Null, or the first text that is
 * not where it should be.
 */
export function firstDifference(pages: readonly string[], terms: Terms): string | null {
  const content = letterContent(terms, TITLE);
  const furniture = FURNITURE[content.language];
  const heads = content.sections
    .flatMap(({ blocks }) => blocks)
    .flatMap((block) => (block.kind === 'table' ? [squeeze(block.head.join(''))] : []));
  const footer = (page: number): string =>
    squeeze(terms.letterNumber) + furniture.page(page + 1, pages.length);

  let page = 0;
  let at = 0;
  const text = (): string => pages[page] ?? '';
  if (text().startsWith(furniture.scan)) at = furniture.scan.length;
  const expected = printedTexts(content);
  for (const [i, raw] of expected.entries()) {
    if (raw === TITLE) {
      // Whatever stands before the first label of the header, within a title's length.
      const next = text().indexOf(squeeze(expected[i + 1]!), at);
      if (next <= at || next - at > 100) return 'title';
      at = next;
      continue;
    }
    const wanted = squeeze(raw);
    if (!text().startsWith(wanted, at) && text().slice(at) === footer(page)) {
      page++;
      at = 0;
      const head = heads.find((it) => text().startsWith(it) && !it.startsWith(wanted));
      if (head) at = head.length;
    }
    if (!text().startsWith(wanted, at)) return raw;
    at += wanted.length;
  }
  const done = page === pages.length - 1 && text().slice(at) === footer(page);
  return done ? null : text().slice(at, at + 80);
}
