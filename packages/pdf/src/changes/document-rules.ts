import { isKind, isName, latin1, refKey, type PdfDict, type PdfObject } from '../values.js';
import type { Comparison, Place } from './comparison.js';
import { compareForm } from './form-rules.js';
import { comparePages } from './page-rules.js';
import { compareStructure } from './structure-rules.js';
import { compareValidationData } from './validation-data-rules.js';

/** What a viewer acts upon. `/ID` names the file, and writers of updates draw it anew at will. */
const TRAILER_KEYS = ['Root', 'Info', 'Encrypt'];

/** Everything from the trailer on. */
export function compareDocument(comparison: Comparison): void {
  const { file, before, after } = comparison;
  const [old, now] = [file.revisions[before]!.trailer, file.revisions[after]!.trailer];
  const place: Place = { object: 'trailer', path: '', class: 'trailer' };
  for (const key of TRAILER_KEYS) {
    const [a, b] = [old.entries.get(key), now.entries.get(key)];
    const at = { ...place, path: `/${key}` };
    if (key === 'Root') compareCatalogue(comparison, at);
    else if (key === 'Info') compareInfo(comparison, a, b, at);
    else comparison.equal(a, b, at);
  }
}

/** Dates and writers may change; what a viewer shows as the document's own words may not. */
const SHOWN_INFO = ['Title', 'Author', 'Subject', 'Keywords'];

function compareInfo(comparison: Comparison, a: unknown, b: unknown, place: Place): void {
  const [old, now] = [comparison.old(a as PdfObject), comparison.new(b as PdfObject)];
  if (now === null && b === undefined) return;
  if (!isKind(now, 'dict')) {
    if (now !== null || old !== null) comparison.report(place, 'never');
    return;
  }
  const was = isKind(old, 'dict') ? old.entries : new Map<string, PdfObject>();
  const object = isKind(b as PdfObject, 'ref') ? refKey(b as never) : place.object;
  for (const [key, value] of now.entries) {
    const at: Place = { object, path: `${place.path}/${key}`, class: 'metadata' };
    const flat = !['array', 'dict', 'stream'].includes(
      (comparison.new(value) as { kind?: string } | null)?.kind ?? '',
    );
    const free = flat && (!SHOWN_INFO.includes(key) || !was.has(key));
    comparison.equal(was.get(key), value, at, free ? 'always' : 'never');
  }
}

/** Catalogue keys with rules of their own; all others must stay. */
const CATALOGUE_RULES = [
  ...['Version', 'Extensions', 'Metadata', 'AcroForm', 'Pages', 'DSS', 'StructTreeRoot'],
];

function compareCatalogue(comparison: Comparison, root: Place): void {
  const { file, before, after } = comparison;
  const [oldRef, nowRef] = [file.catalogRefAt(before), file.catalogRefAt(after)];
  const place: Place = { object: refKey(nowRef), path: root.path, class: 'catalogue' };
  if (refKey(oldRef) !== refKey(nowRef)) return comparison.report(place, 'never');
  comparison.managed.add(refKey(nowRef));
  const [old, now] = [file.catalogAt(before), file.catalogAt(after)];
  // Pages and form first: they say which objects have rules of their own.
  const pages = comparePages(comparison, old, now, place);
  compareForm(comparison, old, now, place, pages);
  compareStructure(comparison, old, now, place, pages.accepted);
  pages.compareContents();
  compareVersion(comparison, old, now, place);
  compareExtensions(comparison, old, now, place);
  compareMetadata(comparison, old, now, place);
  compareValidationData(comparison, old, now, place);
  comparison.equalDicts(old, now, place, 'never', CATALOGUE_RULES);
}

function compareVersion(comparison: Comparison, old: PdfDict, now: PdfDict, place: Place): void {
  const [a, b] = [comparison.old(old.entries.get('Version')), now.entries.get('Version')];
  const at = { ...place, path: `${place.path}/Version` };
  const value = comparison.new(b);
  const fits = isKind(value, 'name') && /^[12]\.\d$/.test(value.value);
  comparison.equal(a, b, at, fits && !isKind(b, 'ref') ? 'always' : 'never');
}

/** Developer extensions are notes for readers (ISO 32000-2 §7.12); well-formed ones may come and change. */
function compareExtensions(comparison: Comparison, old: PdfDict, now: PdfDict, place: Place): void {
  const value = now.entries.get('Extensions');
  const at: Place = { ...place, path: `${place.path}/Extensions`, class: 'extensions' };
  const dict = comparison.new(value);
  const isExtension = (item: PdfObject): boolean => {
    const extension = comparison.new(item);
    if (!isKind(extension, 'dict')) return false;
    const entry = (key: string): PdfObject => comparison.new(extension.entries.get(key));
    const type = entry('Type');
    return (
      (type === null || isName(type, 'DeveloperExtensions')) &&
      isKind(entry('BaseVersion'), 'name') &&
      isKind(entry('ExtensionLevel'), 'number')
    );
  };
  const fits =
    isKind(dict, 'dict') &&
    [...dict.entries].every(([key, item]) => {
      const many = comparison.new(item);
      if (key === 'Type') return isName(many, 'Extensions');
      return isKind(many, 'array') ? many.items.every(isExtension) : isExtension(item);
    });
  comparison.equal(old.entries.get('Extensions'), value, at, fits ? 'always' : 'never');
}

/** XMP may be rewritten as long as it is XML that nothing can hide in: no DTD, no entities. */
function compareMetadata(comparison: Comparison, old: PdfDict, now: PdfDict, place: Place): void {
  const value = now.entries.get('Metadata');
  const at: Place = { ...place, path: `${place.path}/Metadata`, class: 'metadata' };
  const stream = comparison.new(value);
  const fits =
    isKind(stream, 'stream') &&
    isName(comparison.new(stream.dict.entries.get('Type')), 'Metadata') &&
    isName(comparison.new(stream.dict.entries.get('Subtype')), 'XML') &&
    isPlainXmp(comparison.file.decode(stream));
  comparison.equal(old.entries.get('Metadata'), value, at, fits ? 'always' : 'never');
}

/** Balanced elements with an `RDF` element in them, nothing declared, no undefined entity. */
export function isPlainXmp(bytes: Uint8Array): boolean {
  const text = latin1(bytes).replace(/<!--[^]*?-->/g, '');
  if (/<!/.test(text) || /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-fA-F]+);)/.test(text))
    return false;
  const open: string[] = [];
  let hasRdf = false;
  for (const [tag, closing, name, empty] of text.matchAll(
    /<(\/?)([A-Za-z_][\w.:-]*)(?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(\/?)>|<\?[^]*?\?>|</g,
  )) {
    if (tag === '<') return false;
    if (name === undefined) continue;
    hasRdf ||= /(^|:)RDF$/.test(name);
    if (closing) {
      if (open.pop() !== name) return false;
    } else if (!empty) open.push(name);
  }
  return open.length === 0 && hasRdf;
}
