import { concat, utf8 } from '@mandate/core';
import { crc32 } from '@mandate/evidence';

/** The bytes our writer makes, for entries that it would refuse: any names, in any order, twice. */
export function rawZip(entries: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const local: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const [name, bytes] of entries) {
    const encoded = utf8(name);
    // version 1.0, stored, 1 January 1980, no extra field
    const common = numbers(
      ...([
        [2, 10],
        [2, 0],
        [2, 0],
        [2, 0],
        [2, 0x21],
        [4, crc32(bytes)],
      ] as const),
      ...([
        [4, bytes.length],
        [4, bytes.length],
        [2, encoded.length],
        [2, 0],
      ] as const),
    );
    const head = concat(utf8('PK\x03\x04'), common, encoded);
    local.push(head, bytes);
    const tail = numbers([2, 0], [2, 0], [2, 0], [4, 0], [4, offset]);
    central.push(utf8('PK\x01\x02'), numbers([2, 10]), common, tail, encoded);
    offset += head.length + bytes.length;
  }
  const directory = new Uint8Array(Buffer.concat(central));
  // a container of more has no place for how many
  const count = [2, entries.length & 0xffff] as const;
  const sizes = numbers([2, 0], [2, 0], count, count, [4, directory.length], [4, offset], [2, 0]);
  return new Uint8Array(Buffer.concat([...local, directory, utf8('PK\x05\x06'), sizes]));
}

function numbers(...fields: readonly (readonly [size: 2 | 4, value: number])[]): Uint8Array {
  const out = Buffer.alloc(fields.reduce((sum, [size]) => sum + size, 0));
  let at = 0;
  for (const [size, value] of fields) at = out.writeUIntLE(value, at, size);
  return new Uint8Array(out);
}
