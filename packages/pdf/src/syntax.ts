import { overBudget, refuse } from './refusal.js';
import { latin1, type PdfDict, type PdfString, type PdfValue } from './values.js';

/** ISO 32000-1 §7.2.2: 1 white space, 2 delimiter, 0 regular. */
const CLASS = new Uint8Array(256);
for (const c of [0, 9, 10, 12, 13, 32]) CLASS[c] = 1;
for (const c of '()<>[]{}/%') CLASS[c.charCodeAt(0)] = 2;

const LF = 10;
const CR = 13;
const MAX_TOKEN = 4096;

/** Reads PDF tokens and values strictly, from a position in bytes. Throws `format-pdf`, `budget-exceeded`. */
export class Syntax {
  constructor(
    readonly bytes: Uint8Array,
    public position: number,
    private readonly maxDepth: number,
  ) {}

  get atEnd(): boolean {
    return this.position >= this.bytes.length;
  }

  peek(ahead = 0): number {
    return this.bytes[this.position + ahead] ?? -1;
  }

  skipSpace(): void {
    for (;;) {
      const c = this.peek();
      if (c === 0x25) {
        while (!this.atEnd && this.peek() !== LF && this.peek() !== CR) this.position++;
      } else if (c >= 0 && CLASS[c] === 1) this.position++;
      else return;
    }
  }

  /** True and moves on if exactly this text stands here. */
  take(text: string): boolean {
    for (let i = 0; i < text.length; i++) if (this.peek(i) !== text.charCodeAt(i)) return false;
    this.position += text.length;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) this.fail(`expected '${text}'`);
  }

  /** One end-of-line marker (CR LF, LF or CR); false if there is none. */
  takeEndOfLine(): boolean {
    return this.take('\r\n') || this.take('\n') || this.take('\r');
  }

  /** A keyword: regular characters up to white space, delimiter or end. */
  word(): string {
    const start = this.position;
    while (!this.atEnd && CLASS[this.peek()] === 0) this.position++;
    if (this.position - start > MAX_TOKEN) overBudget('a token is too long');
    return latin1(this.bytes.subarray(start, this.position));
  }

  /** Decimal digits only. */
  integer(): number {
    const start = this.position;
    const text = this.word();
    if (!/^\d{1,15}$/.test(text)) {
      this.position = start;
      this.fail('expected an integer');
    }
    return Number(text);
  }

  fail(detail: string): never {
    refuse(`${detail} at offset ${this.position}`);
  }

  value(depth = 0): PdfValue {
    if (depth > this.maxDepth) overBudget('values are nested too deeply');
    this.skipSpace();
    const c = this.peek();
    if (c === 0x2f) return { kind: 'name', value: this.name() };
    if (c === 0x28) return this.literalString();
    if (c === 0x3c) return this.peek(1) === 0x3c ? this.dict(depth) : this.hexString();
    if (c === 0x5b) return this.array(depth);
    const start = this.position;
    const text = this.word();
    if (text === 'null') return null;
    if (text === 'true') return true;
    if (text === 'false') return false;
    if (/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text)) return this.numberOrRef(text);
    this.position = start;
    return this.fail('expected a value');
  }

  private numberOrRef(text: string): PdfValue {
    const after = this.position;
    if (/^\d{1,10}$/.test(text)) {
      this.skipSpace();
      const generation = this.word();
      if (/^\d{1,5}$/.test(generation)) {
        this.skipSpace();
        if (this.word() === 'R')
          return { kind: 'ref', number: Number(text), generation: Number(generation) };
      }
      this.position = after;
    }
    return { kind: 'number', value: Number(text), text };
  }

  name(): string {
    this.expect('/');
    const raw = this.word();
    if (!raw.includes('#')) return raw;
    if (/#(?![0-9A-Fa-f]{2})|#00/.test(raw)) this.fail('bad escape in a name');
    return raw.replace(/#(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  }

  array(depth: number): PdfValue {
    this.expect('[');
    const items: PdfValue[] = [];
    for (;;) {
      this.skipSpace();
      if (this.take(']')) return { kind: 'array', items };
      items.push(this.value(depth + 1));
    }
  }

  /** A key twice is refused: readers disagree about which one counts. */
  dict(depth = 0): PdfDict {
    this.expect('<<');
    const entries = new Map<string, PdfValue>();
    for (;;) {
      this.skipSpace();
      if (this.take('>>')) return { kind: 'dict', entries };
      const key = this.name();
      if (entries.has(key)) this.fail('duplicate key in a dictionary');
      entries.set(key, this.value(depth + 1));
    }
  }

  private hexString(): PdfString {
    const start = this.position++;
    const out: number[] = [];
    let high = -1;
    for (;;) {
      const c = this.peek();
      if (c < 0) this.fail('unterminated string');
      this.position++;
      if (c === 0x3e) break;
      if (CLASS[c] === 1) continue;
      const digit = hexDigit(c);
      if (digit < 0) this.fail('bad digit in a hexadecimal string');
      if (high < 0) high = digit;
      else {
        out.push(high * 16 + digit);
        high = -1;
      }
    }
    if (high >= 0) out.push(high * 16);
    return { kind: 'string', bytes: Uint8Array.from(out), hex: true, start, end: this.position };
  }

  private literalString(): PdfString {
    const start = this.position++;
    const out: number[] = [];
    for (let open = 1; ;) {
      const c = this.peek();
      if (c < 0) this.fail('unterminated string');
      this.position++;
      if (c === 0x5c) {
        this.escape(out);
        continue;
      }
      if (c === 0x28) open++;
      if (c === 0x29 && --open === 0) break;
      if (c === CR) {
        // §7.3.4.2: an end-of-line marker of any kind reads as LF.
        if (this.peek() === LF) this.position++;
        out.push(LF);
      } else out.push(c);
    }
    return { kind: 'string', bytes: Uint8Array.from(out), hex: false, start, end: this.position };
  }

  private escape(out: number[]): void {
    if (this.takeEndOfLine()) return;
    const c = this.peek();
    if (c >= 0x30 && c <= 0x37) {
      let code = 0;
      for (let i = 0; i < 3 && this.peek() >= 0x30 && this.peek() <= 0x37; i++)
        code = code * 8 + (this.bytes[this.position++]! - 0x30);
      out.push(code & 0xff);
      return;
    }
    if (c < 0) this.fail('unterminated string');
    this.position++;
    const known = 'nrtbf'.indexOf(String.fromCharCode(c));
    out.push(known < 0 ? c : [10, 13, 9, 8, 12][known]!);
  }
}

/** Value of a hexadecimal digit's code, or −1. */
export function hexDigit(c: number): number {
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  if (c >= 0x61 && c <= 0x66) return c - 0x57;
  if (c >= 0x41 && c <= 0x46) return c - 0x37;
  return -1;
}

/** Bytes of hexadecimal digits; undefined when there is an odd number of them or anything else between. */
export function hexToBytes(digits: Uint8Array): Uint8Array | undefined {
  if (digits.length % 2 !== 0) return undefined;
  const out = new Uint8Array(digits.length / 2);
  for (let i = 0; i < out.length; i++) {
    const high = hexDigit(digits[2 * i]!);
    const low = hexDigit(digits[2 * i + 1]!);
    if (high < 0 || low < 0) return undefined;
    out[i] = high * 16 + low;
  }
  return out;
}
