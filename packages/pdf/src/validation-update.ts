import { bytesEqual, toHex } from '@mandate/core/encoding';
import {
  appendObjects,
  newReferences,
  readAppendable,
  type WrittenObject,
} from './append-objects.js';
import type { PdfFile } from './read-pdf.js';
import { readSignatures } from './read-signatures.js';
import { refuse } from './refusal.js';
import { serialize } from './serialize.js';
import {
  fromLatin1,
  isKind,
  isName,
  latin1,
  makeArray,
  makeDict,
  makeName,
  type PdfDict,
  type PdfRef,
  type PdfValue,
} from './values.js';

/** SHA-1 of bytes: names an entry, protects nothing. Injected, because this package is pure. */
export type Sha1 = (bytes: Uint8Array) => Uint8Array;

/** What a validator needs beside a signature, DER each. */
export interface ValidationMaterial {
  readonly certificates: readonly Uint8Array[];
  readonly ocsps: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
}

/** Lists in the store, and the same in a signature's own record (ETSI EN 319 142-1 tables 2 and 3). */
const LISTS = [
  { member: 'certificates', store: 'Certs', record: 'Cert' },
  { member: 'ocsps', store: 'OCSPs', record: 'OCSP' },
  { member: 'crls', store: 'CRLs', record: 'CRL' },
] as const;

/**
 * One more revision with the validation material of the file's newest signature or document timestamp
 * (ETSI EN 319 142-1 §5.4.2): the document security store with its streams and one `/VRI` record, which
 * names everything given. What the store holds already is referred to, not repeated, and nothing leaves
 * it. The catalogue changes by `/DSS` only. A pure function, so that anybody can regenerate it.
 * Throws `format-pdf`.
 */
export function validationUpdate(
  signed: Uint8Array,
  material: ValidationMaterial,
  sha1: Sha1,
): Uint8Array {
  return writeValidation(readAppendable(signed), material, sha1);
}

export function writeValidation(
  file: PdfFile,
  material: ValidationMaterial,
  sha1: Sha1,
): Uint8Array {
  const references = newReferences(file);
  const value = file.catalog.entries.get('DSS');
  const store = storeOf(file);
  const objects: WrittenObject[] = [];
  const lists: [string, PdfValue][] = [];
  const record: [string, PdfValue][] = [];
  for (const list of LISTS) {
    const known = streamsOf(file, store, list.store);
    const named: PdfRef[] = [];
    for (const bytes of material[list.member]) {
      let entry = known.find(([, content]) => bytesEqual(content, bytes));
      if (!entry) {
        entry = [references.next().value, bytes];
        known.push(entry);
        objects.push([entry[0], streamText(bytes)]);
      }
      named.push(entry[0]);
    }
    if (known.length > 0) lists.push([list.store, makeArray(known.map(([ref]) => ref))]);
    if (named.length > 0) record.push([list.record, makeArray(named)]);
  }
  if (record.length === 0) refuse('no validation material');

  const records = file.dictAt(store, 'VRI')?.entries ?? [];
  const content = makeDict([
    ['Type', makeName('DSS')],
    ...lists,
    ['VRI', makeDict([...records, [recordKey(file, sha1), makeDict(record)]])],
  ]);
  if (isKind(value, 'ref')) objects.push([value, serialize(content)]);
  else {
    const ref = references.next().value;
    objects.push([ref, serialize(content)]);
    const catalog = makeDict([...file.catalog.entries, ['DSS', ref]]);
    objects.push([file.catalogRef, serialize(catalog)]);
  }
  return fromLatin1(appendObjects(file, objects));
}

/** Upper-case hexadecimal SHA-1 of the whole `/Contents` string of the signature that ends the file. */
function recordKey(file: PdfFile, sha1: Sha1): string {
  const newest = readSignatures(file).filter(({ coversWholeFile }) => coversWholeFile);
  if (newest.length !== 1) return refuse('the file does not end with a signature or timestamp');
  return toHex(sha1(newest[0]!.paddedContents)).toUpperCase();
}

/** What the newest revision of a file recorded for the signature that ended the one before. */
export function recordedMaterial(file: PdfFile, before: PdfFile, sha1: Sha1): ValidationMaterial {
  const records = file.dictAt(storeOf(file), 'VRI');
  const record = records && file.dictAt(records, recordKey(before, sha1));
  if (!record) return refuse('the store has no record for the newest signature');
  const contents = (key: string): Uint8Array[] =>
    streamsOf(file, record, key).map(([, bytes]) => bytes);
  return { certificates: contents('Cert'), ocsps: contents('OCSP'), crls: contents('CRL') };
}

function storeOf(file: PdfFile): PdfDict {
  const value = file.catalog.entries.get('DSS');
  if (value === undefined) return makeDict([]);
  const store = file.resolve(value);
  if (!isKind(value, 'ref') || !isKind(store, 'dict') || !isName(store.entries.get('Type'), 'DSS'))
    return refuse('the store is not of the template');
  return store;
}

function streamsOf(file: PdfFile, dict: PdfDict, key: string): [PdfRef, Uint8Array][] {
  const list = dict.entries.get(key);
  if (list === undefined) return [];
  if (!isKind(list, 'array')) return refuse(`/${key} is no array`);
  return list.items.map((item) => {
    const stream = file.resolve(item);
    if (!isKind(item, 'ref') || !isKind(stream, 'stream'))
      return refuse(`/${key} holds no streams`);
    return [item, stream.raw];
  });
}

const streamText = (bytes: Uint8Array): string =>
  `<< /Length ${bytes.length} >>\nstream\n${latin1(bytes)}\nendstream`;
