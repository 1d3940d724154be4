import { concat, DomainError, utf8 } from '@mandate/core';
import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** What an image may be: bytes as they come and as they are kept, and pixels on each side. */
export interface ImageLimits {
  readonly maxBytes: number;
  readonly maxSide: number;
}

export interface RewrittenImage {
  /** A PNG of ours: the same pixels, nothing else. */
  readonly image: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Colour type → channels and the bit depths it may have (PNG, third edition, table 8). */
const COLOURS: Readonly<Record<number, { channels: number; depths: readonly number[] }>> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  3: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};
const PALETTE = 3;
/** Bytes of `tRNS` where there is no palette. */
const TRANSPARENT_COLOUR: Readonly<Record<number, number>> = { 0: 2, 2: 6 };

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

/**
 * Reads a PNG strictly, inflates its pixels to exactly the size its header promises, and writes it anew: text,
 * profiles, animation, times and trailing bytes are gone, and what a browser will decode is what was decoded
 * here. Throws `invalid-request`, which names the rule.
 */
export function rewritePng(bytes: Uint8Array, limits: ImageLimits): RewrittenImage {
  if (bytes.length > limits.maxBytes) refuse(`at most ${limits.maxBytes} bytes`);
  const chunks = readChunks(bytes);
  const header = headerOf(chunks[0], limits);
  const palette = paletteOf(chunks, header);
  const transparency = transparencyOf(chunks, header, palette);
  const pixels = pixelsOf(chunks, header);
  const image = concat(
    SIGNATURE,
    write('IHDR', chunks[0]!.data),
    ...(palette ? [write('PLTE', palette)] : []),
    ...(transparency ? [write('tRNS', transparency)] : []),
    write('IDAT', deflateSync(pixels, { level: 9 })),
    write('IEND', new Uint8Array()),
  );
  if (image.length > limits.maxBytes) refuse(`at most ${limits.maxBytes} bytes, written anew`);
  return { image, width: header.width, height: header.height };
}

function refuse(rule: string): never {
  throw new DomainError('invalid-request', `the image is refused: ${rule}`);
}

/** All chunks up to the end, none damaged, none unknown that matters for the pixels. */
function readChunks(bytes: Uint8Array): readonly Chunk[] {
  if (!SIGNATURE.every((byte, i) => bytes[i] === byte)) refuse('not a PNG');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  let at = SIGNATURE.length;
  while (chunks.at(-1)?.type !== 'IEND') {
    if (at + 12 > bytes.length) refuse('it is cut off');
    const length = view.getUint32(at);
    const end = at + 8 + length;
    if (length > bytes.length || end + 4 > bytes.length) refuse('it is cut off');
    const body = bytes.subarray(at + 4, end);
    if (crc32(body) !== view.getUint32(end)) refuse('a checksum is wrong');
    const type = String.fromCharCode(...body.subarray(0, 4));
    const known = ['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS'].includes(type);
    // A small first letter: ancillary, the pixels do without.
    if (!known && !/^[a-z][A-Za-z]{3}$/.test(type)) refuse('an unknown critical chunk');
    if (known) chunks.push({ type, data: body.subarray(4) });
    at = end + 4;
  }
  if (at !== bytes.length) refuse('bytes after its end');
  const order = chunks.map(({ type }) => type).join(' ');
  if (!/^IHDR(?: PLTE)?(?: tRNS)?(?: IDAT)+ IEND$/.test(order)) refuse('chunks out of order');
  if (chunks.at(-1)!.data.length > 0) refuse('an end that is not empty');
  return chunks;
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colour: number;
  readonly channels: number;
}

function headerOf(chunk: Chunk | undefined, { maxSide }: ImageLimits): Header {
  const data = chunk!.data;
  if (data.length !== 13) refuse('a header of the wrong size');
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  if (width < 1 || height < 1 || width > maxSide || height > maxSide)
    refuse(`at most ${maxSide} pixels on each side`);
  const [depth, colour, compression, filter, interlace] = [...data.subarray(8)];
  const kind = COLOURS[colour!];
  if (!kind?.depths.includes(depth!)) refuse('an unknown colour type');
  if (compression !== 0 || filter !== 0) refuse('an unknown compression or filter');
  if (interlace !== 0) refuse('save it without interlacing');
  return { width, height, depth: depth!, colour: colour!, channels: kind.channels };
}

const find = (chunks: readonly Chunk[], type: string): Uint8Array | null =>
  chunks.find((chunk) => chunk.type === type)?.data ?? null;

/** Kept only where pixels point into it; beside full colours it is a suggestion. */
function paletteOf(chunks: readonly Chunk[], { colour, depth }: Header): Uint8Array | null {
  const palette = find(chunks, 'PLTE');
  if (colour !== PALETTE) return null;
  const entries = (palette?.length ?? 0) / 3;
  if (!palette || entries < 1 || entries > 2 ** depth || !Number.isInteger(entries))
    refuse('a palette of the wrong size');
  return palette;
}

function transparencyOf(
  chunks: readonly Chunk[],
  { colour }: Header,
  palette: Uint8Array | null,
): Uint8Array | null {
  const transparency = find(chunks, 'tRNS');
  if (!transparency) return null;
  const fits = palette
    ? transparency.length >= 1 && transparency.length <= palette.length / 3
    : transparency.length === TRANSPARENT_COLOUR[colour];
  if (!fits) refuse('transparency of the wrong size');
  return transparency;
}

/** The scan lines as they were filtered. Inflating stops at what the header promises. */
function pixelsOf(chunks: readonly Chunk[], header: Header): Uint8Array {
  const { width, height, depth, channels } = header;
  const line = 1 + Math.ceil((width * depth * channels) / 8);
  const expected = line * height;
  const packed = concat(...chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  let pixels: Uint8Array;
  try {
    pixels = inflateSync(packed, { maxOutputLength: expected });
  } catch (cause) {
    throw new DomainError('invalid-request', 'the image is refused: its pixels do not unpack', {
      cause,
    });
  }
  if (pixels.length !== expected) refuse('fewer pixels than its header says');
  for (let at = 0; at < expected; at += line) if (pixels[at]! > 4) refuse('an unknown filter');
  return pixels;
}

function write(type: string, data: Uint8Array): Uint8Array {
  const body = concat(utf8(type), data);
  const [length, sum] = [new Uint8Array(4), new Uint8Array(4)];
  new DataView(length.buffer).setUint32(0, data.length);
  new DataView(sum.buffer).setUint32(0, crc32(body));
  return concat(length, body, sum);
}
