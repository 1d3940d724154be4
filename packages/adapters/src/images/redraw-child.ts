import type { ImageFault, MarkLine } from '@mandate/core';
import sharp from 'sharp';
import { drawWatermark } from './draw-watermark.js';
import { MOST_PIXELS, readImageHeader } from './image-header.js';

/** Entry of the child process: a watermark and a stranger's picture on stdin, a picture drawn anew on stdout. */

/** Longest side of what is kept, pixels: an identity document is read well at it. */
const KEPT_SIDE = 1600;
const KEPT_QUALITY = 80;

sharp.cache(false);
sharp.concurrency(1);
// Nothing is read but these two, whatever a file calls itself.
sharp.block({ operation: ['VipsForeignLoad'] });
const READERS = ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer'];

async function redraw(bytes: Buffer, mark: readonly MarkLine[]): Promise<Buffer | ImageFault> {
  const header = readImageHeader(bytes);
  if (typeof header === 'string') return header;
  sharp.unblock({ operation: READERS });
  const seen = await sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
    // as it is looked at: the orientation stood in the metadata, which go
    .rotate()
    .resize({ width: KEPT_SIDE, height: KEPT_SIDE, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch(() => 'damaged' as const);
  if (seen === 'damaged') return seen;
  // The stranger's picture is pixels by now. What is read from here on is ours.
  sharp.block({ operation: READERS });
  sharp.unblock({ operation: ['VipsForeignLoadSvgBuffer'] });
  const { data, info } = seen;
  return sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } })
    .toColourspace('srgb')
    .composite([{ input: Buffer.from(drawWatermark(info, mark)) }])
    .flatten({ background: '#fff' })
    .jpeg({ quality: KEPT_QUALITY })
    .toBuffer();
}

const chunks: Buffer[] = [];
for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk);
const input = Buffer.concat(chunks);
const lineEnd = input.indexOf(0x0a);
const mark = JSON.parse(input.toString('utf8', 0, lineEnd)) as readonly MarkLine[];
const drawn = await redraw(input.subarray(lineEnd + 1), mark);
process.stdout.write(typeof drawn === 'string' ? `!${drawn}` : drawn);
