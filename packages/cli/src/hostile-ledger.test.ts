import { generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  assembleNote,
  checkpointBody,
  Frontier,
  leafHash,
  noteToSign,
  vkey,
} from '@mandate/ledger';
import { buildBundle } from '../../../test/kit/build-bundle.js';
import { makeAuthority } from '../../../test/kit/authority.js';
import { toPem } from '@mandate/evidence';
import { openLedgerFiles, replaceFile } from './ledger-files.js';
import { runCommand } from './run-command.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519');
const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
const origin = 'mandate.example/ledger';
const authority = makeAuthority();

/** A head as whoever holds the key may state it, true or not. */
function headOf(size: number, key = privateKey, root: Uint8Array = new Uint8Array(32)): string {
  const text = checkpointBody({ origin, size, root });
  const signature = new Uint8Array(sign(null, noteToSign(text), key));
  return assembleNote(text, [{ name: origin, publicKey: spki, signature }]);
}

type Answer = (path: string, response: ServerResponse) => void;
let [server, url, folder]: [Server, string, string] = [createServer(), '', ''];
let [asked, answer]: [string[], Answer] = [[], () => undefined];
let trust: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mandate-hostile-'));
  await replaceFile(join(folder, 'trust', 'ledger', 'key.vkey'), `${vkey(origin, spki)}\n`);
  for (const purpose of ['scene', 'seal', 'timestamp'] as const)
    await replaceFile(
      join(folder, 'trust', purpose, 'root.pem'),
      toPem('CERTIFICATE', authority.anchors[purpose][0]!),
    );
  trust = ['--trust', join(folder, 'trust')];
  server = createServer((request, response) => {
    asked.push(request.url!);
    answer(request.url!.slice(1), response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  rmSync(folder, { recursive: true });
});

/** What a command says to a server that answers like this, and how many files it asked for. */
async function against(next: Answer, ...args: string[]) {
  [asked, answer] = [[], next];
  const [out, err]: [string[], string[]] = [[], []];
  const code = await runCommand([...args, '--json'], {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    clock: { now: () => new Date('2026-11-22T04:00:00Z') },
  });
  return { code, said: JSON.parse(out[0] ?? err[0]!), asked: asked.length };
}
const fsck = (next: Answer) => against(next, 'ledger', 'fsck', url, ...trust);
const copy = (next: Answer, to: string) =>
  against(next, 'ledger', 'copy', url, join(folder, to), ...trust);

/** Serves a head, and the same bytes for everything else. */
const serving =
  (head: string, junk: string | Uint8Array = 'junk'): Answer =>
  (path, response) =>
    void response.end(path === 'checkpoint' ? head : junk);

const LARGEST = Number.MAX_SAFE_INTEGER;

describe('a head that no trusted key signed', () => {
  const head = () => headOf(LARGEST, stranger.privateKey);

  test('fsck and copy ask for nothing else, and say so', async () => {
    const checked = await fsck(serving(head()));
    expect([checked.code, checked.asked]).toEqual([1, 1]);
    expect(checked.said.problems.map(({ code }: { code: string }) => code)).toContain(
      'checkpoint-unsigned',
    );
    const copied = await copy(serving(head()), 'unsigned');
    expect([copied.code, copied.asked, copied.said.files]).toEqual([1, 1, 0]);
    expect(copied.said.problem.code).toBe('checkpoint-unsigned');
    expect(existsSync(join(folder, 'unsigned'))).toBe(false);
  });

  test('verify --ledger asks for nothing else: a finding', async () => {
    const { signedLetter } = await buildBundle(authority);
    const file = join(folder, 'letter.pdf');
    writeFileSync(file, signedLetter);
    const judged = await against(serving(head()), 'verify', file, ...trust, '--ledger', url);
    expect([judged.code, judged.asked]).toEqual([2, 1]);
    expect(judged.said.findings).toContainEqual(
      expect.objectContaining({
        ...{ id: 'ledger-copy', status: 'indeterminate' },
        subIndication: 'NO_SIGNING_CERTIFICATE_FOUND',
      }),
    );
  });
});

describe('the ledger’s own key, used against its readers', () => {
  test('a size no ledger has', async () => {
    const checked = await fsck(serving(headOf(LARGEST)));
    expect([checked.code, checked.asked]).toEqual([1, 1]);
    expect(checked.said.problems).toEqual([{ code: 'checkpoint-too-large', at: String(LARGEST) }]);
    const copied = await copy(serving(headOf(LARGEST)), 'huge');
    expect([copied.code, copied.said.code, copied.asked]).toEqual([3, 'format-ledger', 1]);
  });

  test('a size just possible, without the entries for it', async () => {
    const checked = await fsck(serving(headOf(2 ** 40)));
    expect(checked.code).toBe(1);
    const codes = checked.said.problems.map(({ code }: { code: string }) => code);
    expect(codes).toEqual(expect.arrayContaining(['tile-malformed']));
    const copied = await copy(serving(headOf(2 ** 40)), 'possible');
    // the head and one tile
    expect([copied.code, copied.asked]).toEqual([3, 2]);
    // eight million empty entries for sixteen megabytes
    const zeros = await copy(serving(headOf(2 ** 40), new Uint8Array(2 ** 24)), 'zeros');
    expect([zeros.code, zeros.asked]).toEqual([3, 2]);
    expect(existsSync(join(folder, 'zeros'))).toBe(false);
  });
});

describe('stamps without end', () => {
  const empty = () => headOf(0, privateKey, new Frontier().root());

  test.each([
    ['junk', () => 'junk', 'stamp-wrong'],
    ['one stranger’s head', () => headOf(0, stranger.privateKey), 'stamp-wrong'],
  ])('%s for every number: one is read', async (_what, note, problem) => {
    const checked = await fsck(serving(empty(), note()));
    expect([checked.code, checked.asked]).toEqual([1, 3]);
    expect(checked.said.problems).toEqual([{ code: problem, at: 'stamp/000.note' }]);
    const copied = await copy(serving(empty(), note()), `stamps-${note().length}`);
    expect([copied.code, copied.asked, copied.said.files]).toEqual([1, 3, 0]);
    expect(copied.said.problem).toEqual({ code: problem, at: 'stamp/000.note' });
  });

  test('the true head over and over: one is copied', async () => {
    const answers = serving(empty(), empty());
    const checked = await fsck(answers);
    expect([checked.code, checked.asked]).toEqual([1, 5]);
    const copied = await copy(answers, 'repeated');
    expect([copied.code, copied.asked, copied.said.files]).toEqual([1, 5, 2]);
    expect(copied.said.problem).toEqual({ code: 'stamp-order', at: 'stamp/001.tst' });
    expect(readdirSync(join(folder, 'repeated', 'stamp')).sort()).toEqual(['000.note', '000.tst']);
    // and what is there already is not begun anew
    expect((await copy(answers, 'repeated')).said).toMatchObject({
      ...{ files: 0, problem: { code: 'stamp-order' } },
    });
  });
});

describe('bytes without end', () => {
  const endless: Answer = (_path, response) => {
    const more = (): void => {
      while (response.write(new Uint8Array(65_536)));
    };
    response.on('drain', more);
    more();
  };

  test('a head, a tile and a refusal that never end are given up', async () => {
    const head = await fsck(endless);
    expect([head.code, head.said.code]).toEqual([3, 'usage']);
    const one = headOf(1, privateKey, leafHash(new Uint8Array()));
    const tile = await fsck((path, response) =>
      path === 'checkpoint' ? void response.end(one) : endless(path, response),
    );
    expect([tile.code, tile.said.code]).toEqual([3, 'usage']);
    const refusal = await fsck((path, response) => {
      response.statusCode = 500;
      endless(path, response);
    });
    expect([refusal.code, refusal.said.code]).toEqual([3, 'usage']);
  });

  test.each<[string, Answer]>([
    ['no answer', () => undefined],
    ['an answer that stops half-way', (_path, response) => void response.write('mandate')],
  ])('%s: not waited for', async (_what, silent) => {
    answer = silent;
    await expect(openLedgerFiles(url, 200)).rejects.toThrow('not in time');
  });

  test('a file of a folder is not read whole when it is too large', async () => {
    writeFileSync(join(folder, 'checkpoint'), new Uint8Array(65_537));
    await expect(openLedgerFiles(folder)).rejects.toThrow('larger than 65536 bytes');
  });
});
