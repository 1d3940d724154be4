import { expect, test } from '@jest/globals';
import { settleIdentity } from './identity.js';

const stored = { publicUrl: 'https://a.example', ledgerOrigin: 'a.example/ledger' };

test('a first start takes what is configured, else the address it listens on', () => {
  const url = 'http://localhost:8080';
  expect(settleIdentity({ stored: null, configured: {}, url })).toEqual({
    publicUrl: url,
    ledgerOrigin: 'localhost:8080/ledger',
  });
  expect(
    settleIdentity({ stored: null, configured: { publicUrl: stored.publicUrl }, url }),
  ).toEqual(stored);
});

test('a later start keeps what was stored', () => {
  expect(settleIdentity({ stored, configured: {}, url: 'http://localhost:9' })).toEqual(stored);
  expect(settleIdentity({ stored, configured: stored, url: 'http://localhost:9' })).toEqual(stored);
});

test.each([{ publicUrl: 'https://b.example' }, { ledgerOrigin: 'b.example/ledger' }])(
  'a later start with %j refuses',
  (configured) => {
    expect(() => settleIdentity({ stored, configured, url: 'http://localhost:9' })).toThrow(
      expect.objectContaining({ code: 'config-invalid' }),
    );
  },
);
