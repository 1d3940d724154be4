import { createHash } from 'node:crypto';
import { DomainError, idPattern, toHex, type RequestFault } from '@mandate/core';
import { LETTER_WORDS, PURPOSE_CODES, type PurposeCode } from '@mandate/terms';
import { csvCells } from '../bulk/csv-rows.js';
import { readRecords } from '../bulk/read-records.js';
import { decodedRecords, type DecodedRecord } from './decoded-records.js';
import { namedCounts, NAMED_LIMITS } from './named-counts.js';
import { tellsPeople } from './personal-digits.js';

/** Columns a log may have, by their Chinese headings too. Nothing else is read. */
const COLUMNS = {
  time: '查询时间',
  query: '查询编号',
  authorization: '授权编号',
  letter: '授权书编号',
  reference: '业务编号',
  purpose: '查询原因',
  operator: '操作员',
  subject: '被查询人证件号码',
} as const;
type Column = keyof typeof COLUMNS;
export const LOG_COLUMNS = Object.keys(COLUMNS) as readonly Column[];

export const LOG_LIMITS = { rows: 1_000_000, bytes: 256 * 1024 * 1024, faults: 100 } as const;

/** One query as the source's log tells it; `operator` and `subject` are compared and kept nowhere. */
export interface QueryRecord {
  readonly line: number;
  readonly query: string;
  readonly at: Date;
  readonly named: { readonly by: 'id' | 'letter' | 'reference'; readonly value: string };
  readonly purpose: PurposeCode;
  readonly operator: string;
  /** Number of the identity document. */
  readonly subject: string | null;
}

/** What is wrong with a line. Closed. */
export const LOG_FAULTS = [
  'heading-unknown',
  'heading-repeated',
  'heading-missing',
  'encoding',
  'too-long',
  'quote',
  'cells',
  'time',
  'query',
  'query-repeated',
  'name-missing',
  'authorization',
  'letter',
  'reference',
  'purpose',
  'operator',
  'subject',
  'query-personal',
  'too-many',
  'subjects-too-many',
] as const;
export type LogFault = (typeof LOG_FAULTS)[number];
export interface FaultyLine {
  readonly line: number;
  readonly fault: LogFault;
}

const SAYS: Readonly<Record<LogFault, string>> = {
  'heading-unknown': `columns: ${LOG_COLUMNS.join(', ')}, or their Chinese headings`,
  'heading-repeated': 'a column stands twice in the heading',
  'heading-missing':
    'the heading needs time, query, purpose, operator, and authorization, letter or reference',
  encoding: 'neither UTF-8 nor GB18030, or both by turns: save the whole log as UTF-8',
  'too-long': 'longer than a row may be',
  quote: 'not a record of CSV: a quote stands alone',
  cells: 'another number of cells than the heading has',
  time: 'time: 2026-11-21T10:00:00+08:00, 2026-11-21 10:00:00 or 2026/1/5 9:03 for Beijing time',
  query: 'query: 1 to 64 letters, digits and . _ : / -',
  'query-repeated': 'query: this id stands in the log already',
  'name-missing': 'authorization, letter or reference: one of them is needed',
  authorization: 'authorization: an id such as aut_…',
  letter: 'letter: 1 to 40 characters without spaces',
  reference: 'reference: 1 to 64 characters',
  purpose: `purpose: one of ${PURPOSE_CODES.join(', ')}, or its Chinese name`,
  operator: 'operator: 1 to 64 characters',
  subject: 'subject: 5 to 20 letters and digits',
  'query-personal':
    'query: an ID or phone number stands in it; use an id that tells nothing of people',
  'too-many': `more than ${NAMED_LIMITS.queries} queries under one authorization`,
  'subjects-too-many': `one authorization with more than ${NAMED_LIMITS.subjects} subjects`,
};

/** The refusal of a whole log, naming its lines; values of the log are not repeated. */
export function logRefused(faults: readonly FaultyLine[]): DomainError {
  const [first] = faults;
  const told = faults.map(({ line, fault }): RequestFault => ({
    ...{ in: 'body', pointer: `/${line}`, rule: fault },
    says: `line ${line}: ${SAYS[fault]}`,
  }));
  return new DomainError('log-refused', told[0]?.says ?? 'the log holds no queries', {
    extensions: { line: first?.line ?? 0, errors: told },
  });
}

/** The lines a log was refused for. */
export const refusedLines = ({ extensions }: DomainError): readonly FaultyLine[] =>
  ((extensions['errors'] ?? []) as readonly RequestFault[]).map(({ pointer, rule }) => ({
    ...{ line: Number(pointer.slice(1)), fault: rule as LogFault },
  }));

/** A record of the log with what a restart needs. */
export interface LogEntry {
  readonly record: QueryRecord | FaultyLine;
  /** As it stands in the file, for telling two logs apart. */
  readonly bytes: Uint8Array;
}

/**
 * Reads a log as it arrives, in UTF-8 with or without a byte order mark or in GB18030, holding one piece and what
 * `decodedRecords` holds; the last value returned is the SHA-256 of the file and its size. Throws `log-refused` for a
 * heading that cannot be read, `payload-too-large`.
 */
