import { LIMITS, startOfHour } from '@mandate/ceremony';
import { DomainError } from '@mandate/core';
import type { Request } from 'express';
import { callerAddress } from './caller-address.js';
import type { WebParts } from './web-parts.js';

/**
 * Bounds the codes that one address, and one browser behind it, has sent in an hour, whosever letters they are for.
 * A browser is told from its neighbours by what it says of itself: good enough to share an address by, and nothing
 * is stored in it. Throws `rate-limited`.
 */
export async function limitCodes({ record, clock }: WebParts, request: Request): Promise<void> {
  const at = clock.now();
  const windowStart = startOfHour(at);
  const address = callerAddress(request);
  const device = [address, request.get('user-agent'), request.get('accept-language')].join('\n');
  for (const [scope, who, max] of [
    ['codes-address', address, LIMITS.codesPerAddress],
    ['codes-device', device, LIMITS.codesPerDevice],
  ] as const) {
    const key = await record.counterKey(who);
    if (await record.count({ scope, key, windowStart, max })) continue;
    const seconds = Math.ceil(3600 - (at.getTime() - windowStart.getTime()) / 1000);
    throw new DomainError('rate-limited', 'too many codes are being sent; try again later', {
      extensions: { retryAfterSeconds: seconds },
    });
  }
}
