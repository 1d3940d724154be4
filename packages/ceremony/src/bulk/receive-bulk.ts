import { createHash } from 'node:crypto';
import { addSeconds, concat, DomainError, fromUtf8, newId, toUtcSeconds } from '@mandate/core';
import type { DataDeps } from '../deps.js';
import type { Institution } from '../ports.js';
import { openPieces, sealPiece } from './bulk-pieces.js';
import {
  BULK_LIMITS,
  type BulkFormat,
  type BulkRecord,
  type BulkRow,
  type RowKey,
} from './bulk-ports.js';
import { csvColumns } from './csv-rows.js';
import { readRecords } from './read-records.js';

export type BulkDeps = Pick<DataDeps, 'clock' | 'random' | 'vault'> & {
  readonly record: BulkRecord;
};

/** An import as its institution sees it; no personal data. */
export interface BulkView extends Pick<
  BulkRow,
  'id' | 'state' | 'format' | 'rowKey' | 'received' | 'rows' | 'digest'
> {
  readonly done: number;
  readonly created: number;
  readonly repeated: number;
  readonly refused: number;
  readonly createdAt: string;
  readonly endedAt: string | null;
}

export const bulkView = (bulk: BulkRow): BulkView => ({
  id: bulk.id,
  state: bulk.state,
  format: bulk.format,
  rowKey: bulk.rowKey,
  received: bulk.received,
  digest: bulk.digest,
  rows: bulk.rows,
  done: bulk.done,
  created: bulk.created,
  repeated: bulk.repeated,
  refused: bulk.refused,
  createdAt: toUtcSeconds(bulk.createdAt),
  endedAt: bulk.endedAt && toUtcSeconds(bulk.endedAt),
});

/** Begins an import: nothing of it has arrived yet. Throws `bulk-limit`. */
export async function createBulk(
  deps: BulkDeps,
  input: {
    institution: Institution;
    format: BulkFormat;
    rowKey: RowKey;
    idempotencyKey: string;
  },
): Promise<BulkView> {
  const { format, rowKey } = input;
  // decided where the row is written; asked before, so that refused requests leave no keys behind
  const open = await deps.record.openBulks(input.institution.id);
  if (open >= BULK_LIMITS.open) throw tooManyBulks(open);
  const id = newId('bulk', deps.clock, deps.random);
  const row = {
    ...{ id, format, rowKey, institutionId: input.institution.id },
    createdAt: deps.clock.now(),
  };
  await deps.vault.create({ authorizationId: id, actor: actorOf(row) });
  const view = bulkView({
    ...row,
    ...{
      state: 'receiving',
      received: 0,
      pieces: 0,
      digest: null,
      rows: null,
      columns: null,
      readTo: 0,
    },
    ...{ done: 0, created: 0, repeated: 0, refused: 0 },
    ...{ updatedAt: row.createdAt, endedAt: null },
  });
  await deps.record.createBulk(row, { key: input.idempotencyKey, status: 201, body: view });
  return view;
}

export const tooManyBulks = (open: number): DomainError =>
  new DomainError(
    'bulk-limit',
    `${open} imports have not ended; wait for one of them or cancel it`,
  );

/** As it stands in the access register. */
export const actorOf = (bulk: Pick<BulkRow, 'institutionId'>): string =>
  `institution:${bulk.institutionId}`;

export const bulkKey = async (
  deps: Pick<BulkDeps, 'vault'>,
  bulk: BulkRow,
): Promise<Uint8Array> => {
  const asked = { authorizationId: bulk.id, purpose: 'request' as const, actor: actorOf(bulk) };
  return (await deps.vault.unwrap(asked)).dataKey;
};

/**
 * Stores what arrives as it arrives, a piece at a time. When the stream breaks off, what was stored before stays:
 * the next upload begins at `received`. Throws `bulk-state`, `bulk-offset`, `payload-too-large`, `bulk-limit` for
 * too many pieces, `version-conflict`, and whatever the stream throws.
 */
export async function receiveBulk(
  deps: BulkDeps,
  input: { bulk: BulkRow; offset: number; stream: AsyncIterable<Uint8Array> },
): Promise<BulkView> {
  const { bulk, stream } = input;
  const { id, institutionId } = bulk;
  const current = async (): Promise<BulkRow> => (await deps.record.findBulk(institutionId, id))!;
  const fits = (now: BulkRow, offset: number): void => {
    if (now.state !== 'receiving') throw wrongState(now);
    if (now.received !== offset)
      throw new DomainError('bulk-offset', `go on at byte ${now.received}`, {
        extensions: { received: now.received },
      });
    if (now.pieces >= BULK_LIMITS.pieces)
      throw new DomainError(
        'bulk-limit',
        `the file came in ${now.pieces} pieces; cancel this import and send larger parts`,
      );
  };
  fits(bulk, input.offset);

  const key = await bulkKey(deps, bulk);
  let start = input.offset;
  let held: Uint8Array[] = [];
  let size = 0;
  const store = async (): Promise<void> => {
    if (size === 0) return;
    const bytes = concat(...held);
    held = [];
    size = 0;
    const box = sealPiece(key, id, start, bytes, deps.random);
    const piece = { id, start, size: bytes.length, box, at: deps.clock.now() };
    if (!(await deps.record.addPiece(piece))) {
      fits(await current(), start);
      throw new DomainError(
        'version-conflict',
        'another upload or the completion was faster; read and repeat',
      );
    }
    start += bytes.length;
  };
  for await (const chunk of stream) {
    held.push(chunk);
    size += chunk.length;
    if (start + size > BULK_LIMITS.bytes)
      throw new DomainError('payload-too-large', `the limit is ${BULK_LIMITS.bytes} bytes`);
    if (size >= BULK_LIMITS.pieceBytes) await store();
  }
  await store();
  return bulkView(await current());
}

