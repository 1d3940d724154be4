import {
  canonicalBytes,
  concat,
  DomainError,
  fromBase64Url,
  hmacSha256,
  isDomainError,
  toHex,
  utf8,
  type Clock,
  type IdentityAddress,
  type IdentityProvider,
} from '@mandate/core';
import { httpPost } from '../http-post.js';
import { readIdentityAnswer } from './identity-answer.js';
import { ProviderDown } from './provider-down.js';

/** A signed result has some 500 bytes. */
const MAX_BYTES = 16_384;
/** The subject waits, and there may be another provider to ask. */
const TIMEOUT_MS = 8_000;

/**
 * The protocol of docs/identity.md: a POST of JSON, signed by a shared secret, answered by canonical JSON that
 * the provider's own key signs. Whatever goes wrong is `identity-unavailable`, caused by `ProviderDown` where the
 * provider itself is out of order; no value of the question is in it.
 */
export const httpIdentityProvider = (
  { name, operator, checks, url }: IdentityAddress,
  deps: {
    /** Shared with the provider: 32 bytes. */
    readonly secret: Uint8Array;
    /** The provider's, SubjectPublicKeyInfo, DER. */
    readonly publicKey: Uint8Array;
    readonly clock: Clock;
    readonly timeoutMs?: number;
  },
): IdentityProvider => ({
  name,
  operator,
  checks,
  simulated: false,
  async ask(question) {
    const body = canonicalBytes({ format: 'mandate-identity-question/v1', ...question });
    const timestamp = String(Math.floor(deps.clock.now().getTime() / 1000));
    const signed = hmacSha256(deps.secret, concat(utf8(`${timestamp}.`), body));
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      'mandate-timestamp': timestamp,
      'mandate-signature': `v1=${toHex(signed)}`,
      // a question repeated by the network is the same question
      'idempotency-key': question.nonce,
    };
    try {
      const answer = await httpPost(
        url,
        { headers, body },
        { timeoutMs: deps.timeoutMs ?? TIMEOUT_MS, maxBytes: MAX_BYTES },
      ).catch((cause: unknown) => {
        throw new ProviderDown('no answer', { cause });
      });
      if (answer.status >= 500) throw new ProviderDown(`answered ${answer.status}`);
      if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
      if (answer.mediaType !== 'application/json')
        throw new Error(`answered with ${answer.mediaType || 'no media type'}`);
      const { body: said, signature } = envelope(answer.body);
      const expected = { provider: name, question, publicKey: deps.publicKey };
      return readIdentityAnswer(said, signature, expected, deps.clock);
    } catch (cause) {
      if (isDomainError(cause, 'identity-unavailable')) throw cause;
      throw new DomainError('identity-unavailable', `the provider ${name} did not answer`, {
        cause,
      });
    }
  },
});

/** `{"body": base64url, "signature": base64url}`: what is signed are the bytes in `body`. Throws anything. */
function envelope(bytes: Uint8Array): { body: Uint8Array; signature: Uint8Array } {
  const { body, signature } = JSON.parse(new TextDecoder().decode(bytes)) as {
    body: string;
    signature: string;
  };
  return { body: fromBase64Url(body), signature: fromBase64Url(signature) };
}
