import { expect, test } from '@jest/globals';
import { readReceipt } from './read-receipt.js';

const text =
  'id:m-1 sub:001 dlvrd:001 submit date:2611211730 done date:2611211731 stat:DELIVRD err:000 text:';

/** A deliver_sm body; options as [tag, value]. */
function deliver(esm: number, message: string, options: [number, number[]][] = []): Uint8Array {
  const tlvs = options.flatMap(([tag, value]) => [
    tag >> 8,
    tag & 255,
    value.length >> 8,
    value.length & 255,
    ...value,
  ]);
  const addresses = [0, 1, 1, ...Buffer.from('8613800138000\0'), 0, 0, ...Buffer.from('1069\0')];
  return Uint8Array.from([
    ...addresses,
    ...[esm, 0, 0, 0, 0, 0, 0, 0, 0],
    message.length,
    ...Buffer.from(message, 'latin1'),
    ...tlvs,
  ]);
}
const id = [...Buffer.from('m-2\0')];

test('the customary text, and the optional parameters before it', () => {
  expect(readReceipt(deliver(4, text))).toEqual({
    messageId: 'm-1',
    status: 'delivered',
    code: 'DELIVRD-000',
  });
  const state = (value: number) =>
    deliver(4, text, [
      [0x001e, id],
      [0x0427, [value]],
    ]);
  expect(readReceipt(state(5))).toEqual({
    messageId: 'm-2',
    status: 'failed',
    code: 'UNDELIV-000',
  });
  expect(readReceipt(deliver(4, '', [[0x0424, [...Buffer.from(text)]]]))).toMatchObject({
    messageId: 'm-1',
  });
});

test('what is not final, no receipt, or without an id is nothing', () => {
  expect(readReceipt(deliver(4, text.replace('DELIVRD', 'ENROUTE')))).toBeNull();
  expect(
    readReceipt(
      deliver(4, '', [
        [0x001e, id],
        [0x0427, [1]],
      ]),
    ),
  ).toBeNull();
  expect(readReceipt(deliver(0, text))).toBeNull();
  expect(readReceipt(deliver(4, text.replace('id:m-1', 'id:')))).toBeNull();
  expect(readReceipt(deliver(4, '你好'))).toBeNull();
});

test('a body cut anywhere is refused, never read past its end', () => {
  const whole = deliver(4, text, [
    [0x001e, id],
    [0x0427, [2]],
  ]);
  const good = [deliver(4, text).length, deliver(4, text, [[0x001e, id]]).length];
  for (let length = 0; length < whole.length; length++)
    if (!good.includes(length)) expect(() => readReceipt(whole.slice(0, length))).toThrow();
  expect(() => readReceipt(Uint8Array.from([...whole, 0]))).toThrow();
});
