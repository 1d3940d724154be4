import { pick, type Random } from './random.js';

const INTERESTING = [0, 1, 0x7f, 0x80, 0x81, 0x84, 0xff, 0x30, 0x31, 0x05];

/** One change that knows nothing of the format. `at` says where, default anywhere. */
export function mutateBytes(
  bytes: Uint8Array,
  random: Random,
  at: number = random(bytes.length),
): Uint8Array {
  const span = 1 + random(pick(random, [2, 8, 64, 512]));
  const copy = bytes.slice();
  switch (random(9)) {
    case 0:
    case 1:
      copy[at]! ^= 1 << random(8);
      return copy;
    case 2:
      copy[at] = random(256);
      return copy;
    case 3:
      copy[at] = pick(random, INTERESTING);
      return copy;
    case 4: // removed
      return joined(bytes.subarray(0, at), bytes.subarray(at + span));
    case 5: // put in
      return joined(bytes.subarray(0, at), noise(random, span), bytes.subarray(at));
    case 6: // repeated
      return joined(bytes.subarray(0, at + span), bytes.subarray(at));
    case 7: // written over with other bytes of the same input
      copy.set(
        bytes
          .subarray(random(bytes.length))
          .subarray(0, span)
          .subarray(0, copy.length - at),
        at,
      );
      return copy;
    default: // cut off, or something after it
      return random(2) ? bytes.slice(0, at) : joined(bytes, noise(random, span));
  }
}

export const joined = (...parts: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(Buffer.concat(parts));

export const noise = (random: Random, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => random(256));
