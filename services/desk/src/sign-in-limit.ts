import { DomainError, type Clock } from '@mandate/core';

/** Sign-ins from one address in a minute: an office behind one address comes to work at nine. */
const TRIES_A_MINUTE = 60;
const MINUTE = 60_000;
/** Addresses remembered at most; beyond it the minute begins anew. */
const ADDRESSES = 20_000;

/**
 * Counts what strangers try, by address (IPv6: by /64), in this process; role vault limits everybody together. The
 * function it gives throws `rate-limited`.
 */
export function signInLimit(clock: Clock): (address: string) => void {
  let tries = new Map<string, number>();
  let from = 0;
  return (address) => {
    const now = clock.now().getTime();
    if (Math.abs(now - from) >= MINUTE || tries.size >= ADDRESSES) {
      tries = new Map();
      from = now;
    }
    const source = address.includes(':') ? address.split(':').slice(0, 4).join(':') : address;
    const count = (tries.get(source) ?? 0) + 1;
    tries.set(source, count);
    if (count > TRIES_A_MINUTE)
      throw new DomainError('rate-limited', 'too many sign-ins from here; try again in a minute', {
        extensions: { retryAfterSeconds: 60 },
      });
  };
}
