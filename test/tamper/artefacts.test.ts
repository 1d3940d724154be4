import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { addSeconds, sha256, sha256Hex, toBase64Url, utf8 } from '@mandate/core';
import { readBundle } from '@mandate/evidence';
import { cosignatureLine, cosignatureToSign, entryBytes, vkey } from '@mandate/ledger';
import { archiveReport, makeReport, renderReport, reportJson, sealReport } from '@mandate/report';
import {
  exitCode,
  findingText,
  NO_ANCHORS,
  verifyFile,
  type TrustAnchors,
  type Verification,
  type VerifyOptions,
} from '@mandate/verify';
import { publicJwk } from '@mandate/pki';
import { z } from 'zod';
import { emptyList } from '../kit/archived-letter.js';
import { makeAuthority, makeKey } from '../kit/authority.js';
import { buildBundle, LATER, makeToken, START, type TestBundle } from '../kit/build-bundle.js';
import {
  entryAbout,
  factsAbout,
  makeLedgerProof,
  makeReceipt,
  makeStatusList,
  signJson,
} from '../kit/make-receipt.js';
import { sealDigest } from '../kit/seal-digest.js';
import { mutateBytes } from '../fuzz/mutate-bytes.js';
import { randomOf } from '../fuzz/random.js';

/** What is neither letter nor bundle: receipts, status lists, checkpoints, proofs, reports. */
const authority = makeAuthority();
const stranger = makeAuthority();
let made: TestBundle;
let other: TestBundle;
beforeAll(async () => {
  made = await buildBundle(authority);
  other = await buildBundle(authority, {}, 'en');
});

const SEED = Number(process.env['TEST_SEED'] ?? 20261122);
/** Of the positions to be changed one in so many; with `TEST_FULL=1` all. */
const STRIDE = process.env['TEST_FULL'] === '1' ? 1 : 7;

type Bytes = string | Uint8Array;
const bytesOf = (file: Bytes): Uint8Array => (typeof file === 'string' ? utf8(file) : file);

const verify = (
  file: Bytes,
  options: Partial<Omit<VerifyOptions, 'beside'>> & { readonly beside?: readonly Bytes[] } = {},
): Verification =>
  verifyFile(bytesOf(file), {
    anchors: authority.anchors,
    at: LATER,
    ...options,
    beside: (options.beside ?? []).map(bytesOf),
  });

/** Exit code and what stands in the way, each with its sub-indication. */
function outcome(result: Verification): readonly [number, ...string[]] {
  const open = result.findings.filter(
    ({ status }) => status === 'failed' || status === 'indeterminate',
  );
  for (const finding of open)
    for (const language of ['zh', 'en'] as const)
      expect(findingText(finding, language)).not.toContain(finding.id.split('/').at(-1)!);
  return [exitCode(result), ...open.map(({ id, subIndication }) => `${id} ${subIndication}`)];
}

const receipt = (changes: Parameters<typeof makeReceipt>[3] = {}, kind = 'redemption'): string =>
  makeReceipt(authority, made, kind, changes);
const without = (name: string) => (members: object) =>
  Object.fromEntries(Object.entries(members).filter(([key]) => key !== name));
const plus = (more: object) => (members: object) => ({ ...members, ...more });
/** The payload of a JWS exchanged by somebody without the key. */
function altered(jws: string, change: (payload: any) => object | string): string {
  const [head, body, signature] = jws.split('.');
  const changed = change(JSON.parse(Buffer.from(body!, 'base64url').toString()));
  const text = typeof changed === 'string' ? changed : JSON.stringify(changed);
  return [head, toBase64Url(utf8(text)), signature].join('.');
}
const rehead = (jws: string, header: object): string =>
  [toBase64Url(utf8(JSON.stringify(header))), ...jws.split('.').slice(1)].join('.');

