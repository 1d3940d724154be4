import { refuse } from './refusal.js';
import { readPdf, type PdfFile } from './read-pdf.js';
import { serialize } from './serialize.js';
import {
  asIndex,
  latin1,
  makeDict,
  makeNumber,
  makeRef,
  type PdfRef,
  type PdfValue,
} from './values.js';

/** An indirect object and the text between `obj` and `endobj`, bytes as Latin-1. */
export type WrittenObject = readonly [PdfRef, string];

/** Reads a file that may grow by one more revision of ours. Throws `format-pdf` if it may not. */
export function readAppendable(bytes: Uint8Array): PdfFile {
  const file = readPdf(bytes);
  if (file.revisions.length < 2) refuse('the letter is not signed yet');
  if (file.revisions.some(({ form }) => form !== 'table'))
    refuse('the file has no classic cross-reference tables');
  // Otherwise the next revision would not begin on a line of its own.
  if (latin1(bytes.subarray(-6)) !== '%%EOF\n') refuse('the file does not end with its last line');
  return file;
}

/** References for objects that do not exist yet, in order. */
export function* newReferences(file: PdfFile): Generator<PdfRef, never> {
  for (let number = asIndex(file.trailer.entries.get('Size'))!; ; number++)
    yield makeRef(number, 0);
}

/** The text of one more revision: the objects by number, a classic table, a trailer with `/Prev`. */
export function appendObjects(file: PdfFile, objects: readonly WrittenObject[]): string {
  const sorted = [...objects].sort(([a], [b]) => a.number - b.number);
  let text = '';
  const offsets: [PdfRef, number][] = [];
  for (const [ref, body] of sorted) {
    offsets.push([ref, file.bytes.length + text.length]);
    text += `${ref.number} ${ref.generation} obj\n${body}\nendobj\n`;
  }
  const xrefOffset = file.bytes.length + text.length;
  text += 'xref\n';
  for (let i = 0; i < offsets.length;) {
    let count = 1;
    while (offsets[i + count]?.[0].number === offsets[i]![0].number + count) count++;
    text += `${offsets[i]![0].number} ${count}\n`;
    for (const [ref, offset] of offsets.slice(i, i + count))
      text += `${String(offset).padStart(10, '0')} ${String(ref.generation).padStart(5, '0')} n \n`;
    i += count;
  }
  const known = asIndex(file.trailer.entries.get('Size'))!;
  const size = Math.max(known, sorted.at(-1)![0].number + 1);
  const trailer: [string, PdfValue][] = [['Size', makeNumber(size)]];
  for (const key of ['Root', 'Info', 'ID']) {
    const value = file.trailer.entries.get(key);
    if (value !== undefined) trailer.push([key, value]);
  }
  trailer.push(['Prev', makeNumber(file.revisions[file.last]!.xrefOffset)]);
  return `${text}trailer\n${serialize(makeDict(trailer))}\nstartxref\n${xrefOffset}\n%%EOF\n`;
}
