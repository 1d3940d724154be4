import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { at, bytesOf, latin, makeLetter } from '../test/letter-fixture.js';
import { checkSignatureUpdate } from './check-signature-update.js';
import { readPdf } from './read-pdf.js';
import { signatureUpdate } from './signature-update.js';
import { closeSignature, signedRanges } from './update-layout.js';

const field = 'Mandate.Subject';
const options = { field, date: at, contentsBytes: 2048 };
let letter: Uint8Array;
let update: Uint8Array;
beforeAll(async () => {
  letter = await makeLetter();
  update = signatureUpdate(letter, options);
});
const join2 = (a: Uint8Array, b: Uint8Array): Uint8Array => new Uint8Array(Buffer.concat([a, b]));

describe('letters that cannot be signed', () => {
  test.each([
    ['unknown field', (l: Uint8Array) => signatureUpdate(l, { ...options, field: 'Other' })],
    ['no room', (l: Uint8Array) => signatureUpdate(l, { ...options, contentsBytes: 0 })],
    ['signed already', (l: Uint8Array) => signatureUpdate(join2(l, update), options)],
    ['trailing bytes', (l: Uint8Array) => signatureUpdate(join2(l, bytesOf('\n\n')), options)],
    ['cms too large', (l: Uint8Array) => closeSignature(l, update, new Uint8Array(2049).fill(1))],
    ['update of another letter', (l: Uint8Array) => signedRanges(join2(l, bytesOf(' ')), update)],
  ])('%s', (_, act) => {
    expect(() => act(letter)).toThrow(expect.objectContaining({ code: 'format-pdf' }));
  });

  test('object streams', async () => {
    const packed = await makeLetter({ objectStreams: true });
    expect(() => signatureUpdate(packed, options)).toThrow(
      expect.objectContaining({ code: 'unsupported-algorithm' }),
    );
  });
});

test('a pure function of its arguments, with a fixed-width /ByteRange that covers all but /Contents', () => {
  expect(signatureUpdate(letter.slice(), options)).toEqual(update);
  const [first, second] = signedRanges(letter, update);
  const signed = latin(join2(letter, update));
  expect(signed.startsWith(latin(first))).toBe(true);
  expect(signed.endsWith(latin(second))).toBe(true);
  expect(signed.slice(first.length, signed.length - second.length)).toBe(`<${'0'.repeat(4096)}>`);
  const range = /\/ByteRange \[0 (\d+) (\d+) (\d+)\]/.exec(signed)!;
  expect(range.slice(1).map(Number)).toEqual([first.length, first.length + 4098, second.length]);
});

test('changes nothing but field, form, catalogue and the new signature', () => {
  const file = readPdf(join2(letter, update));
  expect(file.revisions).toHaveLength(2);
  expect(file.revisions[1]!.objects.size).toBe(4);
  const text = latin(update);
  expect(text).toContain('/SubFilter /ETSI.CAdES.detached /M (D:20261121093000Z)');
  expect(text).toContain('/SigFlags 3');
  expect(text).toMatch(/\/Perms << \/DocMDP \d+ 0 R >>/);
  expect(text).toContain('/Extensions << /ESIC << /BaseVersion /1.7 /ExtensionLevel 5 >> >>');
  const approval = latin(signatureUpdate(letter, { ...options, certify: false }));
  expect(approval).not.toMatch(/DocMDP|Perms/);
});

test.each([{}, { inlineForm: true }, { fields: ['A', 'B', field] }])(
  'accepts its own work %j',
  async (o) => {
    const l = await makeLetter(o);
    for (const certify of [true, false]) {
      const u = signatureUpdate(l, { ...options, certify });
      expect(checkSignatureUpdate(l, u)).toEqual([]);
      const cms = bytesOf('\x30\x03\x02\x01\x05');
      expect(checkSignatureUpdate(l, closeSignature(l, u, cms).subarray(l.length))).toEqual([]);
    }
  },
);