describe('receipts', () => {
  const kid = publicJwk(authority.receipt.spki).kid;
  const spki = Buffer.from(authority.receipt.spki);
  const FORMAT = 'receipt-readable FORMAT_FAILURE';
  const cases: readonly (readonly [string, () => string, ...(string | number)[]])[] = [
    [
      'signed with an unknown key',
      () => makeReceipt(stranger, made, 'redemption'),
      2,
      'receipt-key NO_SIGNING_CERTIFICATE_FOUND',
    ],
    [
      'signed with another key under the trusted key’s name',
      () => receipt({ key: stranger.receipt }),
      1,
      'receipt-signature SIG_CRYPTO_FAILURE',
    ],
    [
      'a key id in another spelling',
      () => receipt({ header: plus({ kid: `${kid}=` }) }),
      2,
      'receipt-key NO_SIGNING_CERTIFICATE_FOUND',
    ],
    [
      'a key id that is a path',
      () => receipt({ header: plus({ kid: '../../dev/null' }) }),
      2,
      'receipt-key NO_SIGNING_CERTIFICATE_FOUND',
    ],
    [
      'a key id every object has',
      () => receipt({ header: plus({ kid: '__proto__' }) }),
      2,
      'receipt-key NO_SIGNING_CERTIFICATE_FOUND',
    ],
    ['no key id', () => receipt({ header: without('kid') }), 1, FORMAT],
    [
      'algorithm none',
      () => rehead(receipt(), { alg: 'none', kid, typ: 'mandate-receipt+jwt' }),
      1,
      'receipt-algorithm FORMAT_FAILURE',
    ],
    [
      'algorithm none and no signature',
      () =>
        `${rehead(receipt(), { alg: 'none', kid, typ: 'mandate-receipt+jwt' }).split('.').slice(0, 2).join('.')}.`,
      1,
      FORMAT,
    ],
    [
      'RS256',
      () => receipt({ header: plus({ alg: 'RS256' }) }),
      1,
      'receipt-algorithm FORMAT_FAILURE',
    ],
    [
      'ES256 in lower case',
      () => receipt({ header: plus({ alg: 'es256' }) }),
      1,
      'receipt-algorithm FORMAT_FAILURE',
    ],
    [
      'HS256 with the public key as the secret',
      () => {
        const signed = rehead(receipt(), { alg: 'HS256', kid, typ: 'mandate-receipt+jwt' })
          .split('.')
          .slice(0, 2)
          .join('.');
        return `${signed}.${createHmac('sha256', spki).update(signed).digest('base64url')}`;
      },
      1,
      'receipt-algorithm FORMAT_FAILURE',
    ],
    [
      'a key brought along',
      () =>
        receipt({ header: plus({ jwk: publicJwk(stranger.receipt.spki) }), key: stranger.receipt }),
      1,
      FORMAT,
    ],
    [
      'a header that must be understood',
      () => receipt({ header: plus({ crit: ['b64'], b64: false }) }),
      1,
      FORMAT,
    ],
    [
      'the type of another fact',
      () => receipt({ header: plus({ typ: 'mandate-hold+jwt' }) }),
      1,
      'receipt-type FORMAT_FAILURE',
    ],
    [
      'the type of a token of somebody’s',
      () => receipt({ header: plus({ typ: 'JWT' }) }),
      1,
      'receipt-type FORMAT_FAILURE',
    ],
    [
      'another number of uses',
      () => altered(receipt(), (p) => ({ ...p, fact: { ...p.fact, of: 9 } })),
      1,
      'receipt-signature SIG_CRYPTO_FAILURE',
      'receipt-fact HASH_FAILURE',
    ],
    [
      'the signature of another receipt',
      () => [...receipt().split('.').slice(0, 2), receipt({}, 'hold').split('.')[2]].join('.'),
      1,
      'receipt-signature SIG_CRYPTO_FAILURE',
    ],
    [
      'signature zero',
      () => receipt({ signature: () => new Uint8Array(64) }),
      1,
      'receipt-signature SIG_CRYPTO_FAILURE',
    ],
    [
      'a signature in DER',
      () => receipt({ signature: () => authority.receipt.sign(utf8('x')) }),
      1,
      'receipt-signature SIG_CRYPTO_FAILURE',
    ],
    [
      'a signature cut off',
      () => receipt({ signature: (s) => s.subarray(0, 63) }),
      1,
      'receipt-signature SIG_CRYPTO_FAILURE',
    ],
    ['cut in the middle', () => receipt().slice(0, 200), 1, FORMAT],
    ['four parts', () => `${receipt()}.e30`, 1, FORMAT],
    ['padding', () => `${receipt()}=`, 1, FORMAT],
    ['a blank in front of the signature', () => receipt().replace(/\.([^.]*)$/, '. $1'), 1, FORMAT],
    [
      'a member twice',
      () =>
        altered(receipt(), (p) =>
          JSON.stringify(p).replace('"iss":', '"iss":"https://a.test","iss":'),
        ),
      1,
      FORMAT,
    ],
    [
      'white space in the payload',
      () => altered(receipt(), (p) => JSON.stringify(p, null, 1)),
      1,
      FORMAT,
    ],
    ['a payload that is no object', () => altered(receipt(), () => '[]'), 1, FORMAT],
    ['far too long', () => `${receipt()}${'A'.repeat(300_000)}`, 1, 'within-budget FORMAT_FAILURE'],
    [
      'a digest of another fact',
      () => receipt({ payload: plus({ factDigest: 'ab'.repeat(32) }) }),
      1,
      'receipt-fact HASH_FAILURE',
      'receipt-entry HASH_FAILURE',
    ],
    [
      'the entry of another fact',
      () => receipt({ payload: plus({ ledgerEntry: 'ab'.repeat(32) }) }),
      1,
      'receipt-entry HASH_FAILURE',
    ],
    [
      'another number than its fact',
      () => receipt({ payload: plus({ jti: 'red_019a1111-2222-7333-8444-555566660000' }) }),
      1,
      'receipt-fact HASH_FAILURE',
    ],
    [
      'dated otherwise than its fact',
      () => receipt({ payload: (p: any) => ({ ...p, iat: p.iat - 60 }) }),
      1,
      'receipt-fact HASH_FAILURE',
    ],
    [
      'for another source than its fact',
      () => receipt({ payload: plus({ aud: '91330000MA2HTH1R16' }) }),
      1,
      'receipt-fact HASH_FAILURE',
    ],
    [
      'of another institution than its fact',
      () =>
        receipt({
          payload: plus({ institution: { name: 'X', creditCode: '91330000MA2HTH1R16' } }),
        }),
      1,
      'receipt-fact HASH_FAILURE',
    ],
    [
      'a permission without an end',
      () => receipt({ payload: without('exp') }),
      1,
      'receipt-fact HASH_FAILURE',
    ],
    [
      'a permission without a place in a list',
      () => receipt({ payload: without('status') }),
      1,
      'receipt-fact HASH_FAILURE',
    ],
    [
      'a withdrawal that reads as a permission',
      () => receipt({ payload: plus({ exp: 1_900_000_000 }) }, 'withdrawal'),
      1,
      'receipt-fact HASH_FAILURE',
    ],
    [
      'an unknown member',
      () => receipt({ payload: plus({ nbf: 1 }) }),
      1,
      'receipt-type FORMAT_FAILURE',
    ],
    [
      'an unknown member of the fact',
      () => receipt({ fact: plus({ note: 'x' }) }),
      1,
      'receipt-type FORMAT_FAILURE',
    ],
    [
      'a letter that is no digest',
      () => receipt({ fact: plus({ letter: 'x' }) }),
      1,
      'receipt-type FORMAT_FAILURE',
    ],
    [
      'a time that does not exist',
      () => receipt({ fact: plus({ at: '2026-13-21T09:05:00Z' }), payload: plus({ iat: 1 }) }),
      1,
      'receipt-type FORMAT_FAILURE',
    ],
    [
      'from the future',
      () => receipt({ fact: plus({ at: '2027-01-01T00:00:00Z' }) }),
      1,
      'receipt-time NOT_YET_VALID',
    ],
  ];
  test.each(cases)('%s', (_what, file, ...expected) => {
    expect(outcome(verify(file()))).toEqual(expected);
  });

  test.each([
    'redemption',
    'withdrawal',
    'hold',
    'hold-resolution',
    'end',
    'release',
    'restriction',
    'erasure',
  ])('sound: %s', (kind) => {
    const result = verify(`${receipt({}, kind)}\n`);
    expect(outcome(result)).toEqual([0]);
    expect(result.input.kind).toBe('receipt');
    expect(result.facts.receipt).toMatchObject({ kind, letterNumber: made.terms.letterNumber });
    expect(result.notChecked).toEqual(['receipt-letter', 'receipt-status', 'receipt-ledger']);
  });

  test('no character of it can be another', () => {
    const good = receipt();
    const passing = [...good].flatMap((was, i) => {
      if (i % STRIDE !== 0) return [];
      const now = was === 'A' ? 'B' : was === '.' ? '-' : 'A';
      const changed = good.slice(0, i) + now + good.slice(i + 1);
      return verify(changed).verdict.indication === 'TOTAL-PASSED' ? [i] : [];
    });
    expect(passing).toEqual([]);
    // the bits of the last character that stand for nothing must be nothing
    const spare = good.slice(0, -1) + String.fromCharCode(good.charCodeAt(good.length - 1) + 1);
    expect(verify(spare).verdict.indication).toBe('TOTAL-FAILED');
  });

  test('without receipt keys nothing passes, though every other anchor is there', () => {
    expect(outcome(verify(receipt(), { anchors: { ...authority.anchors, receipt: [] } }))).toEqual([
      2,
      'receipt-key NO_SIGNING_CERTIFICATE_FOUND',
    ]);
    expect(verify(receipt(), { anchors: NO_ANCHORS }).verdict.indication).toBe('INDETERMINATE');
  });

  test('as evidence it does not end with the permission', () => {
    const years = verify(receipt(), { at: new Date('2036-11-21T09:00:00Z') });
    expect(outcome(years)).toEqual([0]);
    expect(years.facts.receipt?.actableUntil).toBe('2026-11-22T09:05:00Z');
  });

  test('a receipt under a key that ended: before the end it stands, after it it does not', () => {
    const key = sha256Hex(authority.receipt.spki);
    const ended = (seconds: number) =>
      outcome(
        verify(receipt(), { keyEnds: [{ key, at: addSeconds(START, seconds).toISOString() }] }),
      );
    expect(ended(300)).toEqual([0]);
    expect(ended(299)).toEqual([1, 'keys-not-ended REVOKED']);
  });
});

