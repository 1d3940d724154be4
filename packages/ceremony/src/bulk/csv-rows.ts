import { DomainError } from '@mandate/core';

/** Columns a file may have; `true`: a whole number. Names are the members of a request, joined by dots. */
const COLUMNS: ReadonlyMap<string, boolean> = new Map([
  ['template', false],
  ['version', true],
  ['businessReference', false],
  ['language', false],
  ['subject.name', false],
  ['subject.idType', false],
  ['subject.idNumber', false],
  ['subject.phone', false],
  ['from', false],
  ['end.kind', false],
  ['end.at', false],
  ['end.event', false],
  ['end.latest', false],
  ['uses.kind', false],
  ['uses.count', true],
  ['uses.atMost', true],
  ['uses.per', false],
]);

/** The heading of a file. Throws `bulk-format` for a column that is unknown or stands there twice. */
export function csvColumns(heading: string): string[] {
  const columns = csvCells(heading.replace(/^\ufeff/, ''), 'bulk-format').map((name) =>
    name.trim(),
  );
  const unknown = columns.findIndex((name) => !COLUMNS.has(name));
  // the name itself may be somebody's data where the heading is missing
  if (unknown >= 0)
    throw new DomainError(
      'bulk-format',
      `column ${unknown + 1} of the heading is none of ${[...COLUMNS.keys()].join(', ')}`,
    );
  if (new Set(columns).size < columns.length)
    throw new DomainError('bulk-format', 'a column stands twice in the heading');
  return columns;
}

/** A record as the request it stands for; an empty cell is an absent member. Throws `invalid-request`. */
export function csvRequest(columns: readonly string[], record: string): Record<string, unknown> {
  const values = csvCells(record, 'invalid-request');
  if (values.length !== columns.length)
    throw new DomainError(
      'invalid-request',
      `${values.length} cells under ${columns.length} columns`,
    );
  const request: Record<string, unknown> = {};
  columns.forEach((column, i) => {
    const text = values[i]!;
    if (text === '') return;
    const [outer, inner] = column.split('.') as [string, string?];
    // what is no whole number stays text, and the schema says so
    const value = COLUMNS.get(column) && /^\d{1,9}$/.test(text) ? Number(text) : text;
    if (inner === undefined) request[outer] = value;
    else ((request[outer] ??= {}) as Record<string, unknown>)[inner] = value;
  });
  return request;
}

/** One record of RFC 4180: quotes around a cell, doubled inside. Throws `code`. */
export function csvCells(
  record: string,
  code: 'bulk-format' | 'invalid-request' | 'log-refused',
): string[] {
  const found: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (;;) {
    const match = cell.exec(record);
    if (!match) throw new DomainError(code, 'not a record of CSV: a quote stands alone');
    found.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === '') return found;
  }
}
