import { X509Certificate } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { isDomainError, sha256Hex, utf8, type ErrorCode } from '@mandate/core';
import {
  BUNDLE_MIME,
  buildBundle,
  bundleReadme,
  fromPem,
  generationZero,
  LETTER_PROOF,
  looksLikeBundle,
  MANIFEST,
  manifestOf,
  manifestXml,
  parseManifest,
  PART,
  partOf,
  readBundle,
  readZip,
  toPem,
  withLetterProof,
  writeZip,
  type ZipEntry,
} from './index.js';

const parts = new Map(
  [...Object.values(PART), 'anchors/scene/root.pem', 'anchors/ledger/0.vkey'].map((name) => [
    name as string,
    utf8(`content of ${name}`),
  ]),
);
const signature = utf8('a seal');
const bundle = buildBundle({ parts, signature });

const codeOf = (run: () => unknown): ErrorCode | null => {
  try {
    run();
    return null;
  } catch (error) {
    if (isDomainError(error)) return error.code;
    throw error;
  }
};
const rezipped = (change: (entries: ZipEntry[]) => ZipEntry[]): Uint8Array =>
  writeZip(change(readZip(bundle)));

test('a bundle reads back and is deterministic whatever the order of parts', () => {
  const read = readBundle(bundle);
  expect(new Map(read.parts)).toEqual(new Map([...parts].sort()));
  expect(read.letterProof).toBeNull();
  expect(partOf(read, PART.terms)).toEqual(parts.get(PART.terms));
  const reversed = new Map([...parts].reverse());
  expect(sha256Hex(buildBundle({ parts: reversed, signature }))).toBe(sha256Hex(bundle));
  expect(read.manifestParts.find((p) => p.name === PART.letter)).toEqual({
    name: PART.letter,
    digest: sha256Hex(parts.get(PART.letter)!),
  });
});

test('the media type stands where ASiC-E and file(1) look for it', () => {
  expect(new TextDecoder().decode(bundle.subarray(30, 38 + BUNDLE_MIME.length))).toBe(
    `mimetype${BUNDLE_MIME}`,
  );
  expect(looksLikeBundle(bundle)).toBe(true);
  expect(looksLikeBundle(utf8('%PDF-1.7'))).toBe(false);
  expect(looksLikeBundle(bundle.subarray(0, 60))).toBe(false);
});

test('a proof is added without changing what was sealed, and can be taken off again', () => {
  const proven = withLetterProof(bundle, utf8('proof'));
  const read = readBundle(proven);
  expect(read.letterProof).toEqual(utf8('proof'));
  expect(read.manifest).toEqual(readBundle(bundle).manifest);
  expect(sha256Hex(generationZero(read))).toBe(sha256Hex(bundle));
});

test.each<[string, Uint8Array]>([
  ['no media type first', rezipped(([mime, ...rest]) => [...rest, mime!])],
  ['another media type', rezipped(([, ...rest]) => [['mimetype', utf8('text/plain')], ...rest])],
  ['no manifest', rezipped((e) => e.filter(([n]) => n !== MANIFEST))],
  ['no seal', rezipped((e) => e.filter(([n]) => n !== 'META-INF/signature.p7s'))],
  ['a missing part', rezipped((e) => e.filter(([n]) => n !== PART.trail))],
  ['a foreign part', rezipped((e) => [...e, ['zz.exe', utf8('x')]])],
  ['a second manifest', rezipped((e) => [...e, ['META-INF/ASiCManifest1.xml', utf8('x')]])],
  ['an unknown proof', rezipped((e) => [...e, ['proofs/other.tlog-proof', utf8('x')]])],
  ['unsorted entries', rezipped(([m, a, b, ...rest]) => [m!, b!, a!, ...rest])],
  [
    'a manifest of another spelling',
    rezipped((e) =>
      e.map(([n, b]) => [n, n === MANIFEST ? utf8(`${new TextDecoder().decode(b)}\n`) : b]),
    ),
  ],
])('%s is refused', (_, bytes) => {
  expect(codeOf(() => readBundle(bytes))).toBe('format-bundle');
});

test('a manifest has one spelling', () => {
  const xml = new TextDecoder().decode(manifestOf(parts));
  expect(parseManifest(utf8(xml)).length).toBe(parts.size);
  for (const wrong of [
    '',
    xml.replace('sha256', 'sha1'),
    xml.replace('<asic:SigReference', '<!-- --><asic:SigReference'),
    xml.replace('<?xml version="1.0" encoding="UTF-8"?>', '<!DOCTYPE x [<!ENTITY y SYSTEM "z">]>'),
    xml.replaceAll('\n', '\r\n'),
  ])
    expect(codeOf(() => parseManifest(utf8(wrong)))).toBe('format-bundle');
  const unfit = [{ name: 'a"b', digest: '00'.repeat(32) }];
  expect(codeOf(() => manifestXml(unfit))).toBe('format-bundle');
});

test('building refuses missing and foreign parts', () => {
  const missing = new Map([...parts].filter(([n]) => n !== PART.token));
  expect(codeOf(() => buildBundle({ parts: missing, signature }))).toBe('format-bundle');
  const foreign = new Map([...parts, [LETTER_PROOF, utf8('x')] as const]);
  expect(codeOf(() => buildBundle({ parts: foreign, signature }))).toBe('format-bundle');
});

test('PEM equals that of openssl', () => {
  const pem = execFileSync(
    'openssl',
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=x'.split(
      ' ',
    ),
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const der = new Uint8Array(new X509Certificate(pem).raw);
  expect(fromPem('CERTIFICATE', pem)).toEqual([der]);
  expect(toPem('CERTIFICATE', der)).toBe(pem);
  expect(fromPem('CERTIFICATE', `${pem}${pem}`).length).toBe(2);
  expect(fromPem('CERTIFICATE', 'nothing here')).toEqual([]);
  expect(codeOf(() => fromPem('PUBLIC KEY', pem))).toBe('format-certificate');
  expect(codeOf(() => fromPem('CERTIFICATE', pem.slice(0, -10)))).toBe('format-certificate');
  expect(codeOf(() => fromPem('CERTIFICATE', pem.replace(/\n[A-Za-z]/, '\n!')))).toBe(
    'format-certificate',
  );
});

test('the README names the exact byte range and moment', () => {
  const text = new TextDecoder().decode(
    bundleReadme({
      letterNumber: 'M20261121-7F3K9Q2M',
      genTime: new Date('2026-11-21T09:30:00Z'),
      byteRange: [0, 1000, 2000, 300],
    }),
  );
  expect(text).toContain('head -c 1000 ');
  expect(text).toContain('tail -c +2001 ');
  expect(text).toContain('-attime 1795253400 ');
});
