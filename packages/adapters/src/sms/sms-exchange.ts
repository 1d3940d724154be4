import type { SmsFault, SmsOutcome } from '@mandate/core';
import { httpPost, type HttpAnswer } from '../http-post.js';

type Failure = Exclude<SmsOutcome, { outcome: 'accepted' }>;

export const failed = (
  outcome: Failure['outcome'],
  fault: SmsFault,
  code?: string,
): SmsOutcome => ({ outcome, fault, ...(code ? { code } : {}) });

/** Nothing of the request left this machine, or nobody was there to take it. */
const NOT_REACHED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** One request to a gateway. What went wrong is told by kind alone: causes may hold the address and its secrets. */
export async function smsExchange(
  url: string,
  request: { headers: Record<string, string>; body: Uint8Array },
  timeoutMs: number,
): Promise<HttpAnswer | SmsOutcome> {
  try {
    return await httpPost(url, request, { timeoutMs, maxBytes: 65_536 });
  } catch (error) {
    const cause = (error as { cause?: { code?: unknown } }).cause?.code;
    return NOT_REACHED.has(String(cause))
      ? failed('try-again', 'not-reached')
      : failed('unknown', 'no-answer');
  }
}

/** The answer's JSON object; null when it is none. */
export function jsonObject(body: Uint8Array): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** An id as gateways give them: short and printable. */
export const messageId = (value: unknown): string | null =>
  typeof value === 'string' && /^[\x21-\x7e]{1,128}$/.test(value) ? value : null;
