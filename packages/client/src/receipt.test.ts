import { beforeAll, expect, test } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { deflateSync } from 'node:zlib';
import {
  checkStatus,
  verifyEnd,
  verifyHold,
  verifyHoldResolution,
  verifyReceipt,
  verifyWithdrawal,
  type KeySet,
} from './index.js';

const now = Date.parse('2026-11-21T08:00:00Z');
const seconds = now / 1000;
const issuer = 'https://sign.example.com';
const source = '91110000MA00DEM01M';
const lender = '91310000MA1FL5E8XC';
const uri = `${issuer}/status/0`;

let own: CryptoKey;
let stranger: CryptoKey;
let keys: KeySet;
beforeAll(async () => {
  const [pair, other, old] = await Promise.all([1, 2, 3].map(() => generateKeyPair('ES256')));
  own = pair!.privateKey;
  stranger = other!.privateKey;
  const published = async (key: CryptoKey, kid: string): Promise<JWK> => ({
    ...(await exportJWK(key)),
    kid,
  });
  keys = {
    keys: [await published(old!.publicKey, 'old'), await published(pair!.publicKey, 'own')],
  } as KeySet;
});

const fact = {
  format: 'mandate-redemption/v1',
  id: 'red_1',
  authorization: 'aut_1',
  letterNumber: 'M-1',
  institution: lender,
  purpose: 'loan-approval',
  source,
  recipient: lender,
  items: ['basic-information', 'credit-transactions'],
  number: 1,
  of: 1,
  at: '2026-11-21T07:59:00Z',
};
const use = {
  iss: issuer,
  jti: 'red_1',
  iat: seconds - 60,
  exp: seconds + 600,
  aud: source,
  status: { status_list: { idx: 5, uri } },
  fact,
  institution: { name: '禾穗消费金融有限公司', creditCode: lender },
};
const receiptHeader = { alg: 'ES256', kid: 'own', typ: 'mandate-receipt+jwt' };
/** Signed by the reference implementation. */
const signed = (payload: object, header: object = {}, key = own): Promise<string> =>
  new SignJWT(payload as Record<string, unknown>)
    .setProtectedHeader({ ...receiptHeader, ...header })
    .sign(key);
const withFact = (change: object) => ({ ...use, fact: { ...fact, ...change } });

test('what the reference implementation signs is read', async () => {
  const expected = {
    issuer,
    source,
    institution: lender,
    recipient: lender,
    purpose: 'loan-approval',
    letterNumber: 'M-1',
    items: ['basic-information'],
  };
  expect(await verifyReceipt(await signed(use), { keys, now, expected })).toEqual({
    id: 'red_1',
    issuer,
    institution: use.institution,
    authorization: 'aut_1',
    letterNumber: 'M-1',
    purpose: 'loan-approval',
    source,
    recipient: lender,
    items: fact.items,
    number: 1,
    of: 1,
    period: undefined,
    at: fact.at,
    expiresAt: now + 600_000,
    status: { uri, index: 5 },
  });
});

const refusal = (reason: string) => ({ name: 'MandateSignatureError', reason });

test.each([
  ['another type', () => signed(use, { typ: 'mandate-withdrawal+jwt' }), 'type-mismatch'],
  ['no type', () => signed(use, { typ: undefined }), 'type-mismatch'],
  ['an unknown key', () => signed(use, { kid: 'new' }), 'key-unknown'],
  ['no key named', () => signed(use, { kid: undefined }), 'key-unknown'],
  ['another key’s signature', () => signed(use, {}, stranger), 'signature-mismatch'],
  ['the name of an older key', () => signed(use, { kid: 'old' }), 'signature-mismatch'],
  ['a fact about another use', () => signed(withFact({ id: 'red_2' })), 'malformed'],
  ['a fact for another source', () => signed(withFact({ source: lender })), 'malformed'],
  ['another format', () => signed(withFact({ format: 'mandate-redemption/v9' })), 'malformed'],
  ['no items', () => signed(withFact({ items: undefined })), 'malformed'],
  ['no end', () => signed({ ...use, exp: undefined }), 'malformed'],
  ['an end that is over', () => signed({ ...use, exp: seconds }), 'expired'],
  ['a use to come', () => signed(withFact({ at: '2026-11-21T08:02:00Z' })), 'in-the-future'],
  ['words', () => Promise.resolve('a.b.c'), 'malformed'],
  ['nothing', () => Promise.resolve(''), 'malformed'],
])('%s is refused', async (_name, make, reason) => {
  await expect(verifyReceipt(await make(), { keys, now })).rejects.toMatchObject(refusal(reason));
});