/**
 * The file is whole, by its digest: from here on its rows are worked off. Repeating it is fine. A file that is refused
 * ends its import, because each try reads all of it. Throws `bulk-state`, `bulk-digest-mismatch`, `bulk-format`,
 * `payload-too-large` above the most rows, `version-conflict` while another completion reads it.
 */
export async function completeBulk(
  deps: BulkDeps,
  { bulk, digest }: { bulk: BulkRow; digest: string },
): Promise<BulkView> {
  const { id, received } = bulk;
  const current = async (): Promise<BulkRow> =>
    (await deps.record.findBulk(bulk.institutionId, id))!;
  /** The same completion, repeated. */
  const repeated = (now: BulkRow): BulkView => {
    if (now.digest !== digest) throw wrongState(now);
    return bulkView(now);
  };
  if (bulk.state !== 'receiving') return repeated(bulk);

  const at = deps.clock.now();
  const until = addSeconds(at, BULK_LIMITS.completes);
  if (!(await deps.record.beginCompletion({ id, received, at, until }))) {
    const now = await current();
    if (now.state !== 'receiving') return repeated(now);
    throw new DomainError('version-conflict', 'it is being completed, or grows; read and repeat');
  }
  try {
    const whole = await readWhole(deps, bulk, digest);
    const started = await deps.record.startBulk({
      ...{ id, received, digest, ...whole, at: deps.clock.now() },
    });
    const now = await current();
    return started ? bulkView(now) : repeated(now);
  } catch (error) {
    if (error instanceof Refused) {
      await deps.record.cancelBulk(id, deps.clock.now(), 'receiving');
      throw error.why;
    }
    await deps.record.leaveCompletion(id, until);
    throw error;
  }
}

/** The file itself is at fault, and remains so however often it is read. */
class Refused extends Error {
  readonly why: DomainError;
  constructor({ code, detail }: DomainError) {
    super(code);
    this.why = new DomainError(code, `${detail}; the import is cancelled, begin another one`);
  }
}

/** Reads the file through once. Throws `Refused`, and what the record and the vault throw. */
async function readWhole(
  deps: BulkDeps,
  bulk: BulkRow,
  digest: string,
): Promise<{ rows: number; columns: string[] | null; readTo: number }> {
  const refuse = (
    code: 'bulk-digest-mismatch' | 'bulk-format' | 'payload-too-large',
    why: string,
  ) => new Refused(new DomainError(code, why));
  const key = await bulkKey(deps, bulk);
  const hash = createHash('sha256');
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const piece of openPieces(deps.record, key, bulk, 0)) {
      hash.update(piece);
      yield piece;
    }
  }
  let rows = 0;
  let heading: { bytes: Uint8Array | null; end: number } | null = null;
  for await (const record of readRecords(hashed(), bulk.format))
    if (bulk.format === 'csv' && !heading) heading = record;
    else rows += 1;
  if (hash.digest('hex') !== digest)
    throw refuse('bulk-digest-mismatch', `the ${bulk.received} bytes received have another digest`);
  if (rows === 0) throw refuse('bulk-format', 'the file holds no rows');
  if (rows > BULK_LIMITS.rows)
    throw refuse('payload-too-large', `the limit is ${BULK_LIMITS.rows} rows`);
  try {
    return { rows, columns: heading && columnsOf(heading.bytes), readTo: heading?.end ?? 0 };
  } catch (error) {
    if (error instanceof DomainError) throw new Refused(error);
    throw error;
  }
}

function columnsOf(heading: Uint8Array | null): string[] {
  if (!heading) throw new DomainError('bulk-format', 'the heading is too long');
  try {
    return csvColumns(fromUtf8(heading));
  } catch (cause) {
    if (cause instanceof DomainError && cause.code === 'bulk-format') throw cause;
    throw new DomainError('bulk-format', 'the heading is not UTF-8', { cause });
  }
}

/** Stops it after the row at hand; what was created stays. Repeating it is fine. Throws `bulk-state` when it is done. */
export async function cancelBulk(deps: BulkDeps, bulk: BulkRow): Promise<BulkView> {
  await deps.record.cancelBulk(bulk.id, deps.clock.now());
  const now = (await deps.record.findBulk(bulk.institutionId, bulk.id))!;
  if (now.state !== 'cancelled') throw wrongState(now);
  return bulkView(now);
}

const wrongState = ({ state }: BulkRow): DomainError =>
  new DomainError('bulk-state', `the import is ${state}`);
