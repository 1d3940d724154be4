import { concat, toHex } from '@mandate/core/encoding';
import { formatPdfDate } from './date.js';
import { emptySignatureFields } from './form-fields.js';
import { readPdf, type PdfFile } from './read-pdf.js';
import { refuse } from './refusal.js';
import { serialize } from './serialize.js';
import {
  asIndex,
  fromLatin1,
  isKind,
  isName,
  makeDict,
  makeName,
  makeNumber,
  makeRef,
  type PdfDict,
  type PdfRef,
  type PdfValue,
} from './values.js';

export interface SignatureUpdateOptions {
  /** `/T` of the letter's empty signature field. */
  readonly field: string;
  /** Claimed signing time for `/M`; sub-seconds are cut. */
  readonly date: Date;
  /** Room for the CMS in bytes; the hexadecimal string takes twice that. */
  readonly contentsBytes: number;
  /** Certification with DocMDP P=1 (default), else a plain approval signature. */
  readonly certify?: boolean;
}

/** Digits kept free for each of the three numbers in `/ByteRange` that grow with the file. */
const NUMBER_WIDTH = 10;
const MAX_CONTENTS = 1024 * 1024;

/** What stands behind the `/Contents` string, up to the cross-reference section. */
export const CERTIFICATION_TAIL =
  ' /Reference [<< /Type /SigRef /TransformMethod /DocMDP' +
  ' /TransformParams << /Type /TransformParams /P 1 /V /1.2 >> >>] >>\nendobj\n';
export const APPROVAL_TAIL = ' >>\nendobj\n';

/**
 * The incremental update that turns a letter into a signed letter, with `/Contents` all zeros; to be
 * appended to the letter's bytes. Its only changes: the field's `/V`, the new signature dictionary
 * (PAdES, ETSI EN 319 142-1: `ETSI.CAdES.detached`), the catalogue's `/Perms` and `/Extensions`, the
 * form's `/SigFlags`. A pure function of its arguments, so whoever has the letter can regenerate it.
 * The letter must be one revision with a classic cross-reference table, unencrypted and uncertified.
 * Throws `format-pdf`, `unsupported-algorithm`, `budget-exceeded`.
 */
export function signatureUpdate(letter: Uint8Array, options: SignatureUpdateOptions): Uint8Array {
  return writeUpdate(readLetter(letter), options);
}

/** Reads a file that may be signed by `signatureUpdate`. Throws `format-pdf` if it may not. */
export function readLetter(letter: Uint8Array): PdfFile {
  const file = readPdf(letter);
  const revision = file.revisions[0]!;
  if (file.revisions.length !== 1) refuse('the letter has more than one revision');
  if (revision.form !== 'table') refuse('the letter has no classic cross-reference table');
  if (file.catalog.entries.has('Perms')) refuse('the letter is certified already');
  return file;
}

export function writeUpdate(file: PdfFile, options: SignatureUpdateOptions): Uint8Array {
  const { contentsBytes, certify = true } = options;
  if (!Number.isInteger(contentsBytes) || contentsBytes < 1 || contentsBytes > MAX_CONTENTS)
    refuse('no sensible room for the signature');
  const size = asIndex(file.trailer.entries.get('Size'))!;
  const signature = makeRef(size, 0);
  const objects = changedObjects(file, options.field, signature, certify);

  // One line feed first, whatever the letter ends with: that is how the letter's end is found again.
  let text = '\n';
  const offsets: [PdfRef, number][] = [];
  const begin = (ref: PdfRef): void => {
    offsets.push([ref, file.bytes.length + text.length]);
    text += `${ref.number} ${ref.generation} obj\n`;
  };
  for (const [ref, value] of objects) {
    begin(ref);
    text += `${serialize(value)}\nendobj\n`;
  }
  begin(signature);
  text +=
    '<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached' +
    ` /M (${formatPdfDate(options.date)}) /ByteRange `;
  const tail = certify ? CERTIFICATION_TAIL : APPROVAL_TAIL;

  const rangeWidth = '[0   ]'.length + 3 * NUMBER_WIDTH;
  const gapStart = file.bytes.length + text.length + rangeWidth + ' /Contents '.length;
  const gapEnd = gapStart + 2 * contentsBytes + 2;
  const xrefOffset = gapEnd + tail.length;
  const end = endOfUpdate(file, offsets, size + 1, xrefOffset);
  const range = `[0 ${gapStart} ${gapEnd} ${tail.length + end.length}]`;
  text += `${range.padEnd(rangeWidth)} /Contents <${'0'.repeat(2 * contentsBytes)}>${tail}${end}`;
  return fromLatin1(text);
}

