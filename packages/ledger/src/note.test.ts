import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { isDomainError, sha256, utf8 } from '@mandate/core';
import {
  assembleNote,
  checkpointBody,
  formatProof,
  noteToSign,
  parseCheckpoint,
  parseNote,
  parseProof,
  parseVkey,
  verifyNote,
  vkey,
} from './index.js';

const makeKey = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
  return { spki, sign: (m: Uint8Array) => new Uint8Array(sign(null, m, privateKey)) };
};
const origin = 'mandate.example/ledger';
const key = makeKey();
const text = checkpointBody({ origin, size: 5, root: sha256(utf8('root')) });
const signature = key.sign(noteToSign(text));
const note = assembleNote(text, [{ name: origin, publicKey: key.spki, signature }]);
const anchor = vkey(origin, key.spki);

const refused = (run: () => unknown): boolean => {
  try {
    run();
    return false;
  } catch (error) {
    return isDomainError(error, 'format-ledger');
  }
};

test('the example of the signed-note specification verifies', () => {
  // c2sp.org/signed-note: the PeterNeumann key and note, as in golang.org/x/mod/sumdb/note.
  const peter = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const said =
    'If you think cryptography is the answer to your problem,\n' +
    "then you don't know what your problem is.\n\n" +
    '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
  expect(verifyNote(said, [peter]).signers).toEqual(['PeterNeumann']);
  expect(verifyNote(said.replace('think', 'thank'), [peter]).failed).toEqual(['PeterNeumann']);
});

test('a note verifies under its key alone', () => {
  expect(verifyNote(note, [anchor])).toMatchObject({ text, signers: [origin], failed: [] });
  expect(verifyNote(note, []).signers).toEqual([]);
  expect(verifyNote(note, [vkey(origin, makeKey().spki)])).toMatchObject({
    text,
    signers: [],
    failed: [],
  });
});

test('a known key with a wrong signature is named, whatever else signs', () => {
  const forged = assembleNote(text, [
    { name: origin, publicKey: key.spki, signature },
    { name: origin, publicKey: key.spki, signature: makeKey().sign(noteToSign(text)) },
  ]);
  expect(verifyNote(forged, [anchor]).failed).toEqual([origin]);
  expect(verifyNote(note.replace('\n5\n', '\n6\n'), [anchor]).failed).toEqual([origin]);
});

test('malformed notes, keys and checkpoints are refused', () => {
  for (const wrong of ['', text, `${text}\n`, note.slice(0, -1), note.replace('— ', '- ')])
    expect(refused(() => parseNote(wrong))).toBe(true);
  for (const wrong of [
    '',
    anchor.replace('mandate', 'other'),
    `${anchor}AA`,
    anchor.slice(0, -4),
    'a b+00000000+AA==',
  ])
    expect(refused(() => parseVkey(wrong))).toBe(true);
  for (const wrong of [
    text.replace('\n5\n', '\n05\n'),
    text.replace('\n5\n', '\n-5\n'),
    `${text}extension\n`,
    text.slice(0, -1),
    text.replace('=', ''),
  ])
    expect(refused(() => parseCheckpoint(wrong))).toBe(true);
  expect(parseCheckpoint(text)).toEqual({ origin, size: 5, root: sha256(utf8('root')) });
  expect(refused(() => vkey('with space', key.spki))).toBe(true);
  expect(refused(() => vkey(origin, key.spki.subarray(12)))).toBe(true);
});

test('proofs survive a round trip and have one spelling', () => {
  const hashes = [sha256(utf8('a')), sha256(utf8('b'))];
  for (const proof of [
    { index: 0, hashes: [], checkpoint: note },
    { index: 4, hashes, checkpoint: note, extra: utf8('{"entry":1}') },
  ])
    expect(parseProof(formatProof(proof))).toEqual(proof);
  const good = formatProof({ index: 4, hashes, checkpoint: note, extra: utf8('entry') });
  for (const wrong of [
    '',
    good.replace('index 4', 'index 04'),
    good.replace('index 4\n', ''),
    good.replace('extra ', 'extras '),
    good.replace('@v1', '@v2'),
    good.replace('\n\n', '\n'),
    good.replaceAll('\n', '\r\n'),
  ])
    expect(refused(() => parseProof(wrong))).toBe(true);
});