describe('a receipt beside other things', () => {
  const entry = (kind = 'redemption') => entryBytes(entryAbout(kind, factsAbout(made)[kind]!));
  const beside = (...files: Bytes[]): readonly unknown[] =>
    outcome(verify(receipt(), { beside: files }));

  test('another letter, a changed letter, no letter at all', () => {
    const NOT_ITS = 'receipt-letter HASH_FAILURE';
    expect(beside(other.signedLetter)).toEqual([1, NOT_ITS]);
    expect(beside(other.bundle)).toEqual([1, NOT_ITS]);
    const changed = made.signedLetter.slice();
    changed[3000]! ^= 1;
    expect(beside(changed)[0]).toBe(1);
    expect(beside(changed)).toContain('beside-verified HASH_FAILURE');
    const UNFIT = [2, 'beside-recognised SIGNED_DATA_NOT_FOUND'];
    expect(beside(made.signedLetter.subarray(0, 4000))).toEqual(UNFIT);
    expect(beside('just text')).toEqual(UNFIT);
  });

  test('its own letter and bundle', () => {
    expect(beside(made.signedLetter)).toEqual([0]);
    const { notChecked, facts, claims } = verify(receipt(), { beside: [made.bundle] });
    expect([notChecked, claims.scope.status]).toEqual([
      ['receipt-status', 'receipt-ledger'],
      'passed',
    ]);
    expect(facts.beside).toMatchObject([{ kind: 'bundle' }]);
  });

  test('a letter nobody trusts makes the whole open', async () => {
    const theirs = await buildBundle(stranger);
    const own = makeReceipt(authority, theirs, 'redemption');
    const [code, ...faults] = outcome(verify(own, { beside: [theirs.signedLetter] }));
    expect([code, faults[0]!.split(' ')[0]]).toEqual([2, 'beside-verified']);
  });

  test('status lists', () => {
    const list = (
      ...args: Parameters<typeof makeStatusList> extends [any, ...infer R] ? R : never
    ) => makeStatusList(authority, ...args);
    const STATUS = 'receipt-status-list';
    expect(beside(list({}, { seconds: 3000 }))).toEqual([2, `${STATUS} TRY_LATER`]);
    expect(beside(list({}, { seconds: 4000 }))).toEqual([2, `${STATUS} TRY_LATER`]);
    expect(beside(list({}, { key: stranger.receipt }))).toEqual([
      1,
      `${STATUS} SIG_CRYPTO_FAILURE`,
    ]);
    expect(beside(list({}, { payload: plus({ sub: 'https://mandate.test/status/1' }) }))).toEqual([
      2,
      `${STATUS} SIGNED_DATA_NOT_FOUND`,
    ]);
    expect(beside(list({}, { payload: plus({ iss: 'https://other.test' }) }))).toEqual([
      2,
      `${STATUS} SIGNED_DATA_NOT_FOUND`,
    ]);
    const told = (statuses: Record<number, 1 | 2 | 3>) => {
      const result = verify(receipt(), { beside: [list(statuses)] });
      expect(outcome(result)).toEqual([0]);
      return result.facts.receipt?.status;
    };
    expect([
      told({}),
      told({ 5: 1 }),
      told({ 5: 2 }),
      told({ 5: 3 }),
      told({ 4: 1, 6: 1 }),
    ]).toEqual(['valid', 'invalid', 'suspended', 'invalid', 'valid']);
  });

  test('ledger proofs', async () => {
    const proofOf = async (leaf: Uint8Array, changes = {}, of = authority) =>
      (await makeLedgerProof(of, leaf, changes)).proof;
    const LEDGERED = 'receipt-ledgered';
    expect(beside(await proofOf(entry('hold')))).toEqual([1, `${LEDGERED} HASH_FAILURE`]);
    expect(beside(await proofOf(entry(), { index: 0 }))).toEqual([1, `${LEDGERED} HASH_FAILURE`]);
    expect(beside(await proofOf(entry(), {}, stranger))).toEqual([
      2,
      `${LEDGERED} NO_SIGNING_CERTIFICATE_FOUND`,
    ]);
    expect(beside((await proofOf(entry())).slice(0, 300))).toEqual([
      1,
      `${LEDGERED} FORMAT_FAILURE`,
    ]);
    expect(beside(await proofOf(entry()))).toEqual([0]);
  });

  test('timestamp tokens', () => {
    const token = (data: string, of = authority) =>
      makeToken(of.stamp, sha256(utf8(data)), 320).token;
    expect(beside(token('another'))).toContain('timestamp/token-imprint HASH_FAILURE');
    const jws = receipt();
    expect(outcome(verify(jws, { beside: [token(jws, stranger)] }))[0]).toBe(2);
    const stamped = verify(jws, { beside: [token(jws)] });
    expect(outcome(stamped)).toEqual([0]);
    expect(stamped.facts.receipt?.stampedAt).toMatch(/^2026-11-21T09:05:20/);
  });
});

