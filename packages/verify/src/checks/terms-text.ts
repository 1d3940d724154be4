import { bytesEqual, fromUtf8, isDomainError, parseCanonical } from '@mandate/core';
import { PART, partOf, type Bundle } from '@mandate/evidence';
import {
  embeddedFile,
  extractAnnotations,
  extractText,
  isKind,
  isName,
  readPages,
  refKey,
  type PdfDict,
  type PdfFile,
} from '@mandate/pdf';
import { letterContent, parseTerms, printedTexts, type Terms } from '@mandate/terms';
import { check, fail, pass, skip } from '../finding.js';
import { LETTER_FIELD } from '../material/letter-material.js';
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
    checkPages(file, embedded.terms, titleIn(bundle, embedded.terms)),
    checkField(file, embedded.terms),
  ];
}

/** The title is the template's; null when the part cannot be read, which is told elsewhere. */
function titleIn(bundle: Bundle, { language }: Terms): string | null {
  try {
    const { body } = parseCanonical(fromUtf8(partOf(bundle, PART.template))) as unknown as {
      readonly body?: { readonly title?: Readonly<Record<string, unknown>> };
    };
    const title = body?.title?.[language];
    return typeof title === 'string' ? title : null;
  } catch (error) {
    if (isDomainError(error)) return null;
    throw error;
  }
}

function checkPages(file: PdfFile, terms: Terms, title: string | null): Finding {
  if (title === null) return skip('terms-on-pages');
  let pages: string[];
  try {
    pages = extractText(file).map(squeeze);
  } catch (error) {
    return refusal('terms-on-pages', error, RULE);
  }
  const fault = firstDifference(pages, terms, title);
  return check(
    'terms-on-pages',
    fault === null,
    'HASH_FAILURE',
    fault === null ? { pages: String(pages.length) } : { text: fault },
  );
}

/** What the field and its widget, which are one object, may say; `/V` is there once it is signed. */
const FIELD_MEMBERS = ['AP', 'F', 'FT', 'P', 'Rect', 'Subtype', 'T', 'Type'];

/**
 * Beside the pages' own content there is one annotation, the very field for the signature, and it shows the words that
 * every such field shows: text in a field would be read as part of the letter, and no terms stand behind it. A field
 * of another type, or a form that asks for it, would have a reader draw words of its own in place of the appearance.
 */
function checkField(file: PdfFile, terms: Terms): Finding {
  try {
    const [field, ...others] = extractAnnotations(file);
    const pages = readPages(file);
    const last = pages.at(-1);
    const due = squeeze(letterContent(terms, '').signature.stamp.join(''));
    const ok =
      field !== undefined &&
      last !== undefined &&
      others.length === 0 &&
      field.ref !== undefined &&
      isOnlyField(file, refKey(field.ref)) &&
      isPlainField(field.dict, refKey(last.ref)) &&
      field.page === pages.length - 1 &&
      field.oneAppearance &&
      squeeze(field.text) === due;
    return check('field-on-pages', ok, 'HASH_FAILURE');
  } catch (error) {
    return refusal('field-on-pages', error, RULE);
  }
}

/** The form names this field and nothing else, and asks for nothing; `/SigFlags` comes with the signature. */
function isOnlyField(file: PdfFile, field: string): boolean {
  const form = file.dictAt(file.catalogAt(file.last), 'AcroForm');
  const fields = file.resolve(form?.entries.get('Fields'));
  return (
    form !== undefined &&
    [...form.entries.keys()].every((it) => it === 'Fields' || it === 'SigFlags') &&
    isKind(fields, 'array') &&
    fields.items.map((it) => (isKind(it, 'ref') ? refKey(it) : '')).join(' ') === field
  );
}

function isPlainField({ entries }: PdfDict, page: string): boolean {
  const [name, flags, on] = ['T', 'F', 'P'].map((it) => entries.get(it));
  return (
    [...entries.keys()]
      .filter((it) => it !== 'V')
      .sort()
      .join() === FIELD_MEMBERS.join() &&
    isName(entries.get('Type'), 'Annot') &&
    isName(entries.get('Subtype'), 'Widget') &&
    isName(entries.get('FT'), 'Sig') &&
    isKind(name, 'string') &&
    Buffer.from(name.bytes).toString('latin1') === LETTER_FIELD &&
    isKind(flags, 'number') &&
    flags.text === '132' &&
    isKind(on, 'ref') &&
    refKey(on) === page
  );
}

/** Line ends and justification add and drop white space; nothing else may differ. */
const squeeze = (text: string): string => text.normalize('NFC').replaceAll(/\s+/gu, '');

/** Printed by the renderer beside the letter's content, per language. */
const FURNITURE = {
  zh: { scan: '扫码查询', page: (n: number, of: number) => `第${n}页共${of}页` },
  en: { scan: 'Scantolookup', page: (n: number, of: number) => `Page${n}of${of}` },
} as const;

/**
 * Walks all pages and expects the letter's content in reading order and nothing else: beside it only
 * the QR caption, repeated table heads and the footers. `title` is the template's. Null, or the first text that is
 * not where it should be.
 */
export function firstDifference(
  pages: readonly string[],
  terms: Terms,
  title: string,
): string | null {
  const content = letterContent(terms, title);
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
  for (const raw of printedTexts(content)) {
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
