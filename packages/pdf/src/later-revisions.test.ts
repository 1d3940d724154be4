import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { at, bytesOf, latin, makeLetter } from '../test/letter-fixture.js';
import { changesAfter } from './changes/changes-after.js';
import { laterRevisions } from './later-revisions.js';
import { readPdf } from './read-pdf.js';
import { readSignatures } from './read-signatures.js';
import { signatureUpdate } from './signature-update.js';
import { closeTimestamp, timestampedRanges, timestampUpdate } from './timestamp-update.js';
import { closeSignature } from './update-layout.js';
import { validationUpdate } from './validation-update.js';

const sha1 = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha1').update(bytes).digest());
const joined = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const cms = bytesOf('\x30\x03\x02\x01\x05');
const token = (n: number): Uint8Array => bytesOf(`\x30\x03\x02\x01${String.fromCharCode(n)}`);
const material = {
  certificates: [bytesOf('0\x01A'), bytesOf('0\x01B\r\nendstream')],
  ocsps: [bytesOf('0\x01O')],
  crls: [],
};

async function sign(options: Parameters<typeof makeLetter>[0] = {}): Promise<Uint8Array> {
  const letter = await makeLetter(options);
  const field = options?.fields?.at(-1) ?? 'Mandate.Subject';
  const update = signatureUpdate(letter, { field, date: at, contentsBytes: 64 });
  return closeSignature(letter, update, cms);
}
const withMaterial = (file: Uint8Array, more = material): Uint8Array =>
  joined(file, validationUpdate(file, more, sha1));
const stamped = (file: Uint8Array, n = 7): Uint8Array =>
  closeTimestamp(file, timestampUpdate(file, { contentsBytes: 32 }), token(n));
const read = (file: Uint8Array) => laterRevisions(readPdf(file), sha1);
const refused = expect.objectContaining({ code: 'format-pdf' });

let signed: Uint8Array;
let archived: Uint8Array;
beforeAll(async () => {
  signed = await sign();
  archived = stamped(withMaterial(signed));
});

describe('files that cannot grow', () => {
  test('an unsigned letter', async () => {
    const letter = await makeLetter();
    expect(() => validationUpdate(letter, material, sha1)).toThrow(refused);
    expect(() => timestampUpdate(letter, { contentsBytes: 32 })).toThrow(refused);
  });
  test.each([
    [
      'no material',
      () => validationUpdate(signed, { certificates: [], ocsps: [], crls: [] }, sha1),
    ],
    ['material behind material', () => validationUpdate(withMaterial(signed), material, sha1)],
    ['no room', () => timestampUpdate(signed, { contentsBytes: 0 })],
    [
      'a token too large',
      () => closeTimestamp(signed, timestampUpdate(signed, { contentsBytes: 4 }), cms),
    ],
    ['a signature update for a timestamp', () => closeTimestamp(bytesOf(''), signed, cms)],
  ])('%s', (_, act) => expect(act).toThrow(refused));
});

test('validation material, timestamp, and both again at renewal', () => {
  const renewed = stamped(
    withMaterial(archived, { ...material, certificates: [...material.certificates, bytesOf('C')] }),
    8,
  );
  expect(read(signed)).toEqual([]);
  const found = read(renewed);
  expect(found.map(({ kind }) => kind)).toEqual([
    'validation',
    'timestamp',
    'validation',
    'timestamp',
  ]);
  expect(found[0]).toMatchObject({ material });
  const [, first, again, second] = found;
  if (first?.kind !== 'timestamp' || second?.kind !== 'timestamp') throw new Error('kinds');
  expect(first.signature).toMatchObject({
    field: 'MandateTimestamp1',
    type: 'DocTimeStamp',
    subFilter: 'ETSI.RFC3161',
    contents: token(7),
  });
  expect(second.signature).toMatchObject({ field: 'MandateTimestamp2', coversWholeFile: true });
  expect(again).toMatchObject({ material: { certificates: [{}, {}, bytesOf('C')] } });

  // What is known already is referred to, and one record stands for each signature.
  const file = readPdf(renewed);
  const text = latin(renewed);
  expect(text.split('endstream\nendobj').length).toBe(text.split('\nstream\n').length);
  const keys = readSignatures(file)
    .slice(0, 2)
    .map(({ paddedContents }) => Buffer.from(sha1(paddedContents)).toString('hex').toUpperCase());
  const store = file.dictAt(file.dictAt(file.catalog, 'DSS')!, 'VRI')!;
  expect([...store.entries.keys()]).toEqual(keys);
  expect(file.revisions[4]!.objects.size).toBe(2); // the store and one certificate
});

