import { execFileSync } from 'node:child_process';
import { createPrivateKey, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import {
  DomainError,
  sha256,
  systemClock,
  systemRandom,
  utf8,
  type SigningKey,
  type TimestampAuthority,
} from '@mandate/core';
import { parseTimestampResponse } from '@mandate/pki';
import { makeBuiltInAuthority, type MadeKey } from './built-in-authority.js';
import { sealDigest } from './seal.js';
import { timestampAuthority } from './timestamp-authority.js';
import { requestToken } from './timestamp-token.js';

const folder = mkdtempSync(join(tmpdir(), 'mandate-sign-'));
const at = (name: string): string => join(folder, name);
const openssl = (...args: string[]): string =>
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' }).toString();
const pem = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der)
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n')}\n-----END CERTIFICATE-----\n`;

let made: MadeKey[];
const keyNamed = (name: string): SigningKey => {
  const { pkcs8, publicKey, chain } = made.find((key) => key.name === name)!;
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  return {
    suite: 'ecdsa-p256-sha256',
    publicKey,
    chain,
    sign: async (message) => new Uint8Array(sign('sha256', message, key)),
  };
};
const clock = systemClock;
const random = systemRandom;
let respond: (der: Uint8Array) => Promise<Uint8Array>;
beforeAll(async () => {
  ({ keys: made } = await makeBuiltInAuthority({ now: clock.now(), random, operator: 'Test' }));
  respond = timestampAuthority({ key: keyNamed('tsa'), clock, random });
  for (const { name, chain } of made)
    if (chain.length) {
      writeFileSync(at(`${name}.pem`), pem(chain[0]!));
      writeFileSync(at(`${name}-root.pem`), pem(chain.at(-1)!));
    }
  writeFileSync(at('data'), 'to be stamped');
});

test('openssl verifies every chain of the built-in authority for its own purpose', () => {
  const verify = (...args: string[]): string => openssl('verify', ...args);
  expect(verify('-CAfile', 'root.pem', 'scene-ca.pem')).toContain('OK');
  expect(verify('-CAfile', 'root.pem', '-untrusted', 'scene-ca.pem', 'ocsp.pem')).toContain('OK');
  expect(verify('-CAfile', 'root.pem', 'seal.pem')).toContain('OK');
  expect(verify('-CAfile', 'timestamp-root.pem', '-purpose', 'timestampsign', 'tsa.pem')).toContain(
    'OK',
  );
  expect(() => verify('-CAfile', 'root.pem', 'tsa.pem')).toThrow();
  expect(() => verify('-CAfile', 'timestamp-root.pem', 'scene-ca.pem')).toThrow();
});

test('openssl asks, the built-in authority answers, openssl accepts', async () => {
  openssl('ts', '-query', '-data', 'data', '-sha256', '-cert', '-out', 'a.tsq');
  writeFileSync(at('a.tsr'), await respond(new Uint8Array(readFileSync(at('a.tsq')))));
  const verify = (query: string): string =>
    openssl('ts', '-verify', '-queryfile', query, '-in', 'a.tsr', '-CAfile', 'timestamp-root.pem');
  expect(verify('a.tsq')).toContain('Verification: OK');
  openssl('ts', '-query', '-data', 'data', '-sha256', '-cert', '-out', 'other-nonce.tsq');
  expect(() => verify('other-nonce.tsq')).toThrow();
});

test.each([
  ['another digest algorithm', ['-sha512'], 'badAlg'],
  ['a policy that is not ours', ['-sha256', '-tspolicy', '1.2.3.4'], 'unacceptedPolicy'],
])('%s is refused by name', async (_name, args, failure) => {
  openssl('ts', '-query', '-data', 'data', ...args, '-out', 'b.tsq');
  const response = parseTimestampResponse(await respond(new Uint8Array(readFileSync(at('b.tsq')))));
  expect(response.token).toBeNull();
  expect(response.failures).toEqual([failure]);
});

