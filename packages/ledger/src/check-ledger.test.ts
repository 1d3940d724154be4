import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { utf8 } from '@mandate/core';
import {
  assembleNote,
  checkLedgerFiles,
  checkpointBody,
  entryBytes,
  formatEntryBundle,
  Frontier,
  isStampPath,
  leafHash,
  newTiles,
  noteToSign,
  stampPath,
  tileBytes,
  tilePath,
  vkey,
  type LedgerEntry,
} from './index.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
const origin = 'mandate.example/ledger';
const anchor = vkey(origin, spki);

const hex = (n: number, length = 64) => n.toString(16).padStart(length, '0');
const format = 'mandate-entry/v1' as const;
const second = (n: number) =>
  new Date(Date.UTC(2026, 10, 22) + n * 1000).toISOString().replace('.000', '');
const intent = (serial: number, at = serial): LedgerEntry => ({
  ...{ format, kind: 'intent', at: second(at), serial: hex(serial, 8), tbs: hex(serial) },
  profile: 'scene/v1',
});
const letter = (serial: number, at = serial): LedgerEntry => ({
  ...{ format, kind: 'letter', at: second(at), serial: hex(serial, 8), signature: hex(serial) },
  ...{ letter: hex(serial), scene: hex(serial), bundle: hex(serial) },
});
const voided = (serial: number): LedgerEntry => ({
  ...{ format, kind: 'void', at: second(serial), serial: hex(serial, 8), reason: 'expired' },
});
const renewal = (serial: number, generation: number): LedgerEntry => ({
  ...{ format, kind: 'renewal', at: second(serial), serial: hex(serial, 8), generation },
  ...{ letter: hex(generation), previous: hex(generation - 1) },
});

/** The files of a ledger of these leaves, honestly signed. */
async function filesOf(leaves: readonly Uint8Array[]) {
  const frontier = new Frontier();
  const nodes = new Map<string, Uint8Array>();
  for (const leaf of leaves)
    for (const { level, index, hash } of frontier.append(leafHash(leaf)))
      nodes.set(`${level}/${index}`, hash);
  const files = new Map<string, Uint8Array>();
  for (const tile of newTiles(0, leaves.length))
    files.set(
      tilePath(tile),
      tile.level === 'entries'
        ? formatEntryBundle(leaves.slice(tile.index * 256, tile.index * 256 + tile.width))
        : await tileBytes(tile, (level, index) => nodes.get(`${level}/${index}`)!),
    );
  const head = { size: leaves.length, root: frontier.root() };
  const text = checkpointBody({ origin, ...head });
  const signature = new Uint8Array(sign(null, noteToSign(text), privateKey));
  const checkpoint = assembleNote(text, [{ name: origin, publicKey: spki, signature }]);
  return { files, checkpoint, head };
}

const honest = (count: number) =>
  Array.from({ length: count }, (_, i) => entryBytes(i % 2 ? letter(i - 1, i) : intent(i)));

const problemsOf = async (
  ledger: Awaited<ReturnType<typeof filesOf>>,
  more: Partial<Parameters<typeof checkLedgerFiles>[0]> = {},
) => {
  const { checkpoint, files } = ledger;
  const getTile = (tile: Parameters<typeof tilePath>[0]) => files.get(tilePath(tile)) ?? null;
  const { problems } = await checkLedgerFiles({ checkpoint, vkeys: [anchor], getTile, ...more });
  return problems.map(({ code, at }) => `${code} ${at}`);
};

test('an honest ledger has no problem, at every size around a tile', async () => {
  for (const size of [0, 1, 2, 255, 256, 257, 600]) {
    const ledger = await filesOf(honest(size));
    expect([size, await problemsOf(ledger)]).toEqual([size, []]);
  }
  const { checkpoint, files } = await filesOf(honest(4));
  const checked = await checkLedgerFiles({
    ...{ checkpoint, vkeys: [anchor] },
    getTile: (tile) => files.get(tilePath(tile)) ?? null,
  });
  expect(checked.counts).toEqual({ intent: 2, letter: 2 });
});

