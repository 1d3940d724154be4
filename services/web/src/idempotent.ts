import { canonicalize, DomainError } from '@mandate/core';
import { cleanValue } from '@mandate/terms';
import type { WebParts } from './web-parts.js';

/** A handler's call: whose key it is, and which. */
export interface IdempotentCall {
  readonly institution: { readonly id: string };
  readonly headers: { readonly 'idempotency-key'?: string | undefined };
}

/**
 * Runs a POST once per `Idempotency-Key`. The same key and `request` answer the same; `work` gets the
 * key so that it can store the answer together with its effect. A refused request forgets its key.
 * Throws `idempotency-key-missing`, `idempotency-key-reused`, `idempotency-in-progress`,
 * `text-forbidden-character`.
 */
export async function idempotent<S extends number, B>(
  parts: WebParts,
  { institution: { id: institutionId }, headers: { 'idempotency-key': key } }: IdempotentCall,
  request: unknown,
  work: (key: string) => Promise<{ status: S; body: B }>,
): Promise<{ status: S; body: B }> {
  if (!key) throw new DomainError('idempotency-key-missing', 'send an Idempotency-Key');
  const old = await parts.answers.begin({
    institutionId,
    key,
    // the same text in another Unicode form is the same request
    request: cleanValue(request, 'request'),
    at: parts.clock.now(),
  });
  if (old) return { status: old.status as S, body: JSON.parse(old.body) as B };
  let reply: { status: S; body: B };
  try {
    reply = await work(key);
  } catch (error) {
    await parts.answers.forget({ institutionId, key });
    throw error;
  }
  await parts.answers.finish({ institutionId, key, status: reply.status, body: reply.body });
  // as it will be repeated, byte for byte
  return { status: reply.status, body: JSON.parse(canonicalize(reply.body)) as B };
}
