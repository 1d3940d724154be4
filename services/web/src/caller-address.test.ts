import { expect, test } from '@jest/globals';
import { callerAddress } from './caller-address.js';

const of = (ip: string | undefined): string => callerAddress({ ip });

test('all addresses of one IPv6 network are one caller, those of the next are another', () => {
  const mine = of('2001:db8:1:2::1');
  for (const ip of [
    '2001:db8:1:2::2',
    '2001:db8:1:2:ffff:ffff:ffff:ffff',
    '2001:0db8:0001:0002:0000:0000:0000:0001',
    '2001:DB8:1:2::1',
    '2001:db8:1:2::1%eth0',
    '2001:db8:1:2::192.0.2.1',
  ])
    expect(of(ip)).toBe(mine);
  for (const ip of ['2001:db8:1:3::1', '2001:db8::1', '2001:db8:1::', '::1', '1:2::2001:db8'])
    expect(of(ip)).not.toBe(mine);
});

test('an IPv4 address is itself, also where it is written as an IPv6 one', () => {
  for (const ip of ['192.0.2.7', '::ffff:192.0.2.7', '::FFFF:c000:207', '0:0:0:0:0:ffff:c000:0207'])
    expect(of(ip)).toBe('192.0.2.7');
  expect(of('192.0.2.8')).not.toBe(of('192.0.2.7'));
});

test('what is no address stays what it is', () => {
  expect(of(undefined)).toBe('');
  expect(of('unix:')).toBe('unix:');
});
