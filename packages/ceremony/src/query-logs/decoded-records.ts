import type { RawRecord } from '../bulk/read-records.js';

type Encoding = 'utf-8' | 'gb18030';

/** Bytes of records that wait to be told apart. */
export const HELD_BYTES = 1024 * 1024;
/** What holding a record takes beside its bytes. */
const RECORD = 64;

export interface DecodedRecord {
  readonly line: number;
  /** Null: longer than a row may be. */
  readonly bytes: Uint8Array | null;
  /** Null: not of the file's encoding. */
  readonly text: string | null;
}

/**
 * Texts of the records of one file in UTF-8, with or without a byte order mark, or in GB18030, as spreadsheets in China
 * write. The first record that is one of them and not the other tells which. Some names are both (郑伟 in GB18030, 李四
 * in UTF-8): from the first such record on all are held until one tells, up to `HELD_BYTES`; if none does it is UTF-8,
 * which often is GB18030 as well, and hardly ever the other way round.
 */
export async function* decodedRecords(
  records: AsyncIterable<RawRecord>,
): AsyncGenerator<DecodedRecord> {
  let encoding: Encoding | null = null;
  let held: RawRecord[] = [];
  let size = 0;
  for await (const record of records) {
    held.push(record);
    // what is the same in both need not wait for anything but its turn
    if (!encoding && (held.length > 1 || !isAscii(record.bytes))) {
      encoding = encodingOf(record.bytes);
      size += RECORD + (record.bytes?.length ?? 0);
      if (!encoding && size <= HELD_BYTES) continue;
      encoding ??= 'utf-8';
    }
    for (const each of held) yield decoded(each, encoding ?? 'utf-8');
    held = [];
  }
  for (const each of held) yield decoded(each, 'utf-8');
}

const decoded = ({ line, bytes }: RawRecord, encoding: Encoding): DecodedRecord => ({
  ...{ line, bytes },
  text: bytes && textOf(bytes, encoding),
});

/** Null: both, or neither. */
function encodingOf(bytes: Uint8Array | null): Encoding | null {
  if (!bytes || isAscii(bytes)) return null;
  // the mark is text in GB18030 too
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  const [utf8, gb18030] = [textOf(bytes, 'utf-8') !== null, textOf(bytes, 'gb18030') !== null];
  if (utf8 === gb18030) return null;
  return utf8 ? 'utf-8' : 'gb18030';
}

const isAscii = (bytes: Uint8Array | null): boolean =>
  bytes === null || bytes.every((byte) => byte < 0x80);

function textOf(bytes: Uint8Array, encoding: Encoding): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return null;
  }
}
