import { expect, test } from '@jest/globals';
import { sha256Hex, utf8 } from '@mandate/core';
import { makeAuthority } from '../../../test/kit/authority.js';
import { buildBundle } from '../../../test/kit/build-bundle.js';
import { upToGeneration, withGenerations } from './bundle.js';
import {
  generationManifest,
  packGeneration,
  readGenerations,
  unpackGeneration,
  type Sealed,
} from './generation.js';
import { generationOf, laterProofName, MAXIMUM_GENERATIONS, provenIndex } from './layout.js';
import { parseManifest } from './manifest.js';

const ZERO: Sealed = { manifest: utf8('manifest 0'), signature: utf8('seal 0') };
const filesOf = (number: number): Map<string, Uint8Array> =>
  new Map(
    ['state.json', 'receipts.json', 'accesses.json', 'proofs/7.tlog-proof'].map((name) => [
      `later/${String(number).padStart(3, '0')}/${name}`,
      utf8(`${number} ${name}`),
    ]),
  );
function chain(length: number): Map<string, Uint8Array> {
  const all = new Map<string, Uint8Array>();
  let before = ZERO;
  for (let number = 1; number <= length; number++) {
    const files = filesOf(number);
    const manifest = generationManifest(number, files, before);
    before = { manifest, signature: utf8(`seal ${number}`) };
    const { entries } = unpackGeneration(number, packGeneration(number, files, before));
    for (const [name, bytes] of entries) all.set(name, bytes);
  }
  return all;
}

test('a manifest names what the generation adds, and list and seal of the one before', () => {
  const manifest = generationManifest(1, filesOf(1), ZERO);
  const parts = parseManifest(manifest, 'META-INF/signature-001.p7s');
  expect(parts.map(({ name }) => name)).toEqual([
    'META-INF/ASiCManifest.xml',
    'META-INF/signature.p7s',
    'later/001/accesses.json',
    'later/001/proofs/7.tlog-proof',
    'later/001/receipts.json',
    'later/001/state.json',
  ]);
  expect(parts[0]!.digest).toBe(sha256Hex(ZERO.manifest));
  // the manifest of another generation is none of this one
  expect(() => parseManifest(manifest)).toThrow(expect.objectContaining({ code: 'format-bundle' }));
});

test('what it was with fewer generations can be had again, byte by byte', async () => {
  const { bundle } = await buildBundle(makeAuthority());
  const grown = withGenerations(bundle, readGenerations(chain(2)));
  const one = withGenerations(bundle, readGenerations(chain(1)));
  expect([0, 1, 2, 9].map((count) => sha256Hex(upToGeneration(grown, count)))).toEqual(
    [bundle, one, grown, grown].map(sha256Hex),
  );
});

test('as many as there may be, and no more', () => {
  const all = chain(MAXIMUM_GENERATIONS);
  expect(readGenerations(all).map(({ number }) => number)).toEqual(
    Array.from({ length: MAXIMUM_GENERATIONS }, (_, i) => i + 1),
  );
  expect(() => chain(MAXIMUM_GENERATIONS + 1)).toThrow(
    expect.objectContaining({ code: 'format-bundle' }),
  );
});

test.each([
  [
    'a gap',
    (all: Map<string, Uint8Array>) =>
      all.forEach((_, name) => generationOf(name) === 2 && all.delete(name)),
  ],
  ['no manifest', (all: Map<string, Uint8Array>) => all.delete('META-INF/ASiCManifest-002.xml')],
  ['no seal', (all: Map<string, Uint8Array>) => all.delete('META-INF/signature-003.p7s')],
  [
    'a required file missing',
    (all: Map<string, Uint8Array>) => all.delete('later/001/receipts.json'),
  ],
  ['a foreign file', (all: Map<string, Uint8Array>) => all.set('later/001/notes.txt', utf8('x'))],
  [
    'a manifest that is none',
    (all: Map<string, Uint8Array>) => all.set('META-INF/ASiCManifest-001.xml', utf8('x')),
  ],
])('refused: %s', (_, change) => {
  const all = chain(3);
  change(all);
  expect(() => readGenerations(all)).toThrow(expect.objectContaining({ code: 'format-bundle' }));
});

test('names', () => {
  expect(generationOf(laterProofName(12, 0))).toBe(12);
  expect(provenIndex(laterProofName(12, 4096))).toBe(4096);
  for (const name of [
    'later/000/state.json',
    'later/1/state.json',
    'later/001/proofs/01.tlog-proof',
    'META-INF/ASiCManifest-01.xml',
    'META-INF/signature-001.xml',
    'META-INF/ASiCManifest.xml',
    'letter/letter.pdf',
  ])
    expect([name, generationOf(name)]).toEqual([name, null]);
});
