import { send, type Call, type TransportOptions } from './transport.js';

/** Repeating a call with the same key has one effect and the same answer. */
export interface Once {
  readonly idempotencyKey?: string;
}

/** Calls of the API in terms of their answers; every POST under an Idempotency-Key, so that it may be repeated. */
export class ApiCalls {
  constructor(private readonly transport: TransportOptions) {}

  get<T>(path: string, query?: NonNullable<Call['query']>): Promise<T> {
    return this.#json({ method: 'GET', path, ...(query ? { query } : {}) });
  }

  async items<T>(path: string): Promise<readonly T[]> {
    return (await this.get<{ readonly items: readonly T[] }>(path)).items;
  }

  async bytes(path: string, query?: NonNullable<Call['query']>): Promise<Uint8Array> {
    const call = { method: 'GET' as const, path, ...(query ? { query } : {}) };
    return new Uint8Array(await (await send(this.transport, call)).arrayBuffer());
  }

  post<T>(path: string, body: unknown, once: Once = {}): Promise<T> {
    return this.#json(this.#repeatable(path, body, once));
  }

  /** Where a repetition would have a second effect: no answer means that nothing is known. */
  postOnce<T>(path: string, body: unknown): Promise<T> {
    return this.#json({ method: 'POST', path, body });
  }

  /** For answers without content. */
  async tell(path: string, body: unknown): Promise<void> {
    await send(this.transport, this.#repeatable(path, body, {}));
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.#json({ method: 'PUT', path, body });
  }

  delete<T>(path: string): Promise<T> {
    return this.#json({ method: 'DELETE', path });
  }

  /** Bytes in place of JSON. */
  postBytes<T>(
    path: string,
    bytes: NonNullable<Call['bytes']>,
    query: NonNullable<Call['query']>,
    once: Once = {},
  ): Promise<T> {
    const idempotencyKey = once.idempotencyKey ?? this.transport.newKey();
    return this.#json({ method: 'POST', path, bytes, query, idempotencyKey });
  }

  #repeatable(path: string, body: unknown, once: Once): Call {
    const idempotencyKey = once.idempotencyKey ?? this.transport.newKey();
    return { method: 'POST', path, body, idempotencyKey };
  }

  async #json<T>(call: Call): Promise<T> {
    const response = await send(this.transport, call);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }
}

/** `/v1/…` of these segments; an id cannot leave its place in it. Throws a `TypeError` for what is no segment. */
export const pathOf = (...segments: readonly (string | number)[]): string =>
  ['/v1', ...segments.map(segmentOf)].join('/');

function segmentOf(segment: string | number): string {
  // A URL takes them out, and what follows would stand in their place.
  if (['', '.', '..'].includes(String(segment))) throw new TypeError('an id is missing');
  return encodeURIComponent(segment);
}
