import { DomainError } from '@mandate/core';

/**
 * Characters that can make a page read differently from its text: controls, format characters (bidi,
 * zero width), lone surrogates, private use, invisible fillers, variation selectors, combining marks
 * that NFC could not compose, and every space but U+0020 and U+3000.
 */
const FORBIDDEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{M}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\uFFFC\uFFFD]|(?![\u0020\u3000])\p{Zs}/u;

/** `U+202E`, fit for an error's detail. */
export const codePointName = (character: string): string =>
  `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;

/**
 * NFC (never NFKC: it would change names), then refuses what must not stand in a letter.
 * Throws `text-forbidden-character` naming the code point and the field.
 */
export function cleanText(text: string, field: string): string {
  // A lone surrogate must be found before normalising, which keeps it, and before any encoder, which replaces it.
  const normal = text.normalize('NFC');
  const found = FORBIDDEN.exec(normal);
  if (found)
    throw new DomainError('text-forbidden-character', `${codePointName(found[0])} in ${field}`);
  return normal;
}

/** Applies `cleanText` to every string of a JSON value, member names included. */
export function cleanValue<T>(value: T, field: string): T {
  if (typeof value === 'string') return cleanText(value, field) as T;
  if (Array.isArray(value)) return value.map((item, i) => cleanValue(item, `${field}.${i}`)) as T;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => {
      const name = cleanText(key, `a member name of ${field}`);
      return [name, cleanValue(item, `${field}.${name}`)];
    });
    return Object.fromEntries(entries) as T;
  }
  return value;
}

/** Length as a reader counts it: code points, so that 𠮷 is one. */
export const characterCount = (text: string): number => [...text].length;
