import { Problem } from './problem.js';

/** Reads an RFC 9457 answer; a proxy's HTML error page becomes `internal` or `authority-unavailable`. */
export async function problemOf(response: Response): Promise<Problem> {
  try {
    const { code, ...facts } = await response.json();
    if (typeof code === 'string') return new Problem(code as Problem['code'], facts);
  } catch {
    // not JSON: told by the status below
  }
  if (response.status === 404) return new Problem('not-found');
  if (response.status === 413) return new Problem('payload-too-large');
  if (response.status === 429) return new Problem('rate-limited');
  return new Problem(response.status >= 502 ? 'authority-unavailable' : 'internal');
}