/** The existing objects the template rewrites, in order of their numbers. */
function changedObjects(
  file: PdfFile,
  fieldName: string,
  signature: PdfRef,
  certify: boolean,
): [PdfRef, PdfValue][] {
  const fields = emptySignatureFields(file).filter((field) => field.name === fieldName);
  if (fields.length !== 1) refuse('the letter has no single empty signature field of that name');
  const field = fields[0]!;

  const formValue = file.catalog.entries.get('AcroForm');
  const form = file.dictAt(file.catalog, 'AcroForm')!;
  if (form.entries.has('XFA')) refuse('the letter has an XFA form');
  const newForm = withEntries(form, [['SigFlags', makeNumber(3)]]);

  const catalog: [string, PdfValue][] = [];
  if (certify) catalog.push(['Perms', makeDict([['DocMDP', signature]])]);
  if (!isPdf2(file)) catalog.push(['Extensions', extensions(file.catalog)]);
  const objects: [PdfRef, PdfValue][] = [[field.ref, withEntries(field.dict, [['V', signature]])]];
  if (isKind(formValue, 'ref')) objects.push([formValue, newForm]);
  else catalog.push(['AcroForm', newForm]);
  objects.push([file.catalogRef, withEntries(file.catalog, catalog)]);
  objects.sort(([a], [b]) => a.number - b.number);
  if (new Set(objects.map(([ref]) => ref.number)).size !== objects.length)
    refuse('field, form and catalogue are not distinct objects');
  return objects;
}

/** PDF 2.0 knows ETSI signatures by itself; 1.7 names the ESIC extension (ETSI EN 319 142-1 §5.2). */
function extensions(catalog: PdfDict): PdfDict {
  const known = catalog.entries.get('Extensions') ?? makeDict([]);
  if (!isKind(known, 'dict')) return refuse('/Extensions is no direct dictionary');
  return withEntries(known, [
    [
      'ESIC',
      makeDict([
        ['BaseVersion', makeName('1.7')],
        ['ExtensionLevel', makeNumber(5)],
      ]),
    ],
  ]);
}

function isPdf2(file: PdfFile): boolean {
  return file.headerVersion.startsWith('2') || isName(file.catalog.entries.get('Version'), '2.0');
}

/** Replaces or appends entries; the order of the others is kept. */
function withEntries(dict: PdfDict, changes: [string, PdfValue][]): PdfDict {
  return makeDict([...dict.entries, ...changes]);
}

function endOfUpdate(
  file: PdfFile,
  offsets: [PdfRef, number][],
  size: number,
  xrefOffset: number,
): string {
  let text = 'xref\n';
  for (let i = 0; i < offsets.length;) {
    let count = 1;
    while (offsets[i + count]?.[0].number === offsets[i]![0].number + count) count++;
    text += `${offsets[i]![0].number} ${count}\n`;
    for (const [ref, offset] of offsets.slice(i, i + count))
      text += `${pad(offset, 10)} ${pad(ref.generation, 5)} n \n`;
    i += count;
  }
  const trailer: [string, PdfValue][] = [['Size', makeNumber(size)]];
  for (const key of ['Root', 'Info', 'ID']) {
    const value = file.trailer.entries.get(key);
    if (value !== undefined) trailer.push([key, value]);
  }
  trailer.push(['Prev', makeNumber(file.revisions[0]!.xrefOffset)]);
  return `${text}trailer\n${serialize(makeDict(trailer))}\nstartxref\n${xrefOffset}\n%%EOF\n`;
}

const pad = (n: number, width: number): string => String(n).padStart(width, '0');

/** Lower-case hexadecimal of the CMS, filled with zeros to the room there is. Throws `format-pdf`. */
export function contentsHex(cms: Uint8Array, contentsBytes: number): string {
  if (cms.length === 0 || cms.length > contentsBytes)
    refuse('the signature does not fit the room kept for it');
  return toHex(concat(cms, new Uint8Array(contentsBytes - cms.length)));
}
