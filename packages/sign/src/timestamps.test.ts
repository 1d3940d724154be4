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
import { parseTimestampResponse, timestampRequest } from '@mandate/pki';
import { breaker } from './breaker.js';
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

test.each(['-sha256', '-sha384', '-sha512'])('imprints of %s', async (algorithm) => {
  for (const more of [['-cert'], ['-cert', '-no_nonce'], []]) {
    openssl('ts', '-query', '-data', 'data', algorithm, ...more, '-out', 'c.tsq');
    writeFileSync(at('c.tsr'), await respond(new Uint8Array(readFileSync(at('c.tsq')))));
    const own = more.length > 0 ? [] : ['-untrusted', 'tsa.pem'];
    const verify = (...asked: string[]): string =>
      openssl(
        ...['ts', '-verify', ...asked, '-in', 'c.tsr', '-CAfile', 'timestamp-root.pem', ...own],
      );
    expect(verify('-queryfile', 'c.tsq')).toContain('Verification: OK');
    expect(verify('-data', 'data')).toContain('Verification: OK');
    expect(() => verify('-data', 'tsa.pem')).toThrow();
  }
});

test('what it cannot do it says by name', async () => {
  const failuresOf = async (answer: Promise<Uint8Array>) =>
    parseTimestampResponse(await answer).failures;
  const request = timestampRequest({ digest: DIGEST });
  const version2 = request.slice();
  version2[4] = 2;
  expect(await failuresOf(respond(version2))).toEqual(['badRequest']);
  expect(await failuresOf(respond(Uint8Array.of(0x30, 0)))).toEqual(['badRequest']);
  const extended = Uint8Array.from([
    ...[0x30, request[1]! + 13, ...request.subarray(2)],
    ...[0xa0, 11, 0x30, 9, 6, 3, 0x2a, 3, 4, 4, 2, 5, 0],
  ]);
  expect(await failuresOf(respond(extended))).toEqual(['unacceptedExtension']);

  const time = { at: clock.now() };
  const stepping = timestampAuthority({
    key: keyNamed('tsa'),
    random,
    clock: { now: () => time.at },
  });
  expect(await failuresOf(stepping(request))).toEqual([]);
  time.at = new Date(time.at.getTime() - 5000);
  expect(await failuresOf(stepping(request))).toEqual(['timeNotAvailable']);

  const problems: unknown[] = [];
  const mute = timestampAuthority({
    key: {
      ...keyNamed('tsa'),
      sign: async () => {
        throw new DomainError('key-unavailable', 'no such slot');
      },
    },
    clock,
    random,
    onProblem: (error) => problems.push((error as DomainError).code),
  });
  expect(await failuresOf(mute(request))).toEqual(['systemFailure']);
  expect(problems).toEqual(['key-unavailable']);
});

test.each([
  ['a digest below SHA-256', ['-sha1'], 'badAlg'],
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

test('one that fails again and again is not asked for a while, then once', async () => {
  const time = { at: clock.now() };
  const held = { now: () => time.at };
  let asked = 0;
  let down = true;
  const flaky = named('flaky', async (request) => {
    asked++;
    if (down) throw new DomainError('timestamp-unavailable', 'down');
    return respond(request);
  });
  const anchors = [made.find((key) => key.name === 'timestamp-root')!.chain[0]!];
  const authorities = [
    { authority: flaky, anchors, accuracySeconds: 1, breaker: breaker(held, { failures: 2 }) },
    { authority: named('good', respond), anchors, accuracySeconds: 1, breaker: breaker(held) },
  ];
  const token = async (otherThan: string[] = []) => {
    const deps = { authorities, clock: held, random, onProblem: () => undefined };
    return (await requestToken(deps, DIGEST, otherThan)).operator;
  };
  for (const expected of [1, 2, 2, 2]) {
    expect(await token()).toBe('good');
    expect(asked).toBe(expected);
  }
  // After the pause one try: down again opens it at once, an answer closes it.
  time.at = new Date(time.at.getTime() + 30_000);
  expect([await token(), await token(), asked]).toEqual(['good', 'good', 3]);
  // With nobody else to ask it is asked all the same.
  await expect(token(['good'])).rejects.toMatchObject({
    code: 'timestamp-unavailable',
    extensions: { retryAfterSeconds: 5 },
  });
  expect(asked).toBe(4);
  time.at = new Date(time.at.getTime() + 30_000);
  down = false;
  expect([await token(), await token(), asked]).toEqual(['flaky', 'flaky', 6]);
});

test('an operator that has stamped already is not asked where operators must differ', async () => {
  const anchors = [made.find((key) => key.name === 'timestamp-root')!.chain[0]!];
  const authorities = ['one', 'two'].map((name) => ({
    authority: named(name, respond),
    anchors,
    accuracySeconds: 1,
  }));
  const deps = { authorities, clock, random, onProblem: () => undefined };
  expect((await requestToken(deps, DIGEST)).operator).toBe('one');
  expect((await requestToken(deps, DIGEST, ['one'])).operator).toBe('two');
  await expect(requestToken(deps, DIGEST, ['one', 'two'])).rejects.toMatchObject({
    code: 'timestamp-unavailable',
  });
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
