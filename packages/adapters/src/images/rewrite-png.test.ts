import { describe, expect, test } from '@jest/globals';
import { isDomainError } from '@mandate/core';
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { rewritePng } from './rewrite-png.js';

const LIMITS = { maxBytes: 5000, maxSide: 64 };
const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

function chunk(type: string, data: Uint8Array = new Uint8Array()): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
function header(width: number, height: number, depth = 8, colour = 2, rest = [0, 0, 0]): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width);
  data.writeUInt32BE(height, 4);
  data.set([depth, colour, ...rest], 8);
  return chunk('IHDR', data);
}
const lines = (height: number, bytes: number, filter = 0): Buffer =>
  Buffer.concat(
    Array.from({ length: height }, (_, y) => Buffer.from([filter, ...Array(bytes).fill(y)])),
  );
const idat = (pixels: Uint8Array): Buffer => chunk('IDAT', deflateSync(pixels));
const png = (...chunks: Uint8Array[]): Buffer => Buffer.concat([SIGNATURE, ...chunks]);
const END = chunk('IEND');
const palette = (entries: number): Buffer => chunk('PLTE', Buffer.alloc(entries * 3, 7));
const sound = png(header(4, 3), idat(lines(3, 12)), END);

/** Chunks of what was written: type → data. */
function chunksOf(image: Uint8Array): Map<string, Buffer> {
  const bytes = Buffer.from(image);
  const found = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    found.set(bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return found;
}

describe('an image is written anew', () => {
  test('with the same pixels and nothing else', () => {
    const text = chunk('tEXt', Buffer.from('Author\0somebody'));
    const noisy = png(
      header(4, 3),
      text,
      chunk('acTL', Buffer.alloc(8)),
      idat(lines(3, 12)),
      text,
      END,
    );
    const { image, width, height } = rewritePng(noisy, LIMITS);
    expect([width, height]).toEqual([4, 3]);
    const chunks = chunksOf(image);
    expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
    expect(inflateSync(chunks.get('IDAT')!).equals(lines(3, 12))).toBe(true);
    expect(rewritePng(sound, LIMITS).image).toEqual(image);
    expect(rewritePng(image, LIMITS).image).toEqual(image);
  });

  test.each([
    ['one bit of grey', png(header(9, 2, 1, 0), idat(lines(2, 2)), END), ['IHDR', 'IDAT', 'IEND']],
    [
      'a palette with transparency, pixels in two parts',
      png(header(5, 2, 4, 3), palette(16), chunk('tRNS', Buffer.alloc(16)), ...halves(), END),
      ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'],
    ],
    [
      'full colours with a suggested palette',
      png(header(4, 3), palette(2), idat(lines(3, 12)), END),
      ['IHDR', 'IDAT', 'IEND'],
    ],
    [
      'sixteen bits with alpha',
      png(header(1, 1, 16, 6), idat(lines(1, 8)), END),
      ['IHDR', 'IDAT', 'IEND'],
    ],
  ])('%s', (_name, bytes, kept) => {
    expect([...chunksOf(rewritePng(bytes, LIMITS).image).keys()]).toEqual(kept);
  });
});

function halves(): Buffer[] {
  const packed = deflateSync(lines(2, 3));
  return [chunk('IDAT', packed.subarray(0, 4)), chunk('IDAT', packed.subarray(4))];
}

const flipped = (at: number): Buffer => {
  const bytes = Buffer.from(sound);
  bytes[at]! ^= 1;
  return bytes;
};
const refused: [string, Uint8Array, RegExp][] = [
  ['nothing', new Uint8Array(), /not a PNG/],
  ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /not a PNG/],
  ['JPEG', Buffer.from('ffd8ffe000104a464946', 'hex'), /not a PNG/],
  ['too many bytes', Buffer.concat([sound, Buffer.alloc(5000)]), /at most 5000 bytes/],
  ['bytes after the end', Buffer.concat([sound, Buffer.from('<script>')]), /after its end/],
  ['a wrong checksum', flipped(20), /checksum/],
  ['a cut', sound.subarray(0, -6), /cut off/],
  [
    'a length beyond the file',
    png(Buffer.from('7fffffff49484452', 'hex'), Buffer.alloc(20)),
    /cut off/,
  ],
  ['no header', png(idat(lines(3, 12)), END), /out of order/],
  ['two headers', png(header(4, 3), header(4, 3), idat(lines(3, 12)), END), /out of order/],
  ['no pixels', png(header(4, 3), END), /out of order/],
  [
    'pixels apart',
    png(header(5, 2, 4, 3), halves()[0]!, palette(16), halves()[1]!, END),
    /out of order/,
  ],
  [
    'an end with content',
    png(header(4, 3), idat(lines(3, 12)), chunk('IEND', Buffer.alloc(1))),
    /not empty/,
  ],
  [
    'a critical chunk nobody knows',
    png(header(4, 3), chunk('ABCD'), idat(lines(3, 12)), END),
    /critical/,
  ],
  [
    'a chunk whose name is none',
    png(header(4, 3), chunk('a\0\0\0'), idat(lines(3, 12)), END),
    /critical/,
  ],
  ['a short header', png(chunk('IHDR', Buffer.alloc(12)), idat(lines(3, 12)), END), /header/],
  ['no width', png(header(0, 3), idat(lines(3, 0)), END), /pixels on each side/],
  ['too wide', png(header(65, 1), idat(lines(1, 195)), END), /at most 64 pixels/],
  ['far too high', png(header(1, 0xffffffff), idat(lines(1, 3)), END), /at most 64 pixels/],
  ['a colour type that is none', png(header(4, 3, 8, 5), idat(lines(3, 12)), END), /colour type/],
  [
    'a depth the colour type has not',
    png(header(4, 3, 4, 2), idat(lines(3, 6)), END),
    /colour type/,
  ],
  [
    'another compression',
    png(header(4, 3, 8, 2, [1, 0, 0]), idat(lines(3, 12)), END),
    /compression/,
  ],
  ['interlacing', png(header(4, 3, 8, 2, [0, 0, 1]), idat(lines(3, 12)), END), /interlacing/],
  ['no palette where one is needed', png(header(5, 2, 4, 3), idat(lines(2, 3)), END), /palette/],
  ['a palette too large', png(header(5, 2, 4, 3), palette(17), idat(lines(2, 3)), END), /palette/],
  [
    'half a colour',
    png(header(5, 2, 4, 3), chunk('PLTE', Buffer.alloc(4)), idat(lines(2, 3)), END),
    /palette/,
  ],
  [
    'transparency beside alpha',
    png(header(1, 1, 8, 6), chunk('tRNS', Buffer.alloc(2)), idat(lines(1, 4)), END),
    /transparency/,
  ],
  ['more pixels than promised', png(header(4, 3), idat(lines(4, 12)), END), /do not unpack/],
  ['a bomb', png(header(4, 3), idat(Buffer.alloc(1_000_000)), END), /do not unpack/],
  ['fewer pixels than promised', png(header(4, 3), idat(lines(2, 12)), END), /fewer pixels/],
  [
    'pixels that are no zlib',
    png(header(4, 3), chunk('IDAT', Buffer.alloc(40)), END),
    /do not unpack/,
  ],
  ['a filter that is none', png(header(4, 3), idat(lines(3, 12, 5)), END), /filter/],
];
test.each(refused)('refused: %s', (_name, bytes, rule) => {
  let thrown: unknown;
  try {
    rewritePng(bytes, LIMITS);
  } catch (error) {
    thrown = error;
  }
  expect(isDomainError(thrown, 'invalid-request')).toBe(true);
  expect((thrown as { detail: string }).detail).toMatch(rule);
});

test('every flipped byte is refused or gives an image of the same size', () => {
  for (let at = 0; at < sound.length; at++) {
    try {
      const { width, height } = rewritePng(flipped(at), LIMITS);
      expect([width, height]).toEqual([4, 3]);
    } catch (error) {
      expect(isDomainError(error, 'invalid-request')).toBe(true);
    }
  }
});
