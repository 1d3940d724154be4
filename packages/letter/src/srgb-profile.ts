import { concat, utf8 } from '@mandate/core';

/**
 * A minimal ICC v4.2 display profile for sRGB (ICC.1:2004-10, IEC 61966-2-1), made here so that no
 * profile with terms of its own has to be shipped. Big-endian throughout.
 */
export function srgbProfile(): Uint8Array {
  const tags: [signature: string, data: Uint8Array][] = [
    ['desc', multiLocalized('sRGB')],
    ['cprt', multiLocalized('No copyright, use freely')],
    // Media white and primaries, chromatically adapted (Bradford) to the D50 connection space.
    ['wtpt', xyz(0.9642, 1, 0.8249)],
    ['rXYZ', xyz(0.43607, 0.22249, 0.01392)],
    ['gXYZ', xyz(0.38515, 0.71687, 0.09708)],
    ['bXYZ', xyz(0.14307, 0.06061, 0.7141)],
    [
      'chad',
      fixedArray(
        'sf32',
        [1.04788, 0.02292, -0.0502, 0.02959, 0.99048, -0.01706, -0.00923, 0.01508, 0.75168],
      ),
    ],
    ['rTRC', transferCurve()],
    ['gTRC', transferCurve()],
    ['bTRC', transferCurve()],
  ];
  let offset = 128 + 4 + 12 * tags.length;
  const table: Uint8Array[] = [uint32(tags.length)];
  for (const [signature, data] of tags) {
    table.push(utf8(signature), uint32(offset), uint32(data.length));
    offset += data.length;
  }
  return concat(header(offset), ...table, ...tags.map(([, data]) => data));
}

function header(size: number): Uint8Array {
  const bytes = new Uint8Array(128);
  bytes.set(uint32(size), 0);
  bytes.set(uint32(0x04200000), 8);
  bytes.set(utf8('mntrRGB XYZ '), 12);
  // A fixed date: the profile is a constant. 2026-01-01 00:00:00.
  bytes.set([0x07, 0xea, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0], 24);
  bytes.set(utf8('acsp'), 36);
  bytes.set(concat(s15Fixed16(0.9642), s15Fixed16(1), s15Fixed16(0.8249)), 68);
  return bytes;
}

/** `mluc` with one English record, padded to four bytes. */
function multiLocalized(ascii: string): Uint8Array {
  const text = new Uint8Array(Math.ceil((ascii.length * 2) / 4) * 4);
  utf8(ascii).forEach((byte, i) => (text[2 * i + 1] = byte));
  return concat(
    utf8('mluc'),
    uint32(0),
    uint32(1),
    uint32(12),
    utf8('enUS'),
    uint32(ascii.length * 2),
    uint32(28),
    text,
  );
}

/** The sRGB curve as a parametric curve of type 3. */
const transferCurve = (): Uint8Array =>
  concat(
    utf8('para'),
    uint32(0),
    Uint8Array.of(0, 3, 0, 0),
    ...[2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045].map(s15Fixed16),
  );

const xyz = (x: number, y: number, z: number): Uint8Array => fixedArray('XYZ ', [x, y, z]);

const fixedArray = (type: string, values: number[]): Uint8Array =>
  concat(utf8(type), uint32(0), ...values.map(s15Fixed16));

const s15Fixed16 = (value: number): Uint8Array => uint32(Math.round(value * 65536) >>> 0);

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
