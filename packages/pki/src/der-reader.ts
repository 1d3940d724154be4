import { DomainError } from '@mandate/core/errors';
import { readGeneralizedTime, readUtcTime } from './der-time.js';

/** Identifier octets. Context tags are `0x80 | n` (primitive) and `0xa0 | n` (constructed). */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8: 0x0c,
  printable: 0x13,
  teletex: 0x14,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmp: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** What a hostile input may cost. Exceeding it throws `budget-exceeded`. */
export interface DerBudget {
  readonly bytes: number;
  readonly nodes: number;
  readonly depth: number;
}

const DEFAULT_BUDGET: DerBudget = { bytes: 4 << 20, nodes: 100_000, depth: 32 };

const MAX_NUMBER = 64;

const bad = (detail: string): never => {
  throw new DomainError('format-der', detail);
};

/** One tag-length-value. `bytes` is the whole, `content` the value; both are views, not copies. */
export class DerNode {
  constructor(
    readonly tag: number,
    readonly bytes: Uint8Array,
    readonly content: Uint8Array,
    /** Empty for primitive encodings. */
    readonly children: readonly DerNode[],
  ) {}

  /** This node if it has `tag`. Throws `format-der`. */
  expect(tag: number): this {
    if (this.tag !== tag) bad(`tag ${hex(this.tag)} where ${hex(tag)} is due`);
    return this;
  }

  /** A cursor over the members of a SEQUENCE (or of another constructed tag). */
  fields(tag: number = TAG.sequence): DerFields {
    return new DerFields(this.expect(tag).children);
  }

  /** The single member of an explicit tag. */
  only(tag: number): DerNode {
    const [child, ...rest] = this.expect(tag).children;
    if (!child || rest.length > 0) bad('not exactly one member');
    return child!;
  }

  /** The same content read under another tag: how an IMPLICIT type is opened. Checked anew. */
  as(tag: number): DerNode {
    if ((this.tag & 0x20) !== (tag & 0x20)) bad('primitive and constructed confused');
    const bytes = new Uint8Array(this.bytes);
    bytes[0] = tag;
    if (tag & 0x20) checkConstructed(tag);
    else checkPrimitive(tag, this.content);
    return new DerNode(tag, bytes, this.content, this.children);
  }

  /** Members of a SET OF whose DER order (X.690 §11.6) is checked. */
  sortedSet(tag: number = TAG.set): readonly DerNode[] {
    const members = this.expect(tag).children;
    for (let i = 1; i < members.length; i++)
      if (compareBytes(members[i - 1]!.bytes, members[i]!.bytes) > 0) bad('SET OF not in order');
    return members;
  }

  boolean(): boolean {
    return this.expect(TAG.boolean).content[0] === 0xff;
  }

  /** Up to 64 octets; longer ones (moduli) are not numbers to this code. */
  integer(): bigint {
    return readInteger(this.expect(TAG.integer).content);
  }

  /** A small non-negative INTEGER (versions, path lengths). */
  smallInteger(): number {
    const value = this.integer();
    if (value < 0n || value > 0x7fffffffn) bad('integer out of range');
    return Number(value);
  }

  enumerated(): number {
    const value = readInteger(this.expect(TAG.enumerated).content);
    if (value < 0n || value > 255n) bad('enumerated value out of range');
    return Number(value);
  }

  /** Magnitude of a non-negative INTEGER, big-endian, no leading zero (a single 0 for zero). */
  unsigned(): Uint8Array {
    const { content } = this.expect(TAG.integer);
    if (content[0]! & 0x80) bad('negative integer');
    return content[0] === 0 && content.length > 1 ? content.subarray(1) : content;
  }

  oid(): string {
    return readOid(this.expect(TAG.oid).content);
  }

  octets(): Uint8Array {
    return this.expect(TAG.octets).content;
  }

  /** A BIT STRING of whole octets: keys and signatures. */
  bits(): Uint8Array {
    const { content } = this.expect(TAG.bits);
    if (content[0] !== 0) bad('BIT STRING of broken octets');
    return content.subarray(1);
  }