test('no header talks us out of the signature', async () => {
  const jws = await signed(use);
  const [, body, signature] = jws.split('.');
  for (const alg of ['none', 'HS256', 'ES384']) {
    const head = Buffer.from(JSON.stringify({ ...receiptHeader, alg })).toString('base64url');
    for (const tail of ['', signature]) {
      await expect(verifyReceipt(`${head}.${body}.${tail}`, { keys, now })).rejects.toMatchObject({
        reason: tail === '' ? 'malformed' : 'algorithm-refused',
      });
    }
  }
});

test('every bit of header, payload and signature counts', async () => {
  const jws = await signed(use);
  for (const part of [0, 1, 2]) {
    const parts = jws.split('.');
    const bytes = Buffer.from(parts[part]!, 'base64url');
    bytes[bytes.length >> 1]! ^= 1;
    parts[part] = bytes.toString('base64url');
    await expect(verifyReceipt(parts.join('.'), { keys, now })).rejects.toThrow();
  }
});

test.each([
  ['issuer', 'https://else.example', 'issuer-mismatch'],
  ['source', lender, 'source-mismatch'],
  ['institution', source, 'institution-mismatch'],
  ['recipient', source, 'recipient-mismatch'],
  ['purpose', 'guarantee-review', 'purpose-mismatch'],
  ['letterNumber', 'M-2', 'letter-mismatch'],
  ['items', ['basic-information', 'public-records'], 'scope-exceeded'],
])('another %s than expected is refused', async (name, value, reason) => {
  const check = { keys, now, expected: { [name]: value } };
  await expect(verifyReceipt(await signed(use), check)).rejects.toMatchObject(refusal(reason));
});

/** Two bits each; place 5 stands in the second byte. */
const listOf = (status: number, change: object = {}, header: object = {}): Promise<string> =>
  signed(
    {
      iss: issuer,
      sub: uri,
      iat: seconds,
      exp: seconds + 300,
      ttl: 60,
      status_list: {
        bits: 2,
        lst: deflateSync(Uint8Array.of(0xff, 0xf3 | (status << 2))).toString('base64url'),
      },
      ...change,
    },
    { typ: 'statuslist+jwt', ...header },
  );
const at = (index: number) => ({ issuer, status: { uri, index } });

test('a place in the list says how it stands', async () => {
  const check = { keys, now };
  expect(await checkStatus(await listOf(0), at(5), check)).toBe('valid');
  expect(await checkStatus(await listOf(1), at(5), check)).toBe('invalid');
  expect(await checkStatus(await listOf(2), at(5), check)).toBe('suspended');
  // a value nobody agreed on is no permission
  expect(await checkStatus(await listOf(3), at(5), check)).toBe('invalid');
});

const packed = (bytes: Uint8Array | string, bits = 2) => ({
  status_list: {
    bits,
    lst: typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('base64url'),
  },
});

