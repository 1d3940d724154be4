import { DomainError, fromUtf8, utf8, type Sms } from '@mandate/core';
import { httpPost } from '../http-post.js';

/**
 * A gateway that takes JSON: `POST {phone, templateId, vars, text, channel, reference}`, and answers 2xx
 * with `{"id": "…"}` once the carrier has it. The URL's user or password is the bearer token.
 * Anything else, and silence beyond `timeoutMs`, is `sms-unavailable`: the caller sends again with
 * the same reference, also as `Idempotency-Key`.
 */
export function httpSms(url: string, options: { timeoutMs?: number } = {}): Sms {
  const target = new URL(url);
  const token = decodeURIComponent(target.password || target.username);
  target.username = '';
  target.password = '';
  return {
    async send({ phone, templateId, vars, text, channel, reference }) {
      const headers = {
        'content-type': 'application/json',
        accept: 'application/json',
        'idempotency-key': reference,
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      };
      const body = utf8(JSON.stringify({ phone, templateId, vars, text, channel, reference }));
      const limits = { timeoutMs: options.timeoutMs ?? 10_000, maxBytes: 65_536 };
      try {
        const answer = await httpPost(target.href, { headers, body }, limits);
        if (answer.status < 200 || answer.status > 299)
          throw new Error(`gateway answered ${answer.status}`);
        return { gateway: target.host, receipt: receiptOf(answer.body) };
      } catch (cause) {
        throw new DomainError('sms-unavailable', 'the SMS gateway did not take the message', {
          cause,
        });
      }
    },
  };
}

function receiptOf(body: Uint8Array): string {
  const answer = JSON.parse(fromUtf8(body)) as { id?: unknown } | null;
  const id = answer?.id;
  if (typeof id !== 'string' || id === '' || id.length > 200)
    throw new Error('no id in the answer');
  return id;
}
