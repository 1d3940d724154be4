import { pathOf as segments } from './api-calls.js';
import { MandateConnectionError, MandateError } from './mandate-error.js';
import { send, type Call, type TransportOptions } from './transport.js';
import type * as api from './types.js';

/** Bytes in one request: small enough to be over before a time-out. */
const PART = 4 << 20;
/** Outcomes in one answer. */
const PAGE = 10_000;
/** Failures without any progress between them. */
const PATIENCE = 5;

/** Imports of many requests from one file. */
export class BulkClient {
  constructor(private readonly transport: TransportOptions) {}

  /**
   * The whole way of a file, NDJSON or CSV: begun, uploaded in parts, completed by its digest. When a part fails the
   * upload goes on where the service has got to. Resolves when the rows begin to be worked off: ask `progress`.
   */
  async upload(
    file: Uint8Array,
    request: api.BulkRequest,
    { idempotencyKey }: { readonly idempotencyKey?: string } = {},
  ): Promise<api.Bulk> {
    const digest = hex(await crypto.subtle.digest('SHA-256', file as BufferSource));
    const { id } = await this.begin(
      request,
      idempotencyKey === undefined ? {} : { idempotencyKey },
    );
    // an upload that is taken up again has got somewhere
    let bulk = await this.progress(id);
    for (let failed = 0; bulk.state === 'receiving' && bulk.received < file.length;) {
      try {
        const part = file.subarray(bulk.received, bulk.received + PART);
        bulk = await this.send(bulk.id, part, bulk.received);
        failed = 0;
      } catch (error) {
        const lost = error instanceof MandateConnectionError;
        const elsewhere =
          error instanceof MandateError && ['bulk-offset', 'version-conflict'].includes(error.code);
        if ((!lost && !elsewhere) || (failed += 1) > PATIENCE) throw error;
        bulk = await this.progress(bulk.id);
      }
    }
    return this.complete(bulk.id, digest);
  }

  begin(
    request: api.BulkRequest,
    once: { readonly idempotencyKey?: string } = {},
  ): Promise<api.Bulk> {
    const idempotencyKey = once.idempotencyKey ?? this.transport.newKey();
    return this.#json({ method: 'POST', path: '/v1/bulk', body: request, idempotencyKey });
  }

  /** A part of the file; `offset` is how many bytes the service has. Throws `MandateError` `bulk-offset`. */
  send(id: string, part: Uint8Array, offset: number): Promise<api.Bulk> {
    const bytes = { type: 'application/octet-stream', content: part };
    return this.#json({ method: 'PUT', path: pathOf(id, 'rows'), query: { offset }, bytes });
  }

  /** The file is complete; `digest` is its SHA-256, hex. Repeating it is fine. */
  complete(id: string, digest: string): Promise<api.Bulk> {
    return this.#json(this.#repeatable(pathOf(id, 'completion'), { digest }));
  }

  /** Newest first. */
  list(page: { cursor?: string; limit?: number } = {}): Promise<api.Page<api.Bulk>> {
    return this.#json({ method: 'GET', path: '/v1/bulk', query: page });
  }

  progress(id: string): Promise<api.Bulk> {
    return this.#json({ method: 'GET', path: pathOf(id) });
  }

  /** Stops it; what was created stays. Repeating it is fine. */
  cancel(id: string): Promise<api.Bulk> {
    return this.#json(this.#repeatable(pathOf(id, 'cancellation'), {}));
  }

  /** What became of the rows worked off so far, in their order. */
  async *outcomes(id: string, after = 0): AsyncGenerator<api.RowOutcome> {
    for (let last = after; ;) {
      const query = { after: last, limit: PAGE };
      const call: Call = { method: 'GET', path: pathOf(id, 'outcomes'), query };
      const text = await (await send(this.transport, call)).text();
      const lines = text.split('\n').filter((line) => line !== '');
      for (const line of lines) {
        const outcome = JSON.parse(line) as api.RowOutcome;
        last = outcome.row;
        yield outcome;
      }
      if (lines.length < PAGE) return;
    }
  }

  #repeatable(path: string, body: unknown): Call {
    return { method: 'POST', path, body, idempotencyKey: this.transport.newKey() };
  }

  async #json<T>(call: Call): Promise<T> {
    return (await (await send(this.transport, call)).json()) as T;
  }
}

const pathOf = (id: string, rest?: string): string => segments('bulk', id, ...(rest ? [rest] : []));

const hex = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
