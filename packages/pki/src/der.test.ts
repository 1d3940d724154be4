import { expect, test } from '@jest/globals';
import { fromHex, toHex } from '@mandate/core';
import { codeOf } from '../test/refusal.js';
import { der, readDer, TAG } from './der.js';

const read = (hex: string) => readDer(fromHex(hex.replaceAll(' ', '')));

test.each([
  ['nothing', ''],
  ['a tag alone', '30'],
  ['truncated content', '04 02 00'],
  ['trailing byte', '05 00 00'],
  ['trailing byte inside', '30 03 05 00 00'],
  ['indefinite length', '30 80 05 00 00 00'],
  ['long form for a short length', '04 81 01 00'],
  ['length with a leading zero', `04 82 00 80 ${'00'.repeat(128)}`],
  ['length of five octets', '04 85 00 00 00 00 01 00'],
  ['inner value longer than the outer', '30 03 04 02 00'],
  ['multi-octet tag', '1f 81 01 00'],
  ['multi-octet context tag', 'bf 81 01 00'],
  ['application class', '61 00'],
  ['private class', 'c1 00'],
  ['end of contents', '00 00'],
  ['primitive SEQUENCE', '10 00'],
  ['constructed OCTET STRING', '24 03 04 01 00'],
  ['constructed INTEGER', '22 03 02 01 00'],
  ['BOOLEAN neither 00 nor FF', '01 01 01'],
  ['BOOLEAN of two octets', '01 02 ff ff'],
  ['empty INTEGER', '02 00'],
  ['INTEGER with superfluous 00', '02 02 00 7f'],
  ['INTEGER with superfluous ff', '02 02 ff 80'],
  ['ENUMERATED with superfluous 00', '0a 02 00 01'],
  ['BIT STRING without its first octet', '03 00'],
  ['BIT STRING with 8 unused bits', '03 02 08 00'],
  ['empty BIT STRING with unused bits', '03 01 01'],
  ['BIT STRING padding set', '03 02 01 01'],
  ['NULL with content', '05 01 00'],
  ['empty OID', '06 00'],
  ['unfinished OID', '06 02 2a 86'],
  ['OID arc with leading 80', '06 03 2a 80 01'],
  ['REAL', '09 00'],
])('refused: %s', (_, hex) => {
  expect(codeOf(() => read(hex))).toBe('format-der');
});

test.each([
  ['UTCTime without seconds', '17 0b 323630313031303030305a'],
  ['UTCTime with an offset', '17 11 3236303130313030303030302b30303030'],
  ['February 30', '17 0d 3236303233303030303030305a'],
  ['a leap second', '17 0d 3236303633303233353936305a'],
  ['GeneralizedTime before 2050', '18 0f 32303236303130313030303030305a'],
])('time refused: %s', (_, hex) => {
  expect(codeOf(() => read(hex).time())).toBe('format-der');
});

test('fractions are read only where asked for, and never end in zero', () => {
  const node = (text: string) => {
    const bytes = der.ia5(text);
    bytes[0] = TAG.generalizedTime;
    return readDer(bytes);
  };
  expect(codeOf(() => node('20260101000000.5Z').generalizedTime())).toBe('format-der');
  expect(codeOf(() => node('20260101000000.50Z').generalizedTime({ fraction: true }))).toBe(
    'format-der',
  );
  expect(codeOf(() => node('20260101000000.Z').generalizedTime({ fraction: true }))).toBe(
    'format-der',
  );
  const at = node('20260101000000.123456Z').generalizedTime({ fraction: true });
  expect(at.toISOString()).toBe('2026-01-01T00:00:00.123Z');
});

test('SET OF order counts where asked', () => {
  const sorted = der.set(der.integer(1), der.integer(2));
  expect(readDer(sorted).sortedSet()).toHaveLength(2);
  expect(toHex(der.set(der.integer(2), der.integer(1)))).toBe(toHex(sorted));
  expect(codeOf(() => read('31 06 02 01 02 02 01 01').sortedSet())).toBe('format-der');
});

test('members left unread, missing or of another tag are refused', () => {
  const two = der.sequence(der.integer(1), der.null());
  const fields = readDer(two).fields();
  fields.next();
  expect(codeOf(() => fields.end())).toBe('format-der');
  fields.next();
  expect(codeOf(() => fields.next())).toBe('format-der');
  expect(codeOf(() => readDer(two).only(TAG.sequence))).toBe('format-der');
  expect(codeOf(() => readDer(two).integer())).toBe('format-der');
});

test('numbers long enough to cost time are refused', () => {
  const long = new Uint8Array(65).fill(0x7f);
  expect(codeOf(() => readDer(der.integer(long)).integer())).toBe('format-der');
  expect(codeOf(() => readDer(der.integer(long)).unsigned())).toBe('accepted');
  const oid = der.octets(long);
  oid[0] = TAG.oid;
  expect(codeOf(() => readDer(oid))).toBe('format-der');
});