  /** Numbers of the bits set in a named-bit list. */
  namedBits(): number[] {
    const { content } = this.expect(TAG.bits);
    const set: number[] = [];
    for (let bit = 0; bit < 8 * (content.length - 1); bit++)
      if (content[1 + (bit >> 3)]! & (0x80 >> (bit & 7))) set.push(bit);
    return set;
  }

  /** Text of any string type that may stand in a name. */
  text(): string {
    switch (this.tag) {
      case TAG.utf8:
        return decode('utf-8', this.content);
      case TAG.printable:
      case TAG.ia5:
        return decode('ascii', this.content);
      case TAG.teletex:
        return decode('latin1', this.content);
      case TAG.bmp:
        return decode('utf-16be', this.content);
      default:
        return bad(`tag ${hex(this.tag)} is no string`);
    }
  }

  /** `Time` of RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050, whole seconds. */
  time(): Date {
    const text = decode('ascii', this.content);
    if (this.tag === TAG.utcTime) return readUtcTime(text);
    const at = readGeneralizedTime(this.expect(TAG.generalizedTime) && text, false);
    if (at.getUTCFullYear() < 2050) bad('GeneralizedTime where UTCTime is due');
    return at;
  }

  /** GeneralizedTime with `Z`; fractions (RFC 3161 genTime) only if asked for, kept to the millisecond. */
  generalizedTime(options?: { fraction?: boolean }): Date {
    const { content } = this.expect(TAG.generalizedTime);
    return readGeneralizedTime(decode('ascii', content), options?.fraction ?? false);
  }
}

/** Walks the members of a constructed node in order; every member must be consumed. */
export class DerFields {
  private at = 0;
  constructor(private readonly nodes: readonly DerNode[]) {}

  /** The next member, which must exist and, if given, have `tag`. */
  next(tag?: number): DerNode {
    const node = this.nodes[this.at++];
    if (!node) return bad('a member is missing');
    return tag === undefined ? node : node.expect(tag);
  }

  /** The next member if it has one of the tags; otherwise nothing is consumed. */
  optional(...tags: number[]): DerNode | undefined {
    const node = this.nodes[this.at];
    if (!node || !tags.includes(node.tag)) return undefined;
    this.at++;
    return node;
  }

  /** Throws when members are left: nothing unread may ride along. */
  end(): void {
    if (this.at !== this.nodes.length) bad('unexpected member');
  }
}

/**
 * Reads exactly one DER value that fills `input`. Definite minimal lengths, single-octet tags,
 * universal and context classes only, every universal primitive in its one DER form.
 * Throws `format-der`, `budget-exceeded`.
 */
export function readDer(input: Uint8Array, budget: Partial<DerBudget> = {}): DerNode {
  // A Buffer's slices would be Buffers, whose methods differ.
  const bytes = new Uint8Array(input.buffer, input.byteOffset, input.length);
  const limits = { ...DEFAULT_BUDGET, ...budget };
  if (bytes.length > limits.bytes) throw new DomainError('budget-exceeded', 'DER too large');
  let nodes = 0;

  const read = (start: number, end: number, depth: number): [DerNode, number] => {
    if (++nodes > limits.nodes) throw new DomainError('budget-exceeded', 'too many DER values');
    if (depth > limits.depth) throw new DomainError('budget-exceeded', 'DER nested too deep');
    if (end - start < 2) bad('truncated');
    const tag = bytes[start]!;
    let at = start + 1;
    let length = bytes[at++]!;
    if (length > 0x7f) {
      const octets = length & 0x7f;
      if (octets === 0 || octets > 4 || at + octets > end) bad('bad length');
      if (bytes[at] === 0) bad('length not minimal');
      length = 0;
      for (let i = 0; i < octets; i++) length = length * 256 + bytes[at++]!;
      if (length < 0x80) bad('length not minimal');
    }
    const stop = at + length;
    if (stop > end) bad('truncated');
    const content = bytes.subarray(at, stop);
    const children: DerNode[] = [];
    if (tag & 0x20) {
      checkConstructed(tag);
      while (at < stop) {
        const [child, next] = read(at, stop, depth + 1);
        children.push(child);
        at = next;
      }
    } else {
      checkPrimitive(tag, content);
    }
    return [new DerNode(tag, bytes.subarray(start, stop), content, children), stop];
  };

  const [node, stop] = read(0, bytes.length, 0);
  if (stop !== bytes.length) bad('trailing bytes');
  return node;
}

