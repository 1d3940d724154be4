import { DomainError, fromUtf8 } from '@mandate/core';
import { readZip, type ZipEntry } from './zip.js';

/** Names of a filing's lists of evidence, sorted: of each language the CSV and the sealed PDF that has it inside. */
const LANGUAGES = ['en', 'zh'] as const;
type FilingLanguage = (typeof LANGUAGES)[number];
const LIMITS = { bytes: 0x7fffffff, entries: 20_000 } as const;
const COLUMNS = 8;
/** Of one list, the line of heads included; more than a container's files and a job's letters come to. */
const LIST_LIMITS = { bytes: 32 * 1024 * 1024, lines: 22_000 } as const;
/** Characters (code points) of a cell: what widely used readers of CSV take by default. */
const MOST_IN_CELL = 131_072;
/** Length of `index.LL.csv`. */
const LIST_NAME = 12;

/** Several reports that go together, under a sealed list of evidence (证据目录). */
export interface Filing {
  /** At least one. */
  readonly lists: readonly FilingList[];
  /** Everything beside the lists, in the order of the container. */
  readonly files: readonly ZipEntry[];
}

export interface FilingList {
  readonly language: FilingLanguage;
  readonly csv: Uint8Array;
  /** The same on paper, sealed, the CSV inside. */
  readonly pdf: Uint8Array;
}

/** A list as its CSV says it. */
export interface FilingLines {
  readonly files: readonly { readonly file: string; readonly digest: string }[];
  /** Numbers of the letters on which no report could be made. */
  readonly missing: readonly string[];
}

/** Whether a file claims to be a filing: a ZIP whose first entry has the name of a list, whole and not only its beginning. */
export const looksLikeFiling = (bytes: Uint8Array): boolean =>
  latin1(bytes.subarray(0, 4)) === 'PK\u0003\u0004' &&
  bytes[26] === LIST_NAME &&
  bytes[27] === 0 &&
  LANGUAGES.some((it) => latin1(bytes.subarray(30, 30 + LIST_NAME)) === `index.${it}.csv`);

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** Takes a filing apart; its lists come first. Throws `format-zip`, `unsupported-algorithm`, `budget-exceeded`. */
export function readFiling(bytes: Uint8Array): Filing {
  const entries = readZip(bytes, LIMITS);
  const lists = LANGUAGES.filter((it) => entries.some(([name]) => name === `index.${it}.csv`)).map(
    (language, i): FilingList => {
      const [csv, pdf] = entries.slice(2 * i);
      if (csv?.[0] !== `index.${language}.csv` || pdf?.[0] !== `index.${language}.pdf`)
        throw new DomainError('format-zip', `the list ${language} is not in its place`);
      return { language, csv: csv[1], pdf: pdf[1] };
    },
  );
  // under no list nothing is sealed, and nothing would be left to object to
  if (lists.length === 0) throw new DomainError('format-zip', 'no list of evidence');
  return { lists, files: entries.slice(2 * lists.length) };
}

/** Reads a list's CSV, in the one spelling it has. Throws `format-bundle`. */
export function parseFilingList(csv: Uint8Array): FilingLines {
  const [, ...lines] = linesOf(csv);
  const files = lines.filter(([no]) => no !== '');
  const missing = lines.slice(files.length);
  files.forEach(([no, letterNumber, , , , file, pages, digest], i) => {
    const [folder, name, ...more] = file!.split('/');
    if (
      no !== String(i + 1) ||
      lines[i] !== files[i] ||
      folder !== letterNumber ||
      !name ||
      more.length > 0 ||
      !/^(?:[1-9]\d{0,5})?$/.test(pages!) ||
      !/^[0-9a-f]{64}$/.test(digest!)
    )
      throw bad('a file’s line');
  });
  if (missing.some(([, , , source, , file, pages, digest]) => source + file! + pages + digest))
    throw bad('a line without a number');
  return {
    files: files.map((cells) => ({ file: cells[5]!, digest: cells[7]! })),
    missing: missing.map((cells) => cells[1]!),
  };
}

/**
 * RFC 4180 behind a byte order mark, every line ended, cells quoted only where they have to be. What is too long or too
 * wide is refused where that shows: whoever made the file does not decide how much memory it takes.
 */
function linesOf(csv: Uint8Array): string[][] {
  if (csv.length > LIST_LIMITS.bytes) throw bad('too many bytes');
  const text = textOf(csv);
  if (!text.startsWith('\uFEFF')) throw bad('no byte order mark');
  const lines: string[][] = [[]];
  for (let at = 1; at < text.length;) {
    const cell = text[at] === '"' ? quotedAt(text, at) : plainAt(text, at);
    if (isTooLong(cell.value)) throw bad('a cell too long');
    if (lines.at(-1)!.push(cell.value) > COLUMNS) throw bad('columns');
    at = cell.end;
    if (text[at] === ',' && at + 1 < text.length) at++;
    else if (text.startsWith('\r\n', at)) {
      // the one that begins here is the end, or one more
      if (lines.push([]) > LIST_LIMITS.lines + 1) throw bad('too many lines');
      at += 2;
    } else throw bad('something behind a cell');
  }
  if (lines.pop()!.length > 0 || lines.length === 0) throw bad('its end');
  if (lines.some((cells) => cells.length !== COLUMNS)) throw bad('columns');
  return lines;
}

/** A character has one or two of a string's units. */
const isTooLong = (cell: string): boolean =>
  cell.length > MOST_IN_CELL && (cell.length > 2 * MOST_IN_CELL || [...cell].length > MOST_IN_CELL);

interface Cell {
  readonly value: string;
  readonly end: number;
}

function quotedAt(text: string, at: number): Cell {
  let value = '';
  for (let from = at + 1; ;) {
    const mark = text.indexOf('"', from);
    if (mark < 0) throw bad('a cell without end');
    value += text.slice(from, mark);
    if (text[mark + 1] !== '"') {
      if (!/[",\r\n]/.test(value)) throw bad('quotes that nothing asks for');
      return { value, end: mark + 1 };
    }
    value += '"';
    from = mark + 2;
  }
}

function plainAt(text: string, at: number): Cell {
  const plain = /[^",\r\n]*/y;
  plain.lastIndex = at;
  const [value] = plain.exec(text)!;
  return { value, end: at + value.length };
}

function textOf(csv: Uint8Array): string {
  try {
    return fromUtf8(csv);
  } catch (cause) {
    throw new DomainError('format-bundle', 'the list of evidence is not UTF-8', { cause });
  }
}

const bad = (what: string): DomainError =>
  new DomainError('format-bundle', `the list of evidence: ${what}`);
