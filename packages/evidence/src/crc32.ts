/** `TABLES[k]![b]`: what byte `b` does to the sum when `k` bytes follow it; four bytes at a time are summed by them. */
const TABLES: readonly Uint32Array[] = tables();

function tables(): Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    return value;
  });
  const all = [first];
  while (all.length < 4) all.push(all.at(-1)!.map((v) => first[v & 0xff]! ^ (v >>> 8)));
  return all;
}

/** CRC-32 as ZIP stores it (reflected polynomial EDB88320). Guards against accidents only. */
export function crc32(bytes: Uint8Array): number {
  const [t0, t1, t2, t3] = TABLES as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  const whole = bytes.length - (bytes.length % 4);
  let value = 0xffffffff;
  let i = 0;
  for (; i < whole; i += 4) {
    value ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    value =
      t3[value & 0xff]! ^
      t2[(value >>> 8) & 0xff]! ^
      t1[(value >>> 16) & 0xff]! ^
      t0[value >>> 24]!;
  }
  for (; i < bytes.length; i++) value = t0[(value ^ bytes[i]!) & 0xff]! ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
