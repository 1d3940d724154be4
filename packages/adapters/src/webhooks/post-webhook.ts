import { lookup as resolveName } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isDomainError } from '@mandate/core';
import { isLoopbackAddress, isPublicAddress } from './public-address.js';
import { checkWebhookUrl } from './webhook-url.js';

/** Why no status came back; stable, shown to the institution. */
export type WebhookFault =
  'url-refused' | 'address-refused' | 'name-unknown' | 'timeout' | 'tls' | 'connection';

export type WebhookOutcome = { readonly status: number } | { readonly fault: WebhookFault };

export interface WebhookPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface WebhookLimits {
  /** For the whole exchange, milliseconds. */
  readonly timeout: number;
  /** Also this machine, over plain http: for trials. */
  readonly loopback: boolean;
  /** Name resolution; the system's unless said. */
  readonly resolve?: typeof resolveName;
  /** Further root certificates, PEM. */
  readonly roots?: string;
}

/** What a receiver is given: an answer within fifteen seconds (Standard Webhooks). */
export const WEBHOOK_LIMITS = { timeout: 15_000 } as const;

class AddressRefused extends Error {}

/**
 * One POST to an address somebody else chose. The name is resolved here, once; every address it has
 * must be public, and the connection goes to one of exactly these (no rebinding). No redirect is
 * followed, no proxy asked, the answer's body is not read.
 */
export async function postWebhook(
  post: WebhookPost,
  limits: WebhookLimits,
): Promise<WebhookOutcome> {
  let url: URL;
  try {
    url = checkWebhookUrl(post.url, limits);
  } catch (error) {
    if (isDomainError(error)) return { fault: 'url-refused' };
    throw error;
  }
  const allowed = (address: string): boolean =>
    isPublicAddress(address) || (limits.loopback && isLoopbackAddress(address));
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((done) => {
    const request = send(
      url,
      {
        method: 'POST',
        headers: { ...post.headers, 'content-length': String(Buffer.byteLength(post.body)) },
        // A pooled connection was opened for an address judged at another time.
        agent: false,
        lookup: judgedLookup(limits.resolve ?? resolveName, allowed),
        ...(limits.roots === undefined ? {} : { ca: limits.roots }),
      },
      (response) => {
        clearTimeout(timer);
        done({ status: response.statusCode ?? 0 });
        response.destroy();
      },
    );
    const timer = setTimeout(() => {
      done({ fault: 'timeout' });
      request.destroy();
    }, limits.timeout);
    request.on('error', (error) => {
      clearTimeout(timer);
      done({ fault: faultOf(error) });
    });
    request.end(post.body);
  });
}

/** All addresses of the name, or none: one that is refused refuses the name. */
function judgedLookup(
  resolve: typeof resolveName,
  allowed: (address: string) => boolean,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const list = addresses as unknown as { address: string; family: number }[];
      if (list.length === 0 || !list.every(({ address }) => allowed(address)))
        return callback(new AddressRefused(), '', 0);
      if (options.all) return callback(null, list);
      return callback(null, list[0]!.address, isIP(list[0]!.address));
    });
  };
}

function faultOf(error: Error): WebhookFault {
  if (error instanceof AddressRefused) return 'address-refused';
  const code = String((error as { code?: unknown }).code ?? '');
  if (['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'ENODATA'].includes(code)) return 'name-unknown';
  if (/CERT|SSL|TLS|EPROTO|SELF_SIGNED|UNABLE_TO_|ALTNAME/.test(code)) return 'tls';
  return 'connection';
}
