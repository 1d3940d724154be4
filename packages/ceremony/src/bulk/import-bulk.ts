import {
  addSeconds,
  canonicalBytes,
  DomainError,
  fromUtf8,
  hmacSha256,
  isDomainError,
  sha256Hex,
  toHex,
  type ErrorCode,
} from '@mandate/core';
import { authorizationRequestSchema, cleanValue, type AuthorizationRequest } from '@mandate/terms';
import type { Institution } from '../ports.js';
import { prepareAuthorization, type RequestDeps } from '../request/request.js';
import { openPieces } from './bulk-pieces.js';
import { BULK_LIMITS, type BulkRecord, type BulkRow, type WorkedRow } from './bulk-ports.js';
import { csvRequest } from './csv-rows.js';
import { readRecords, type RawRecord } from './read-records.js';
import { actorOf, bulkKey } from './receive-bulk.js';

export interface ImportDeps extends RequestDeps {
  readonly bulks: BulkRecord;
  /** Strict JSON. Throws `invalid-request`. */
  readonly parseJson: (text: string) => unknown;
}

/** Rows prepared at once and committed in one transaction. */
const AT_ONCE = 8;
/** A claim not renewed for so long passes to another process, seconds. */
const LEASE = 60;

/** What a row itself can be refused for; anything else is no fault of the row, and it is tried again. */
const ROW_FAULTS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...(['invalid-request', 'payload-too-large', 'idempotency-key-reused'] as const),
  ...(['template-unknown', 'template-invalid', 'terms-invalid', 'term-in-past'] as const),
  ...(['source-unknown', 'source-expired', 'recipient-unknown', 'recipient-expired'] as const),
  ...(['source-name-mismatch', 'recipient-name-mismatch', 'template-overdue'] as const),
  ...(['combination-not-allowed', 'text-forbidden-character'] as const),
  ...(['glyph-missing', 'text-overflow', 'erased', 'restricted'] as const),
]);

interface ReadRow {
  readonly row: number;
  readonly end: number;
  readonly key: string | null;
  readonly asked: AuthorizationRequest | DomainError;
}

/**
 * Works on the oldest import that nobody works on, of the institution whose turn is longest ago, through the use case
 * of single requests, until it ends, is cancelled or `stopped`, or its turn is over. Cursor, outcomes and authorizations are one transaction, so that a crash at any moment
 * loses no row and doubles none. False when there was none to work on. Throws what is no row's fault; then it is
 * called again, and when told to `giveUp` such rows are refused as `internal` after all.
 */
export async function importBulk(
  deps: ImportDeps,
  run: {
    worker: string;
    stopped: () => boolean;
    /** Asked once, for the import that is worked on. */
    giveUp?: (bulkId: string) => boolean;
    turn?: { readonly rows: number; readonly seconds: number };
  },
): Promise<boolean> {
  const { bulks, clock } = deps;
  const { worker, turn = BULK_LIMITS.turn } = run;
  const until = (): Date => addSeconds(clock.now(), LEASE);
  const claimed = await bulks.claimBulk({ worker, at: clock.now(), until: until() });
  if (!claimed) return false;
  const { bulk, institution } = claimed;
  const giveUp = run.giveUp?.(bulk.id) ?? false;
  const turnEnds = addSeconds(clock.now(), turn.seconds);
  // asked after a commit alone: however slow it is, each turn comes further
  const turnOver = (): boolean => done - bulk.done >= turn.rows || clock.now() >= turnEnds;
  let { done } = bulk;
  try {
    const commit = async (rows: readonly ReadRow[]): Promise<boolean> => {
      if (rows.length === 0) return true;
      const worked = await Promise.all(
        rows.map((row) => workOff(deps, bulk, institution, row, giveUp)),
      );
      const readTo = rows.at(-1)!.end;
      const cursor = { id: bulk.id, institutionId: bulk.institutionId, done };
      const at = clock.now();
      done += rows.length;
      return bulks.commitRows({ bulk: cursor, worker, rows: worked, readTo, at, until: until() });
    };

    const key = await bulkKey(deps, bulk);
    const pieces = openPieces(bulks, key, bulk, bulk.readTo);
    let batch: ReadRow[] = [];
    for await (const record of readRecords(pieces, bulk.format, bulk.readTo)) {
      const read = readRow(deps, bulk, done + batch.length + 1, record);
      // two rows of one key must not be made at once: the second is to find the first
      const again = read.key !== null && batch.some((other) => other.key === read.key);
      if (again || batch.length === AT_ONCE) {
        if (run.stopped() || !(await commit(batch)) || turnOver()) return true;
        batch = [];
      }
      batch.push(read);
    }
    if (run.stopped() || !(await commit(batch))) return true;
    await bulks.finishBulk(bulk.id, worker, clock.now());
    return true;
  } finally {
    await bulks.releaseBulk(bulk.id, worker);
  }
}

