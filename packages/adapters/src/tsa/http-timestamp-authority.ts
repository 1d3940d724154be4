import { DomainError, type TimestampAuthority } from '@mandate/core';
import { httpPost } from '../http-post.js';

/** A token with a certificate chain has some 6 kB; nobody needs 256. */
const MAX_BYTES = 262_144;

/** The subject waits, and there may be another authority to ask. */
const TIMEOUT_MS = 5_000;

/**
 * RFC 3161 §3.4 over HTTP. `operator` says who runs it (the host unless told). The URL's user and
 * password become basic authentication. What comes back is unchecked beyond its media type; a
 * refusal inside a TimeStampResp is an answer, not an error. Throws `config-invalid` at once.
 */
export function httpTimestampAuthority(
  url: string,
  options: { name?: string; operator?: string; timeoutMs?: number } = {},
): TimestampAuthority {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new DomainError('config-invalid', 'a timestamp authority has an http or https URL');
  const target = new URL(url);
  const credentials = [target.username, target.password].map(decodeURIComponent).join(':');
  target.username = '';
  target.password = '';
  const headers = {
    'content-type': 'application/timestamp-query',
    accept: 'application/timestamp-reply',
    ...(credentials === ':'
      ? {}
      : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
  };
  const limits = { timeoutMs: options.timeoutMs ?? TIMEOUT_MS, maxBytes: MAX_BYTES };
  return {
    name: options.name ?? target.host,
    operator: options.operator ?? target.host,
    async stamp(request) {
      try {
        const answer = await httpPost(target.href, { headers, body: request }, limits);
        if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
        if (answer.mediaType !== 'application/timestamp-reply')
          throw new Error(`answered with ${answer.mediaType || 'no media type'}`);
        return answer.body;
      } catch (cause) {
        const detail = `the timestamp authority ${target.host} did not answer`;
        throw new DomainError('timestamp-unavailable', detail, { cause });
      }
    },
  };
}
