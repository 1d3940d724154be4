import { LIMITS, startOfMinute, type WebRecord } from '@mandate/ceremony';
import { DomainError, type Clock } from '@mandate/core';
import type { Response } from 'express';
import { tellQuota } from './tell-quota.js';

/** What a process takes from the common counter at once: one write for that many requests. */
const LEASE = 50;

interface Lease {
  readonly windowStart: number;
  /** Granted to this process and not used yet. */
  left: number;
  /** Free in the common counter when it was asked last. */
  free: number;
}

/**
 * Bounds what all keys of an institution ask for in a minute together. The counter stands in the database and holds
 * for all processes; each takes shares of it, so that a request mostly costs no write. Never more than the quota is
 * let through; of what a process took and did not use, up to a share is lost to the others until the minute ends,
 * and `RateLimit` says what this process knows. Throws `rate-limited`.
 */
export function institutionQuota({ record, clock }: { record: WebRecord; clock: Clock }) {
  const leases = new Map<string, Lease>();
  const renewals = new Map<string, Promise<Lease>>();

  /** One renewal at a time for each institution: parallel requests share it. */
  const renew = (id: string, windowStart: Date, max: number): Promise<Lease> => {
    const running = renewals.get(id);
    if (running) return running;
    const asked = (async () => {
      const { granted, free } = await record.lease({
        ...{ scope: 'institution', key: id, windowStart, max },
        share: LEASE,
      });
      const lease = { windowStart: windowStart.getTime(), left: granted, free };
      leases.set(id, lease);
      return lease;
    })().finally(() => renewals.delete(id));
    renewals.set(id, asked);
    return asked;
  };

  return async (
    who: { institution: { id: string }; requestsPerMinute: number | null },
    response: Response,
  ): Promise<void> => {
    const { id } = who.institution;
    const max = who.requestsPerMinute ?? LIMITS.requestsPerInstitution;
    const now = clock.now();
    const window = startOfMinute(now);
    const seconds = 60 - Math.floor((now.getTime() - window.getTime()) / 1000);
    let lease = leases.get(id);
    for (;;) {
      const current = lease?.windowStart === window.getTime() ? lease : undefined;
      if (current && current.left > 0) {
        current.left -= 1;
        tellQuota(response, {
          ...{ name: 'institution', quota: max, window: 60 },
          ...{ remaining: current.left + current.free, seconds },
        });
        return;
      }
      if (current && current.free === 0) break;
      lease = await renew(id, window, max);
      // what was just granted may be used up by the others that waited for it
    }
    tellQuota(response, { name: 'institution', quota: max, window: 60, remaining: 0, seconds });
    throw new DomainError('rate-limited', 'too many requests of this institution', {
      extensions: { retryAfterSeconds: seconds },
    });
  };
}