export async function* readQueryLog(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<LogEntry, { digest: string; bytes: number }> {
  const file = createHash('sha256');
  let size = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      size += piece.length;
      if (size > LOG_LIMITS.bytes)
        throw new DomainError('payload-too-large', `the limit is ${LOG_LIMITS.bytes} bytes`);
      file.update(piece);
      yield piece;
    }
  }
  let columns: readonly Column[] | null = null;
  let rows = 0;
  const overLimit = namedCounts();
  for await (const decoded of decodedRecords(readRecords(counted(), 'csv'))) {
    const { bytes, line } = decoded;
    const cells = cellsOf(decoded);
    if (columns) {
      rows += 1;
      if (rows > LOG_LIMITS.rows)
        throw new DomainError('payload-too-large', `the limit is ${LOG_LIMITS.rows} queries`);
      const read = Array.isArray(cells) ? queryOf(columns, cells, line) : cells;
      const fault = isFaulty(read) ? null : overLimit(read);
      const record = fault ? { line, fault } : read;
      yield { record, bytes: bytes ?? new Uint8Array() };
    } else {
      if (!Array.isArray(cells)) throw logRefused([cells]);
      columns = columnsOf(cells, line);
    }
  }
  if (!columns) throw logRefused([{ line: 1, fault: 'heading-missing' }]);
  return { digest: toHex(new Uint8Array(file.digest())), bytes: size };
}

function cellsOf({ bytes, text, line }: DecodedRecord): string[] | FaultyLine {
  if (!bytes) return { line, fault: 'too-long' };
  if (text === null) return { line, fault: 'encoding' };
  try {
    return csvCells(text, 'log-refused').map((cell) => cell.trim());
  } catch {
    return { line, fault: 'quote' };
  }
}

function columnsOf(heading: readonly string[], line: number): Column[] {
  const columns = heading.map((name) =>
    LOG_COLUMNS.find((column) => name === column || name === COLUMNS[column]),
  );
  const known = columns.filter((column) => column !== undefined);
  const refuse = (fault: LogFault): DomainError => logRefused([{ line, fault }]);
  if (known.length < columns.length) throw refuse('heading-unknown');
  if (new Set(known).size < known.length) throw refuse('heading-repeated');
  const has = (column: Column): boolean => known.includes(column);
  const needed = (['time', 'query', 'purpose', 'operator'] as const).every(has);
  if (!needed || !(['authorization', 'letter', 'reference'] as const).some(has))
    throw refuse('heading-missing');
  return known;
}

const PURPOSES = new Map(
  PURPOSE_CODES.flatMap((code) => [
    [code as string, code],
    [LETTER_WORDS.zh.purposes[code], code],
  ]),
);
const PLAIN = /^\P{Cc}{1,64}$/u;
const FORMS: Readonly<Partial<Record<Column, RegExp>>> = {
  query: /^[A-Za-z0-9._:/-]{1,64}$/,
  authorization: idPattern('authorization'),
  letter: /^\S{1,40}$/u,
  reference: PLAIN,
  operator: PLAIN,
  subject: /^[A-Za-z0-9]{5,20}$/,
};
const NAMES = [
  ['authorization', 'id'],
  ['letter', 'letter'],
  ['reference', 'reference'],
] as const;

function queryOf(
  columns: readonly Column[],
  cells: readonly string[],
  line: number,
): QueryRecord | FaultyLine {
  if (cells.length !== columns.length) return { line, fault: 'cells' };
  const cell = (column: Column): string => cells[columns.indexOf(column)] ?? '';
  const at = momentOf(cell('time'));
  if (!at) return { line, fault: 'time' };
  const purpose = PURPOSES.get(cell('purpose'));
  if (!purpose) return { line, fault: 'purpose' };
  for (const [column, form] of Object.entries(FORMS) as [Column, RegExp][]) {
    const needed = column === 'query' || column === 'operator';
    if ((needed || cell(column) !== '') && !form.test(cell(column))) return { line, fault: column };
  }
  if (tellsPeople(cell('query'), at)) return { line, fault: 'query-personal' };
  // the first that is given counts
  const name = NAMES.find(([column]) => cell(column) !== '');
  if (!name) return { line, fault: 'name-missing' };
  return {
    ...{ line, at, purpose, query: cell('query'), operator: cell('operator') },
    named: { by: name[1], value: cell(name[0]) },
    subject: cell('subject').toUpperCase() || null,
  };
}

/** Without a zone: Beijing's, as these logs are written; spreadsheets leave out zeros and seconds. */
function momentOf(text: string): Date | null {
  const form =
    /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[T ](\d{1,2}):(\d{2})(:\d{2}(?:\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?$/.exec(
      text,
    );
  if (!form) return null;
  const two = (digits: string): string => digits.padStart(2, '0');
  const [year, month, day] = [form[1]!, two(form[2]!), two(form[3]!)];
  const [time, zone] = [`${two(form[4]!)}:${form[5]!}${form[6] ?? ':00'}`, form[7] ?? '+08:00'];
  const at = new Date(`${year}-${month}-${day}T${time}${zone}`);
  // 31 February is no date, whatever Date makes of it
  const real = new Date(`${year}-${month}-${day}T00:00:00Z`);
  const dated = !Number.isNaN(real.getTime()) && real.getUTCDate() === Number(day);
  return Number.isNaN(at.getTime()) || !dated ? null : at;
}

export const isFaulty = (record: QueryRecord | FaultyLine): record is FaultyLine =>
  'fault' in record;
