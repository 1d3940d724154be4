/**
 * A table as spreadsheets read it (RFC 4180, with a byte order mark, without which Excel takes UTF-8 for something
 * else). A cell that a spreadsheet would take for a formula is text: an apostrophe goes before it.
 */
export function csvFile(rows: readonly (readonly (string | number | null)[])[]): Uint8Array {
  const text = rows.map((row) => row.map(cell).join(',')).join('\r\n');
  return new TextEncoder().encode(`\ufeff${text}\r\n`);
}

function cell(value: string | number | null): string {
  const text = String(value ?? '');
  // also after spaces, and the full-width signs that some programs take for the same
  const formula = typeof value !== 'number' && /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(text);
  return `"${(formula ? `'${text}` : text).replaceAll('"', '""')}"`;
}