test('pure, and the timestamp covers all but its own /Contents', () => {
  const file = withMaterial(signed);
  expect(withMaterial(signed.slice())).toEqual(file);
  const update = timestampUpdate(file, { contentsBytes: 32 });
  const [before, after] = timestampedRanges(file, update);
  expect(joined(before, bytesOf(`<${'0'.repeat(64)}>`), after)).toEqual(joined(file, update));
});

test.each([{}, { inlineForm: true }, { fields: ['A', 'B'] }])(
  'nothing but what DocMDP P=1 allows: %j',
  async (options) => {
    const file = readPdf(stamped(withMaterial(stamped(withMaterial(await sign(options))))));
    const signature = readSignatures(file).find(({ type }) => type === 'Sig')!;
    const changes = changesAfter(file, signature);
    expect(changes.length).toBeGreaterThan(0);
    expect(changes.filter(({ allowed }) => !allowed)).toEqual([]);
    expect(read(file.bytes).length).toBe(4);
  },
);

describe('revisions that are something else', () => {
  const replaceIn = (find: string, replace: string): Uint8Array => {
    const text = latin(archived);
    const start = text.lastIndexOf(find);
    expect(start).toBeGreaterThan(signed.length);
    return bytesOf(text.slice(0, start) + replace + text.slice(start + find.length));
  };
  test.each([
    ['sub-filter', '/ETSI.RFC3161', '/ETSI.RFC3162'],
    ['type', '/DocTimeStamp', '/DocTimeStump'],
    ['a rectangle', '[0 0 0 0]', '[0 0 9 9]'],
    ['another name', '(MandateTimestamp1)', '(MandateTimestamp2)'],
    ['flags', '/F 132', '/F 134'],
    ['store type', '/Type /DSS', '/Type /DSX'],
    ['ByteRange', '/ByteRange [0 ', '/ByteRange [1 '],
    ['upper case in /Contents', '<30030201', '<3003020A'],
    ['bytes behind the token', '07000000', '07000001'],
    ['no token', '<3003020107', '<0000000000'],
  ])('%s', (_, find, replace) => {
    expect(() => read(replaceIn(find, replace))).toThrow(refused);
  });

  test('an object more, offsets right', () => {
    const file = readPdf(signed);
    const size = Number(/\/Size (\d+)/.exec(latin(signed).slice(-400))![1]);
    const body = `${size} 0 obj\n<< >>\nendobj\n`;
    const xref = signed.length + body.length;
    const root = `${file.catalogRef.number} 0 R`;
    const more = bytesOf(
      `${body}xref\n${size} 1\n${String(signed.length).padStart(10, '0')} 00000 n \n` +
        `trailer\n<< /Size ${size + 1} /Root ${root} /Prev ${file.revisions[1]!.xrefOffset} >>\n` +
        `startxref\n${xref}\n%%EOF\n`,
    );
    expect(() => read(joined(signed, more))).toThrow(refused);
    expect(() => read(joined(archived, bytesOf('\n')))).toThrow(refused);
  });

  test('a second signature instead of a timestamp', async () => {
    const two = await sign({ fields: ['A', 'B'] });
    const text = latin(two);
    expect(read(two)).toEqual([]);
    expect(() => read(bytesOf(text + text.slice(text.lastIndexOf('xref'))))).toThrow(refused);
  });

  test('every second byte behind the signature matters, tokens and streams apart', () => {
    const contents = latin(archived).lastIndexOf('<3003020107');
    // The token's own bytes are judged with the token.
    const free = Array.from({ length: 10 }, (_, i) => contents + 1 + i);
    for (const stream of ['0\x01A', '0\x01B', '0\x01O']) {
      const start = latin(archived).indexOf(`stream\n${stream}`, signed.length) + 7;
      const length = Number(/\/Length (\d+) >>\n$/.exec(latin(archived).slice(0, start - 7))![1]);
      for (let i = 0; i < length; i++) free.push(start + i);
    }
    for (let i = signed.length; i < archived.length; i += 2) {
      if (free.includes(i)) continue;
      const forged = archived.slice();
      forged[i]! ^= 1;
      const near = latin(forged.subarray(i - 20, i + 20));
      expect([near, fate(forged)]).toEqual([near, 'format-pdf']);
    }
  });
  const fate = (file: Uint8Array): string => {
    try {
      read(file);
      // Later revisions cut off the chain count as letter and signature, which then are not the template's.
      const { end } = readPdf(file).revisions[1]!;
      return end === signed.length ? 'accepted' : 'format-pdf';
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
  };
});

test('qpdf reads it', () => {
  const dir = mkdtempSync(join(tmpdir(), 'mandate-pdf-'));
  try {
    writeFileSync(join(dir, 'a.pdf'), archived);
    const run = (command: string, ...args: string[]): string =>
      execFileSync(command, args, {
        cwd: dir,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    expect(run('qpdf', '--check', 'a.pdf')).toContain('No syntax or stream encoding errors');
  } finally {
    rmSync(dir, { recursive: true });
  }
});
