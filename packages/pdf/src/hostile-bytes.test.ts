import { inflateSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { isDomainError } from '@mandate/core/errors';
import fc from 'fast-check';
import { at, bytesOf, latin, makeLetter } from '../test/letter-fixture.js';
import { checkSignatureUpdate } from './check-signature-update.js';
import { embeddedFile } from './embedded-file.js';
import { extractText } from './extract-text.js';
import { readPdf } from './read-pdf.js';
import { readSignatures, splitSigned } from './read-signatures.js';
import { signatureUpdate } from './signature-update.js';
import { closeSignature } from './update-layout.js';

const inflate = (zlib: Uint8Array, max: number): Uint8Array =>
  new Uint8Array(inflateSync(zlib, { maxOutputLength: max }));

/** The code of the refusal, or undefined; any other exception is a bug and comes through. */
function refusalOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (isDomainError(error)) return error.code;
    throw error;
  }
}

const TOKENS = ['<<', '>>', '[', ']', '(', ')', '0', '-1', '99999999999', ' R', 'obj', 'endobj'];
const MORE = [
  'stream\n',
  'endstream',
  'xref',
  'trailer',
  '/Prev 9',
  '/Kids [2 0 R]',
  '%%EOF',
  '\0',
];
const mutation = fc.record({
  where: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  cut: fc.integer({ min: 0, max: 12 }),
  put: fc.oneof(fc.constantFrom(...TOKENS, ...MORE), fc.string({ maxLength: 3 })),
});

test.each([true, false])(
  'mutated files are refused by type or read, object streams %s',
  async (objectStreams) => {
    const letter = await makeLetter({ objectStreams });
    const update = objectStreams
      ? new Uint8Array(0)
      : signatureUpdate(letter, { field: 'Mandate.Subject', date: at, contentsBytes: 32 });
    const base = objectStreams
      ? latin(letter)
      : latin(closeSignature(letter, update, bytesOf('\x30\x03\x02\x01\x05')));
    let refused = 0;
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
        let text = base;
        for (const { where, cut, put } of mutations) {
          const i = Math.floor(where * text.length);
          text = text.slice(0, i) + put + text.slice(i + cut);
        }
        const bytes = bytesOf(text);
        const acts = [
          () => readSignatures(readPdf(bytes, { inflate })),
          () => extractText(readPdf(bytes, { inflate })),
          () => embeddedFile(readPdf(bytes, { inflate }), 'terms.json'),
          () => splitSigned(bytes, { inflate }),
        ];
        if (acts.map(refusalOf).some((code) => code !== undefined)) refused++;
        const changed = checkSignatureUpdate(bytes, update);
        if (text !== base) expect(changed).not.toEqual([]);
      }),
      { numRuns: 400, seed: 20261121 },
    );
    expect(refused).toBeGreaterThan(100);
  },
);
