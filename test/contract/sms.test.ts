import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { memoryInbox, openSms } from '@mandate/adapters';
import { startHttpPeer, type HttpPeer } from './http-peer.js';
import { sampleMessage, smsContract } from './sms-contract.js';

const clock = { now: () => new Date('2026-11-21T09:30:00Z') };

smsContract('sandbox:', async () => {
  let broken = false;
  const inbox = memoryInbox(clock);
  const save: typeof inbox.save = async (message) => {
    if (broken) throw new Error('down');
    await inbox.save(message);
  };
  return {
    sms: openSms('sandbox:', { inbox: { save } }),
    delivered: () => inbox.list(),
    breakDown: () => {
      broken = true;
    },
    close: async () => {},
  };
});

smsContract('http(s):', async () => {
  const peer = await startHttpPeer();
  const byReference = new Map<string, { phone: string; text: string; reference: string }>();
  peer.answer = ({ body }, response) => {
    const message = JSON.parse(body.toString('utf8'));
    byReference.set(message.reference, message);
    response.writeHead(202, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ id: `r-${message.reference}` }));
  };
  return {
    sms: openSms(`http://token@127.0.0.1:${peer.port}/sms`),
    delivered: async () => [...byReference.values()],
    breakDown: () => {
      peer.answer = (_, response) => response.writeHead(503).end();
    },
    close: peer.close,
  };
});

describe('the JSON gateway', () => {
  let peer: HttpPeer;
  beforeAll(async () => {
    peer = await startHttpPeer();
  });
  beforeEach(() => void peer.received.splice(0));
  afterAll(() => peer.close());
  const send = (timeoutMs = 2000) =>
    openSms(`http://s%2Fecret@127.0.0.1:${peer.port}/v2/sms?region=cn`, { timeoutMs }).send(
      sampleMessage,
    );

  test('is told everything once, with a bearer token and not in the URL', async () => {
    peer.answer = (_, response) => response.writeHead(200).end('{"id":"abc"}');
    expect(await send()).toEqual({ gateway: `127.0.0.1:${peer.port}`, receipt: 'abc' });
    const [request] = peer.received;
    expect(request).toMatchObject({
      method: 'POST',
      path: '/v2/sms?region=cn',
      headers: {
        authorization: 'Bearer s/ecret',
        'content-type': 'application/json',
        'idempotency-key': sampleMessage.reference,
      },
    });
    expect(JSON.parse(request!.body.toString('utf8'))).toEqual(sampleMessage);
  });

  test.each<[string, HttpPeer['answer']]>([
    ['a refusal', (_, response) => response.writeHead(400).end('{"id":"x"}')],
    ['a redirect', (_, response) => response.writeHead(307, { location: '/elsewhere' }).end()],
    ['no JSON', (_, response) => response.writeHead(200).end('OK')],
    ['no id', (_, response) => response.writeHead(200).end('{"id":7}')],
    ['null', (_, response) => response.writeHead(200).end('null')],
    ['too much', (_, response) => response.writeHead(200).end(`{"id":"${'x'.repeat(70_000)}"}`)],
    ['a broken connection', (_, response) => response.destroy()],
    [
      'half an answer',
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{"id"');
        setTimeout(() => response.destroy(), 20);
      },
    ],
  ])('%s is sms-unavailable', async (_, answer) => {
    peer.answer = answer;
    await expect(send()).rejects.toMatchObject({ code: 'sms-unavailable' });
    expect(peer.received).toHaveLength(1);
  });

  test('silence ends with the time-out, also in the middle of an answer', async () => {
    for (const answer of [
      () => {},
      (_: unknown, response: Parameters<HttpPeer['answer']>[1]) =>
        response.writeHead(200).write('{'),
    ] as HttpPeer['answer'][]) {
      peer.answer = answer;
      const from = performance.now();
      await expect(send(200)).rejects.toMatchObject({ code: 'sms-unavailable' });
      expect(performance.now() - from).toBeLessThan(1500);
    }
  });
});

describe('openSms', () => {
  test.each(['', 'sms', 'smpp://x', 'ftp://x', 'http://gateway.example/sms', 'sandbox:'])(
    'refuses %j',
    (url) => {
      expect(() => openSms(url)).toThrow(expect.objectContaining({ code: 'config-invalid' }));
    },
  );
});
