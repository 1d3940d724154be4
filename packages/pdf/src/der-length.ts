/** Bytes of the DER SEQUENCE that starts here, header included; undefined if it is none or runs over the end. */
export function derLength(bytes: Uint8Array): number | undefined {
  if (bytes[0] !== 0x30) return undefined;
  const first = bytes[1] ?? 0x80;
  let length = first;
  let header = 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count < 1 || count > 4) return undefined;
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[2 + i] ?? Infinity);
    header += count;
    // DER: the shortest form of the length.
    if (length < 0x80 || length < 256 ** (count - 1)) return undefined;
  }
  return header + length <= bytes.length ? header + length : undefined;
}
