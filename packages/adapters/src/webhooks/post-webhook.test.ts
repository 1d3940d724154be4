import { afterEach, expect, test } from '@jest/globals';
import { createServer, type Server, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { lookup } from 'node:dns';
import { postWebhook } from './post-webhook.js';

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((done) => (server ? server.close(done) : done(undefined)));
  server = undefined;
});

async function serve(listener: RequestListener): Promise<number> {
  server = createServer(listener);
  await new Promise<void>((done) => server!.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

const limits = { timeout: 2000, loopback: false };
const message = { headers: { 'webhook-id': 'msg_1' }, body: '{"文":1}' };
/** A name server under the attacker's hand: answers in turn. */
const answering = (...answers: string[][]) => {
  let asked = 0;
  const resolve = ((_name: string, _options: object, done: (...a: unknown[]) => void) => {
    const answer = answers[Math.min(asked++, answers.length - 1)]!;
    done(
      null,
      answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  }) as unknown as typeof lookup;
  return { resolve, asked: () => asked };
};

test('the message arrives as it was signed, byte for byte', async () => {
  let heard: { body: string; id: unknown } | undefined;
  const port = await serve((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      heard = { body: Buffer.concat(parts).toString(), id: request.headers['webhook-id'] };
      response.writeHead(204).end();
    });
  });
  const url = `http://127.0.0.1:${port}/hook`;
  expect(await postWebhook({ url, ...message }, { ...limits, loopback: true })).toEqual({
    status: 204,
  });
  expect(heard).toEqual({ body: message.body, id: 'msg_1' });
});

test('a name that leads inside is refused, whatever else it leads to', async () => {
  for (const addresses of [
    ['127.0.0.1'],
    ['8.8.8.8', '10.0.0.1'],
    ['::1'],
    ['::ffff:169.254.169.254'],
    [],
  ]) {
    const names = answering(addresses);
    const post = { url: 'https://rebind.attacker.com/', ...message };
    expect(await postWebhook(post, { ...limits, ...names })).toEqual({ fault: 'address-refused' });
  }
});

test('a name is asked for once: its second answer is never used', async () => {
  let reached = 0;
  const port = await serve((_request, response) => {
    reached++;
    response.end();
  });
  // First an address outside, then this machine.
  const names = answering(['8.8.8.8'], ['127.0.0.1']);
  const outcome = await postWebhook(
    { url: `https://rebind.attacker.com:${port}/`, ...message },
    { ...limits, ...names, timeout: 300 },
  );
  expect(['connection', 'timeout']).toContain((outcome as { fault: string }).fault);
  expect(names.asked()).toBe(1);
  expect(reached).toBe(0);
});

test('a redirect is an answer, not a way', async () => {
  const port = await serve((_request, response) => {
    response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
  });
  const post = { url: `http://localhost:${port}/`, ...message };
  expect(await postWebhook(post, { ...limits, loopback: true })).toEqual({ status: 302 });
});

test('who does not answer is left', async () => {
  const port = await serve(() => undefined);
  const post = { url: `http://127.0.0.1:${port}/`, ...message };
  expect(await postWebhook(post, { ...limits, loopback: true, timeout: 200 })).toEqual({
    fault: 'timeout',
  });
});

test('an endless answer is not read', async () => {
  const port = await serve((_request, response) => {
    response.writeHead(200);
    const pour = (): void => {
      while (response.write(Buffer.alloc(65_536))) if (response.destroyed) return;
      response.once('drain', pour);
    };
    pour();
  });
  const post = { url: `http://127.0.0.1:${port}/`, ...message };
  expect(await postWebhook(post, { ...limits, loopback: true })).toEqual({ status: 200 });
});

test('what is no TLS, and nobody there, have their own names', async () => {
  const port = await serve((_request, response) => response.end());
  const tls = { url: `https://localhost:${port}/`, ...message };
  expect(await postWebhook(tls, { ...limits, loopback: true })).toEqual({ fault: 'tls' });
  server!.closeAllConnections();
  await new Promise((done) => server!.close(done));
  server = undefined;
  const nobody = { url: `http://127.0.0.1:${port}/`, ...message };
  expect(await postWebhook(nobody, { ...limits, loopback: true })).toEqual({ fault: 'connection' });
});

test('an address that was accepted once is judged again', async () => {
  expect(await postWebhook({ url: 'http://bank.com.cn/', ...message }, limits)).toEqual({
    fault: 'url-refused',
  });
});