/** An update that also changes other objects, offsets and /ByteRange right, as an attacker would make it. */
function forge(
  change: (parts: { objects: Map<number, string>; trailer: string }) => void,
): Uint8Array {
  const text = latin(update);
  const objects = new Map<number, string>();
  for (const m of text.matchAll(/\n(\d+) 0 obj\n([\s\S]*?)\nendobj/g))
    objects.set(Number(m[1]), m[2]!);
  const parts = { objects, trailer: /trailer\n(.*)\n/.exec(text)![1]! };
  change(parts);
  let out = '\n';
  const entries: string[] = [];
  for (const [number, body] of [...parts.objects].sort(([a], [b]) => a - b)) {
    const offset = String(letter.length + out.length).padStart(10, '0');
    entries.push(`${number} 1\n${offset} 00000 n \n`);
    out += `${number} 0 obj\n${body}\nendobj\n`;
  }
  const xref = letter.length + out.length;
  out += `xref\n${entries.join('')}trailer\n${parts.trailer}\nstartxref\n${xref}\n%%EOF\n`;
  const gapStart = out.indexOf('/Contents <') + 10;
  const gapEnd = out.indexOf('>', gapStart) + 1;
  const range = `[0 ${letter.length + gapStart} ${letter.length + gapEnd} ${out.length - gapEnd}]`;
  return bytesOf(out.replace(/\[0 \d+ \d+ \d+\] *(?= )/, range.padEnd(36)));
}

const sourceOf = (pattern: RegExp): [number, string] => {
  for (const m of latin(letter).matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g))
    if (pattern.test(m[2]!)) return [Number(m[1]), m[2]!];
  throw new Error(`no ${pattern}`);
};
const edit = (find: RegExp, replace: string) => (parts: { objects: Map<number, string> }) => {
  let hit = false;
  for (const [number, body] of parts.objects)
    if (find.test(body)) {
      parts.objects.set(number, body.replace(find, replace));
      hit = true;
    }
  if (!hit) throw new Error(`no ${find}`);
};
const redefine =
  (pattern: RegExp, find: string | RegExp, replace: string) =>
  (parts: { objects: Map<number, string> }): void => {
    const [number, body] = sourceOf(pattern);
    parts.objects.set(number, body.replace(find, replace));
  };

