import { hmacSha256, smsCode, toHex, utf8, type Sms } from '@mandate/core';
import type { GatewayDeps, GatewayUrl } from './gateway-url.js';
import { failed, jsonObject, messageId, smsExchange } from './sms-exchange.js';

/** What signs the request: the time in seconds, a point, the body's bytes. */
export const httpSmsSignature = (secret: string, at: number, body: Uint8Array): string =>
  toHex(hmacSha256(utf8(secret), new Uint8Array(Buffer.concat([utf8(`${at}.`), body]))));

/**
 * A gateway that takes JSON: `POST {phone, templateId, vars, text, channel, reference}` with `mandate-key`,
 * `mandate-timestamp` and `mandate-signature: v1=<hex>`, and answers 2xx with `{"id": "…"}` once the carrier has
 * it. The same reference, also as `Idempotency-Key`, is to be sent once.
 */
export function httpSms(
  gateway: string,
  { url, user, password }: GatewayUrl,
  { clock, timeoutMs }: GatewayDeps,
): Sms {
  return {
    gateway,
    async send({ phone, templateId, vars, text, channel, reference }) {
      const body = utf8(JSON.stringify({ phone, templateId, vars, text, channel, reference }));
      const at = Math.floor(clock.now().getTime() / 1000);
      const headers = {
        'content-type': 'application/json',
        accept: 'application/json',
        'idempotency-key': reference,
        'mandate-key': user,
        'mandate-timestamp': String(at),
        'mandate-signature': `v1=${httpSmsSignature(password, at, body)}`,
      };
      const answer = await smsExchange(url, { headers, body }, timeoutMs);
      if ('outcome' in answer) return answer;
      const { status } = answer;
      const said = jsonObject(answer.body);
      if (status >= 200 && status <= 299) {
        const id = messageId(said?.id);
        return id ? { outcome: 'accepted', messageIds: [id] } : failed('unknown', 'bad-answer');
      }
      const code = smsCode(said?.code ?? status);
      if ([429, 503].includes(status)) return failed('try-again', 'overload', code);
      if ([401, 403].includes(status)) return failed('refused', 'credentials', code);
      if (status >= 400 && status <= 499 && status !== 408) return failed('refused', 'other', code);
      return failed('unknown', 'other', code);
    },
    close: async () => {},
  };
}
