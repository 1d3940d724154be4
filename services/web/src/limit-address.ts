import { startOfMinute } from '@mandate/ceremony';
import { DomainError, isDomainError } from '@mandate/core';
import type { Request } from 'express';
import { callerAddress } from './caller-address.js';
import type { WebParts } from './web-parts.js';

/**
 * Bounds what one address asks for in a minute. The counter stands in the database like all others, so that it
 * is one for all processes and no restart forgets it; the address stands in it as a keyed digest. It protects
 * capacity, not secrets: when the record does not answer, the request goes on. Throws `rate-limited`.
 */
export async function limitAddress(
  parts: WebParts,
  request: Request,
  scope: 'open-address' | 'tsa-address' | 'ocsp-address',
  max: number,
): Promise<void> {
  const { record, clock } = parts;
  let counted: boolean;
  try {
    const key = await record.counterKey(callerAddress(request));
    counted = await record.count({ scope, key, windowStart: startOfMinute(clock.now()), max });
  } catch (error) {
    if (isDomainError(error, 'database-unavailable')) return;
    throw error;
  }
  if (!counted)
    throw new DomainError('rate-limited', 'too many requests from this address', {
      extensions: { retryAfterSeconds: 60 },
    });
}