describe('status lists', () => {
  const CONTENT = 'status-list-content FORMAT_FAILURE';
  const cases: readonly (readonly [string, () => string, ...(string | number)[]])[] = [
    [
      'expired',
      () => makeStatusList(authority, {}, { seconds: 3000 }),
      1,
      'status-list-current EXPIRED',
    ],
    [
      'not yet',
      () => makeStatusList(authority, {}, { seconds: 3700 }),
      1,
      'status-list-current NOT_YET_VALID',
    ],
    [
      'of an unknown key',
      () => makeStatusList(stranger),
      2,
      'receipt-key NO_SIGNING_CERTIFICATE_FOUND',
    ],
    [
      'of another key under a trusted name',
      () => makeStatusList(authority, {}, { key: stranger.receipt }),
      1,
      'receipt-signature SIG_CRYPTO_FAILURE',
    ],
    [
      'not packed',
      () => makeStatusList(authority, {}, { list: () => new Uint8Array(8) }),
      1,
      CONTENT,
    ],
    [
      'cut',
      () => makeStatusList(authority, {}, { list: (packed) => packed.subarray(0, 6) }),
      1,
      CONTENT,
    ],
    [
      'one bit a place',
      () =>
        makeStatusList(
          authority,
          {},
          { payload: (p: any) => ({ ...p, status_list: { ...p.status_list, bits: 1 } }) },
        ),
      1,
      CONTENT,
    ],
    [
      'a receipt that calls itself a list',
      () =>
        signJson(
          authority,
          'statuslist+jwt',
          JSON.parse(Buffer.from(receipt().split('.')[1]!, 'base64url').toString()),
        ),
      1,
      CONTENT,
    ],
    [
      'without an end',
      () => makeStatusList(authority, {}, { payload: without('exp') }),
      1,
      CONTENT,
    ],
  ];
  test.each(cases)('%s', (_what, file, ...expected) => {
    expect(outcome(verify(file()))).toEqual(expected);
  });
  test('a list that unpacks without end is refused', () => {
    const bomb = makeStatusList(
      authority,
      {},
      { list: () => new Uint8Array(deflateSync(Buffer.alloc(8 << 20))) },
    );
    expect(outcome(verify(bomb))).toEqual([1, CONTENT]);
  });
  test('sound', () => {
    const result = verify(makeStatusList(authority, { 3: 1 }));
    expect(outcome(result)).toEqual([0]);
    expect(result.facts.statusList).toMatchObject({
      places: 32,
      expiresAt: '2026-11-21T10:03:20Z',
    });
  });
});

