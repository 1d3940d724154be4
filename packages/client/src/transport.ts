import { MandateConnectionError, MandateError } from './mandate-error.js';
import type { System } from './system.js';

export interface TransportOptions extends System {
  /** Origin of the service, e.g. `https://sign.example.com`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Tries in all; the first counts. */
  readonly tries: number;
  /** For one try. */
  readonly timeoutMilliseconds: number;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'PUT';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** Sent as they are, instead of `body`. Repeated like a GET: the path says where they belong. */
  readonly bytes?: { readonly type: string; readonly content: Uint8Array };
  /** Sent on every try, so that a repeated request has one effect. */
  readonly idempotencyKey?: string;
}

/** Answers that may be different a moment later. */
const PASSING_STATUS = [429, 502, 503, 504];
const PASSING_CODE = ['idempotency-in-progress', 'version-conflict'];
const LONGEST_PAUSE = 30_000;

/**
 * One request with retries. A POST is repeated only under its Idempotency-Key. Throws `MandateError`
 * for a problem, `MandateConnectionError` when no answer came.
 */
export async function send(options: TransportOptions, call: Call): Promise<Response> {
  const repeatable =
    call.method === 'GET' || call.idempotencyKey !== undefined || call.bytes !== undefined;
  for (let tried = 1; ; tried++) {
    const last = !repeatable || tried >= options.tries;
    let failure: MandateError | MandateConnectionError;
    let pause = 250 * 2 ** (tried - 1);
    try {
      const response = await options.fetch(address(options.baseUrl, call), {
        method: call.method,
        headers: headersOf(options, call),
        redirect: 'error',
        signal: AbortSignal.timeout(options.timeoutMilliseconds),
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        ...(call.bytes ? { body: call.bytes.content as BodyInit } : {}),
      });
      if (response.ok) return response;
      failure = await problemOf(response);
      const passing =
        failure instanceof MandateConnectionError ||
        PASSING_STATUS.includes(response.status) ||
        PASSING_CODE.includes(failure.code);
      if (!passing || last) throw failure;
      const asked = Number(response.headers.get('retry-after'));
      if (asked > 0) pause = asked * 1000;
    } catch (cause) {
      if (cause instanceof MandateError || cause instanceof MandateConnectionError) throw cause;
      failure = new MandateConnectionError(`no answer from ${options.baseUrl}`, { cause });
      if (last) throw failure;
    }
    if (pause > LONGEST_PAUSE) throw failure;
    await options.sleep(pause);
  }
}

function address(baseUrl: string, { path, query = {} }: Call): string {
  const url = new URL(path, baseUrl);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, String(value));
  return url.href;
}

function headersOf(options: TransportOptions, call: Call): Record<string, string> {
  return {
    Authorization: `Bearer ${options.apiKey}`,
    Accept: 'application/json',
    ...(call.body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(call.bytes ? { 'Content-Type': call.bytes.type } : {}),
    ...(call.idempotencyKey === undefined ? {} : { 'Idempotency-Key': call.idempotencyKey }),
  };
}

const STANDARD = new Set(['type', 'title', 'status', 'code', 'detail', 'instance']);

async function problemOf(response: Response): Promise<MandateError | MandateConnectionError> {
  const strange = () =>
    new MandateConnectionError(`status ${response.status} without a problem from the service`);
  if (!response.headers.get('content-type')?.startsWith('application/problem+json'))
    return strange();
  let problem: Record<string, unknown>;
  try {
    problem = (await response.json()) as Record<string, unknown>;
  } catch {
    return strange();
  }
  if (typeof problem['code'] !== 'string') return strange();
  const text = (name: string): string | undefined =>
    typeof problem[name] === 'string' ? problem[name] : undefined;
  return new MandateError(
    problem['code'],
    response.status,
    text('title') ?? problem['code'],
    text('detail'),
    Object.fromEntries(Object.entries(problem).filter(([name]) => !STANDARD.has(name))),
    text('instance'),
  );
}
