import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { at, bytesOf, latin, makeLetter } from '../test/letter-fixture.js';
import { checkSignatureUpdate } from './check-signature-update.js';
import { readPdf } from './read-pdf.js';
import { readSignatures, splitSigned } from './read-signatures.js';
import { signatureUpdate } from './signature-update.js';
import { closeSignature } from './update-layout.js';

const options = { field: 'Mandate.Subject', date: at, contentsBytes: 64 };
const cms = bytesOf('\x30\x03\x02\x01\x05');
const refusal = (code: string) => expect.objectContaining({ code });

async function signedLetter(ending = ''): Promise<{ letter: Uint8Array; signed: Uint8Array }> {
  const letter = bytesOf(latin(await makeLetter()) + ending);
  return { letter, signed: closeSignature(letter, signatureUpdate(letter, options), cms) };
}

test('an unsigned letter has no signature to read and nothing to split', async () => {
  const letter = await makeLetter();
  expect(readSignatures(readPdf(letter))).toEqual([]);
  expect(() => splitSigned(letter)).toThrow(refusal('format-pdf'));
});

test('an update without a signature in it does not split', async () => {
  const { letter } = await signedLetter();
  const empty = new Uint8Array(Buffer.concat([letter, signatureUpdate(letter, options)]));
  expect(() => splitSigned(empty)).toThrow(refusal('format-pdf'));
});

test.each(['', '\n', '\r\n', '\r'])(
  'the letter is found again, also when it ended in %j',
  async (ending) => {
    const { letter, signed } = await signedLetter(ending);
    const split = splitSigned(signed);
    expect(latin(split.letter)).toBe(latin(letter));
    expect(checkSignatureUpdate(split.letter, split.update)).toEqual([]);
    expect(split.cms).toEqual(cms);
    expect(split.later).toHaveLength(0);
    expect(readSignatures(readPdf(signed))).toEqual([
      expect.objectContaining({
        field: 'Mandate.Subject',
        type: 'Sig',
        subFilter: 'ETSI.CAdES.detached',
        m: 'D:20261121093000Z',
        revision: 1,
        contents: cms,
        paddingIsZeros: true,
        byteRangeExact: true,
        coversWholeFile: true,
        letterLength: letter.length,
      }),
    ]);
  },
);

test.each([
  ['starts late', /\[0 /, '[1 '],
  ['gap one byte wide of /Contents', /\[0 (\d+)/, '[0 999'],
  ['runs past the end', /\d{3}\] {3}/, '99999]'],
])('a /ByteRange that %s is not exact', async (_, find, replace) => {
  const { signed } = await signedLetter();
  const text = latin(signed);
  const m = find.exec(text.slice(text.indexOf('/ByteRange')))!;
  const forged = text.replace(m[0], replace.padEnd(m[0].length).slice(0, m[0].length));
  expect(readSignatures(readPdf(bytesOf(forged)))[0]).toMatchObject({
    byteRangeExact: false,
    coversWholeFile: false,
  });
});

test('a /ByteRange of three numbers is refused', async () => {
  const { signed } = await signedLetter();
  const forged = latin(signed).replace('/ByteRange [0 ', '/ByteRange [  ');
  expect(() => readSignatures(readPdf(bytesOf(forged)))).toThrow(refusal('format-pdf'));
});

test('something other than zeros behind the CMS is seen', async () => {
  const { signed } = await signedLetter();
  const forged = bytesOf(latin(signed).replace('<300302010500', '<300302010501'));
  expect(readSignatures(readPdf(forged))[0]).toMatchObject({
    contents: cms,
    paddingIsZeros: false,
  });
});

test('a later update is kept apart and the signature no longer covers the file', async () => {
  const { letter, signed } = await signedLetter();
  const text = latin(signed);
  const previous = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)![1]);
  const trailer = /trailer\n(.*)\n(?!.*trailer)/.exec(text.slice(previous))![1]!;
  const later = `xref\n0 0\ntrailer\n${trailer.replace(/\/Prev \d+/, `/Prev ${previous}`)}\nstartxref\n${text.length}\n%%EOF\n`;
  const grown = bytesOf(text + later);
  const split = splitSigned(grown);
  expect(latin(split.later)).toBe(later);
  expect(latin(split.letter)).toBe(latin(letter));
  expect(readSignatures(readPdf(grown))[0]).toMatchObject({
    byteRangeExact: true,
    coversWholeFile: false,
    coveredEnd: signed.length,
    revision: 1,
  });
});

test('reads a signature in a file that qpdf rewrote with object streams', async () => {
  const { signed } = await signedLetter();
  const dir = mkdtempSync(join(tmpdir(), 'mandate-pdf-'));
  writeFileSync(join(dir, 'a.pdf'), signed);
  execFileSync('qpdf', [join(dir, 'a.pdf'), '--object-streams=generate', join(dir, 'b.pdf')]);
  const rewritten = new Uint8Array(readFileSync(join(dir, 'b.pdf')));
  rmSync(dir, { recursive: true });
  const file = readPdf(rewritten, {
    inflate: (z, max) => new Uint8Array(inflateSync(z, { maxOutputLength: max })),
  });
  expect(file.revisions[0]!.form).toBe('stream');
  expect(readSignatures(file)[0]).toMatchObject({ contents: cms, byteRangeExact: false });
});
