import { DomainError, type Clock } from '@mandate/core';

/** Sign-ins from one address in a minute: an office behind one address comes to work at nine. */
const TRIES_A_MINUTE = 60;
const MINUTE = 60_000;
/** Addresses remembered at most; beyond it the minute begins anew. */
const ADDRESSES = 20_000;

/**
 * Counts what strangers try, by address (IPv6: by /64), in this process. There is no limit for all together: whoever
 * has many addresses would shut everybody out. The function it gives throws `rate-limited`.
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
    const source = networkOf(address);
    const count = (tries.get(source) ?? 0) + 1;
    tries.set(source, count);
    if (count > TRIES_A_MINUTE)
      throw new DomainError('rate-limited', 'too many sign-ins from here; try again in a minute', {
        extensions: { retryAfterSeconds: 60 },
      });
  };
}

/** Of an IPv6 address its /64; an IPv4 address, also one written as IPv6, is itself. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [head = '', tail] = address.split('::');
  const [before, after] = [head.split(':'), tail === undefined ? [] : tail.split(':')];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<string>(Math.max(0, zeros)).fill('0'), ...after]
    .slice(0, 4)
    .map((group) => group || '0')
    .join(':');
}
