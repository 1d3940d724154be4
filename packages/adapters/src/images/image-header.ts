import type { ImageFault } from '@mandate/core';

/** Side and area of a picture that is decoded, pixels: what telephones make. */
export const MOST_PIXELS = 50_000_000;
export const MOST_SIDE = 16_000;
/** Below it no words are readable over it. */
export const LEAST_SIDE = 200;

export interface ImageHeader {
  readonly format: 'jpeg' | 'png';
  readonly width: number;
  readonly height: number;
}

/** What a picture says of itself, before anything of it is decoded; or why it is not taken. */
export function readImageHeader(bytes: Uint8Array): ImageHeader | ImageFault {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = isPng(bytes) ? readPng(view) : isJpeg(bytes) ? readJpeg(view) : 'not-jpeg-or-png';
  if (typeof header === 'string') return header;
  const { width, height } = header;
  if (width * height > MOST_PIXELS || Math.max(width, height) > MOST_SIDE) return 'too-large';
  return Math.min(width, height) < LEAST_SIDE ? 'too-small' : header;
}

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const isPng = (bytes: Uint8Array): boolean => PNG.every((byte, i) => bytes[i] === byte);
const isJpeg = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;

/** PNG (ISO/IEC 15948 §5): chunks up to IEND; frames of an animation stand in chunks of their own. */
function readPng(view: DataView): ImageHeader | ImageFault {
  let at = PNG.length;
  let header: ImageHeader | undefined;
  while (at + 12 <= view.byteLength) {
    const length = view.getUint32(at);
    const type = view.getUint32(at + 4);
    if (at + 12 + length > view.byteLength) return 'damaged';
    if (!header) {
      if (type !== IHDR || length !== 13) return 'damaged';
      header = { format: 'png', width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
    }
    if (type === ACTL) return 'animated';
    if (type === IEND) return header;
    at += 12 + length;
  }
  return 'damaged';
}
const IHDR = 0x49484452;
const ACTL = 0x6163544c;
const IEND = 0x49454e44;

/** JPEG (ITU-T T.81 annex B): segments up to the frame header, which has the size. */
function readJpeg(view: DataView): ImageHeader | ImageFault {
  let at = 2;
  while (at + 4 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return 'damaged';
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = view.getUint16(at + 2);
    if (length < 2 || at + 2 + length > view.byteLength) return 'damaged';
    // SOF0 … SOF15 without DHT, JPG and DAC, which lie between them
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return length < 8
        ? 'damaged'
        : { format: 'jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    if (marker === 0xda || marker === 0xd9) return 'damaged';
    at += 2 + length;
  }
  return 'damaged';
}

/**
 * True for a JPEG of picture data alone: no APP segment but JFIF's own fixed 16 bytes, no comment, nothing after the
 * end. What a child process hands back is held against this, whatever it read before.
 */
export function isBareJpeg(bytes: Uint8Array): boolean {
  if (!isJpeg(bytes)) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 2 <= bytes.length) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff) return false;
    if (marker === 0xd9) return at + 2 === bytes.length;
    if (at + 4 > bytes.length || !ALLOWED.has(marker)) return false;
    const length = view.getUint16(at + 2);
    if (at + 2 + length > bytes.length) return false;
    if (marker === 0xe0 && (length !== 16 || view.getUint32(at + 4) !== JFIF)) return false;
    at += 2 + length;
    if (marker !== 0xda) continue;
    // entropy-coded data: up to the next marker that is neither a stuffed byte nor a restart
    while (at + 1 < bytes.length) {
      const next = bytes[at + 1]!;
      if (bytes[at] === 0xff && next !== 0 && !(next >= 0xd0 && next <= 0xd7)) break;
      at += 1;
    }
  }
  return false;
}
/** SOF0, SOF2, DHT, SOS, DQT, DRI, APP0. */
const ALLOWED = new Set([0xc0, 0xc2, 0xc4, 0xda, 0xdb, 0xdd, 0xe0]);
const JFIF = 0x4a464946;