test.each([new Uint8Array(), Uint8Array.of(0x30, 0x80), utf8('hello'), new Uint8Array(5000)])(
  'bytes that are no request are refused as such, without an exception',
  async (bytes) => {
    const { failures } = parseTimestampResponse(await respond(bytes));
    expect(failures).toEqual(['badDataFormat']);
  },
);

const DIGEST = sha256(utf8('signature'));
const named = (name: string, stamp: TimestampAuthority['stamp']): TimestampAuthority => ({
  name,
  operator: name,
  stamp,
});
/** Asks the authorities in turn; resolves to who gave the token, with the refusals of the others. */
async function ask(...authorities: TimestampAuthority[]) {
  const refusals: string[] = [];
  const root = made.find((key) => key.name === 'timestamp-root')!.chain[0]!;
  const { operator } = await requestToken(
    {
      authorities: authorities.map((authority) => ({
        authority,
        anchors: [root],
        accuracySeconds: 1,
      })),
      clock,
      random,
      onProblem: (name, error) => refusals.push(`${name} ${(error as DomainError).code}`),
    },
    DIGEST,
  );
  return { operator, refusals };
}

test('an authority that is down, refuses, replays or stamps something else is passed over', async () => {
  let old: Uint8Array | undefined;
  const replaying = named('replaying', async (request) => (old ??= await respond(request)));
  await ask(replaying);
  const early = timestampAuthority({
    key: keyNamed('tsa'),
    random,
    clock: { now: () => new Date(clock.now().getTime() + 60_000) },
  });
  const { operator, refusals } = await ask(
    named('down', async () => {
      throw new DomainError('timestamp-unavailable', 'down');
    }),
    replaying,
    named('early', early),
    named('garbage', async () => utf8('<html>')),
    named('refusing', () => respond(new Uint8Array())),
    named('impostor', timestampAuthority({ key: keyNamed('seal'), clock, random })),
    named('good', respond),
  );
  expect(operator).toBe('good');
  expect(refusals).toEqual([
    'down timestamp-unavailable',
    'replaying timestamp-rejected',
    'early timestamp-rejected',
    'garbage format-timestamp',
    'refusing timestamp-rejected',
    'impostor timestamp-rejected',
  ]);
});

test('no authority, no token', async () => {
  await expect(ask()).rejects.toMatchObject({ code: 'timestamp-unavailable' });
  await expect(ask(named('garbage', async () => utf8('x')))).rejects.toMatchObject({
    code: 'timestamp-unavailable',
  });
});

test('a seal is a detached CAdES that openssl accepts, and there is none without a token', async () => {
  const content = utf8('manifest');
  writeFileSync(at('manifest'), content);
  const token = async (digest: Uint8Array): Promise<Uint8Array> =>
    (
      await requestToken(
        {
          authorities: [
            {
              authority: named('own', respond),
              anchors: [made.find((key) => key.name === 'timestamp-root')!.chain[0]!],
              accuracySeconds: 1,
            },
          ],
          clock,
          random,
          onProblem: () => undefined,
        },
        digest,
      )
    ).token;
  const cms = await sealDigest({ key: keyNamed('seal'), token }, sha256(content));
  writeFileSync(at('seal.p7s'), cms);
  const verify = (file: string): string =>
    openssl(
      ...[
        'cms',
        '-verify',
        '-cades',
        '-binary',
        '-inform',
        'DER',
        '-in',
        'seal.p7s',
        '-content',
        file,
      ],
      ...['-CAfile', 'root.pem', '-purpose', 'any', '-out', 'verified'],
    );
  verify('manifest');
  expect(readFileSync(at('verified'))).toEqual(Buffer.from(content));
  expect(() => verify('data')).toThrow();
  const down = async (): Promise<Uint8Array> => {
    throw new DomainError('timestamp-unavailable', 'down');
  };
  await expect(
    sealDigest({ key: keyNamed('seal'), token: down }, sha256(content)),
  ).rejects.toMatchObject({ code: 'timestamp-unavailable' });
  await expect(sealDigest({ key: keyNamed('seal'), token }, content)).rejects.toMatchObject({
    code: 'invalid-request',
  });
});