describe('checkpoints', () => {
  const witness = makeKey('ed25519');
  const anchors: TrustAnchors = {
    ...authority.anchors,
    ledger: [...authority.anchors.ledger, vkey('witness.test', witness.spki, 'cosignature')],
  };
  const note = async (changes = {}, of = authority) =>
    (await makeLedgerProof(of, utf8('leaf'), changes)).checkpoint;
  const cosigned =
    (at: Date, key = witness, name = 'witness.test') =>
    (text: string) => {
      const signature = key.sign(cosignatureToSign(text.slice(0, text.indexOf('\n\n') + 1), at));
      return text + cosignatureLine({ name, publicKey: witness.spki, signature, at });
    };

  test('forged, foreign and broken ones', async () => {
    const FORMAT = [1, 'checkpoint-readable FORMAT_FAILURE'];
    const good = await note();
    expect(outcome(verify(good.replace(/\n3\n/, '\n4\n')))).toEqual([
      1,
      'ledger-checkpoint SIG_CRYPTO_FAILURE',
    ]);
    expect(outcome(verify(await note({}, stranger)))).toEqual([
      2,
      'ledger-checkpoint NO_SIGNING_CERTIFICATE_FOUND',
    ]);
    expect(outcome(verify(good, { anchors: NO_ANCHORS }))).toEqual([
      2,
      'ledger-checkpoint NO_SIGNING_CERTIFICATE_FOUND',
    ]);
    expect(outcome(verify(good.slice(0, good.indexOf('\n\n') + 1)))).toEqual(FORMAT);
    expect(outcome(verify(good.slice(0, -1)))).toEqual(FORMAT);
    expect(outcome(verify(good.slice(0, -20)))).toEqual(FORMAT);
    expect(outcome(verify(good.replace('\n3\n', '\n03\n')))).toEqual(FORMAT);
    expect(outcome(verify(await note({ text: (text: string) => `${text}more\n` })))).toEqual(
      FORMAT,
    );
    expect(outcome(verify(`${good}${'— x AAAAAAAAAAAA\n'.repeat(100_000)}`))).toEqual(FORMAT);
  });

  test('witnesses', async () => {
    const when = addSeconds(START, 300);
    const ask = async (change: (text: string) => string, minWitnesses = 1) =>
      verify(await note({ note: change }), { anchors, minWitnesses });
    // an unknown witness is told and does not count
    const unknown = await ask(cosigned(when, witness, 'stranger.test'));
    expect(outcome(unknown)).toEqual([2, 'ledger-cosigned NO_POE']);
    expect(unknown.facts.checkpoint).toMatchObject({
      cosigners: [],
      unknownSignatures: ['stranger.test'],
    });
    expect(outcome(await ask(cosigned(when, makeKey('ed25519'))))).toEqual([
      1,
      'ledger-cosigned SIG_CRYPTO_FAILURE',
    ]);
    expect(outcome(await ask(cosigned(addSeconds(LATER, 3600))))).toEqual([
      2,
      'ledger-cosigned NO_POE',
    ]);
    expect(outcome(await ask(cosigned(when), 2))).toEqual([2, 'ledger-cosigned NO_POE']);
    const twice = (text: string) => cosigned(when)(cosigned(addSeconds(when, 1))(text));
    expect(outcome(await ask(twice, 2))).toEqual([2, 'ledger-cosigned NO_POE']);
    const good = await ask(cosigned(when));
    expect(outcome(good)).toEqual([0]);
    expect(good.facts.checkpoint?.cosigners).toEqual([
      { name: 'witness.test', at: '2026-11-21T09:05:00Z' },
    ]);
    expect(good.notChecked).toEqual(['ledger-content']);
  });

  test('sound, with nobody asked to witness', async () => {
    const result = verify(await note());
    expect(outcome(result)).toEqual([0]);
    expect(result.notChecked).toEqual(['ledger-content', 'ledger-witnesses']);
  });
});

describe('made with keys that ended', () => {
  const ENDED = 'keys-not-ended REVOKED';
  const ended = (spki: Uint8Array, at: Date) => ({
    keyEnds: [{ key: sha256Hex(spki), at: at.toISOString() }],
  });

  test('a status list, by when it says it was made', () => {
    const end = (at: Date) =>
      outcome(verify(makeStatusList(authority), ended(authority.receipt.spki, at)));
    expect(end(START)).toEqual([1, ENDED]);
    expect(end(LATER)).toEqual([0]);
  });
  test('a proof, by when its entry was made', () => {
    const proof = readBundle(made.bundle).letterProof!;
    const end = (at: Date) => outcome(verify(proof, ended(authority.ledger.spki, at)));
    expect(end(addSeconds(START, -3600))).toEqual([1, ENDED]);
    expect(end(LATER)).toEqual([0]);
  });
  test('a head, by when a witness that is trusted saw it; unseen it is of today', async () => {
    const witness = makeKey('ed25519');
    const name = 'witness.test';
    const anchors: TrustAnchors = {
      ...authority.anchors,
      ledger: [...authority.anchors.ledger, vkey(name, witness.spki, 'cosignature')],
    };
    const at = addSeconds(LATER, -100);
    const note = (await makeLedgerProof(authority, utf8('leaf'))).checkpoint;
    const signature = witness.sign(cosignatureToSign(note.slice(0, note.indexOf('\n\n') + 1), at));
    const seen = note + cosignatureLine({ name, publicKey: witness.spki, signature, at });
    const end = (file: string, seconds: number) =>
      outcome(
        verify(file, { anchors, ...ended(authority.ledger.spki, addSeconds(LATER, seconds)) }),
      );
    expect(end(note, -50)).toEqual([1, ENDED]);
    expect(end(note, 0)).toEqual([0]);
    expect(end(seen, -50)).toEqual([0]);
    expect(end(seen, -150)).toEqual([1, ENDED]);
  });
  test('a receipt, by the token given with it', () => {
    const one = receipt();
    const { token } = makeToken(authority.stamp, sha256(utf8(one)), 320);
    const end = (seconds: number) =>
      outcome(
        verify(one, {
          beside: [token],
          ...ended(authority.receipt.spki, addSeconds(START, seconds)),
        }),
      );
    expect(end(310)).toEqual([1, ENDED]);
    expect(end(330)).toEqual([0]);
  });
});

