import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { providerWord, systemClock, systemRandom } from '@mandate/core';
import { openIdProvider } from '@mandate/adapters';
import { freePort } from '../kit/free-port.js';
import { oidcPeer, type OidcPeer } from './oidc-peer.js';

const REDIRECT = 'http://127.0.0.1:1/desk/sign-in/callback';
const client = {
  id: 'desk',
  secret: 'a secret of the test that is long enough',
  redirectUri: REDIRECT,
};
let peer: OidcPeer;
beforeAll(async () => {
  peer = await oidcPeer(client);
}, 60_000);
afterAll(() => peer?.stop());

const desk = (change: object = {}) =>
  openIdProvider({
    ...{ issuer: peer.issuer, clientId: client.id, clientSecret: client.secret },
    ...{ redirectUri: REDIRECT, insecure: true, clock: systemClock, ...change },
  });
const challenge = () => systemRandom.bytes(32);

test('who signed in comes back, once, and for the try that began', async () => {
  const provider = desk();
  const mine = challenge();
  const back = await peer.signIn(await provider.address(mine), 'li-officer');
  // A link that somebody else prepared: their code, my try.
  await expect(provider.signedIn(back.search, challenge())).rejects.toMatchObject({
    code: 'unauthenticated',
  });
  const again = await peer.signIn(await provider.address(mine), 'li-officer');
  expect((await provider.signedIn(again.search, mine)).subject).toBe('li-officer');
  await expect(provider.signedIn(again.search, mine)).rejects.toMatchObject({
    code: 'unauthenticated',
  });
});

test.each([
  ['no code', (search: URLSearchParams) => search.delete('code')],
  ['another code', (search: URLSearchParams) => search.set('code', 'x')],
  ['another state', (search: URLSearchParams) => search.set('state', 'x')],
  ['no state', (search: URLSearchParams) => search.delete('state')],
  ['another issuer', (search: URLSearchParams) => search.set('iss', 'https://evil.example')],
  ['a refusal', (search: URLSearchParams) => search.set('error', 'access_denied')],
])('%s is nobody', async (_name, change) => {
  const provider = desk();
  const mine = challenge();
  const back = await peer.signIn(await provider.address(mine), 'li-officer');
  change(back.searchParams);
  await expect(provider.signedIn(back.search, mine)).rejects.toMatchObject({
    code: 'unauthenticated',
  });
});

test('the address asks for a sign-in of now, and each code and each try serves once', async () => {
  const provider = desk();
  const mine = challenge();
  const address = new URL(await provider.address(mine));
  expect(Object.fromEntries(address.searchParams)).toMatchObject({
    ...{ prompt: 'login', max_age: '300', scope: 'openid', code_challenge_method: 'S256' },
    ...{ nonce: expect.stringMatching(/^.{43}$/), state: expect.stringMatching(/^.{43}$/) },
  });
  const back = await peer.signIn(address.href, 'li-officer');
  expect((await provider.signedIn(back.search, mine)).subject).toBe('li-officer');
  // The same code once more, as it is and in a try of one's own.
  for (const tried of [mine, challenge()])
    await expect(provider.signedIn(back.search, tried)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
});

test('for an agreement, whoever signed in a moment ago signs in once more; what is kept says when', async () => {
  const provider = desk();
  const mine = challenge();
  const address = new URL(await provider.address(mine, true));
  expect(Object.fromEntries(address.searchParams)).toMatchObject({ prompt: 'login', max_age: '0' });
  const began = Math.floor(Date.now() / 1000);
  const back = await peer.signIn(address.href, 'li-officer');
  const word = await provider.signedIn(back.search, mine);
  expect(word).toMatchObject({
    ...{ subject: 'li-officer', nonce: providerWord('nonce', mine) },
    token: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(word.authTime).toBeGreaterThanOrEqual(began - 1);
});

test('a token signed anew by the provider is as good as before; by somebody else it is nothing', async () => {
  const provider = desk();
  const tell = async (key?: 'other') => {
    const mine = challenge();
    const back = await peer.signIn(await provider.address(mine), 'li-officer');
    peer.lie((claims) => claims, key);
    return provider.signedIn(back.search, mine).finally(() => peer.lie(null));
  };
  expect((await tell()).subject).toBe('li-officer');
  await expect(tell('other')).rejects.toMatchObject({ code: 'unauthenticated' });
});

const hour = 3600;
test.each<[string, (claims: any) => any]>([
  // It would be later than every later word of theirs.
  ['a sign-in to come', (claims) => ({ ...claims, auth_time: claims.auth_time + hour })],
  ['another nonce', (claims) => ({ ...claims, nonce: 'x'.repeat(43) })],
  ['no nonce', ({ nonce: _, ...claims }) => claims],
  ['another audience', (claims) => ({ ...claims, aud: 'somebody-else' })],
  [
    'two audiences, presented by the other',
    (claims) => ({ ...claims, aud: ['desk', 'x'], azp: 'x' }),
  ],
  ['another issuer', (claims) => ({ ...claims, iss: 'https://evil.example' })],
  ['a sign-in of an hour ago', (claims) => ({ ...claims, auth_time: claims.iat - hour })],
  ['no word of when', ({ auth_time: _, ...claims }) => claims],
  ['a token that is over', (claims) => ({ ...claims, exp: claims.iat - hour })],
  ['nobody', ({ sub: _, ...claims }) => claims],
])('an ID token with %s is nobody', async (_name, change) => {
  const provider = desk();
  const mine = challenge();
  const back = await peer.signIn(await provider.address(mine), 'li-officer');
  peer.lie(change);
  try {
    await expect(provider.signedIn(back.search, mine)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  } finally {
    peer.lie(null);
  }
});

test('a provider that is away is said to be away, and asked again later', async () => {
  const port = await freePort();
  const provider = desk({ issuer: `http://127.0.0.1:${port}` });
  await expect(provider.address(challenge())).rejects.toMatchObject({
    code: 'authority-unavailable',
  });
});

test('another client secret opens nothing', async () => {
  const provider = desk({ clientSecret: 'wrong' });
  const mine = challenge();
  const back = await peer.signIn(await provider.address(mine), 'li-officer');
  await expect(provider.signedIn(back.search, mine)).rejects.toMatchObject({
    code: 'unauthenticated',
  });
});
