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
export async function httpPost(
  url: string,
  request: { headers: Record<string, string>; body: Uint8Array },
  limits: { timeoutMs: number; maxBytes: number },
): Promise<HttpAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    headers: request.headers,
    body: request.body as Uint8Array<ArrayBuffer>,
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
