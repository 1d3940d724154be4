import { DomainError } from '@mandate/core/errors';
import {
  bad,
  checkConstructed,
  checkPrimitive,
  decodeText,
  hexTag,
  readInteger,
  readOid,
  TAG,
} from './der-primitives.js';
import { readGeneralizedTime, readUtcTime } from './der-time.js';

/** What a hostile input may cost. Exceeding it throws `budget-exceeded`. */
export interface DerBudget {
  readonly bytes: number;
  readonly nodes: number;
  readonly depth: number;
}

const DEFAULT_BUDGET: DerBudget = { bytes: 4 << 20, nodes: 100_000, depth: 32 };

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
    if (this.tag !== tag) bad(`tag ${hexTag(this.tag)} where ${hexTag(tag)} is due`);
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
        return decodeText('utf-8', this.content);
      case TAG.numeric:
      case TAG.printable:
      case TAG.visible:
      case TAG.ia5:
        return decodeText('ascii', this.content);
      case TAG.teletex:
        return decodeText('latin1', this.content);
      case TAG.bmp:
        return decodeText('utf-16be', this.content);
      case TAG.universal:
        return decodeText('utf-32be', this.content);
      default:
        return bad(`tag ${hexTag(this.tag)} is no string`);
    }
  }

  /**
   * `Time` of RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050, whole seconds.
   * Users of certificates must take either form for any year; `either` does.
   */
  time(options?: { either?: boolean }): Date {
    const text = decodeText('ascii', this.content);
    if (this.tag === TAG.utcTime) return readUtcTime(text);
    const at = readGeneralizedTime(this.expect(TAG.generalizedTime) && text, false);
    if (!options?.either && at.getUTCFullYear() < 2050) bad('GeneralizedTime where UTCTime is due');
    return at;
  }

  /** GeneralizedTime with `Z`; fractions (RFC 3161 genTime) only if asked for, kept to the millisecond. */
  generalizedTime(options?: { fraction?: boolean }): Date {
    const { content } = this.expect(TAG.generalizedTime);
    return readGeneralizedTime(decodeText('ascii', content), options?.fraction ?? false);
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

interface Header {
  readonly tag: number;
  /** Where the content begins. */
  readonly at: number;
  readonly stop: number;
}

function readHeader(bytes: Uint8Array, start: number, end: number): Header {
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
  if (at + length > end) bad('truncated');
  return { tag, at, stop: at + length };
}

/**
 * The members of one constructed value that fills `bytes`, each as its bytes, unopened: for lists too
 * long to hold as nodes. Whoever takes a member reads it with `readDer`. Throws `format-der`.
 */
export function* derMembers(bytes: Uint8Array, tag: number = TAG.sequence): Generator<Uint8Array> {
  const outer = readHeader(bytes, 0, bytes.length);
  if (outer.tag !== tag) bad(`tag ${hexTag(outer.tag)} where ${hexTag(tag)} is due`);
  if (outer.stop !== bytes.length) bad('trailing bytes');
  for (let at = outer.at; at < outer.stop;) {
    const { stop } = readHeader(bytes, at, outer.stop);
    yield bytes.subarray(at, stop);
    at = stop;
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
    const { tag, at: first, stop } = readHeader(bytes, start, end);
    let at = first;
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

/** Order of X.690 §11.6: shorter values are padded with zeros, which plain prefix order equals in DER. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
