import { Problem } from '@mandate/pages/browser/problem';
import { problemOf } from '@mandate/pages/browser/problem-response';

/** Openings wait for the ledger. */
const PATIENCE_MILLISECONDS = 55_000;

/** A file as it was opened. */
export interface OpenedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  /** Id of the entry in the access register. */
  readonly access: string;
}

/** The desk's own server, same origin, by cookie. Paths begin after `/desk/api`. Everything throws `Problem`. */
export class DeskClient {
  readonly #ended: () => void;
  /** How far the server's clock is ahead of this machine's, milliseconds. */
  #ahead = 0;
  /** Requests that are under way. */
  readonly #running = new Set<AbortController>();
  /** `ended`: told when the session is over, before the problem is thrown. */
  constructor(ended: () => void) {
    this.#ended = ended;
  }

  /** Now, by the server's clock: machines of offices are off by minutes. */
  now = (): number => Date.now() + this.#ahead;

  /** Nothing goes on for somebody who is not here any more. */
  abandon(): void {
    for (const abort of this.#running) abort.abort();
  }

  get = <T>(path: string): Promise<T> => this.#json<T>('GET', path);
  /** What the page asks by itself, without anybody there: the session idles on. */
  look = <T>(path: string): Promise<T> =>
    this.#json<T>('GET', path, undefined, { 'Mandate-Quiet': 'yes' });
  /** `key`: `Idempotency-Key`, where the route takes one. */
  post = <T>(path: string, body: unknown = undefined, key?: string): Promise<T> =>
    this.#json<T>('POST', path, body, key === undefined ? {} : { 'Idempotency-Key': key });
  /** `patience` in milliseconds. */
  put = <T>(path: string, body: unknown, patience?: number): Promise<T> =>
    this.#json<T>('PUT', path, body, undefined, patience);
  delete = <T>(path: string): Promise<T> => this.#json<T>('DELETE', path);

  /** The bytes of something that is opened; `patience` in milliseconds. */
  file = (path: string, body: unknown = undefined, patience?: number): Promise<OpenedFile> =>
    this.#call(
      'POST',
      path,
      body,
      async (response) => ({
        bytes: new Uint8Array(await response.arrayBuffer()),
        type: response.headers.get('content-type') ?? '',
        access: response.headers.get('mandate-access') ?? '',
      }),
      patience,
    );

  /** The bytes of something that nobody opens anything for. */
  bytes = (path: string): Promise<Uint8Array<ArrayBuffer>> =>
    this.#call(
      'GET',
      path,
      undefined,
      async (response) => new Uint8Array(await response.arrayBuffer()),
    );

  #json = <T>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
    patience = PATIENCE_MILLISECONDS,
  ): Promise<T> =>
    this.#call(
      method,
      path,
      body,
      async (response) =>
        response.status === 204 ? (undefined as T) : ((await response.json()) as T),
      patience,
      headers,
    );

  async #call<T>(
    method: string,
    path: string,
    body: unknown,
    read: (response: Response) => Promise<T>,
    patience = PATIENCE_MILLISECONDS,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<T> {
    const abort = new AbortController();
    this.#running.add(abort);
    const timer = setTimeout(() => abort.abort(), patience);
    const raw = body instanceof Blob;
    try {
      const response = await fetch(`/desk/api${path}`, {
        method,
        ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
        credentials: 'same-origin',
        cache: 'no-store',
        redirect: 'error',
        signal: abort.signal,
        headers: {
          'X-Requested-With': 'mandate',
          ...headers,
          ...(body === undefined ? {} : { 'Content-Type': raw ? body.type : 'application/json' }),
        },
      });
      const date = Date.parse(response.headers.get('date') ?? '');
      if (!Number.isNaN(date)) this.#ahead = date - Date.now();
      // read here, so that the time limit covers it too
      if (response.ok) return await read(response);
      const problem = await problemOf(response);
      if (problem.code === 'session-ended') this.#ended();
      throw problem;
    } catch (thrown) {
      if (thrown instanceof Problem) throw thrown;
      throw new Problem(abort.signal.aborted ? 'timeout' : 'offline');
    } finally {
      clearTimeout(timer);
      this.#running.delete(abort);
    }
  }
}