describe('the files', () => {
  const changed = async (
    size: number,
    path: string,
    change: (bytes: Uint8Array) => Uint8Array | null,
  ) => {
    const ledger = await filesOf(honest(size));
    const bytes = change(Uint8Array.from(ledger.files.get(path)!));
    if (bytes) ledger.files.set(path, bytes);
    else ledger.files.delete(path);
    return problemsOf(ledger);
  };
  const flip = (at: number) => (bytes: Uint8Array) => ((bytes[at]! ^= 1), bytes);

  test('an entry changed, and nothing else: bundle and root tell', async () => {
    const told = await changed(300, 'tile/entries/001.p/44', flip(20));
    expect(told).toContain('bundle-mismatch tile/entries/001.p/44');
    expect(told.some((problem) => problem.startsWith('root-mismatch'))).toBe(true);
  });
  test('a leaf hash changed: its bundle tells', async () => {
    expect(await changed(300, 'tile/0/000', flip(0))).toEqual(['bundle-mismatch tile/entries/000']);
  });
  test('a hash of an upper tile changed', async () => {
    expect(await changed(600, 'tile/1/000.p/2', flip(40))).toEqual([
      'tile-mismatch tile/1/000.p/2',
    ]);
  });
  test('missing and cut files are named', async () => {
    expect(await changed(600, 'tile/1/000.p/2', () => null)).toEqual([
      'tile-missing tile/1/000.p/2',
    ]);
    expect(await changed(3, 'tile/entries/000.p/3', () => null)).toEqual([
      'tile-missing tile/entries/000.p/3',
    ]);
    expect(await changed(3, 'tile/0/000.p/3', (bytes) => bytes.subarray(1))).toEqual([
      'tile-malformed tile/0/000.p/3',
    ]);
    expect(await changed(3, 'tile/entries/000.p/3', (bytes) => bytes.subarray(1))).toEqual([
      'tile-malformed tile/entries/000.p/3',
    ]);
  });
});

describe('the head', () => {
  test('another key’s, a changed and an unreadable one', async () => {
    const ledger = await filesOf(honest(3));
    const stranger = generateKeyPairSync('ed25519').publicKey.export({
      type: 'spki',
      format: 'der',
    });
    expect(await problemsOf(ledger, { vkeys: [vkey(origin, new Uint8Array(stranger))] })).toEqual([
      'checkpoint-unsigned checkpoint',
    ]);
    expect(
      await problemsOf({ ...ledger, checkpoint: ledger.checkpoint.replace('\n3\n', '\n2\n') }),
    ).toEqual(expect.arrayContaining(['checkpoint-unsigned checkpoint']));
    expect(await problemsOf({ ...ledger, checkpoint: 'x' })).toEqual([
      'checkpoint-unreadable checkpoint',
    ]);
    expect(await problemsOf(ledger, { quorum: 1 })).toEqual(['cosignatures-missing checkpoint']);
  });

  test('a ledger honestly signed but rewritten, rewound or emptied is told by who saw it before', async () => {
    const before = (await filesOf(honest(300))).head;
    expect(await problemsOf(await filesOf(honest(400)), { previous: before })).toEqual([]);
    const rewritten = honest(400);
    rewritten[7] = entryBytes(voided(6));
    expect(await problemsOf(await filesOf(rewritten), { previous: before })).toEqual([
      'rewritten 300',
    ]);
    const removed = honest(400).toSpliced(8, 2);
    expect(await problemsOf(await filesOf(removed), { previous: before })).toEqual([
      'rewritten 300',
    ]);
    expect(await problemsOf(await filesOf(honest(299)), { previous: before })).toEqual([
      'shrunk 300',
    ]);
    expect(await problemsOf(await filesOf([]), { previous: before })).toEqual(['shrunk 300']);
  });
});

