import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { isDomainError, type RedrawnImage } from '@mandate/core';
import sharp, { type Region } from 'sharp';
import { isBareJpeg } from './image-header.js';
import { redrawInChild } from './redraw-in-child.js';

const redraw = redrawInChild();
/** A bar instead of letters: enough to be seen. */
const MARK = [{ glyphs: [{ path: 'M0 0L900 0L900 700L0 700Z', x: 0 }], width: 900 }];

const SECRET = 'CANARY-31.2304N-121.4737E';

const picture = (width = 400, height = 300, background = '#c8c8c8') =>
  sharp({ create: { width, height, channels: 3, background } });

/** One PNG chunk (ISO/IEC 15948 §5.3). */
function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
const PNG_START = Buffer.from('89504e470d0a1a0a', 'hex');
function header(width: number, height: number): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width);
  data.writeUInt32BE(height, 4);
  data.set([8, 2], 8);
  return chunk('IHDR', data);
}
/** An application segment put right behind the start of a JPEG. */
const withSegment = (jpeg: Buffer, marker: number, text: string): Buffer => {
  const body = Buffer.from(text, 'latin1');
  const head = Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 0xff]);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
};

const reasonOf = async (bytes: Uint8Array): Promise<unknown> =>
  redraw(bytes, MARK).then(
    () => 'taken',
    (error: unknown) =>
      isDomainError(error, 'image-refused') ? error.extensions['reason'] : (error as Error).message,
  );

let good: Buffer;
beforeAll(async () => {
  good = await picture().jpeg().toBuffer();
});

