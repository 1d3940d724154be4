import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fromUtf8, sha256, sha256Hex, utf8 } from '@mandate/core';
import { readBundle, toPem } from '@mandate/evidence';
import {
  assembleNote,
  checkpointBody,
  consistencyProof,
  entryBytes,
  formatAddCheckpoint,
  formatEntryBundle,
  Frontier,
  leafHash,
  newTiles,
  noteToSign,
  parseEntry,
  parseProof,
  stampPath,
  tileBytes,
  tilePath,
  verifyNote,
  vkey,
  type LedgerEntry,
} from '@mandate/ledger';
import { makeAuthority } from '../../../test/kit/authority.js';
import { buildBundle, makeToken } from '../../../test/kit/build-bundle.js';
import { ledgerOf } from '../../../test/kit/ledger-files.js';
import { replaceFile } from './ledger-files.js';
import { runCommand } from './run-command.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
const origin = 'mandate.example/ledger';

const authority = makeAuthority();
let folder: string;
let trust: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mandate-ledger-'));
  trust = join(folder, 'ledger.vkey');
  writeFileSync(trust, `${vkey(origin, spki)}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const mandate = async (...args: string[]) => {
  const [out, err]: [string[], string[]] = [[], []];
  const io = {
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
    clock: { now: () => new Date('2026-11-22T04:00:00Z') },
  };
  return { code: await runCommand(args, io), out: out.join('\n'), err: err.join('\n') };
};

const copied = (from: string, to: string, ...more: string[]) =>
  mandate('ledger', 'copy', from, to, '--trust', trust, ...more);

const leaf = (i: number, component = 'page') =>
  entryBytes({
    ...{ format: 'mandate-entry/v1', kind: 'deploy', at: '2026-11-22T03:00:00Z' },
    ...{ component, digest: i.toString(16).padStart(64, '0') },
  });

/** Files of a ledger of `size` entries; those from `fork` on are others. */
async function publish(name: string, size: number, fork = Infinity) {
  const frontier = new Frontier();
  const nodes = new Map<string, Uint8Array>();
  const leaves = Array.from({ length: size }, (_, i) => leaf(i < fork ? i : i + 10_000));
  for (const entry of leaves)
    for (const { level, index, hash } of frontier.append(leafHash(entry)))
      nodes.set(`${level}/${index}`, hash);
  const node = (level: number, index: number) => nodes.get(`${level}/${index}`)!;
  const at = join(folder, name);
  for (const tile of newTiles(0, size)) {
    const first = tile.index * 256;
    const bytes =
      tile.level === 'entries'
        ? formatEntryBundle(leaves.slice(first, first + tile.width))
        : await tileBytes(tile, node);
    await replaceFile(join(at, tilePath(tile)), bytes);
  }
  const text = checkpointBody({ origin, size, root: frontier.root() });
  const signature = new Uint8Array(sign(null, noteToSign(text), privateKey));
  const note = assembleNote(text, [{ name: origin, publicKey: spki, signature }]);
  await replaceFile(join(at, 'checkpoint'), note);
  return { at, note, proof: (from: number) => consistencyProof(from, size, node) };
}

describe('fsck', () => {
  test('wrong usage is 3', async () => {
    const { at } = await publish('usage', 2);
    expect((await mandate('ledger')).code).toBe(3);
    expect((await mandate('ledger', 'fsck')).code).toBe(3);
    expect((await mandate('ledger', 'fsck', at)).code).toBe(3);
    expect((await mandate('ledger', 'fsck', at, '--trust', trust, '--what')).code).toBe(3);
    expect((await mandate('ledger', 'fsck', join(folder, 'none'), '--trust', trust)).code).toBe(3);
    expect((await mandate('ledger', 'fsck', at, '--trust', trust, '--quorum', 'x')).code).toBe(3);
  });

  test('a monitor goes along with what grows and stops at what was rewritten', async () => {
    const state = join(folder, 'state.json');
    const fsck = async (at: string) =>
      mandate('ledger', 'fsck', at, '--trust', trust, '--state', state, '--json');
    const [first, longer, other] = [
      await publish('first', 300),
      await publish('longer', 520),
      await publish('other', 600, 7),
    ];
    const checked = await fsck(first.at);
    expect(checked.code).toBe(0);
    expect(JSON.parse(checked.out)).toMatchObject({ size: 300, counts: { deploy: 300 } });
    expect((await fsck(longer.at)).code).toBe(0);
    const rewritten = await fsck(other.at);
    expect(rewritten.code).toBe(1);
    expect(JSON.parse(rewritten.out).problems).toEqual([{ code: 'rewritten', at: '520' }]);
    expect(JSON.parse((await fsck(first.at)).out).problems).toEqual([
      { code: 'shrunk', at: '520' },
    ]);
    // what was wrong is not remembered as right
    expect(JSON.parse(readFileSync(state, 'utf8'))).toMatchObject({ origin, size: 520 });
    expect((await fsck(longer.at)).code).toBe(0);
  });

  test('stamps are copied and judged: their age is told, what does not hold is a problem', async () => {
    const stamped = await publish('stamped', 300);
    const put = (number: number, note: string, token: Uint8Array) =>
      Promise.all([
        replaceFile(join(stamped.at, stampPath(number, 'checkpoint')), note),
        replaceFile(join(stamped.at, stampPath(number, 'token')), token),
      ]);
    const tokenOver = (note: string, signer = authority.stamp) =>
      makeToken(signer, sha256(utf8(note)), 65_100).token;
    const { note } = await publish('stamped-before', 256);
    await put(0, note, tokenOver(note));
    const copy = join(folder, 'stamped-copy');
    expect((await copied(stamped.at, copy)).out).toBe('7 files copied');
    const roots = join(folder, 'roots');
    await replaceFile(
      join(roots, 'timestamp', 'root.pem'),
      toPem('CERTIFICATE', authority.anchors.timestamp[0]!),
    );
    const fsck = (...more: string[]) =>
      mandate('ledger', 'fsck', copy, '--trust', trust, '--json', ...more);
    const sound = await fsck('--trust', roots);
    expect([sound.code, JSON.parse(sound.out).stamped]).toMatchObject([
      0,
      { count: 1, size: 256, at: '2026-11-22T03:05:00.000Z' },
    ]);
    // without a root nobody can say what a stamp is worth, and nothing is said
    expect(JSON.parse((await fsck()).out).stamped).toBeNull();
    expect((await copied(stamped.at, copy)).out).toBe('0 files copied');

    const problems = async () => JSON.parse((await fsck('--trust', roots)).out).problems;
    const problem = (what: string) => [{ code: 'stamp-wrong', at: `stamp/001.tst: ${what}` }];
    const [stranger, wrongs] = [makeAuthority(), [] as [Uint8Array, string][]];
    wrongs.push([tokenOver(note), 'token-imprint']);
    wrongs.push([tokenOver(stamped.note, stranger.stamp), 'token-chain']);
    for (const [token, what] of wrongs) {
      await put(1, stamped.note, token);
      rmSync(join(copy, 'stamp'), { recursive: true });
      await copied(stamped.at, copy);
      expect(await problems()).toEqual(problem(what));
    }
  });

  test('a copy is as good as the ledger; only what is new is copied', async () => {
    const copy = join(folder, 'copy');
    const files = async (from: string) => (await copied(from, copy)).out;
    expect(await files((await publish('small', 256)).at)).toBe('3 files copied');
    expect(await files((await publish('large', 300)).at)).toBe('2 files copied');
    expect((await mandate('ledger', 'fsck', copy, '--trust', trust)).code).toBe(0);
  });
});

describe('verify --ledger', () => {
  test('a letter is held against the whole ledger; a folder that is none is wrong usage', async () => {
    const { bundle, signedLetter, certificate, letter, scene } = await buildBundle(authority);
    const at = '2026-11-21T09:03:00Z';
    const entry = parseEntry(parseProof(fromUtf8(readBundle(bundle).letterProof!)).extra!);
    const intent: LedgerEntry = {
      ...{ format: 'mandate-entry/v1', kind: 'intent', at, serial: certificate.serial },
      ...{ tbs: sha256Hex(certificate.tbs), profile: 'scene/v1' },
    };
    const hold: LedgerEntry = {
      ...{ format: 'mandate-entry/v1', kind: 'hold', at, step: 'opened' },
      ...{ letter: sha256Hex(letter), fact: scene.letterDigest },
    };
    const whole = await ledgerOf(authority, [intent, entry, hold]);
    const copy = join(folder, 'whole');
    for (const [path, bytes] of whole.files) await replaceFile(join(copy, path), bytes);
    await replaceFile(join(copy, 'checkpoint'), whole.checkpoint);
    const anchors = join(folder, 'anchors');
    for (const purpose of ['scene', 'seal', 'timestamp'] as const)
      await replaceFile(
        join(anchors, purpose, 'root.pem'),
        toPem('CERTIFICATE', authority.anchors[purpose][0]!),
      );
    await replaceFile(join(anchors, 'ledger', 'key.vkey'), authority.anchors.ledger.join('\n'));
    const file = join(folder, 'letter.pdf');
    writeFileSync(file, signedLetter);
    const verify = (...more: string[]) => mandate('verify', file, '--trust', anchors, ...more);
    const { out, code } = await verify('--ledger', copy, '--json');
    const { facts, findings } = JSON.parse(out);
    expect(code).toBe(0);
    expect(facts.ledgerCopy.recorded).toEqual({ intent: 1, letter: 1, 'hold:opened': 1 });
    expect(findings).toContainEqual(
      expect.objectContaining({ id: 'letter-recorded-once', status: 'passed' }),
    );
    expect((await verify('--ledger', copy)).out).toContain('hold:opened 1');
    rmSync(join(copy, 'tile', 'entries'), { recursive: true });
    expect((await verify('--ledger', copy)).code).toBe(2);
    expect((await verify('--ledger', folder)).code).toBe(3);
  });
});

describe('witness', () => {
  test('its key is made once and for its owner alone', async () => {
    const key = join(folder, 'made.pem');
    const made = await mandate('witness', '--name', 'w.example', '--key', key, '--init');
    expect(made.out).toMatch(/^w\.example\+[0-9a-f]{8}\+B/);
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect((await mandate('witness', '--name', 'w.example', '--key', key, '--init')).code).toBe(3);
  });

  test('over HTTP: cosigns what grows, remembers over a restart, one process at a time', async () => {
    const [key, state] = [join(folder, 'witness.pem'), join(folder, 'witnessed')];
    const { out: witnessKey } = await mandate(
      'witness',
      '--name',
      'w.example/1',
      '--key',
      key,
      '--init',
    );
    const options = ['--name', 'w.example/1', '--key', key, '--ledger', trust, '--state', state];
    const start = async () => {
      const lines: string[] = [];
      const io = {
        out: (line: string) => void lines.push(line),
        err: () => undefined,
        clock: { now: () => new Date('2026-11-22T04:00:00Z') },
      };
      const ended = runCommand(['witness', ...options], io);
      while (lines.length < 2) await new Promise((done) => setTimeout(done, 10));
      const url = lines[1]!.slice('listening on '.length);
      return {
        ask: async (body: string, path = '/add-checkpoint') => {
          const answer = await fetch(`${url}${path}`, { method: 'POST', body });
          const { status, headers } = answer;
          return { status, type: headers.get('content-type'), body: await answer.text() };
        },
        stop: async () => {
          process.emit('SIGTERM');
          expect(await ended).toBe(0);
        },
      };
    };
    const [small, large, other] = [
      await publish('w-small', 5),
      await publish('w-large', 9),
      await publish('w-other', 12, 3),
    ];
    const request = async (to: typeof small, old: number) =>
      formatAddCheckpoint({ old, proof: await to.proof(old), checkpoint: to.note });

    const first = await start();
    expect((await first.ask('old 0\n', '/other')).status).toBe(404);
    expect((await first.ask('x'.repeat(70_000))).status).toBe(413);
    expect((await first.ask('old 0\n')).status).toBe(400);
    const cosigned = await first.ask(await request(small, 0));
    expect(cosigned.status).toBe(200);
    expect(verifyNote(small.note + cosigned.body, [witnessKey]).cosigners).toHaveLength(1);
    // no second process beside it
    expect((await mandate('witness', ...options)).err).toContain('config-invalid');
    await first.stop();

    const second = await start();
    expect(await second.ask(await request(large, 0))).toEqual({
      ...{ status: 409, type: 'text/x.tlog.size', body: '5\n' },
    });
    expect((await second.ask(await request(other, 5))).status).toBe(422);
    expect((await second.ask(await request(large, 5))).status).toBe(200);
    await second.stop();
  });

  test('without a ledger to look at it does not start', async () => {
    const empty = join(folder, 'empty');
    writeFileSync(empty, '\n');
    const args = ['--name', 'w', '--key', join(folder, 'made.pem'), '--state', join(folder, 's')];
    expect((await mandate('witness', ...args, '--ledger', empty)).code).toBe(3);
    expect((await mandate('witness', ...args)).code).toBe(3);
  });
});
