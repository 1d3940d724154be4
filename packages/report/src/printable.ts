/** Longest text from a file that a report repeats. */
const MAXIMUM = 1000;

/**
 * A text that came out of a file under judgement, made fit for JSON and paper: NFC, and what cannot
 * be seen or would reorder the line stands as its code point. A hostile file must not break its report.
 */
export function printable(text: string): string {
  const shown = text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Surrogate}\p{Co}\p{Cn}\u2028\u2029]/gu, codePointText)
    .normalize('NFC');
  const characters = [...shown];
  return characters.length > MAXIMUM ? `${characters.slice(0, MAXIMUM).join('')}…` : shown;
}

export const codePointText = (character: string): string =>
  `[U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`;

/** The same for every string of a plain value; members without a value are left out. */
export function printableDeep<T>(value: T): T {
  if (typeof value === 'string') return printable(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => printableDeep(item)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([name, item]) => [name, printableDeep(item)])) as T;
}
