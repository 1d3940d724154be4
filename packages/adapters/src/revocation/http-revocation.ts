import { DomainError } from '@mandate/core';
import { httpGet, httpPost, type HttpAnswer } from '../http-post.js';

/** Lists of big authorities have a few hundred kB. */
const LIMITS = { timeoutMs: 5_000, maxBytes: 4 * 1024 * 1024 };

/**
 * Status of other authorities' certificates: OCSP (RFC 6960 appendix A) and revocation lists (RFC 5280
 * §4.2.1.13) over HTTP. What comes back is unchecked. Throws `revocation-unavailable`.
 */
export const httpRevocation = {
  ocsp: (url: string, request: Uint8Array): Promise<Uint8Array> =>
    fetched(url, () =>
      httpPost(
        url,
        { headers: { 'content-type': 'application/ocsp-request' }, body: request },
        LIMITS,
      ),
    ),
  crl: (url: string): Promise<Uint8Array> => fetched(url, () => httpGet(url, LIMITS)),
};

async function fetched(url: string, ask: () => Promise<HttpAnswer>): Promise<Uint8Array> {
  const host = URL.canParse(url) ? new URL(url).host : 'an address that is none';
  try {
    if (!/^https?:$/.test(new URL(url).protocol)) throw new Error('not http');
    const answer = await ask();
    if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
    return answer.body;
  } catch (cause) {
    throw new DomainError('revocation-unavailable', `no certificate status from ${host}`, {
      cause,
    });
  }
}
