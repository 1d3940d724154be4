import { expect, test } from '@jest/globals';
import { isAppScheme, isFramableOrigin } from './web-address.js';

test.each([
  'https://*.bank.example',
  'https://*',
  'https://bank.example;script-src *',
  'https://a;sandbox',
  'https://a,b.example',
  "https://a'b.example",
  'https://bank.example/',
  'https://BANK.example',
  'https://bank.example:443',
  'https://user@bank.example',
  'http://bank.example',
  'http://localhost.evil.example',
  'https://',
  'null',
  '*',
  '',
  "'self'",
  'https://银行.example',
])('%j is no origin to be framed by', (text) => {
  expect(isFramableOrigin(text)).toBe(false);
});

test.each([
  'https://bank.example',
  'https://app.bank.example:8443',
  'http://localhost:3000',
  'http://127.0.0.1',
  'https://xn--fiq228c.example',
])('%j is one', (text) => {
  expect(isFramableOrigin(text)).toBe(true);
});

test.each([
  'javascript',
  'data',
  'intent',
  'https',
  'file',
  'blob',
  'chrome-extension',
  'App',
  'a',
  '1app',
  'app://',
  'app:',
  '',
])('%j is no app’s scheme', (text) => {
  expect(isAppScheme(text)).toBe(false);
});

test('an app’s scheme is one', () => {
  expect(
    ['hesuibank', 'com.bank.app', 'wx1234567890abcdef'].filter((s) => !isAppScheme(s)),
  ).toEqual([]);
});
