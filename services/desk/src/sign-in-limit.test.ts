import { expect, test } from '@jest/globals';
import { signInLimit } from './sign-in-limit.js';

test('sixty in a minute from one address; the next minute and other addresses are free', () => {
  let now = 1_000_000;
  const limit = signInLimit({ now: () => new Date(now) });
  const tries = (address: string, times: number): number => {
    let done = 0;
    try {
      for (; done < times; done++) limit(address);
    } catch (error) {
      expect(error).toMatchObject({ code: 'rate-limited', extensions: { retryAfterSeconds: 60 } });
    }
    return done;
  };
  expect(tries('192.0.2.1', 100)).toBe(60);
  expect(tries('192.0.2.1', 1)).toBe(0);
  expect(tries('192.0.2.2', 10)).toBe(10);
  // Whoever has one IPv6 address has a network of them.
  expect(tries('2001:db8:0:1::1', 40) + tries('2001:db8:0:1::2', 40)).toBe(60);
  expect(tries('2001:db8:0:2::1', 10)).toBe(10);
  expect(tries('2001:db8::1', 40) + tries('2001:db8::2', 40)).toBe(60);
  expect(tries('::ffff:192.0.2.9', 40) + tries('::ffff:192.0.2.10', 40)).toBe(80);
  now += 60_000;
  expect(tries('192.0.2.1', 10)).toBe(10);
});
