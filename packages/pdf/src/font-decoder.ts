import type { PdfFile } from './read-pdf.js';
import { codeKey, parseToUnicode, type UnicodeMap } from './to-unicode.js';
import { isKind, isName, type PdfDict } from './values.js';

/** Shown string bytes to text; a code without a known character becomes U+FFFD. */
export type FontDecoder = (bytes: Uint8Array) => string;

const UNKNOWN = '\ufffd';

/** How a font's codes read as text: its ToUnicode map, else Windows-1252 for a simple font. */
export function fontDecoder(file: PdfFile, font: PdfDict): FontDecoder {
  const stream = file.resolve(font.entries.get('ToUnicode'));
  const map = isKind(stream, 'stream')
    ? parseToUnicode(file.decode(stream), file.budget)
    : undefined;
  const encoding = file.resolve(font.entries.get('Encoding'));
  if (!isName(file.resolve(font.entries.get('Subtype')), 'Type0')) {
    if (map) return (bytes) => decodeFixed(bytes, 1, map);
    // Differences rename codes; without a ToUnicode map those names are not guessed at.
    const plain = !isKind(encoding, 'dict') || !encoding.entries.has('Differences');
    return (bytes) => (plain ? windows1252(bytes) : UNKNOWN.repeat(bytes.length));
  }
  if (!map) return (bytes) => UNKNOWN.repeat(Math.ceil(bytes.length / 2));
  if (isName(encoding, 'Identity-H') || isName(encoding, 'Identity-V'))
    return (bytes) => decodeFixed(bytes, 2, map);
  return (bytes) => decodeByCodespace(bytes, map);
}

/** Codes 128–159; `TextDecoder` gets them wrong in some releases of Node. */
const WINDOWS_1252 = '€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ';

function windows1252(bytes: Uint8Array): string {
  let out = '';
  for (const c of bytes)
    out += c >= 128 && c < 160 ? WINDOWS_1252[c - 128]! : String.fromCharCode(c);
  return out;
}

function decodeFixed(bytes: Uint8Array, length: number, map: UnicodeMap): string {
  let out = '';
  for (let at = 0; at < bytes.length; at += length) {
    const code = bytes.subarray(at, at + length).reduce((sum, byte) => sum * 256 + byte, 0);
    out += map.text.get(codeKey(length, code)) ?? UNKNOWN;
  }
  return out;
}

function decodeByCodespace(bytes: Uint8Array, map: UnicodeMap): string {
  let out = '';
  for (let at = 0; at < bytes.length;) {
    const code = nextCode(bytes, at, map) ?? { length: 1, value: -1 };
    out += map.text.get(codeKey(code.length, code.value)) ?? UNKNOWN;
    at += code.length;
  }
  return out;
}

function nextCode(
  bytes: Uint8Array,
  at: number,
  map: UnicodeMap,
): { length: number; value: number } | undefined {
  let value = 0;
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    value = value * 256 + bytes[at + length - 1]!;
    for (const range of map.codespace)
      if (range.length === length && value >= range.low && value <= range.high)
        return { length, value };
  }
  return undefined;
}
