/** A cell's text as a spreadsheet may have it: what it would take for a formula has an apostrophe before it. */
export function spreadsheetText(text: string): string {
  // also after spaces, and the full-width signs that some programs take for the same
  return /^\s*[=+\-@|＝＋－＠]|^[\t\r\n]/u.test(text) ? `'${text}` : text;
}