test('the input stays as it was, a Buffer too', () => {
  const input = Buffer.from(der.sequence(der.implicit(0, der.octets(Uint8Array.of(1)))));
  const before = toHex(input);
  const node = readDer(input);
  expect(node.children[0]!.as(TAG.octets).octets()).toEqual(Uint8Array.of(1));
  expect(toHex(der.implicit(2, input))).toBe('a203800101');
  expect(toHex(input)).toBe(before);
});

test('budgets', () => {
  let nested = der.null();
  for (let i = 0; i < 40; i++) nested = der.sequence(nested);
  expect(codeOf(() => readDer(nested))).toBe('budget-exceeded');
  const wide = der.sequence(...Array.from({ length: 50 }, () => der.null()));
  expect(codeOf(() => readDer(wide, { nodes: 50 }))).toBe('budget-exceeded');
  expect(codeOf(() => readDer(wide, { nodes: 51 }))).toBe('accepted');
  expect(codeOf(() => readDer(wide, { bytes: 50 }))).toBe('budget-exceeded');
});

// Encodings worked out by hand from X.690.
test.each<[string, Uint8Array, string]>([
  ['0', der.integer(0), '020100'],
  ['127', der.integer(127), '02017f'],
  ['128', der.integer(128), '02020080'],
  ['-1', der.integer(-1), '0201ff'],
  ['-129', der.integer(-129), '0202ff7f'],
  ['unsigned bytes', der.integer(Uint8Array.of(0, 0, 0x9a, 1)), '0203009a01'],
  ['OID 1.2.840.113549', der.oid('1.2.840.113549'), '06062a864886f70d'],
  ['OID 2.999', der.oid('2.999'), '06028837'],
  ['no named bits', der.namedBits([]), '030100'],
  ['named bits 5 and 6', der.namedBits([5, 6]), '03020106'],
  ['named bit 25', der.namedBits([25]), '03050600000040'],
  ['true', der.boolean(true), '0101ff'],
  ['last UTCTime', der.time(new Date('2049-12-31T23:59:59Z')), '170d3439313233313233353935395a'],
  ['first 2050', der.time(new Date('2050-01-01T00:00:00Z')), '180f32303530303130313030303030305a'],
  ['before 1950', der.time(new Date('1949-01-01T00:00:00Z')), '180f31393439303130313030303030305a'],
  ['implicit keeps constructed', der.implicit(1, der.sequence()), 'a100'],
  ['explicit', der.context(3, der.null()), 'a3020500'],
  ['length 128', der.octets(new Uint8Array(128)).subarray(0, 3), '048180'],
  ['length 65536', der.octets(new Uint8Array(65536)).subarray(0, 5), '0483010000'],
])('writes %s', (_, bytes, hex) => {
  expect(toHex(bytes)).toBe(hex);
});

test('integers and object identifiers survive the round trip', () => {
  for (const value of [0n, 1n, -1n, 127n, 128n, -128n, 255n, 256n, 2n ** 159n, -(2n ** 64n)])
    expect(readDer(der.integer(value)).integer()).toBe(value);
  for (const oid of [
    '0.4.0.194121.2.1',
    '1.3.6.1.5.5.7.3.36',
    `2.25.${2n ** 128n - 1n}`,
    '2.999.3',
  ])
    expect(readDer(der.oid(oid)).oid()).toBe(oid);
  expect(readDer(der.namedBits([0, 1, 8])).namedBits()).toEqual([0, 1, 8]);
});

test('the writer refuses what has no DER form', () => {
  expect(codeOf(() => der.oid('3.1'))).toBe('format-der');
  expect(codeOf(() => der.oid('1.40'))).toBe('format-der');
  expect(codeOf(() => der.oid('1.02.3'))).toBe('format-der');
  expect(codeOf(() => der.printable('a@b'))).toBe('format-der');
  expect(codeOf(() => der.ia5('é'))).toBe('format-der');
});

test('every single-bit change of a small structure is refused or read differently', () => {
  const bytes = der.sequence(der.integer(5), der.oid('1.2.3'), der.set(der.boolean(true)));
  const dump = (input: Uint8Array): string => {
    const walk = (node: ReturnType<typeof readDer>): string =>
      `${node.tag}(${node.children.length ? node.children.map(walk).join() : toHex(node.content)})`;
    return walk(readDer(input));
  };
  const original = dump(bytes);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = bytes.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    let seen = 'refused';
    try {
      seen = dump(changed);
    } catch (error) {
      expect(String(error)).toMatch(/format-der/);
    }
    expect(seen).not.toBe(original);
  }
});
