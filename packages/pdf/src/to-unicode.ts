import { contentOperations } from './content-operations.js';
import { overBudget, refuse, type Budget } from './refusal.js';
import { isKind, type PdfValue } from './values.js';

const MAX_MAPPINGS = 400_000;
/** Bytes of one code's text (ISO 32000-1 §9.10.3). */
const MAX_TEXT = 512;

/** Character codes to text; `codeLength` is undefined where the map's codespace decides. */
export interface UnicodeMap {
  readonly codespace: readonly {
    readonly length: number;
    readonly low: number;
    readonly high: number;
  }[];
  /** Keyed by code length and code. */
  readonly text: ReadonlyMap<string, string>;
}

export const codeKey = (length: number, code: number): string => `${length}:${code}`;

/** A ToUnicode CMap (ISO 32000-1 §9.10.3). Throws `format-pdf`, `budget-exceeded`. */
export function parseToUnicode(cmap: Uint8Array, budget: Budget): UnicodeMap {
  const codespace: { length: number; low: number; high: number }[] = [];
  const text = new Map<string, string>();
  let puts = 0;
  const put = (length: number, code: number, value: string): void => {
    // Not the map's size: the same range again and again costs as much.
    if (++puts > MAX_MAPPINGS) overBudget('a ToUnicode map is too large');
    text.set(codeKey(length, code), value);
  };
  for (const { operator, operands } of contentOperations(cmap, budget)) {
    if (operator === 'endcodespacerange')
      for (let i = 0; i < operands.length; i += 2) {
        const [length, low] = codeOf(operands[i]);
        codespace.push({ length, low, high: codeOf(operands[i + 1])[1] });
      }
    if (operator === 'endbfchar')
      for (let i = 0; i < operands.length; i += 2)
        put(...codeOf(operands[i]), utf16(operands[i + 1]));
    if (operator === 'endbfrange')
      for (let i = 0; i < operands.length; i += 3) {
        const [length, low] = codeOf(operands[i]);
        const high = codeOf(operands[i + 1])[1];
        const target = operands[i + 2];
        if (high < low || high - low > 0xffff) refuse('bad range in a ToUnicode map');
        for (let code = low; code <= high; code++)
          put(
            length,
            code,
            isKind(target, 'array') ? utf16(target.items[code - low]) : utf16(target, code - low),
          );
      }
  }
  return { codespace, text };
}

function codeOf(value: PdfValue | undefined): [length: number, code: number] {
  if (!isKind(value, 'string') || value.bytes.length < 1 || value.bytes.length > 4)
    return refuse('bad code in a ToUnicode map');
  return [value.bytes.length, value.bytes.reduce((code, byte) => code * 256 + byte, 0)];
}

/** `add` goes to the last code unit, as a range counts up. */
function utf16(value: PdfValue | undefined, add = 0): string {
  if (!isKind(value, 'string') || value.bytes.length % 2 !== 0 || value.bytes.length > MAX_TEXT)
    return refuse('bad text in a ToUnicode map');
  const units: number[] = [];
  for (let i = 0; i < value.bytes.length; i += 2)
    units.push(value.bytes[i]! * 256 + value.bytes[i + 1]!);
  if (units.length > 0) units[units.length - 1]! += add;
  return String.fromCharCode(...units);
}