function readRow(
  deps: Pick<ImportDeps, 'parseJson'>,
  bulk: BulkRow,
  row: number,
  { bytes, end }: RawRecord,
): ReadRow {
  try {
    if (!bytes)
      throw new DomainError('payload-too-large', `a row has ${BULK_LIMITS.rowBytes} bytes at most`);
    const text = fromUtf8(bytes);
    const value = bulk.columns ? csvRequest(bulk.columns, text) : deps.parseJson(text);
    const result = authorizationRequestSchema.safeParse(value);
    if (!result.success) {
      // the place and the rule, never the value
      const faults = result.error.issues
        .slice(0, 5)
        .map(({ path, message, code }) =>
          `${path.join('.') || 'row'}: ${code === 'unrecognized_keys' ? 'unknown member' : message}`.slice(
            0,
            150,
          ),
        );
      throw new DomainError('invalid-request', faults.join('; '));
    }
    const asked = cleanValue(result.data, 'row') as AuthorizationRequest;
    return { row, end, asked, key: bulk.rowKey === 'row' ? null : rowKey(asked) };
  } catch (error) {
    if (error instanceof DomainError) return { row, end, key: null, asked: error };
    throw error;
  }
}

/** One business reference may need letters of several templates. */
const rowKey = ({ template, businessReference }: AuthorizationRequest): string =>
  sha256Hex(canonicalBytes(['bulk-row', template, businessReference]));

async function workOff(
  deps: ImportDeps,
  bulk: BulkRow,
  institution: Institution,
  { row, key, asked }: ReadRow,
  giveUp: boolean,
): Promise<WorkedRow> {
  const reference = asked instanceof DomainError ? null : asked.businessReference;
  const outcome = { row, reference, key, repeated: false };
  try {
    if (asked instanceof DomainError) throw asked;
    const earlier = key === null ? null : await deps.bulks.earlierRow(bulk.institutionId, key);
    if (earlier) {
      const { authorizationId, requestDigest } = earlier;
      const access = { authorizationId, purpose: 'request' as const, actor: actorOf(bulk) };
      const { dataKey } = await deps.vault.unwrap(access);
      if (digestOf(dataKey, asked) !== requestDigest)
        throw new DomainError(
          'idempotency-key-reused',
          'an earlier import asked otherwise under this reference',
        );
      const same = { authorizationId, requestDigest, problem: null, detail: null };
      return { ...outcome, ...same, repeated: true };
    }
    const prepared = await prepareAuthorization(deps, { institution, request: asked });
    const { dataKey, view: _view, terms: _terms, ...authorization } = prepared;
    return {
      ...outcome,
      authorization,
      authorizationId: authorization.row.id,
      // personal data could be guessed from a plain digest; this one dies with the authorization's data key
      requestDigest: key && digestOf(dataKey, asked),
      ...{ problem: null, detail: null },
    };
  } catch (error) {
    const fault = isDomainError(error, ...ROW_FAULTS)
      ? { problem: error.code, detail: error.detail }
      : giveUp && !isDomainError(error, ...PASSING)
        ? { problem: 'internal' as const, detail: 'something went wrong on our side' }
        : null;
    if (!fault) throw error;
    return { ...outcome, ...fault, authorizationId: null, requestDigest: null };
  }
}

/** Waited for, however long it takes. */
const PASSING: readonly ErrorCode[] = [
  ...(['database-unavailable', 'authority-unavailable', 'key-unavailable'] as const),
  ...(['objects-unavailable', 'version-conflict', 'object-exists'] as const),
];

const digestOf = (dataKey: Uint8Array, asked: AuthorizationRequest): string =>
  toHex(hmacSha256(dataKey, canonicalBytes(['bulk-row', asked])));
