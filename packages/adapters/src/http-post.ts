/** What came back; the body is cut off (as an error) beyond the limit. */
export interface HttpAnswer {
  readonly status: number;
  /** Media type without parameters, lower case; empty when absent. */
  readonly mediaType: string;
  readonly body: Uint8Array;
}

/**
 * One POST, no redirects (they would carry the credentials elsewhere), the whole exchange within
 * `timeoutMs`, at most `maxBytes` of answer. Rejects with whatever went wrong.
 */
export const httpPost = (
  url: string,
  request: { headers: Record<string, string>; body: Uint8Array },
  limits: Limits,
): Promise<HttpAnswer> =>
  exchange(
    url,
    { method: 'POST', headers: request.headers, body: request.body as Uint8Array<ArrayBuffer> },
    limits,
  );

/** One GET, under the same rules. */
export const httpGet = (url: string, limits: Limits): Promise<HttpAnswer> =>
  exchange(url, { method: 'GET' }, limits);

interface Limits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

async function exchange(url: string, request: RequestInit, limits: Limits): Promise<HttpAnswer> {
  const response = await fetch(url, {
    ...request,
    redirect: 'error',
    signal: AbortSignal.timeout(limits.timeoutMs),
  });
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    // Leaving the loop cancels the stream, so nothing more is read.
    if (size > limits.maxBytes) throw new Error(`answer longer than ${limits.maxBytes} bytes`);
    parts.push(part);
  }
  const mediaType = (response.headers.get('content-type') ?? '').split(';')[0]!;
  return {
    status: response.status,
    mediaType: mediaType.trim().toLowerCase(),
    body: new Uint8Array(Buffer.concat(parts)),
  };
}