describe('refused', () => {
  test.each<[string, string, () => Promise<Uint8Array> | Uint8Array]>([
    ['nothing', 'not-jpeg-or-png', () => new Uint8Array()],
    ['GIF', 'not-jpeg-or-png', () => picture().gif().toBuffer()],
    ['WebP', 'not-jpeg-or-png', () => picture().webp().toBuffer()],
    [
      'AVIF, which is HEIF',
      'not-jpeg-or-png',
      () => picture(64, 64).avif({ effort: 0 }).toBuffer(),
    ],
    ['TIFF', 'not-jpeg-or-png', () => picture().tiff().toBuffer()],
    ['SVG', 'not-jpeg-or-png', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['PDF', 'not-jpeg-or-png', () => Buffer.from('%PDF-1.7\n')],
    [
      'a JPEG behind a PDF',
      'not-jpeg-or-png',
      () => Buffer.concat([Buffer.from('%PDF-1.7\n'), good]),
    ],
    ['1×1', 'too-small', () => picture(1, 1).png().toBuffer()],
    ['a strip', 'too-small', () => picture(2000, 100).jpeg().toBuffer()],
    ['half a JPEG', 'damaged', () => good.subarray(0, good.length / 2)],
    ['a JPEG without its end', 'damaged', () => good.subarray(0, good.length - 40)],
    ['a JPEG that ends in its header', 'damaged', () => good.subarray(0, 30)],
    ['half a PNG', 'damaged', async () => (await picture().png().toBuffer()).subarray(0, -40)],
    [
      'an SVG in a PNG’s clothes',
      'damaged',
      () => Buffer.concat([PNG_START, Buffer.from('<svg/>')]),
    ],
  ])('%s: %s', async (_name, reason, bytes) => {
    expect(await reasonOf(await bytes())).toBe(reason);
  });

  test('a PNG of frames', async () => {
    const png = await picture().png().toBuffer();
    const animated = Buffer.concat([
      ...[png.subarray(0, 33), chunk('acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]))],
      png.subarray(33),
    ]);
    expect(await reasonOf(animated)).toBe('animated');
  });

  test('bombs: by what they say they are, and by what they turn out to be', async () => {
    const pixels = deflateSync(Buffer.alloc(4 << 20), { level: 9 });
    const bomb = (width: number, height: number) =>
      Buffer.concat([
        ...[PNG_START, header(width, height), chunk('IDAT', pixels)],
        chunk('IEND', Buffer.alloc(0)),
      ]);
    expect(await reasonOf(bomb(60_000, 60_000))).toBe('too-large');
    expect(await reasonOf(bomb(0xffffffff, 0xffffffff))).toBe('too-large');
    expect(await reasonOf(bomb(20_000, 300))).toBe('too-large');
    // a tenth of the pixels it promises
    expect(await reasonOf(bomb(7000, 7000))).toBe('damaged');
    const lying = Buffer.from(good);
    const frame = lying.indexOf(Buffer.from([0xff, 0xc0]));
    lying.writeUInt16BE(65_500, frame + 5);
    lying.writeUInt16BE(65_500, frame + 7);
    expect(await reasonOf(lying)).toBe('too-large');
  });

  test('more bytes than are read', async () => {
    await expect(redraw(new Uint8Array(8 * 1024 * 1024 + 1), MARK)).rejects.toMatchObject({
      code: 'payload-too-large',
    });
  });

  test('what takes too long, and more at a time than are drawn', async () => {
    const hasty = redrawInChild(1);
    await expect(hasty(good, MARK)).rejects.toMatchObject({ code: 'budget-exceeded' });
    const all = await Promise.allSettled([...Array(12).keys()].map(() => hasty(good, MARK)));
    const codes = all.map((it) => it.status === 'rejected' && it.reason.code).sort();
    expect(codes).toEqual([...Array(10).fill('budget-exceeded'), 'rate-limited', 'rate-limited']);
  });
});

describe('what comes through', () => {
  let drawn: RedrawnImage;
  beforeAll(async () => {
    const planted = await picture(600, 400)
      .withExif({
        IFD0: { Artist: SECRET, ImageDescription: SECRET, Software: 'canary' },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '31/1 13/1 49/1', GPSAreaInformation: SECRET },
      })
      .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><x>${SECRET}</x></x:xmpmeta>`)
      .withIccProfile('p3')
      .jpeg()
      .toBuffer();
    const zip = Buffer.from(`PK\x03\x04${SECRET}PK\x05\x06`, 'latin1');
    const file = Buffer.concat([
      withSegment(withSegment(planted, 0xfe, SECRET), 0xed, `Photoshop 3.0\0${SECRET}`),
      zip,
    ]);
    for (const there of [SECRET, 'Exif\0\0', 'ICC_PROFILE', 'adobe:ns:meta', 'PK\x05\x06'])
      expect(file.includes(Buffer.from(there, 'latin1'))).toBe(true);
    drawn = await redraw(file, MARK);
  });

  test('is pixels: no comment, no profile, no place, no picture in the picture, nothing behind', async () => {
    expect(isBareJpeg(drawn.jpeg)).toBe(true);
    const bytes = Buffer.from(drawn.jpeg);
    for (const gone of [
      SECRET,
      'canary',
      'Exif',
      'ICC_PROFILE',
      'adobe',
      'Photoshop',
      'PK\x03\x04',
    ])
      expect(bytes.includes(Buffer.from(gone, 'latin1'))).toBe(false);
    const { exif, icc, iptc, xmp, orientation } = await sharp(bytes).metadata();
    expect({ exif, icc, iptc, xmp, orientation }).toEqual({});
  });

  test('a reader of others finds no metadata either', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mandate-image-'));
    try {
      const file = join(folder, 'it.jpg');
      await writeFile(file, drawn.jpeg);
      const { stdout, error } = spawnSync('file', ['-b', file], { encoding: 'utf8' });
      // where the command is not there, our own walk above stands alone
      const known =
        /^JPEG image data, (JFIF standard [^,]*, )?baseline, precision 8, 600x400, components 3$/;
      if (!error) expect(stdout.trim()).toMatch(known);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('the walk over it sees what does not belong', async () => {
    const bytes = Buffer.from(drawn.jpeg);
    for (const wrong of [
      ...[withSegment(bytes, 0xe1, 'Exif\0\0'), withSegment(bytes, 0xfe, 'x')],
      ...[Buffer.concat([bytes, Buffer.from('PK')]), bytes.subarray(0, -2), bytes.subarray(0, 3)],
      ...[withSegment(bytes, 0xe0, `JFIF\0${SECRET}`), Buffer.from('GIF89a')],
    ])
      expect(isBareJpeg(wrong)).toBe(false);
  });
});

/** Mean of a grey picture's pixels in a box. */
const meanOf = async (bytes: Uint8Array, box?: Region): Promise<number> => {
  const image = sharp(Buffer.from(bytes));
  const { channels } = await (box ? sharp(await image.extract(box).toBuffer()) : image).stats();
  return channels.reduce((sum, { mean }) => sum + mean, 0) / channels.length;
};

describe('drawn', () => {
  test('upright: the orientation is applied before it goes', async () => {
    const half = await sharp({
      create: { width: 200, height: 300, channels: 3, background: '#fff' },
    })
      .png()
      .toBuffer();
    const lying = await picture(400, 300, '#000')
      .composite([{ input: half, left: 200, top: 0 }])
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const { jpeg, width, height } = await redraw(lying, MARK);
    expect([width, height]).toEqual([300, 400]);
    const above = await meanOf(jpeg, { left: 0, top: 0, width: 300, height: 180 });
    const below = await meanOf(jpeg, { left: 0, top: 220, width: 300, height: 180 });
    expect(below - above).toBeGreaterThan(100);
  });

  test('CMYK, transparency, grey and 16 bits become plain colours', async () => {
    for (const source of [
      await picture(400, 300, '#ffffff').toColourspace('cmyk').jpeg().toBuffer(),
      await sharp({
        create: {
          width: 400,
          height: 300,
          channels: 4,
          background: { r: 0, g: 0, b: 0, alpha: 0 },
        },
      })
        .png()
        .toBuffer(),
      await picture(400, 300, '#fff').greyscale().toColourspace('b-w').png().toBuffer(),
      await picture(400, 300, '#fff').toColourspace('rgb16').png().toBuffer(),
    ]) {
      const { jpeg } = await redraw(source, MARK);
      const { channels, space } = await sharp(Buffer.from(jpeg)).metadata();
      expect([channels, space]).toEqual([3, 'srgb']);
      expect(await meanOf(jpeg)).toBeGreaterThan(150);
    }
  });

  test('smaller where it is large', async () => {
    const { width, height } = await redraw(await picture(4000, 3000).jpeg().toBuffer(), MARK);
    expect([width, height]).toEqual([1600, 1200]);
  });

  test.each([
    ['bright', '#ffffff', 800, 500],
    ['dark', '#000000', 800, 500],
    ['small', '#808080', 220, 210],
    ['portrait', '#d0c0b0', 500, 900],
  ])(
    'a %s picture: no part of it is without the mark',
    async (_name, background, width, height) => {
      const plain = await picture(width, height, background).jpeg().toBuffer();
      const words = [{ glyphs: [{ path: 'M0 0L20000 0L20000 700L0 700Z', x: 0 }], width: 20_000 }];
      const { jpeg } = await redraw(plain, words);
      const side = Math.round(Math.min(width, height) / 4);
      for (let left = 0; left + side <= width; left += side)
        for (let top = 0; top + side <= height; top += side) {
          const box = { left, top, width: side, height: side };
          const { channels } = await sharp(
            await sharp(Buffer.from(jpeg)).extract(box).toBuffer(),
          ).stats();
          expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(15);
        }
    },
  );
});