describe('stamps', () => {
  const at = (minutes: number) => new Date(Date.UTC(2026, 10, 22) + minutes * 60_000);
  const early = Array.from({ length: 300 }, (_, i) => entryBytes(intent(i, i)));
  /** Tokens are written as their time; `x` is one that does not hold. */
  const check = async (
    stamps: readonly { note: string; minutes: number | 'x' }[],
    leaves = early,
    missing?: string,
  ) => {
    const { checkpoint, files } = await filesOf(leaves);
    for (const [i, { note, minutes }] of stamps.entries()) {
      files.set(stampPath(i, 'checkpoint'), utf8(note));
      files.set(stampPath(i, 'token'), utf8(String(minutes)));
    }
    if (missing) files.delete(missing);
    return checkLedgerFiles({
      ...{ checkpoint, vkeys: [anchor], getTile: (tile) => files.get(tilePath(tile)) ?? null },
      stamps: {
        getStamp: (number, file) => files.get(stampPath(number, file)) ?? null,
        judge: (_stamped, token) => {
          const text = new TextDecoder().decode(token);
          return text === 'x' ? { fault: 'x' } : { at: at(Number(text)), authority: 'A' };
        },
      },
    });
  };
  const noteOf = async (size: number, leaves = early) =>
    (await filesOf(leaves.slice(0, size))).checkpoint;
  const told = async (...args: Parameters<typeof check>) =>
    (await check(...args)).problems.map((problem) => `${problem.code} ${problem.at}`);

  test('heads of this tree, one after the other: their age is told', async () => {
    const stamps = [
      { note: await noteOf(100), minutes: 5 },
      { note: await noteOf(256), minutes: 5 },
      { note: await noteOf(300), minutes: 6 },
    ];
    const { problems, stamps: heads } = await check(stamps);
    expect(problems).toEqual([]);
    expect(heads!.map(({ size, authority }) => [size, authority])).toEqual([
      [100, 'A'],
      [256, 'A'],
      [300, 'A'],
    ]);
    // what was stamped after this head was fetched is the next look's
    expect((await check(stamps, early.slice(0, 256))).stamps).toHaveLength(2);
    // the token is written last, and nobody reads on behind a gap
    expect((await check(stamps, early, stampPath(1, 'token'))).stamps).toHaveLength(1);
  });

  test('a head of another tree, of another ledger, unsigned or without its note', async () => {
    const other = early.with(7, entryBytes(intent(7000, 7)));
    expect(await told([{ note: await noteOf(100, other), minutes: 5 }])).toEqual([
      'stamp-mismatch stamp/000.note',
    ]);
    const good = await noteOf(100);
    for (const note of [good.replace('\n100\n', '\n99\n'), good.replace('mandate.', 'x.'), 'x'])
      expect(await told([{ note, minutes: 5 }])).toEqual(['stamp-wrong stamp/000.note']);
    expect(await told([{ note: good, minutes: 5 }], early, stampPath(0, 'checkpoint'))).toEqual([
      'stamp-wrong stamp/000.note',
    ]);
    expect(await told([{ note: good, minutes: 'x' }])).toEqual(['stamp-wrong stamp/000.tst: x']);
  });

  test('smaller heads after larger ones, and times that run backwards', async () => {
    const [small, large] = [await noteOf(100), await noteOf(200)];
    expect(
      await told([
        { note: large, minutes: 5 },
        { note: small, minutes: 6 },
      ]),
    ).toContain('stamp-order stamp/001.tst');
    expect(
      await told([
        { note: small, minutes: 6 },
        { note: large, minutes: 5 },
      ]),
    ).toEqual(['stamp-order stamp/001.tst']);
    expect(
      await told([
        { note: small, minutes: 5 },
        { note: small, minutes: 6 },
      ]),
    ).toEqual(['stamp-order stamp/001.tst']);
  });

  test('an entry made up afterwards contradicts a stamp before it; one dated ahead contradicts its own', async () => {
    const backdated = [...early, entryBytes(intent(9001, 299))];
    const stamps = [{ note: await noteOf(300), minutes: 60 }];
    expect(await told(stamps)).toEqual([]);
    expect(await told(stamps, backdated)).toEqual(['entry-before-stamp 300']);
    const ahead = [...early, entryBytes(intent(9002, 7200))];
    expect(await told([{ note: await noteOf(301, ahead), minutes: 60 }], ahead)).toEqual([
      'entry-after-stamp 300',
    ]);
  });

  test('paths have one spelling', () => {
    expect(stampPath(1234, 'token')).toBe('stamp/x001/234.tst');
    for (const path of ['stamp/000.note', 'stamp/x001/234.tst'])
      expect([path, isStampPath(path)]).toEqual([path, true]);
    for (const path of [
      'stamp/0.note',
      'stamp/x000/000.tst',
      'stamp/000.x',
      'stamp/000.tst/..',
      '',
    ])
      expect([path, isStampPath(path)]).toEqual([path, false]);
  });
});

describe('what entries may not say together', () => {
  test.each<[string, LedgerEntry[], string[]]>([
    ['two letters under one serial', [intent(1), letter(1), letter(1)], ['second-letter 2']],
    ['a letter without an intent', [letter(1)], ['letter-without-intent 0']],
    ['a void without an intent', [voided(1)], ['letter-without-intent 0']],
    ['a letter after a void', [intent(1), voided(1), letter(1)], ['letter-and-void 2']],
    ['a void after a letter', [intent(1), letter(1), voided(1)], ['letter-and-void 2']],
    ['two intents under one serial', [intent(1), intent(1)], ['second-intent 1']],
    [
      'a generation left out',
      [intent(1), letter(1), renewal(1, 1), renewal(1, 3)],
      ['generation-gap 3'],
    ],
    ['an hour back', [intent(1, 4000), intent(2, 400)], ['time-backwards 1']],
    ['in order', [intent(1), intent(2), letter(2), letter(1), renewal(1, 1), renewal(1, 2)], []],
  ])('%s', async (_what, entries, expected) => {
    expect(await problemsOf(await filesOf(entries.map(entryBytes)))).toEqual(expected);
  });

  test('an entry of no known kind', async () => {
    expect(await problemsOf(await filesOf([utf8('{"kind":"wish"}')]))).toEqual([
      'entry-unreadable 0',
    ]);
  });
});
