import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from '@jest/globals';
import { fromUtf8 } from '@mandate/core';
import { PART, readBundle, toPem } from '@mandate/evidence';
import { renderLetter } from '@mandate/letter';
import { creditReportTemplate } from '@mandate/terms';
import { makeAuthority, type TestAuthority } from '../../../test/kit/authority.js';
import { buildBundle, LATER, sampleTerms } from '../../../test/kit/build-bundle.js';
import { makeReceipt, makeStatusList } from '../../../test/kit/make-receipt.js';
import { makeReader } from '../../../test/kit/make-reader.js';
import { runCommand } from './index.js';

let folder: string;
let authority: TestAuthority;
const path = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'));
  authority = makeAuthority();
  const made = await buildBundle(authority);
  const { bundle, signedLetter, letter } = made;
  writeFileSync(path('use.jws'), makeReceipt(authority, made, 'redemption'));
  writeFileSync(path('status.jws'), makeStatusList(authority, { 5: 2 }));
  writeFileSync(path('letter.tlog-proof'), readBundle(bundle).letterProof!);
  writeFileSync(path('evidence.asice'), bundle);
  writeFileSync(path('letter-signed.pdf'), signedLetter);
  writeFileSync(path('letter.pdf'), letter);
  writeFileSync(path('text.txt'), 'just text');
  const broken = signedLetter.slice();
  broken[200]! ^= 1;
  writeFileSync(path('broken.pdf'), broken);
  const { anchors } = authority;
  for (const purpose of ['scene', 'seal', 'timestamp'] as const) {
    mkdirSync(path(`trust/${purpose}`), { recursive: true });
    writeFileSync(path(`trust/${purpose}/root.pem`), toPem('CERTIFICATE', anchors[purpose][0]!));
  }
  mkdirSync(path('trust/receipt'));
  writeFileSync(path('trust/receipt/keys.json'), JSON.stringify({ keys: anchors.receipt }));
  mkdirSync(path('trust/ledger'));
  writeFileSync(path('trust/ledger/key.vkey'), `${anchors.ledger[0]}\n`);
  writeFileSync(path('trust/README.md'), 'not an anchor');
  mkdirSync(path('bare'));
  writeFileSync(path('bare/root.der'), anchors.scene[0]!);
  writeFileSync(path('bare/stamp.crt'), toPem('CERTIFICATE', anchors.timestamp[0]!));
  writeFileSync(path('bare/keys.json'), JSON.stringify({ keys: anchors.receipt }));
  writeFileSync(path('bare/key.vkey'), `${anchors.ledger[0]}\n`);
  mkdirSync(path('empty'));
  mkdirSync(path('swapped/ledger'), { recursive: true });
  writeFileSync(path('swapped/ledger/root.der'), anchors.scene[0]!);
  mkdirSync(path('named/receipt'), { recursive: true });
  const renamed = { ...anchors.receipt![0]!, kid: 'key-1' };
  writeFileSync(path('named/receipt/keys.json'), JSON.stringify({ keys: [renamed] }));
});

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommand(args, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    clock: { now: () => LATER },
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

test('exit codes', async () => {
  const trust = ['--trust', path('trust')];
  const at = ['--at', '2026-11-21T18:00:00+08:00'];
  expect((await run('verify', path('evidence.asice'), ...trust)).code).toBe(0);
  expect((await run('verify', path('letter-signed.pdf'), ...trust, ...at)).code).toBe(0);
  expect((await run('verify', path('broken.pdf'), ...trust)).code).toBe(1);
  expect((await run('verify', path('broken.pdf'))).code).toBe(1);
  expect((await run('verify', path('evidence.asice'))).code).toBe(2);
  expect((await run('verify', path('letter.pdf'), ...trust)).code).toBe(3);
  expect((await run('verify', path('text.txt'), ...trust)).code).toBe(3);
  expect((await run('verify', path('missing.pdf'), ...trust)).code).toBe(3);
  expect((await run('verify', folder, ...trust)).code).toBe(3);
});

test.each([
  [[]],
  [['verify']],
  [['nonsense']],
  [['constructor']],
  [['verify', 'a', 'b']],
  [['verify', 'a', '--nonsense']],
  [['verify', 'a', '--lang', 'fr']],
  [['verify', 'a', '--at', 'yesterday']],
  [['verify', 'a', '--at', '2026-11-21T09:30:00']],
  [['verify', 'a', '--at', '2026-13-21T09:30:00Z']],
  [['verify', 'a', '--trust', '/nowhere']],
])('wrong usage is 3: %j', async (args) => {
  const { code, out } = await run(...args);
  expect(code).toBe(3);
  expect(out).toBe(args.length === 0 ? out : '');
});

test('unfit anchors are refused, not ignored', async () => {
  for (const trust of ['empty', 'text.txt', 'letter.pdf', 'swapped', 'named'])
    expect((await run('verify', path('evidence.asice'), '--trust', path(trust))).code).toBe(3);
});

test('bare anchors serve every purpose and the output says so', async () => {
  const args = ['--trust', path('bare/root.der'), '--trust', path('bare/stamp.crt')];
  const letter = await run('verify', path('letter-signed.pdf'), ...args);
  expect(letter.code).toBe(0);
  expect(letter.out).toContain(`${path('bare/root.der')} names no purpose`);
  const bundle = await run('verify', path('evidence.asice'), '--trust', path('bare'), '--json');
  expect(bundle.code).toBe(0);
  expect(JSON.parse(bundle.out).trust.unassigned).toEqual([path('bare')]);
});

test('the verdict stands first, what was not checked last, in both languages', async () => {
  const en = await run('verify', path('broken.pdf'), '--trust', path('trust'));
  expect(en.out.split('\n')[0]).toBe(
    'TOTAL-FAILED · not valid (FORMAT_FAILURE: not in the format due)',
  );
  expect(en.out.indexOf('Findings')).toBeLessThan(en.out.indexOf('Not checked'));
  const zh = await run('verify', path('evidence.asice'), '--trust', path('trust'), '--lang', 'zh');
  expect(zh.out.split('\n')[0]).toBe('TOTAL-PASSED · 验证通过');
  expect(zh.out).toContain('M20261121-7F3K9Q2M');
  expect(zh.out).toContain('未检查的事项');
});

test('JSON is the whole verification', async () => {
  const { out } = await run('verify', path('evidence.asice'), '--trust', path('trust'), '--json');
  const { verdict, integrity, claims, at } = JSON.parse(out);
  expect(verdict).toEqual({ indication: 'TOTAL-PASSED' });
  expect(integrity).toBe('sound');
  expect(at).toBe('2026-11-21T10:00:00Z');
  expect(Object.values(claims).map((claim) => (claim as { status: string }).status)).toEqual(
    Array(7).fill('passed'),
  );
});

test('revocation data can be required', async () => {
  const args = ['verify', path('letter-signed.pdf'), '--trust', path('trust')];
  const required = await run(...args, '--require-revocation', '--json');
  expect(required.code).toBe(2);
  expect(JSON.parse(required.out)).toMatchObject({
    input: { kind: 'pdf', profile: 'letter' },
    verdict: { indication: 'INDETERMINATE', subIndication: 'TRY_LATER' },
    integrity: 'sound',
    signatures: [{ field: 'MandateSubject', integrity: 'sound' }],
  });
  expect((await run(...args)).code).toBe(0);
  // a bundle has the status response beside the letter
  expect(
    (await run('verify', path('evidence.asice'), '--trust', path('trust'), '--require-revocation'))
      .code,
  ).toBe(0);
});

test('any PDF is told in words that fit it', async () => {
  const foreign = fileURLToPath(
    new URL('../../../test/fuzz/specimens/foreign.pdf', import.meta.url),
  );
  const { code, out } = await run('verify', foreign, '--trust', path('trust'));
  expect(code).toBe(2);
  expect(out).toContain('(PDF, ');
  expect(out).toContain('nothing is fetched');
  expect(out).not.toMatch(/intent|phone|bundle/i);
});

test('a letter rendered anew and never signed holds no signature', async () => {
  writeFileSync(
    path('fresh.pdf'),
    await renderLetter(sampleTerms(), creditReportTemplate.title.zh),
  );
  const { code, out } = await run('verify', path('fresh.pdf'), '--trust', path('trust'));
  expect(code).toBe(3);
  expect(out).toContain('signature-present');
});

test('a receipt, a proof, and what they are given with', async () => {
  const trust = ['--trust', path('trust')];
  const verify = (...args: string[]) => run('verify', ...args, ...trust);
  expect((await verify(path('use.jws'), '--with', path('missing.pdf'))).code).toBe(3);
  const many = Array.from({ length: 11 }, () => ['--with', path('letter-signed.pdf')]).flat();
  expect((await verify(path('use.jws'), ...many)).code).toBe(3);
  expect((await verify(path('use.jws'), '--with', path('broken.pdf'))).code).toBe(1);
  expect((await verify(path('letter.tlog-proof'), '--of', path('use.jws'))).code).toBe(1);
  expect((await verify(path('letter.tlog-proof'), '--of', path('letter-signed.pdf'))).code).toBe(0);
  const use = await verify(
    ...[path('use.jws'), '--with', path('letter-signed.pdf'), '--with', path('status.jws')],
  );
  expect(use.code).toBe(0);
  expect(use.out).toContain('status: disputed, suspended');
  expect(use.out).not.toMatch(/Intent|Scope/);
  const zh = await verify(path('use.jws'), '--lang', 'zh');
  expect(zh.out).toContain('回执');
  expect(zh.out).toContain('请同时提供授权书或证据包');
});

test('what is disclosed to one reader is made by one command and read by another', async () => {
  const { d, ...publicKey } = makeReader();
  const scene = readBundle(new Uint8Array(readFileSync(path('evidence.asice')))).parts.get(
    PART.scene,
  )!;
  const { subject } = JSON.parse(fromUtf8(scene)) as { subject: { phone: string } };
  const { salt, subject: person } = sampleTerms();
  const value = { commitment: subject.phone, field: 'subject.phone', salt, value: person.phone };
  const write = (name: string, value: unknown): string => {
    writeFileSync(path(name), JSON.stringify(value));
    return path(name);
  };
  const [to, own, other] = [
    write('reader.jwk', publicKey),
    write('private.jwk', { ...publicKey, d }),
    write('other.jwk', makeReader()),
  ];
  const values = write('values.json', [value]);
  const disclose = (key: string, list: string, out: string) =>
    run('disclose', path('evidence.asice'), ...['--to', key, '--values', list], '--out', out);
  const trust = ['--trust', path('trust')];

  // a private key handed in for a public one, and its bytes are not repeated
  const refused = await disclose(own, values, path('never'));
  expect([refused.code, refused.err.includes(d)]).toEqual([3, false]);
  expect(
    (await disclose(to, write('wrong.json', [{ ...value, value: '1' }]), path('never'))).code,
  ).toBe(3);
  expect((await disclose(to, write('odd.json', [{ value: '1' }]), path('never'))).code).toBe(3);
  expect((await disclose(to, values, path('told.asice'))).code).toBe(0);
  expect((await disclose(to, values, path('told.asice'))).code).toBe(3);

  const told = (...args: string[]) => run('verify', path('told.asice'), ...trust, ...args);
  const unread = await told();
  expect([unread.code, unread.out.includes(`${person.phone} ·`)]).toEqual([0, false]);
  expect(unread.out).toContain('holds a disclosure for the owner of key');
  expect((await told('--reader-key', other)).out).toContain('holds a disclosure for');
  const read = await told('--reader-key', own);
  expect([read.code, read.out.includes(`subject.phone · ${person.phone} ·`)]).toEqual([0, true]);
  // and where the bundle commits to it, for another place may be another person's
  expect(read.out).toContain('authorization/scene.json#/subject/phone');
  expect((await told('--reader-key', to)).code).toBe(3);
});