function checkConstructed(tag: number): void {
  if ((tag & 0x1f) === 0x1f) bad('multi-octet tag');
  const context = (tag & 0xc0) === 0x80;
  if (!context && tag !== TAG.sequence && tag !== TAG.set) bad(`tag ${hex(tag)} not allowed`);
}

function checkPrimitive(tag: number, content: Uint8Array): void {
  if ((tag & 0x1f) === 0x1f) bad('multi-octet tag');
  if ((tag & 0xc0) === 0x80) return;
  switch (tag) {
    case TAG.boolean:
      if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) bad('bad BOOLEAN');
      return;
    case TAG.integer:
    case TAG.enumerated:
      checkInteger(content);
      return;
    case TAG.bits:
      checkBits(content);
      return;
    case TAG.null:
      if (content.length !== 0) bad('bad NULL');
      return;
    case TAG.oid:
      checkOid(content);
      return;
    case TAG.octets:
    case TAG.utf8:
    case TAG.printable:
    case TAG.teletex:
    case TAG.ia5:
    case TAG.utcTime:
    case TAG.generalizedTime:
    case TAG.bmp:
      return;
    default:
      bad(`tag ${hex(tag)} not allowed`);
  }
}

function checkInteger(content: Uint8Array): void {
  const [first, second] = content;
  if (first === undefined) bad('empty INTEGER');
  if (second !== undefined && (first === 0 ? second < 0x80 : first === 0xff && second >= 0x80))
    bad('INTEGER not minimal');
}

function checkBits(content: Uint8Array): void {
  const unused = content[0];
  if (unused === undefined || unused > 7) return bad('bad BIT STRING');
  if (content.length === 1 && unused !== 0) bad('bad BIT STRING');
  if (content[content.length - 1]! & ((1 << unused) - 1) && content.length > 1)
    bad('BIT STRING padding not zero');
}

function checkOid(content: Uint8Array): void {
  if (content.length === 0 || content[content.length - 1]! & 0x80) bad('bad OBJECT IDENTIFIER');
  if (content.length > MAX_NUMBER) bad('OBJECT IDENTIFIER too long');
  let first = true;
  for (const byte of content) {
    if (first && byte === 0x80) bad('OBJECT IDENTIFIER not minimal');
    first = byte < 0x80;
  }
}

function readInteger(content: Uint8Array): bigint {
  // Building a bigint octet by octet costs the square of its length.
  if (content.length > MAX_NUMBER) bad('INTEGER too long');
  let value = 0n;
  for (const byte of content) value = (value << 8n) | BigInt(byte);
  return content[0]! & 0x80 ? value - (1n << BigInt(8 * content.length)) : value;
}

function readOid(content: Uint8Array): string {
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const byte of content) {
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    if (byte & 0x80) continue;
    if (arcs.length === 0) {
      const top = arc < 40n ? 0n : arc < 80n ? 1n : 2n;
      arcs.push(top, arc - 40n * top);
    } else arcs.push(arc);
    arc = 0n;
  }
  return arcs.join('.');
}

function decode(charset: 'utf-8' | 'ascii' | 'latin1' | 'utf-16be', content: Uint8Array): string {
  if (charset === 'utf-8') {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    } catch (cause) {
      throw new DomainError('format-der', 'not UTF-8', { cause });
    }
  }
  let text = '';
  if (charset === 'utf-16be') {
    if (content.length % 2) bad('bad BMPString');
    for (let i = 0; i < content.length; i += 2)
      text += String.fromCharCode(content[i]! * 256 + content[i + 1]!);
    return text;
  }
  for (const byte of content) {
    if (charset === 'ascii' && byte > 0x7e) bad('not ASCII');
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Order of X.690 §11.6: shorter values are padded with zeros, which plain prefix order equals in DER. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

const hex = (tag: number): string => `0x${tag.toString(16).padStart(2, '0')}`;
