import { isDomainError } from '@mandate/core/errors';
import { decodeStream, type Decoding, type Inflate } from './filters.js';
import { parseIndirectAt, readObjectHeader } from './indirect.js';
import { DEFAULT_BUDGET, overBudget, refuse, type Budget } from './refusal.js';
import { readRevisions, type Revision } from './revisions.js';
import { Syntax } from './syntax.js';
import {
  asIndex,
  isKind,
  isName,
  latin1,
  type PdfDict,
  type PdfObject,
  type PdfRef,
  type PdfStream,
  type PdfValue,
} from './values.js';
import type { XrefEntry } from './xref-section.js';

export interface ReadOptions {
  /** Needed for compressed streams only; without it they are refused as `unsupported-algorithm`. */
  readonly inflate?: Inflate;
  readonly budget?: Partial<Budget>;
  /**
   * Accept what other people's writers do and no reader can take two ways: hybrid files whose table and
   * stream do not contradict each other, `startxref` and entries naming the white space before their
   * section or object, a few line ends after `%%EOF`, and entries that point at no object as long as
   * nobody asks for it (`isBroken`). Never for files of our own profile.
   */
  readonly tolerant?: boolean;
}

type Packed = { readonly number: number; readonly value: PdfValue };

/**
 * A PDF as its cross-reference chain says it is; never scanned, never repaired.
 * Look-ups answer for the newest revision unless given another (0 is the oldest).
 */
export class PdfFile {
  readonly decoding: Decoding;
  private readonly parsed = new Map<XrefEntry, PdfObject>();
  private readonly unpacked = new Map<PdfStream, Packed[]>();
  private readonly open = new Set<XrefEntry>();
  /** Entries that point at no such object; only a tolerant reading has any. */
  private readonly broken = new Set<XrefEntry>();

  constructor(
    readonly bytes: Uint8Array,
    /** From the header, e.g. `1.7`. */
    readonly headerVersion: string,
    /** Oldest first. */
    readonly revisions: readonly Revision[],
    readonly budget: Budget,
    decoding: Decoding,
    private readonly tolerant = false,
  ) {
    this.decoding = decoding;
  }

  get last(): number {
    return this.revisions.length - 1;
  }

  get trailer(): PdfDict {
    return this.revisions[this.last]!.trailer;
  }

  /** The object's entry in force at that revision, and the revision it was written in. */
  entry(number: number, revision = this.last): { entry: XrefEntry; revision: number } | undefined {
    for (let r = revision; r >= 0; r--) {
      const entry = this.revisions[r]!.objects.get(number);
      if (entry) return { entry, revision: r };
    }
    return undefined;
  }

  /** Null for free, unknown and other-generation objects (ISO 32000-1 §7.3.10). Throws `format-pdf`. */
  get(ref: PdfRef, revision = this.last): PdfObject {
    const found = this.entry(ref.number, revision);
    if (!found || found.entry.kind === 'free') return null;
    const { entry } = found;
    if (ref.generation !== (entry.kind === 'offset' ? entry.generation : 0)) return null;
    const known = this.parsed.get(entry);
    if (known !== undefined) return known;
    if (this.broken.has(entry))
      refuse(`object ${ref.number} is not where its cross-reference entry says`);
    // An object that is needed to read itself (an indirect /Length, an object stream in itself).
    if (this.open.has(entry)) refuse(`object ${ref.number} depends on itself`);
    this.open.add(entry);
    const object =
      entry.kind === 'offset'
        ? this.parseAt(entry.offset, found.revision).object
        : this.unpack(ref.number, entry.stream, entry.index, found.revision);
    this.open.delete(entry);
    this.parsed.set(entry, object);
    return object;
  }

  /** Follows references; absent values become null. */
  resolve(value: PdfObject | undefined, revision = this.last): PdfObject {
    let current: PdfObject = value ?? null;
    for (let hops = 0; isKind(current, 'ref'); hops++) {
      if (hops > 8) refuse('a chain of references');
      current = this.get(current, revision);
    }
    return current;
  }

  /** The resolved entry of a dictionary, if it is a dictionary. */
  dictAt(dict: PdfDict, key: string, revision = this.last): PdfDict | undefined {
    const value = this.resolve(dict.entries.get(key), revision);
    return isKind(value, 'dict') ? value : undefined;
  }

  get catalogRef(): PdfRef {
    return this.catalogRefAt(this.last);
  }

  catalogRefAt(revision: number): PdfRef {
    const root = this.revisions[revision]!.trailer.entries.get('Root');
    return isKind(root, 'ref') ? root : refuse('trailer without /Root');
  }

  get catalog(): PdfDict {
    return this.catalogAt(this.last);
  }

  catalogAt(revision: number): PdfDict {
    const catalog = this.get(this.catalogRefAt(revision), revision);
    if (!isKind(catalog, 'dict') || !isName(catalog.entries.get('Type'), 'Catalog'))
      return refuse('/Root is no catalogue');
    return catalog;
  }

  /** Gives a file that was read without an inflate function one; the first stays. */
  allowInflate(inflate: Inflate | undefined): void {
    this.decoding.inflate ??= inflate;
  }

  /** The stream's data with its filters undone. */
  decode(stream: PdfStream): Uint8Array {
    return decodeStream(stream, this.decoding);
  }