test.each([
  ['a receipt in place of a list', () => signed(use), 'type-mismatch'],
  ['an old list', () => listOf(0, { exp: seconds }), 'expired'],
  ['a list to come', () => listOf(0, { iat: seconds + 120 }), 'in-the-future'],
  ['another list', () => listOf(0, { sub: `${issuer}/status/1` }), 'list-mismatch'],
  ['another issuer’s list', () => listOf(0, { iss: 'https://else.example' }), 'list-mismatch'],
  ['a list without an end', () => listOf(0, { exp: undefined }), 'malformed'],
  ['a width that is none', () => listOf(0, packed(deflateSync('x'), 3)), 'malformed'],
  ['what is not compressed', () => listOf(0, packed('AAAA')), 'malformed'],
  [
    'a cut list',
    () => listOf(0, packed(deflateSync(Buffer.alloc(999)).subarray(0, 9))),
    'malformed',
  ],
  ['a list without end', () => listOf(0, packed(deflateSync(Buffer.alloc(1 << 24)))), 'malformed'],
  ['a place outside', () => listOf(0, packed(deflateSync(Buffer.alloc(1)))), 'index-out-of-range'],
])('%s is refused', async (_name, make, reason) => {
  await expect(checkStatus(await make(), at(5), { keys, now })).rejects.toMatchObject(
    refusal(reason),
  );
});

/** Receipts of what happened to an authorization. */
const factOf = (kind: string, members: object) => ({
  ...{ iss: issuer, jti: 'fct_1', iat: seconds - 60 },
  institution: use.institution,
  fact: {
    ...{ format: `mandate-${kind}/v1`, id: 'fct_1', authorization: 'aut_1', letterNumber: 'M-1' },
    ...{ at: '2026-11-21T07:59:00Z', ...members },
  },
});
const FACTS = [
  ['withdrawal', verifyWithdrawal, { by: 'subject', channel: 'page' }],
  ['hold', verifyHold, { by: 'institution', reason: 'other' }],
  ['hold-resolution', verifyHoldResolution, { hold: 'hld_1', outcome: 'rejected' }],
  ['end', verifyEnd, { event: 'loan-settled', happenedAt: '2026-11-20T00:00:00Z' }],
] as const;

test.each(FACTS)(
  'the receipt of a %s is read and belongs to one thing',
  async (kind, verify, members) => {
    const typ = `mandate-${kind}+jwt`;
    const receipt = (over: object = {}, header: object = {}) =>
      signed({ ...factOf(kind, members), ...over }, { typ, ...header });
    const expected = { issuer, authorization: 'aut_1', letterNumber: 'M-1', institution: lender };
    expect(await verify(await receipt(), { keys, now, expected })).toEqual({
      ...{ id: 'fct_1', issuer, institution: use.institution },
      ...{ authorization: 'aut_1', letterNumber: 'M-1', at: '2026-11-21T07:59:00Z' },
      ...members,
    });
    const refused = async (jws: Promise<string>, reason: string, more: object = {}) =>
      expect(verify(await jws, { keys, now, ...more })).rejects.toMatchObject(refusal(reason));
    await refused(receipt({}, { typ: 'mandate-receipt+jwt' }), 'type-mismatch');
    await refused(signed(factOf(kind, members), { typ }, stranger), 'signature-mismatch');
    await refused(receipt({ jti: 'fct_2' }), 'malformed');
    await refused(receipt({ fact: { ...factOf('receipt', members).fact } }), 'malformed');
    await refused(
      receipt(factOf(kind, { ...members, at: '2026-11-21T08:02:00Z' })),
      'in-the-future',
    );
    for (const name of Object.keys(members))
      await refused(receipt(factOf(kind, { ...members, [name]: 7 })), 'malformed');
    await refused(receipt(), 'issuer-mismatch', { expected: { issuer: 'https://x.example' } });
    await refused(receipt(), 'authorization-mismatch', { expected: { authorization: 'aut_2' } });
    await refused(receipt(), 'letter-mismatch', { expected: { letterNumber: 'M-2' } });
    await refused(receipt(), 'institution-mismatch', { expected: { institution: source } });
  },
);