describe('proofs', () => {
  const ofLetter = (bundle: TestBundle): Uint8Array => readBundle(bundle.bundle).letterProof!;

  test('for another letter, entry or receipt', async () => {
    const proof = ofLetter(made);
    const about = (...beside: Bytes[]) => outcome(verify(proof, { beside }));
    expect(about(other.signedLetter)).toEqual([
      1,
      ...['serial', 'signature', 'letter', 'scene'].map((id) => `entry-${id} HASH_FAILURE`),
    ]);
    expect(about(other.bundle).at(-1)).toBe('entry-bundle HASH_FAILURE');
    expect(about(receipt())).toEqual([1, 'proof-about HASH_FAILURE']);
    expect(about('{"another":"entry"}')).toEqual([1, 'proof-about HASH_FAILURE']);
    expect(about(makeStatusList(authority))).toEqual([
      2,
      'beside-recognised SIGNED_DATA_NOT_FOUND',
    ]);
  });

  test('of its letter, bundle, receipt', async () => {
    const proof = ofLetter(made);
    const own = verify(proof, { beside: [made.signedLetter] });
    expect(outcome(own)).toEqual([0]);
    expect(own.claims['single-signature'].status).toBe('passed');
    expect(outcome(verify(proof, { beside: [made.bundle] }))).toEqual([0]);
    const entry = entryBytes(entryAbout('redemption', factsAbout(made)['redemption']!));
    const ofUse = (await makeLedgerProof(authority, entry)).proof;
    expect(outcome(verify(ofUse, { beside: [receipt(), made.signedLetter] }))).toEqual([0]);
    expect(outcome(verify(ofUse, { beside: [receipt({}, 'hold')] }))).toEqual([
      1,
      'proof-about HASH_FAILURE',
    ]);
    const alone = verify(ofUse);
    expect([outcome(alone), alone.notChecked]).toEqual([
      [0],
      ['proof-subject', 'ledger-witnesses'],
    ]);
  });

  test('without its entry it is open; with the entry beside it is not', async () => {
    const entry = entryBytes(entryAbout('hold', factsAbout(made)['hold']!));
    const { proof } = await makeLedgerProof(authority, entry, { bare: true });
    expect(outcome(verify(proof))).toEqual([2, 'entry-readable SIGNED_DATA_NOT_FOUND']);
    expect(outcome(verify(proof, { beside: [entry] }))).toEqual([0]);
    const wrong = entryBytes(entryAbout('end', factsAbout(made)['end']!));
    expect(outcome(verify(proof, { beside: [wrong] }))).toEqual([
      1,
      'ledger-inclusion HASH_FAILURE',
    ]);
  });

  test('no byte of a proof can be another', () => {
    const proof = ofLetter(made);
    const passing = [...proof].flatMap((was, i) => {
      if (i % STRIDE !== 0) return [];
      const changed = proof.slice();
      changed[i] = was ^ 1;
      return verify(changed).verdict.indication === 'TOTAL-PASSED' ? [i] : [];
    });
    expect(passing).toEqual([]);
  });

  test('broken ones', async () => {
    const text = new TextDecoder().decode(ofLetter(made));
    const READABLE = [1, 'ledger-proof-readable FORMAT_FAILURE'];
    expect(outcome(verify(text.replace('tlog-proof@v1', 'tlog-proof@v2')))).toEqual(READABLE);
    expect(outcome(verify(text.slice(0, 400)))).toEqual(READABLE);
    expect(outcome(verify(text.replace('index 2', 'index 02')))).toEqual(READABLE);
    expect(outcome(verify(text.replace('index 2', 'index 1')))).toEqual([
      1,
      'ledger-inclusion HASH_FAILURE',
    ]);
    expect(outcome(verify(text.replace('index 2', 'index 9999999')))).toEqual([
      1,
      'ledger-inclusion HASH_FAILURE',
    ]);
    const nonsense = (await makeLedgerProof(authority, utf8('{"kind":"letter"}'))).proof;
    expect(outcome(verify(nonsense))).toEqual([1, 'entry-readable FORMAT_FAILURE']);
  });
});

