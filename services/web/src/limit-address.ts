import { startOfMinute } from '@mandate/ceremony';
import { DomainError, isDomainError } from '@mandate/core';
import type { Request } from 'express';
import { callerAddress } from './caller-address.js';
import { tellQuota } from './tell-quota.js';
import type { WebParts } from './web-parts.js';

/**
 * Bounds what one address asks for in a minute. The counter stands in the database like all others, so that it
 * is one for all processes and no restart forgets it; the address stands in it as a keyed digest. It protects
 * capacity, not secrets: when the record does not answer, the request goes on. Throws `rate-limited`.
 */
export async function limitAddress(
  parts: WebParts,
  request: Request,
  scope: 'open-address' | 'tsa-address' | 'ocsp-address' | 'order-address' | 'verify-address',
  max: number,
): Promise<void> {
  const { record, clock } = parts;
  const now = clock.now();
  const windowStart = startOfMinute(now);
  const seconds = 60 - Math.floor((now.getTime() - windowStart.getTime()) / 1000);
  let counted: { granted: number; free: number };
  try {
    const key = await record.counterKey(callerAddress(request));
    counted = await record.lease({ scope, key, windowStart, max, share: 1 });
  } catch (error) {
    if (isDomainError(error, 'database-unavailable')) return;
    throw error;
  }
  const quota = { name: 'address', quota: max, window: 60, remaining: counted.free, seconds };
  if (request.res) tellQuota(request.res, quota);
  if (counted.granted === 0)
    throw new DomainError('rate-limited', 'too many requests from this address', {
      extensions: { retryAfterSeconds: seconds },
    });
}
