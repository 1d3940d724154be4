import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { creditReportTemplate } from '@mandate/terms';
import { codeFromSandbox, subjectClient } from '../test/kit/ceremony-client.mjs';
import { publishedInstitution, startServer } from './bench-service.mjs';

const ID_NUMBER = '310101199003072313';

/**
 * Whole ceremonies over HTTP (request, read, code, key, signature, timestamp, evidence, ledger,
 * release) against one server process on embedded parts with fsync on; beside them the bare
 * cryptography of one signing in this process. The ceremony waits for the second after the
 * timestamp before it asks for OCSP, so one after another they cannot be faster than that.
 */
export async function bench({ args, say }) {
  const { values } = parseArgs({
    args,
    options: { json: { type: 'boolean' }, count: { type: 'string', default: '48' } },
  });
  const count = Number(values.count);
  const dataDir = await mkdtemp(join(tmpdir(), 'mandate-bench-'));
  const server = await startServer(dataDir);
  try {
    const { api } = await publishedInstitution(dataDir, server.url);
    const { size } = await ceremony(server.url, api); // warms up, tells the letter's size
    const bare = bareCryptography(size);
    say(
      `bare cryptography: ${bare.toFixed(0)} per second (one P-256 key, three signatures, one digest of ${size} bytes)`,
    );
    const ratios = {};
    for (const [concurrency, signings] of [
      [1, Math.max(8, Math.floor(count / 6))],
      [16, count],
    ]) {
      const rate = await measure(server.url, api, concurrency, signings);
      say(
        `concurrency ${concurrency}: ${rate.toFixed(2)} signings per second (${signings} whole ceremonies, fsync on)`,
      );
      ratios[`signing-c${concurrency}-per-second`] = Number(rate.toFixed(3));
      ratios[`signing-c${concurrency}-to-bare`] = Number((rate / bare).toFixed(6));
    }
    return ratios;
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

let subjects = 0;

/** One authorization, from the request to its release; its id and its letter's size in bytes. */
export async function ceremony(url, api) {
  // blocks of ten thousand numbers have a limit of their own
  const phone = `139${String((7919 * 10_000 + 12_347 * subjects++) % 100_000_000).padStart(8, '0')}`;
  const authorization = await api.post('/v1/authorizations', {
    template: creditReportTemplate.name,
    businessReference: `BENCH-${subjects}`,
    subject: { name: '王小明', idType: 'cn-resident-id', idNumber: ID_NUMBER, phone },
    end: { kind: 'date', at: new Date(Date.now() + 30 * 86_400_000).toISOString() },
  });
  const link = await api.post(`/v1/authorizations/${authorization.id}/signing-links`);
  const subject = subjectClient(url);
  await subject.open(link.url);
  let view = await subject.read(await subject.identify(ID_NUMBER.slice(-6)));
  view = await subject.challenge();
  const { code } = await codeFromSandbox(url, phone, view.challenge.checkCode);
  view = await subject.confirm(view, code);
  view = await subject.complete(await subject.sign(view));
  if (view.step !== 'done') throw new Error(`a ceremony ended at ${view.step}`);
  return { id: authorization.id, size: subject.letter().length };
}

async function measure(url, api, concurrency, signings) {
  let left = signings;
  const from = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (left-- > 0) await ceremony(url, api);
    }),
  );
  return signings / ((performance.now() - from) / 1000);
}

/** Per second: one key pair with its public key exported, three signatures, one digest. */
function bareCryptography(letterSize) {
  const letter = Buffer.alloc(letterSize, 7);
  const message = Buffer.alloc(200, 9);
  const round = () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    publicKey.export({ type: 'spki', format: 'der' });
    for (let i = 0; i < 3; i++) sign('sha256', message, privateKey);
    createHash('sha256').update(letter).digest();
  };
  for (let i = 0; i < 200; i++) round();
  const from = performance.now();
  const rounds = 2000;
  for (let i = 0; i < rounds; i++) round();
  return rounds / ((performance.now() - from) / 1000);
}