describe('reports', () => {
  const reportOn = (bundle: Uint8Array, madeAt = LATER) =>
    makeReport({
      bundle,
      verification: verifyFile(bundle, { anchors: authority.anchors, at: LATER }),
      reportId: 'rep_019a1111-2222-7333-8444-555566667777',
      madeAt,
      publicUrl: 'https://mandate.test',
      tools: {},
    });
  let pdf: Uint8Array;
  let sealed: Uint8Array;
  const sealWith = (signer = authority.reportSeal, by = authority) =>
    sealReport(pdf, { date: LATER, seal: async (digest) => sealDigest(digest, signer, by) });
  const at = addSeconds(LATER, 3600);
  beforeAll(async () => {
    pdf = await renderReport(reportOn(made.bundle), 'en');
    sealed = await sealWith();
  });

  test('dated more than a day before its seal', async () => {
    const dated = async (seconds: number) => {
      const old = await renderReport(reportOn(made.bundle, addSeconds(LATER, -seconds)), 'en');
      const seal = (digest: Uint8Array) => sealDigest(digest, authority.reportSeal, authority);
      return verify(await sealReport(old, { date: LATER, seal: async (it) => seal(it) }), { at });
    };
    expect(outcome(await dated(2 * 86_400))).toEqual([2, 'report-time TIMESTAMP_ORDER_FAILURE']);
    expect((await dated(3600)).verdict.indication).toBe('TOTAL-PASSED');
  });

  test('dated back, with the timestamp taken out of its seal, or one that does not hold', async () => {
    const { stamp } = authority;
    const TAKEN = () => null;
    const OF_ANOTHER = () => makeToken(stamp, sha256(utf8('x')), 3700).token;
    const OF_A_STRANGER = (it: Uint8Array) => makeToken(stranger.stamp, sha256(it), 3700).token;
    const dated = async (seconds: number, token: (it: Uint8Array) => Uint8Array | null) => {
      const date = addSeconds(LATER, -seconds);
      const drawn = await renderReport(reportOn(made.bundle, date), 'en');
      const seal = async (it: Uint8Array) =>
        sealDigest(it, authority.reportSeal, authority, 3700, token);
      return sealReport(drawn, { date, seal });
    };
    for (const token of [TAKEN, OF_ANOTHER, OF_A_STRANGER]) {
      // nothing says since when the seal exists, whatever moment the report names
      const [old, fresh] = [await dated(300 * 86_400, token), await dated(0, token)];
      for (const file of [old, fresh]) expect(outcome(verify(file, { at }))[0]).not.toBe(0);
      expect(outcome(verify(old, { at }))).toContain('report-time NO_POE');
      if (token !== OF_ANOTHER) continue;
      // a document timestamp covers the seal: it bears out its own moment and no other
      const archive = (file: Uint8Array) =>
        archiveReport(file, {
          anchors: {
            ...authority.anchors,
            crls: [
              emptyList(authority.root, authority.ca),
              emptyList(authority.stampRoot, authority.stamp),
            ],
          },
          stamp: async (digest) => makeToken(stamp, digest, 3702).token,
        });
      expect(outcome(verify(await archive(old), { at }))).toContain('report-time NO_POE');
      expect(outcome(verify(await archive(fresh), { at }))).not.toContain('report-time NO_POE');
    }
  });

  test('sealed or stamped with a key that had ended', () => {
    const end = (spki: Uint8Array, moment: Date) =>
      outcome(
        verify(sealed, { at, keyEnds: [{ key: sha256Hex(spki), at: moment.toISOString() }] }),
      );
    for (const { spki } of [authority.reportSeal, authority.stamp]) {
      expect(end(spki, START)).toContain('keys-not-ended REVOKED');
      expect(end(spki, at)).toEqual(outcome(verify(sealed, { at })));
    }
  });

  test('unsealed, sealed by another seal, by a stranger, changed', async () => {
    expect(outcome(verify(pdf, { at }))).toEqual([3, 'signature-present FORMAT_FAILURE']);
    const misused = verify(await sealWith(authority.seal), { at });
    expect(misused.input.profile).toBe('report');
    expect(outcome(misused)).toEqual(
      expect.arrayContaining([1, 'report-purpose CHAIN_CONSTRAINTS_FAILURE']),
    );
    expect(verify(await sealWith(stranger.reportSeal, stranger), { at }).verdict.indication).toBe(
      'INDETERMINATE',
    );
    const changed = sealed.slice();
    changed[2000]! ^= 1;
    expect(verify(changed, { at }).verdict.indication).toBe('TOTAL-FAILED');
    // a root of letters makes no seal
    const swapped = { ...authority.anchors, scene: authority.anchors.seal, seal: [] };
    expect(verify(sealed, { at, anchors: swapped }).verdict.indication).toBe('INDETERMINATE');
  });

  test('about another file; about one that gives another verdict', async () => {
    expect(outcome(verify(sealed, { at, beside: [other.bundle] }))).toEqual([
      1,
      'report-input HASH_FAILURE',
    ]);
    // sealed all right, but it says of a broken bundle that it is sound
    const broken = made.bundle.slice();
    broken[broken.indexOf(0x50, 9000)]! ^= 1;
    const lie = { ...reportOn(made.bundle), input: { ...reportOn(broken).input } };
    pdf = await renderReport(lie, 'en');
    expect(outcome(verify(await sealWith(), { at, beside: [broken] }))).toEqual([
      1,
      'report-recomputed HASH_FAILURE',
    ]);
    // with no anchors for letters nothing is confirmed, and nothing contradicted
    const few = { ...authority.anchors, scene: [], ledger: [] };
    expect(outcome(verify(sealed, { at, beside: [made.bundle], anchors: few }))[0]).toBe(2);
  });

  test('sound, alone and recomputed from its bundle', () => {
    const alone = verify(sealed, { at });
    expect(outcome(alone)).toEqual([0]);
    expect(alone.input).toMatchObject({ kind: 'pdf', profile: 'report' });
    expect(alone.notChecked).toContain('report-content');
    const anew = verify(sealed, { at, beside: [made.bundle] });
    expect([outcome(anew), anew.claims.scope.status]).toEqual([[0], 'passed']);
    expect(anew.notChecked).not.toContain('report-content');
    // the conclusion is compared; what else the report says is not
    expect(anew.notChecked).toContain('report-details');
  });

  test('recorded in the ledger', async () => {
    const json = reportJson(reportOn(made.bundle));
    const entry = (report: Uint8Array): Uint8Array =>
      entryBytes({
        ...{ format: 'mandate-entry/v1', kind: 'report', at: '2026-11-21T10:00:00Z' },
        letter: made.scene.letterDigest,
        report: sha256Hex(report),
      });
    const { proof } = await makeLedgerProof(authority, entry(json));
    const wrong = (await makeLedgerProof(authority, entry(utf8('x')))).proof;
    const theirs = (await makeLedgerProof(stranger, entry(json))).proof;
    expect(outcome(verify(sealed, { at, beside: [wrong] }))).toEqual([
      1,
      'report-ledgered HASH_FAILURE',
    ]);
    expect(outcome(verify(sealed, { at, beside: [theirs] }))).toEqual([
      2,
      'report-ledgered NO_SIGNING_CERTIFICATE_FOUND',
    ]);
    expect(outcome(verify(wrong, { beside: [json] }))).toEqual([1, 'proof-about HASH_FAILURE']);
    expect(outcome(verify(sealed, { at, beside: [proof] }))).toEqual([0]);
    expect(outcome(verify(proof, { at, beside: [sealed, json] }))).toEqual([0]);
  });

  test('data nobody sealed are open, beside the sealed report they are not', () => {
    const json = reportJson(reportOn(made.bundle));
    const SEALED = 'report-sealed';
    expect(outcome(verify(json, { at }))).toEqual([2, `${SEALED} NO_SIGNING_CERTIFICATE_FOUND`]);
    expect(outcome(verify(json, { at, beside: [made.bundle] }))).toEqual([
      2,
      `${SEALED} NO_SIGNING_CERTIFICATE_FOUND`,
    ]);
    expect(outcome(verify(json, { at, beside: [sealed, made.bundle] }))).toEqual([0]);
    const changed = new TextDecoder().decode(json).replace('"TOTAL-PASSED"', '"TOTAL-FAILED"');
    expect(outcome(verify(changed, { at, beside: [sealed] }))).toEqual([
      1,
      `${SEALED} HASH_FAILURE`,
    ]);
    expect(outcome(verify(` ${changed}`, { at }))[0]).toBe(3);
    const pretty = JSON.stringify(JSON.parse(changed), null, 2);
    expect(outcome(verify(pretty, { at }))).toEqual([1, 'report-readable FORMAT_FAILURE']);
    expect(outcome(verify(changed.replace('"id":', '"id": '), { at }))).toEqual([
      1,
      'report-readable FORMAT_FAILURE',
    ]);
  });
});

