import { expect, test } from '@jest/globals';
import { concat, utf8 } from '@mandate/core';
import { PART } from '@mandate/evidence';
import { verifyFile, type Verification } from '@mandate/verify';
import { makeAuthority } from '../kit/authority.js';
import { buildBundle, LATER } from '../kit/build-bundle.js';
import { rezip } from '../kit/rezip.js';
import { seeded } from '../kit/seeded.js';

const authority = makeAuthority();
const sound = buildBundle(authority);
const random = seeded(7);

const verify = (bytes: Uint8Array): Verification =>
  verifyFile(bytes, { anchors: authority.anchors, at: LATER });

const deep = (open: string, close: string): Uint8Array =>
  utf8(open.repeat(50_000) + close.repeat(50_000));

/** Contents nobody would write, for any part. */
const HOSTILE: [string, Uint8Array][] = [
  ['nothing', new Uint8Array(0)],
  ['a zero byte', Uint8Array.of(0)],
  ['not UTF-8', Uint8Array.of(0xff, 0xfe, 0xc0)],
  ['null', utf8('null')],
  ['an empty object', utf8('{}')],
  ['prototype members', utf8('{"__proto__":{"format":"mandate-scene/v1"}}')],
  ['deep arrays', deep('[', ']')],
  ['deep objects', deep('{"a":', '1}')],
  ['deep DER', concat(...Array.from({ length: 5000 }, () => Uint8Array.of(0x30, 0x80)))],
  ['a DER length beyond reason', Uint8Array.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff)],
  ['a PDF header', utf8('%PDF-1.7\n%%EOF\n')],
  [
    'a PDF that loops',
    utf8('%PDF-1.7\nxref\n0 0\ntrailer\n<</Prev 9/Size 1>>\nstartxref\n9\n%%EOF\n'),
  ],
  ['a broken PEM', utf8('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')],
];

test.each(Object.values(PART))('hostile content as %s fails and never throws', async (name) => {
  const { bundle, parts } = await sound;
  for (const [what, content] of HOSTILE) {
    const result = verify(rezip(bundle, new Map([...parts, [name, content]])));
    expect([what, result.verdict.indication]).toEqual([what, 'TOTAL-FAILED']);
  }
});

test('mutated letters never pass and never throw', async () => {
  const { signedLetter } = await sound;
  for (let i = 0; i < 150; i++) {
    const at = random(signedLetter.length);
    const length = 1 + random(40);
    const cut = signedLetter.subarray(0, at);
    const noise = Uint8Array.from({ length }, () => random(256));
    const rest = signedLetter.subarray(at + (i % 3 === 0 ? 0 : length));
    const mutated = i % 3 === 1 ? concat(cut, rest) : concat(cut, noise, rest);
    expect(verify(mutated).verdict.indication).not.toBe('TOTAL-PASSED');
  }
});

test('noise behind a known beginning never passes and never throws', async () => {
  const { bundle, signedLetter } = await sound;
  for (const start of [bundle, signedLetter])
    for (const keep of [5, 40, 80, 200, 2000]) {
      const noise = Uint8Array.from({ length: 3000 }, () => random(256));
      const result = verify(concat(start.subarray(0, keep), noise));
      expect(result.verdict.indication).toBe('TOTAL-FAILED');
    }
});
