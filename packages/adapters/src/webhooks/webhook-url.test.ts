import { expect, test } from '@jest/globals';
import { isPublicAddress } from './public-address.js';
import { checkWebhookUrl } from './webhook-url.js';

const refused = [
  'http://example.com/hook',
  'ftp://example.com/',
  'file:///etc/passwd',
  'gopher://example.com/',
  'javascript:alert(1)',
  'data:text/plain,x',
  '//example.com/hook',
  'example.com/hook',
  '',
  'https://',
  'https://user:pass@bank.com.cn/',
  'https://user@bank.com.cn/',
  'https://bank.com.cn/#part',
  'https://bank.com.cn:22/',
  'https://bank.com.cn:25/',
  'https://bank.com.cn:80/',
  'https://bank.com.cn/a b',
  'https://bank.com.cn\\@10.0.0.1/',
  'https://localhost/',
  'https://LOCALHOST/',
  'https://localhost./',
  'https://app.localhost/',
  'https://intranet/',
  'https://server.local/',
  'https://server.internal/',
  'https://metadata.google.internal/',
  'https://router.lan/',
  'https://nas.home.arpa/',
  'https://x.test/',
  'https://x.invalid/',
  'https://x.onion/',
  'https://127.0.0.1/',
  'https://127.1/',
  'https://127.255.255.254/',
  'https://0.0.0.0/',
  'https://0/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0x7f.1/',
  'https://0177.0.0.1/',
  'https://017700000001/',
  'https://10.0.0.1/',
  'https://172.16.0.1/',
  'https://172.31.255.255/',
  'https://192.168.1.1/',
  'https://169.254.169.254/latest/meta-data/',
  'https://100.64.0.1/',
  'https://100.100.100.200/',
  'https://192.0.0.1/',
  'https://192.0.2.1/',
  'https://198.18.0.1/',
  'https://198.51.100.1/',
  'https://203.0.113.9/',
  'https://224.0.0.1/',
  'https://240.0.0.1/',
  'https://255.255.255.255/',
  'https://１２７.０.０.１/',
  'https://127。0。0。1/',
  'https://[::1]/',
  'https://[::]/',
  'https://[0:0:0:0:0:0:0:1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:a00:1]/',
  'https://[::127.0.0.1]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[64:ff9b:1::a00:1]/',
  'https://[2002:7f00:1::]/',
  'https://[2001:0:7f00:1::]/',
  'https://[2001:db8::1]/',
  'https://[100::1]/',
  'https://[fc00::1]/',
  'https://[fd12:3456::1]/',
  'https://[fe80::1]/',
  'https://[fec0::1]/',
  'https://[ff02::1]/',
  'https://[3fff::1]/',
  `https://bank.com.cn/${'a'.repeat(500)}`,
];

test.each(refused)('%s is refused', (url) => {
  expect(() => checkWebhookUrl(url, { loopback: false })).toThrow(
    expect.objectContaining({ code: 'webhook-url-refused' }),
  );
});

test('there are at least sixty of them', () => {
  expect(new Set(refused).size).toBeGreaterThanOrEqual(60);
});

test.each([
  'https://bank.com.cn/hooks/mandate?x=1',
  'https://bank.com.cn:8443/',
  'https://bank.com.cn./',
  'https://例子.中国/hook',
  'https://8.8.8.8/',
  'https://[2606:4700:4700::1111]/',
])('%s is accepted', (url) => {
  expect(checkWebhookUrl(url, { loopback: false }).protocol).toBe('https:');
});

test('this machine is an address for trials only, and nothing private comes with it', () => {
  for (const url of ['http://localhost:3000/hook', 'http://127.0.0.1:3000/', 'https://[::1]/'])
    expect(checkWebhookUrl(url, { loopback: true }).href).toContain('://');
  for (const url of ['http://10.0.0.1/', 'http://bank.com.cn/', 'http://a:b@localhost/'])
    expect(() => checkWebhookUrl(url, { loopback: true })).toThrow();
});

test.each(['', 'bank.com.cn', '8.8.8.8.8', '8.8.8', 'fe80::1%eth0', '2606:4700::1%lo'])(
  '“%s” is no public address',
  (text) => {
    expect(isPublicAddress(text)).toBe(false);
  },
);
