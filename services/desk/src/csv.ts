import { spreadsheetText } from '@mandate/core';

/**
 * A table as spreadsheets read it (RFC 4180, with a byte order mark, without which Excel takes UTF-8 for something
 * else). A cell that a spreadsheet would take for a formula is text: an apostrophe goes before it.
 */
export function csvFile(rows: readonly (readonly (string | number | null)[])[]): Uint8Array {
  return new TextEncoder().encode(`\ufeff${rows.map(csvLine).join('')}`);
}

/** One row of it, for tables that are sent as they come. */
export const csvLine = (row: readonly (string | number | null)[]): string =>
  `${row.map(cell).join(',')}\r\n`;

function cell(value: string | number | null): string {
  const text = String(value ?? '');
  return `"${(typeof value === 'number' ? text : spreadsheetText(text)).replaceAll('"', '""')}"`;
}