  /** The indirect object at an offset with the offset behind its `endobj`. */
  parseAt(offset: number, revision = this.last): { ref: PdfRef; object: PdfObject; end: number } {
    const start = this.tolerant ? behindSpace(this.bytes, offset) : offset;
    return parseIndirectAt(this.bytes, start, this.budget, (length) => {
      const bytes = asIndex(this.resolve(length, revision));
      return bytes ?? refuse('stream without a valid /Length');
    });
  }

  /** Remembers that an entry must never be followed. */
  markBroken(entry: XrefEntry): void {
    this.broken.add(entry);
  }

  /** The entry points at no such object: whoever asks for it is refused. */
  isBroken(entry: XrefEntry): boolean {
    return this.broken.has(entry);
  }

  private unpack(number: number, container: number, index: number, revision: number): PdfObject {
    const stream = this.get({ kind: 'ref', number: container, generation: 0 }, revision);
    if (!isKind(stream, 'stream') || !isName(stream.dict.entries.get('Type'), 'ObjStm'))
      return refuse(`object ${number} lies in no object stream`);
    let objects = this.unpacked.get(stream);
    if (!objects) {
      objects = this.readObjectStream(stream);
      this.unpacked.set(stream, objects);
    }
    const packed = objects[index];
    if (packed?.number !== number)
      return refuse(`object ${number} is not where its cross-reference entry says`);
    return packed.value;
  }

  /** ISO 32000-1 §7.5.7. */
  private readObjectStream(stream: PdfStream): Packed[] {
    const count = asIndex(this.resolve(stream.dict.entries.get('N')));
    const first = asIndex(this.resolve(stream.dict.entries.get('First')));
    if (count === undefined || first === undefined) return refuse('bad object stream');
    if (count > this.budget.objects) overBudget('too many objects in an object stream');
    const data = this.decode(stream);
    const head = new Syntax(data.subarray(0, first), 0, 0);
    const objects: Packed[] = [];
    const seen = new Set<number>();
    for (let i = 0; i < count; i++) {
      head.skipSpace();
      const number = head.integer();
      head.skipSpace();
      const body = new Syntax(data, first + head.integer(), this.budget.depth);
      if (seen.has(number)) refuse(`object ${number} stands twice in an object stream`);
      seen.add(number);
      objects.push({ number, value: withoutOffsets(body.value()) });
    }
    return objects;
  }
}

/** String offsets in an object stream mean nothing in the file. */
function withoutOffsets(value: PdfValue): PdfValue {
  if (isKind(value, 'string')) return { ...value, start: -1, end: -1 };
  if (isKind(value, 'array')) return { kind: 'array', items: value.items.map(withoutOffsets) };
  if (isKind(value, 'dict'))
    return {
      kind: 'dict',
      entries: new Map([...value.entries].map(([k, v]) => [k, withoutOffsets(v)])),
    };
  return value;
}

/**
 * Reads a PDF strictly: header at byte 0, `%%EOF` at the end, every cross-reference entry pointing
 * exactly at its object. Throws `format-pdf` (malformed, hybrid, looping), `budget-exceeded`,
 * `unsupported-algorithm` (encrypted, unknown filter).
 */
export function readPdf(bytes: Uint8Array, options: ReadOptions = {}): PdfFile {
  const budget: Budget = { ...DEFAULT_BUDGET, ...options.budget };
  if (bytes.length > budget.bytes) overBudget('the file is too large');
  const header = /^%PDF-([12]\.\d)[ \t]*[\r\n]/.exec(latin1(bytes.subarray(0, 16)));
  if (!header) return refuse('no PDF header at the start');
  const decoding: Decoding = {
    inflate: options.inflate,
    inflatedLeft: budget.inflated,
    resolve: (value) =>
      isKind(value, 'ref')
        ? refuse('an indirect value in a cross-reference stream')
        : (value ?? null),
  };
  const tolerant = options.tolerant ?? false;
  const revisions = readRevisions(bytes, budget, decoding, tolerant);
  const file = new PdfFile(bytes, header[1]!, revisions, budget, decoding, tolerant);
  decoding.resolve = (value) => file.resolve(value);
  checkEntries(file, tolerant);
  void file.catalog;
  return file;
}

/** Every in-use entry must point at `N G obj`, in its own revision's bytes. */
function checkEntries(file: PdfFile, tolerant: boolean): void {
  const syntax = new Syntax(file.bytes, 0, 0);
  for (const revision of file.revisions)
    for (const [number, entry] of revision.objects) {
      if (entry.kind !== 'offset') continue;
      const start = revision.hidden.has(number) ? 0 : revision.start;
      const at = tolerant ? behindSpace(file.bytes, entry.offset) : entry.offset;
      if (at < start || at >= revision.end)
        refuse(`object ${number} lies outside the revision that lists it`);
      syntax.position = at;
      if (isHeader(syntax, number, entry.generation)) continue;
      if (!tolerant) refuse(`object ${number} is not where its cross-reference entry says`);
      file.markBroken(entry);
    }
}

/** Some writers name the end of line before an object; at most two bytes, and white space alone. */
function behindSpace(bytes: Uint8Array, offset: number): number {
  let at = offset;
  while (at < offset + 2 && (bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x20)) at++;
  return at;
}

function isHeader(syntax: Syntax, number: number, generation: number): boolean {
  try {
    const header = readObjectHeader(syntax);
    return header.number === number && header.generation === generation;
  } catch (error) {
    if (!isDomainError(error, 'format-pdf')) throw error;
    return false;
  }
}