test('changed at random nothing passes that says anything else, and no reader breaks', async () => {
  const entry = entryBytes(entryAbout('hold', factsAbout(made)['hold']!));
  const { checkpoint, proof } = await makeLedgerProof(authority, entry);
  // a line break at the end of a receipt, or a stranger's line under a checkpoint, says nothing else
  const saidBy = ({ facts }: Verification): string =>
    JSON.stringify({ ...facts, checkpoint: { ...facts.checkpoint, unknownSignatures: [] } });
  const files = [receipt(), makeStatusList(authority), checkpoint, proof].map((file) => ({
    bytes: bytesOf(file),
    said: saidBy(verify(file)),
  }));
  const rounds = process.env['TEST_FULL'] === '1' ? 20_000 : 400;
  const wrong: string[] = [];
  for (let i = 0; i < rounds; i++) {
    const { bytes, said } = files[i % files.length]!;
    const result = verify(mutateBytes(bytes, randomOf(SEED, i)));
    const broke = result.findings.find(({ id }) => id === 'processed');
    if (broke) wrong.push(`${i}: broke ${JSON.stringify(broke.params)}`);
    if (result.verdict.indication === 'TOTAL-PASSED' && saidBy(result) !== said)
      wrong.push(`${i}: passed`);
  }
  expect(wrong).toEqual([]);
}, 300_000);

test('results are as their schema says', async () => {
  const schema = z.fromJSONSchema(
    JSON.parse(
      readFileSync(new URL('../../docs/verification.schema.json', import.meta.url), 'utf8'),
    ) as Parameters<typeof z.fromJSONSchema>[0],
  );
  const { checkpoint, proof } = await makeLedgerProof(authority, utf8('leaf'));
  for (const file of [receipt(), makeStatusList(authority), checkpoint, proof, '{}', 'x'])
    expect(schema.safeParse(verify(file, { beside: [made.bundle] })).error).toBeUndefined();
});

test('what is none of it is nothing to judge', () => {
  for (const nothing of ['', '{}', 'text', 'a.b.c', '30820100', '{"receipt":"x"}', '\0'])
    expect(outcome(verify(nothing))).toEqual([3, 'input-recognised FORMAT_FAILURE']);
  expect(outcome(verify(made.signedLetter, { beside: [receipt()] }))).toEqual([
    2,
    'beside-recognised SIGNED_DATA_NOT_FOUND',
  ]);
});
