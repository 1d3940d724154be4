import { expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { DomainError, toBase64Url, type PasskeyRegistration } from '@mandate/core';
import {
  keyPair,
  softwareAuthenticator,
  type PasskeyAlgorithm,
  type PasskeyChanges,
} from '../../../../test/kit/software-authenticator.js';
import { passkeyCheck } from './passkey-check.js';

const ORIGIN = 'https://sign.example.cn';
const check = passkeyCheck(`${ORIGIN}/`);
const draw = () => new Uint8Array(randomBytes(32));
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'accepted',
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );

async function registered(options: Parameters<typeof softwareAuthenticator>[1] = {}) {
  const device = softwareAuthenticator(ORIGIN, options);
  const challenge = draw();
  const passkey = await check.registration(device.register(toBase64Url(challenge)), challenge);
  return { device, passkey };
}

test('the relying party is the host of the public address', () => {
  expect([check.rpId, check.origin]).toEqual(['sign.example.cn', ORIGIN]);
});

test.each<PasskeyAlgorithm>(['ES256', 'EdDSA', 'RS256'])(
  '%s: registered, then used',
  async (algorithm) => {
    const { device, passkey } = await registered({ algorithm });
    expect(passkey.credentialId).toEqual(device.credentialId);
    expect(passkey.publicKey).toEqual(device.publicKey);
    expect(passkey.transports).toEqual(['internal']);
    const challenge = draw();
    const answer = device.assert(toBase64Url(challenge));
    expect(await check.assertion(answer, challenge, passkey)).toEqual({ counter: 2 });
  },
);

const HOSTILE: [string, PasskeyChanges][] = [
  ['another challenge', { challenge: toBase64Url(draw()) }],
  ['another origin', { origin: 'https://sign.example.cn.evil.example' }],
  ['plain http', { origin: 'http://sign.example.cn' }],
  ['another relying party', { rpId: 'example.cn' }],
  ['nobody there', { flags: 0x44 }],
  ['user not verified', { flags: 0x41 }],
  ['in a frame of another site', { crossOrigin: true }],
  ['no JSON', { clientData: () => 'x' }],
];

test.each([...HOSTILE, ['an assertion', { type: 'webauthn.get' }]] as typeof HOSTILE)(
  'registration, %s: refused',
  async (_, changes) => {
    const challenge = draw();
    const answer = softwareAuthenticator(ORIGIN).register(toBase64Url(challenge), changes);
    expect(await codeOf(check.registration(answer, challenge))).toBe('passkey-invalid');
  },
);

test.each([
  ...HOSTILE.map(([name, { flags, ...rest }]) => [
    name,
    { ...rest, ...(flags === undefined ? {} : { flags: flags & 0x3f }) },
  ]),
  ['a registration', { type: 'webauthn.create' }],
  ['another key', { key: keyPair('ES256').privateKey }],
  ['the counter went back', { counter: 0 }],
  ['the counter stands still', { counter: 1 }],
] as typeof HOSTILE)('assertion, %s: refused', async (_, changes) => {
  const { device, passkey } = await registered();
  const challenge = draw();
  const answer = device.assert(toBase64Url(challenge), changes);
  expect(await codeOf(check.assertion(answer, challenge, passkey))).toBe('passkey-invalid');
});

test('a key may vouch for itself; certificates nobody asked for are not even looked at', async () => {
  const register = (attestation: NonNullable<PasskeyChanges['attestation']>) => {
    const challenge = draw();
    const answer = softwareAuthenticator(ORIGIN).register(toBase64Url(challenge), { attestation });
    return check.registration(answer, challenge);
  };
  expect(await codeOf(register('self'))).toBe('accepted');
  for (const format of ['packed', 'apple', 'tpm'] as const)
    await expect(register(format)).rejects.toMatchObject({
      code: 'passkey-invalid',
      cause: new Error('an attestation that nobody asked for'),
    });
});

test('an answer given once does not answer the next challenge, and not for another passkey', async () => {
  const { device, passkey } = await registered();
  const other = await registered();
  const challenge = draw();
  const answer = device.assert(toBase64Url(challenge));
  expect(await codeOf(check.assertion(answer, draw(), passkey))).toBe('passkey-invalid');
  expect(await codeOf(check.assertion(answer, challenge, other.passkey))).toBe('passkey-invalid');
  const renamed = { ...answer, id: other.device.id, rawId: other.device.id };
  expect(await codeOf(check.assertion(renamed, challenge, other.passkey))).toBe('passkey-invalid');
  expect(await codeOf(check.assertion(answer, challenge, passkey))).toBe('accepted');
});

test('authenticators that do not count stay at zero', async () => {
  const { device, passkey } = await registered({ counts: false });
  const challenge = draw();
  const answer = device.assert(toBase64Url(challenge));
  expect(await check.assertion(answer, challenge, passkey)).toEqual({ counter: 0 });
});

test.each<[string, object]>([
  ['nothing', {}],
  ['no response', { id: 'AA', rawId: 'AA', type: 'public-key' }],
])('%s is refused as well', async (_, answer) => {
  expect(await codeOf(check.registration(answer as PasskeyRegistration, draw()))).toBe(
    'passkey-invalid',
  );
});

test('what the page hands on: the challenge itself, verification demanded, known keys named', async () => {
  const { passkey } = await registered();
  const challenge = draw();
  const user = { handle: draw(), name: '王*' };
  const none = await check.options({ challenge, user, known: [] });
  expect(none).toMatchObject({
    registered: false,
    creation: {
      challenge: toBase64Url(challenge),
      rp: { id: 'sign.example.cn' },
      user: { id: toBase64Url(user.handle), name: '王*' },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
      pubKeyCredParams: [{ alg: -7 }, { alg: -8 }, { alg: -257 }],
      excludeCredentials: [],
    },
  });
  expect(none.request).toBeUndefined();
  const some = await check.options({ challenge, user, known: [passkey] });
  const id = toBase64Url(passkey.credentialId);
  expect(some).toMatchObject({
    registered: true,
    creation: { excludeCredentials: [{ id }] },
    request: {
      challenge: toBase64Url(challenge),
      rpId: 'sign.example.cn',
      userVerification: 'required',
      allowCredentials: [{ id, transports: ['internal'] }],
    },
  });
});
