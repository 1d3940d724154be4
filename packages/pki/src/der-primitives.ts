import { DomainError } from '@mandate/core/errors';

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
  numeric: 0x12,
  printable: 0x13,
  teletex: 0x14,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visible: 0x1a,
  universal: 0x1c,
  bmp: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Octets of an INTEGER or OBJECT IDENTIFIER that is read as a number. */
const MAX_NUMBER = 64;

export const bad = (detail: string): never => {
  throw new DomainError('format-der', detail);
};

export const hexTag = (tag: number): string => `0x${tag.toString(16).padStart(2, '0')}`;

/** Which constructed tags may stand: SEQUENCE, SET and the context class. */
export function checkConstructed(tag: number): void {
  if ((tag & 0x1f) === 0x1f) bad('multi-octet tag');
  const context = (tag & 0xc0) === 0x80;
  if (!context && tag !== TAG.sequence && tag !== TAG.set) bad(`tag ${hexTag(tag)} not allowed`);
}

/** The one DER form of every universal primitive we read; context tags are checked when opened. */
export function checkPrimitive(tag: number, content: Uint8Array): void {
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
    case TAG.numeric:
    case TAG.visible:
    case TAG.universal:
    case TAG.printable:
    case TAG.teletex:
    case TAG.ia5:
    case TAG.utcTime:
    case TAG.generalizedTime:
    case TAG.bmp:
      return;
    default:
      bad(`tag ${hexTag(tag)} not allowed`);
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

export function readInteger(content: Uint8Array): bigint {
  // Building a bigint octet by octet costs the square of its length.
  if (content.length > MAX_NUMBER) bad('INTEGER too long');
  let value = 0n;
  for (const byte of content) value = (value << 8n) | BigInt(byte);
  return content[0]! & 0x80 ? value - (1n << BigInt(8 * content.length)) : value;
}

export function readOid(content: Uint8Array): string {
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

export function decodeText(
  charset: 'utf-8' | 'ascii' | 'latin1' | 'utf-16be' | 'utf-32be',
  content: Uint8Array,
): string {
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
  if (charset === 'utf-32be') {
    if (content.length % 4) bad('bad UniversalString');
    const view = new DataView(content.buffer, content.byteOffset, content.length);
    for (let i = 0; i < content.length; i += 4) {
      const point = view.getUint32(i);
      if (point > 0x10ffff) bad('bad UniversalString');
      text += String.fromCodePoint(point);
    }
    return text;
  }
  for (const byte of content) {
    if (charset === 'ascii' && byte > 0x7e) bad('not ASCII');
    text += String.fromCharCode(byte);
  }
  return text;
}
