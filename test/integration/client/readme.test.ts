import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { MandateClient, verifyReceipt } from '@mandate/client';
import { signWithLink } from '../../kit/ceremony-client.mjs';
import {
  authorizationBody,
  person,
  startApi,
  templateBody,
  type ApiInstance,
} from '../api/api-instance.js';

let api: ApiInstance;
let folder: string;
beforeAll(async () => {
  api = await startApi();
  folder = await mkdtemp(join(tmpdir(), 'mandate-readme-'));
}, 120_000);
afterAll(async () => {
  await api.stop();
  await rm(folder, { recursive: true, force: true });
});

let child: ChildProcess | undefined;
let receiver: Server | undefined;
afterEach(() => {
  child?.kill();
  receiver?.close();
});

/** Calls an exported function of the printed module per line, as somebody's server would. */
const CALLER = `
import { createInterface } from 'node:readline';
import * as integration from './integration.mjs';
for await (const line of createInterface({ input: process.stdin })) {
  const [name, argument] = JSON.parse(line);
  const answer = await integration[name](argument).catch((error) => ({ error: String(error) }));
  console.log(JSON.stringify(answer ?? null));
}`;

test('the printed integration, run as printed, goes from a form to a receipt', async () => {
  const readme = await readFile('packages/client/README.md', 'utf8');
  const [, code] = /## In twenty lines\n\n```js\n([\s\S]*?)```/.exec(readme)!;
  const lines = code!.split('\n').filter((line) => line.trim() && !line.trim().startsWith('/**'));
  expect(lines.length).toBeLessThanOrEqual(20);

  // what has to be there before
  const { apiKey } = await api.tenant();
  const mandate = new MandateClient({ baseUrl: api.url, apiKey });
  await api.publish({
    key: apiKey,
    headers: { 'idempotency-key': 'template' },
    body: templateBody('credit-report'),
  });
  const deliveries: { headers: object; body: string }[] = [];
  receiver = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      deliveries.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((done) => receiver!.listen(0, '127.0.0.1', done));
  const { port } = receiver.address() as AddressInfo;
  const { secret } = await mandate.webhooks.create({ url: `http://localhost:${port}/hook` });

  // the package as installed: its built files, found by name, in a process of its own
  await mkdir(join(folder, 'node_modules/@mandate'), { recursive: true });
  await symlink(resolve('packages/client'), join(folder, 'node_modules/@mandate/client'));
  await writeFile(join(folder, 'integration.mjs'), code!);
  await writeFile(join(folder, 'caller.mjs'), CALLER);
  child = spawn(process.execPath, ['caller.mjs'], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { MANDATE_URL: api.url, MANDATE_API_KEY: apiKey, MANDATE_WEBHOOK_SECRET: secret! },
  });
  const answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const call = async (name: string, argument: object): Promise<any> => {
    child!.stdin!.write(`${JSON.stringify([name, argument])}\n`);
    return JSON.parse((await answers.next()).value as string);
  };

  const { subject, end } = authorizationBody(api, 1);
  const link = await call('ask', { number: 'LOAN-1', subject, end });
  // sent twice, it is the same authorization
  await call('ask', { number: 'LOAN-1', subject, end });
  expect((await mandate.authorizations()).items).toHaveLength(1);
  const { idNumber, phone } = person(1);
  await signWithLink(api.url, link.url, { lastSix: idNumber.slice(-6), phone });

  let made: any;
  for (let heard = 0; !made; heard++) {
    for (let round = 0; deliveries.length <= heard && round < 200; round++)
      await new Promise((done) => setTimeout(done, 100));
    made = await call('hear', deliveries[heard]!);
    expect(made?.error).toBeUndefined();
  }
  expect(made).toMatchObject({ state: 'confirmed', number: 1, of: 1, usesLeft: 0 });
  const keys = (await api.call('GET', '/.well-known/mandate-keys.json')).json;
  const receipt = await verifyReceipt(made.receipt, { keys, now: api.now().getTime() });
  expect(receipt).toMatchObject({ id: made.redemption, source: '91110000MA00DEM01M' });
  // and somebody else's message is nobody's
  const forged = { headers: deliveries[0]!.headers, body: '{}' };
  expect((await call('hear', forged)).error).toContain('signature-mismatch');
}, 90_000);
