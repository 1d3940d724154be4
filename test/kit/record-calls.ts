/**
 * Loaded before the API's test files when `RECORD_CALLS` names a folder (scripts/api-examples.mjs): keeps the JSON of
 * good calls, so that the description can show what was really asked and answered.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env['RECORD_CALLS'];
/** Of one address no more than that. */
const MOST = 5;

if (folder) {
  const fetchReally = globalThis.fetch;
  const file = join(folder, `${process.pid}-${crypto.randomUUID()}.jsonl`);
  const seen = new Map<string, number>();
  globalThis.fetch = async (input, init) => {
    const response = await fetchReally(input, init);
    const { pathname } = new URL(String(input instanceof Request ? input.url : input));
    const name = `${init?.method ?? 'GET'} ${pathname.replace(/[a-z]{3}_[0-9a-f-]{36}/g, '*')}`;
    const json = response.headers.get('content-type')?.startsWith('application/json');
    const count = seen.get(name) ?? 0;
    if (response.ok && (json || response.status === 204) && count < MOST) {
      seen.set(name, count + 1);
      const text = await response.clone().text();
      const request = typeof init?.body === 'string' ? init.body : '';
      if (text.length < 2_000_000)
        appendFileSync(
          file,
          `${JSON.stringify({ method: init?.method ?? 'GET', pathname, request, status: response.status, text })}\n`,
        );
    }
    return response;
  };
}
