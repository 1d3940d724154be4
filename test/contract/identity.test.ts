import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { httpIdentityProvider, ProviderDown, simulatedIdentity } from '@mandate/adapters';
import { canonicalBytes, type IdentityProvider } from '@mandate/core';
import { makeKey } from '../kit/authority.js';
import { startIdentityPeer, type IdentityPeer } from '../kit/identity-peer.js';
import type { HttpPeer } from './http-peer.js';
import { identityContract, sampleQuestion } from './identity-contract.js';

const clock = { now: () => new Date() };

const providerOf = (peer: IdentityPeer, timeoutMs = 2000): IdentityProvider =>
  httpIdentityProvider(
    {
      name: peer.name,
      operator: 'Test',
      checks: ['carrier-name'],
      url: `http://127.0.0.1:${peer.http.port}/check`,
    },
    { secret: peer.secret, publicKey: peer.key.spki, clock, timeoutMs },
  );

identityContract(
  'simulated:',
  async () => ({
    provider: simulatedIdentity(clock),
    refuse: () => {},
    breakDown: () => {},
    close: async () => {},
  }),
  {
    good: { phone: '13800138001' },
    bad: { phone: '13800130000' },
    silent: { phone: '13800139999' },
  },
);

identityContract('http(s):', async () => {
  const peer = await startIdentityPeer('carrier', 'carrier-name');
  return {
    provider: providerOf(peer),
    refuse: () => {
      peer.change = (answer) => ({ ...answer, outcome: 'mismatch' });
    },
    breakDown: () => {
      peer.status = 503;
    },
    close: peer.http.close,
  };
});

describe('the signed protocol', () => {
  let peer: IdentityPeer;
  let answer: HttpPeer['answer'];
  beforeAll(async () => {
    peer = await startIdentityPeer('carrier', 'carrier-name');
    answer = peer.http.answer;
  });
  beforeEach(() => {
    peer.http.received.splice(0);
    peer.http.answer = answer;
    Object.assign(peer, { change: (it: unknown) => it, signer: peer.key });
  });
  afterAll(() => peer.http.close());

  test('sends the question once, signed, with the nonce as its key', async () => {
    const question = sampleQuestion();
    await providerOf(peer).ask(question);
    const [request] = peer.http.received;
    expect(peer.http.received).toHaveLength(1);
    expect(request).toMatchObject({
      method: 'POST',
      path: '/check',
      headers: { 'content-type': 'application/json', 'idempotency-key': question.nonce },
    });
    expect(new Uint8Array(request!.body)).toEqual(
      canonicalBytes({ format: 'mandate-identity-question/v1', ...question }),
    );
  });

  test('a provider that does not know the secret’s owner refuses, and that is its failure', async () => {
    const stranger = { ...peer, secret: new Uint8Array(32) };
    await expect(providerOf(stranger).ask(sampleQuestion())).rejects.toMatchObject({
      code: 'identity-unavailable',
    });
  });

  test('the number’s age is told where the carrier tells it', async () => {
    peer.change = (it) => ({ ...it, numberAgeMonths: 31 });
    expect((await providerOf(peer).ask(sampleQuestion())).numberAgeMonths).toBe(31);
    peer.change = (it) => ({ ...it, numberAgeMonths: -1 });
    await expect(providerOf(peer).ask(sampleQuestion())).rejects.toMatchObject({
      code: 'identity-unavailable',
    });
  });

  test('a signature by another key, and one by Ed25519 under a key of that kind', async () => {
    peer.signer = makeKey();
    await expect(providerOf(peer).ask(sampleQuestion())).rejects.toMatchObject({
      code: 'identity-unavailable',
    });
    const edwards = makeKey('ed25519');
    peer.signer = edwards;
    const { receipt } = await providerOf({ ...peer, key: edwards }).ask(sampleQuestion());
    expect(receipt.suite).toBe('ed25519');
  });

  test.each<[string, HttpPeer['answer']]>([
    ['a redirect', (_, response) => response.writeHead(307, { location: '/elsewhere' }).end()],
    ['another media type', (_, response) => response.writeHead(200).end('{}')],
    ['no JSON', (_, response) => json(response, 'OK')],
    ['null', (_, response) => json(response, 'null')],
    ['no members', (_, response) => json(response, '{}')],
    ['members of other types', (_, response) => json(response, '{"body":1,"signature":2}')],
    ['too much', (_, response) => json(response, `{"body":"${'A'.repeat(40_000)}"}`)],
    ['a broken connection', (_, response) => response.destroy()],
  ])('%s is identity-unavailable', async (_, misbehave) => {
    peer.http.answer = misbehave;
    await expect(providerOf(peer).ask(sampleQuestion())).rejects.toMatchObject({
      code: 'identity-unavailable',
    });
    expect(peer.http.received).toHaveLength(1);
  });

  test('what a question can bring about is no sign that the provider is down', async () => {
    const down = async (): Promise<boolean> => {
      const failure = await providerOf(peer)
        .ask(sampleQuestion())
        .catch((error: Error) => error);
      expect(failure).toMatchObject({ code: 'identity-unavailable' });
      return (failure as Error).cause instanceof ProviderDown;
    };
    for (const status of [400, 404, 422, 429]) {
      peer.http.answer = (_, response) => response.writeHead(status).end();
      expect([status, await down()]).toEqual([status, false]);
    }
    for (const status of [500, 503]) {
      peer.http.answer = (_, response) => response.writeHead(status).end();
      expect([status, await down()]).toEqual([status, true]);
    }
    peer.http.answer = (_, response) => response.destroy();
    expect(await down()).toBe(true);
    peer.http.answer = answer;
    peer.change = (it) => ({ ...it, binding: 'a'.repeat(64) });
    expect(await down()).toBe(false);
    peer.signer = makeKey();
    expect(await down()).toBe(true);
  });

  test('silence ends with the time-out', async () => {
    peer.http.answer = () => {};
    await expect(providerOf(peer, 200).ask(sampleQuestion())).rejects.toMatchObject({
      code: 'identity-unavailable',
      cause: expect.any(ProviderDown),
    });
  });
});

const json = (response: Parameters<HttpPeer['answer']>[1], text: string) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(text);
