import { decrypt, encrypt, type Random } from '@mandate/core';
import type { BulkRecord, BulkRow } from './bulk-ports.js';

const context = (id: string, start: number): string => `bulk_pieces/${id}/${start}`;

export const sealPiece = (
  key: Uint8Array,
  id: string,
  start: number,
  bytes: Uint8Array,
  random: Random,
): Uint8Array => encrypt(key, bytes, context(id, start), random);

/** The file from `offset` on, piece by piece as it lies in the record. Throws `object-corrupt`. */
export async function* openPieces(
  record: Pick<BulkRecord, 'pieceAfter'>,
  key: Uint8Array,
  bulk: Pick<BulkRow, 'id' | 'received'>,
  offset: number,
): AsyncGenerator<Uint8Array> {
  let at = offset;
  while (at < bulk.received) {
    const piece = await record.pieceAfter(bulk.id, at);
    if (!piece) return;
    yield decrypt(key, piece.box, context(bulk.id, piece.start)).subarray(at - piece.start);
    at = piece.start + piece.size;
  }
}
