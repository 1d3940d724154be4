import { expect, test } from '@jest/globals';
import { transformSync } from '@swc/core';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, SourceTextModule } from 'node:vm';

const SOURCE = import.meta.dirname;

/** What edge runtimes and browsers share (WinterTC's minimum), and nothing of Node. */
const WEB = {
  ...{ AbortSignal, Blob, crypto, DecompressionStream, fetch, Headers, Request, Response },
  ...{ setTimeout, TextDecoder, TextEncoder, URL, URLSearchParams, atob, btoa },
};

/** Loads the client's sources into a world that has the web's globals alone. */
async function load(): Promise<Record<string, any>> {
  const world = createContext({ ...WEB });
  const known = new Map<string, SourceTextModule>();
  const moduleAt = (path: string): SourceTextModule => {
    const made = known.get(path);
    if (made) return made;
    const { code } = transformSync(readFileSync(path, 'utf8'), {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
      module: { type: 'es6' },
    });
    const module = new SourceTextModule(code, { context: world, identifier: path });
    known.set(path, module);
    return module;
  };
  const entry = moduleAt(join(SOURCE, 'index.ts'));
  await entry.link((from) => {
    if (!/^\.\/[a-z-]+\.js$/.test(from)) throw new Error(`imports ${from}`);
    return moduleAt(join(SOURCE, from.replace(/js$/, 'ts')));
  });
  await entry.evaluate();
  return entry.namespace as Record<string, any>;
}

test('the client runs where there is no Node', async () => {
  const client = await load();
  const calls: string[] = [];
  const mandate = new client['MandateClient']({
    baseUrl: 'https://sign.example.com',
    apiKey: 'mk_test',
    fetch: async (address: string) => {
      calls.push(address);
      return Response.json({ id: 'aut_1' }, { status: 201 });
    },
  });
  expect(await mandate.requestAuthorization({})).toEqual({ id: 'aut_1' });
  expect(calls).toEqual(['https://sign.example.com/v1/authorizations']);

  const at = 1_795_000_000;
  const secret = new Uint8Array(24).fill(7);
  const body = JSON.stringify({ type: 'authorization.released', data: { authorization: 'aut_1' } });
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', secret, algorithm, false, ['sign']);
  const text = new TextEncoder().encode(`msg_1.${at}.${body}`);
  const mac = Buffer.from(await crypto.subtle.sign('HMAC', key, text)).toString('base64');
  const event = await client['verifyWebhook']({
    body,
    headers: new Headers({
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(at),
      'webhook-signature': `v1,${mac}`,
    }),
    secret: `whsec_${Buffer.from(secret).toString('base64')}`,
    now: at * 1000,
  });
  expect(event.type).toBe('authorization.released');
  await expect(
    client['verifyReceipt']('e30.e30.e30', { keys: { keys: [] }, now: 0 }),
  ).rejects.toMatchObject({ name: 'MandateSignatureError', reason: 'algorithm-refused' });
});

test('nothing of Node is named anywhere in the package', () => {
  const sources = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.test.ts'),
  );
  expect(sources.length).toBeGreaterThan(10);
  for (const path of sources) {
    const text = readFileSync(join(SOURCE, path), 'utf8');
    expect([path, /\bnode:|\bBuffer\b|\bprocess\b|\brequire\(/.exec(text)?.[0]]).toEqual([
      path,
      undefined,
    ]);
  }
});

test('the manifest brings nothing along and names what exists', () => {
  const manifest = JSON.parse(readFileSync(join(SOURCE, '../package.json'), 'utf8'));
  expect(manifest.dependencies).toEqual({});
  expect(Object.keys(manifest.exports)).toEqual(['.', './widget', './react']);
  for (const { default: file } of Object.values<{ default: string }>(manifest.exports))
    readFileSync(join(SOURCE, file.replace('./dist/', '').replace(/js$/, 'ts')));
});
