/**
 * One line of CSV for a spreadsheet (RFC 4180). A cell that a spreadsheet would take for a formula begins with an
 * apostrophe, which it shows as text.
 */
export const csvLine = (cells: readonly (string | number | null)[]): string =>
  `${cells.map(csvCell).join(',')}\r\n`;

const csvCell = (value: string | number | null): string => {
  const text = String(value ?? '');
  const defused =
    typeof value === 'string' && /^[=+\-@\t\r\n|＝＋－＠]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(defused) ? `"${defused.replaceAll('"', '""')}"` : defused;
};