describe('updates that do more than the template', () => {
  test.each([
    ['a content stream', redefine(/stream\n/, /$/, ' '), 'object-changed'],
    ['a font', redefine(/\/Type \/Font/, 'Helvetica', 'Courier'), 'object-changed'],
    ['a page', redefine(/\/Type \/Page\n/, '595', '300'), 'object-changed'],
    [
      'the page tree',
      redefine(/\/Type \/Pages/, '/Count 1', '/Count 1 /Rotate 90'),
      'object-changed',
    ],
    ['catalogue /Pages', edit(/\/Pages \d+ 0 R/, '/Pages 3 0 R'), 'object-changed'],
    ['catalogue /Names', edit(/\/Names << /, '/Names << /JavaScript 1 0 R '), 'object-changed'],
    [
      'catalogue /OpenAction',
      edit(/\/Type \/Catalog/, '/Type /Catalog /OpenAction 1 0 R'),
      'object-changed',
    ],
    ['catalogue /AA', edit(/\/Type \/Catalog/, '/Type /Catalog /AA << >>'), 'object-changed'],
    ['no /Perms', edit(/\/Perms << \/DocMDP \d+ 0 R >>/, ''), 'object-changed'],
    ['the form', edit(/\/SigFlags 3/, '/SigFlags 3 /NeedAppearances true'), 'object-changed'],
    ['the field rectangle', edit(/\/Rect \[72 /, '/Rect [71 '), 'object-changed'],
    ['the field appearance', edit(/\/AP << \/N \d+/, '/AP << /N 1'), 'object-changed'],
    [
      'a new object',
      (p: { objects: Map<number, string>; trailer: string }) => {
        p.objects.set(90, '<< >>');
        p.trailer = p.trailer.replace(/Size \d+/, 'Size 91');
      },
      'object-added',
    ],
    ['another sub-filter', edit(/ETSI.CAdES.detached/, 'adbe.pkcs7.detached'), 'update-bytes'],
    ['another filter', edit(/Adobe.PPKLite/, 'Adobe.PPKMS'), 'update-bytes'],
    ['more in the signature', edit(/\/Type \/Sig /, '/Type /Sig /Name (x) '), 'update-bytes'],
    ['DocMDP P 3', edit(/\/P 1 /, '/P 3 '), 'update-unreadable'],
    [
      'another trailer',
      (p: { trailer: string }) => void (p.trailer = p.trailer.replace(' /Prev', ' /X 1 /Prev')),
      'update-bytes',
    ],
    [
      'another /Info',
      (p: { trailer: string }) => void (p.trailer = p.trailer.replace(/\/Info \d+/, '/Info 1')),
      'update-bytes',
    ],
    [
      'no /Prev',
      (p: { trailer: string }) => void (p.trailer = p.trailer.replace(/\/Prev \d+/, '')),
      'update-revisions',
    ],
    [
      '/Prev to itself',
      (p: { trailer: string }) => void (p.trailer = p.trailer.replace(/\/Prev \d+/, '/Prev 1')),
      'update-unreadable',
    ],
    [
      '/XRefStm',
      (p: { trailer: string }) => void (p.trailer = p.trailer.replace('/Prev', '/XRefStm 9 /Prev')),
      'update-unreadable',
    ],
    [
      '/Encrypt',
      (p: { trailer: string }) =>
        void (p.trailer = p.trailer.replace('/Prev', '/Encrypt 1 0 R /Prev')),
      'update-unreadable',
    ],
  ] as [string, (p: { objects: Map<number, string>; trailer: string }) => void, string][])(
    '%s',
    (_, change, id) => {
      const forged = forge(change);
      expect(forged).not.toEqual(update);
      expect(checkSignatureUpdate(letter, forged)).toContainEqual(expect.objectContaining({ id }));
    },
  );

  test.each([
    ['trailing bytes', (u: string) => `${u} `],
    ['a trailing comment', (u: string) => `${u}% x\n`],
    ['a leading byte', (u: string) => `\n${u}`],
    ['nothing', () => ''],
    [
      'ByteRange one more',
      (u: string) => u.replace(/(\[0 \d+ \d+ )(\d+)/, (_, a, b) => a + (+b - 1)),
    ],
    ['ByteRange not from 0', (u: string) => u.replace('[0 ', '[1 ')],
    ['gap wider than /Contents', (u: string) => u.replace(/\[0 (\d+)/, (_, a) => `[0 ${+a - 1}`)],
    [
      'gap later than /Contents',
      (u: string) => u.replace(/(\[0 \d+ )(\d+)/, (_, a, b) => a + (+b + 1)),
    ],
    ['upper-case hexadecimal', (u: string) => u.replace('<000', '<A00')],
    ['space in /Contents', (u: string) => u.replace('<000', '<0 0')],
    ['no DER in /Contents', (u: string) => u.replace('<0000', '<1203')],
    ['bytes behind the CMS', (u: string) => u.replace('<00000000000000', '<30030201050001')],
    ['an impossible date', (u: string) => u.replace('D:20261121', 'D:20261131')],
    ['a date with another zone', (u: string) => u.replace('93000Z', '93000+')],
    ['a longer generation', (u: string) => u.replace('00000 n', '00001 n')],
    ['object made free', (u: string) => u.replace('00000 n', '00000 f')],
    [
      'a further update',
      (u: string) => {
        const previous = /startxref\n(\d+)/.exec(u)![1]!;
        const here = letter.length + u.length;
        return `${u}xref\n0 0\ntrailer\n${/trailer\n(.*)\n/.exec(u)![1]!.replace(/\/Prev \d+/, `/Prev ${previous}`)}\nstartxref\n${here}\n%%EOF\n`;
      },
    ],
  ] as [string, (u: string) => string][])('%s', (_, change) => {
    const forged = bytesOf(change(latin(update)));
    expect(forged).not.toEqual(update);
    expect(checkSignatureUpdate(letter, forged)).not.toEqual([]);
  });

  test('every single byte outside /Contents and the date matters', () => {
    const gap = latin(update).indexOf('<0000000000');
    const date = latin(update).indexOf('(D:2026') + 3;
    for (let i = 0; i < update.length; i++) {
      if ((i > gap && i <= gap + 4096) || (i >= date && i < date + 14)) continue;
      const forged = update.slice();
      forged[i]! ^= 1;
      const near = latin(update.subarray(i - 20, i + 20));
      expect([near, checkSignatureUpdate(letter, forged).length > 0]).toEqual([near, true]);
    }
  });

  test('what the caller expects beforehand', async () => {
    const two = await makeLetter({ fields: ['A', field] });
    const cms = bytesOf('\x30\x03\x02\x01\x05');
    const signed = closeSignature(letter, update, cms).subarray(letter.length);
    const approval = signatureUpdate(letter, { ...options, certify: false });
    const onA = signatureUpdate(two, { ...options, field: 'A' });
    const strict = { field, certify: true, unsigned: true };
    expect(checkSignatureUpdate(letter, update, strict)).toEqual([]);
    expect(checkSignatureUpdate(two, onA, { field: 'A' })).toEqual([]);
    for (const [l, u] of [
      [letter, signed],
      [letter, approval],
      [two, onA],
    ] as const) {
      expect(checkSignatureUpdate(l, u)).toEqual([]);
      expect(checkSignatureUpdate(l, u, strict)).not.toEqual([]);
    }
  });

  test('an update for another letter', async () => {
    const other = await makeLetter({ fields: [field, 'B'] });
    expect(checkSignatureUpdate(other, update)).not.toEqual([]);
  });

  test('a letter that is none', () => {
    expect(checkSignatureUpdate(bytesOf('%PDF-1.7\n'), update)).toEqual([
      expect.objectContaining({ id: 'letter-unfit' }),
    ]);
  });
});

describe('independent tools', () => {
  const dir = mkdtempSync(join(tmpdir(), 'mandate-pdf-'));
  afterAll(() => rmSync(dir, { recursive: true }));
  const run = (command: string, ...args: string[]): string =>
    execFileSync(command, args, { cwd: dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

  test.each([true, false])('openssl signs, pdfsig and qpdf accept (certify %s)', (certify) => {
    run(
      'openssl',
      ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k.pem -out c.pem -days 2 -subj /CN=Test'.split(
        ' ',
      ),
    );
    const u = signatureUpdate(letter, { ...options, certify });
    writeFileSync(join(dir, 'data'), Buffer.concat(signedRanges(letter, u)));
    run(
      'openssl',
      ...'cms -sign -cades -binary -md sha256 -in data -signer c.pem -inkey k.pem -outform DER -out cms'.split(
        ' ',
      ),
    );
    const cms = new Uint8Array(execFileSync('cat', [join(dir, 'cms')]));
    const signed = closeSignature(letter, u, cms);
    writeFileSync(join(dir, 'signed.pdf'), signed);
    const verdict = run('pdfsig', '-nocert', 'signed.pdf');
    expect(verdict).toContain('Signature is Valid.');
    expect(verdict).toContain('Total document signed');
    expect(verdict).toContain('ETSI.CAdES.detached');
    expect(verdict).toContain(field);
    expect(run('qpdf', '--check', 'signed.pdf')).toContain('No syntax or stream encoding errors');
    expect(checkSignatureUpdate(letter, signed.subarray(letter.length))).toEqual([]);

    const touched = signed.slice();
    touched[200]! ^= 1;
    writeFileSync(join(dir, 'touched.pdf'), touched);
    expect(run('pdfsig', '-nocert', 'touched.pdf')).toContain('Digest Mismatch');
  });
});
