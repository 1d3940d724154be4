import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  commitment,
  fromBase64Url,
  jwkThumbprint,
  newId,
  parseRecipientJwk,
  systemRandom,
  toHex,
} from '@mandate/core';
import {
  compactDecrypt,
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  jwtVerify,
} from 'jose';
import { startApi, templateBody, type ApiInstance, type Tenant } from './api-instance.js';
import { prepare, type Prepared } from './ceremony.js';

/** Uses, withdrawal, dispute over HTTP: as an institution calls it and a data source checks it, with jose. */
let api: ApiInstance;
let tenant: Tenant;
let creditCode: string;
let jwks: ReturnType<typeof createLocalJWKSet>;
const SOURCE = '91110000MA00DEM01M';

beforeAll(async () => {
  api = await startApi();
  tenant = await api.tenant();
  [{ credit_code: creditCode }] = await api.query(
    'SELECT credit_code FROM institutions WHERE id = $1',
    [tenant.id],
  );
  await api.publish({
    key: tenant.apiKey,
    headers: { 'idempotency-key': 'template' },
    body: templateBody(),
  });
  const keys = await api.call('GET', '/.well-known/mandate-keys.json');
  expect(keys.headers.get('content-type')).toContain('application/jwk-set+json');
  jwks = createLocalJWKSet(JSON.parse(keys.text));
}, 90_000);
afterAll(() => api?.stop());

const post = (path: string, body: unknown, key: string = crypto.randomUUID()) =>
  api.call('POST', path, { key: tenant.apiKey, headers: { 'idempotency-key': key }, body });
const get = (path: string) => api.call('GET', path, { key: tenant.apiKey });
const use = {
  purpose: 'loan-approval',
  source: { creditCode: SOURCE },
  items: ['basic-information', 'credit-transactions'],
  operator: { id: 'staff-17', name: '李操作' },
  approver: { id: 'staff-3' },
  businessReference: 'LOAN-9',
};
const pathOf = ({ id }: { id: string }) => `/v1/authorizations/${id}`;
const waitFor = async <T>(ask: () => Promise<T | null | undefined | false>): Promise<T> => {
  for (let i = 0; i < 150; i++) {
    const got = await ask();
    if (got) return got;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('waited in vain');
};
const statusOf = async (receipt: string): Promise<number> => {
  const { status } = decodeJwt(receipt) as any;
  const { pathname } = new URL(status.status_list.uri);
  const answer = await api.call('GET', pathname);
  expect(answer.headers.get('content-type')).toContain('application/statuslist+jwt');
  expect(answer.headers.get('cache-control')).toBe('public, max-age=60');
  const { payload, protectedHeader } = await jwtVerify(answer.text, jwks, {
    typ: 'statuslist+jwt',
    currentDate: api.now(),
    algorithms: ['ES256'],
  });
  expect(protectedHeader.kid).toBeDefined();
  expect(payload).toMatchObject({ sub: status.status_list.uri, ttl: 60, status_list: { bits: 2 } });
  const list = inflateSync(Buffer.from((payload as any).status_list.lst, 'base64url'));
  const bit = status.status_list.idx * 2;
  return (list[bit >> 3]! >> (bit & 7)) & 3;
};

describe('one use', () => {
  let letter: Prepared;
  let made: any;
  const key = crypto.randomUUID();
  beforeAll(async () => {
    letter = await prepare(api, tenant, 'released');
    const answer = await post(`${pathOf(letter)}/redemptions`, use, key);
    expect([answer.status, answer.json.code]).toEqual([201, undefined]);
    made = answer.json;
  }, 60_000);

  test('is confirmed, counted and receipted', async () => {
    expect(made).toMatchObject({
      state: 'confirmed',
      number: 1,
      of: 1,
      usesLeft: 0,
      recipient: { creditCode },
    });
    const { payload, protectedHeader } = await jwtVerify(made.receipt, jwks, {
      typ: 'mandate-receipt+jwt',
      audience: SOURCE,
      currentDate: api.now(),
      algorithms: ['ES256'],
    });
    expect(protectedHeader.alg).toBe('ES256');
    const { json } = await get(pathOf(letter));
    expect(payload).toMatchObject({
      jti: made.redemption,
      fact: {
        authorization: letter.id,
        letter: json.letterDigest,
        terms: json.termsDigest,
        letterNumber: json.letterNumber,
        purpose: use.purpose,
        source: SOURCE,
        recipient: creditCode,
        items: use.items,
        number: 1,
        of: 1,
      },
      institution: { creditCode, name: tenant.name },
    });
    // who it was stands there as a commitment only, and nothing of the subject at all
    const text = Buffer.from(made.receipt.split('.')[1], 'base64url').toString();
    for (const secret of [
      'staff-17',
      '李操作',
      letter.subject.name,
      letter.subject.idNumber,
      letter.subject.phone,
    ])
      expect(text).not.toContain(secret);
  });

  test('a tampered receipt, another audience and a passed time fail', async () => {
    const [head, body, signature] = made.receipt.split('.');
    const changed = Buffer.from(
      Buffer.from(body, 'base64url').toString().replace('"number":1', '"number":2'),
    ).toString('base64url');
    expect(changed).not.toBe(body);
    const check = (jws: string, more: object = {}) =>
      jwtVerify(jws, jwks, { currentDate: api.now(), ...more });
    await expect(check(`${head}.${changed}.${signature}`)).rejects.toMatchObject({
      code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    });
    const flipped = Buffer.from(signature, 'base64url');
    flipped[10]! ^= 1;
    await expect(check(`${head}.${body}.${flipped.toString('base64url')}`)).rejects.toThrow();
    await expect(check(made.receipt, { audience: creditCode })).rejects.toMatchObject({
      code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
    });
    await expect(
      check(made.receipt, { currentDate: new Date(api.now().getTime() + 25 * 3600_000) }),
    ).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' });
  });

  test('the ledger entry is the one in the ledger', async () => {
    const { ledgerEntry } = decodeJwt(made.receipt) as any;
    const found = await waitFor(async () => {
      const rows = await api.query(
        `SELECT entry FROM ledger_entries WHERE entry LIKE '%"redemption"%'`,
      );
      return rows.find(
        ({ entry }) => createHash('sha256').update(entry).digest('hex') === ledgerEntry,
      );
    });
    expect(JSON.parse(found.entry)).toMatchObject({ kind: 'redemption', step: 'confirmed' });
    expect(found.entry).not.toContain(letter.id);
  });

  test('the same key: the same answer; another request under it: refused; another key: used up', async () => {
    const again = await post(`${pathOf(letter)}/redemptions`, use, key);
    expect([again.status, again.json]).toEqual([201, made]);
    const other = await post(
      `${pathOf(letter)}/redemptions`,
      { ...use, items: ['basic-information'] },
      key,
    );
    expect([other.status, other.json.code]).toEqual([422, 'idempotency-key-reused']);
    const second = await post(`${pathOf(letter)}/redemptions`, use);
    expect([second.status, second.json.code]).toEqual([409, 'used-up']);
  });

  test('a crash between use and answer: the same key finds the use', async () => {
    await api.query('DELETE FROM idempotency WHERE response_body LIKE $1', [
      `%${made.redemption}%`,
    ]);
    const again = await post(`${pathOf(letter)}/redemptions`, use, key);
    expect(again.json).toMatchObject({ redemption: made.redemption, receipt: made.receipt });
    const [{ n }] = await api.query(
      'SELECT count(*)::int AS n FROM redemptions WHERE authorization_id = $1',
      [letter.id],
    );
    expect(n).toBe(1);
  });

  test('the register tells who, when, what, why', async () => {
    const { json } = await get(`${pathOf(letter)}/redemptions`);
    expect(json.nextCursor).toBeNull();
    expect(json.items).toHaveLength(1);
    expect(json.items[0]).toMatchObject({
      redemption: made.redemption,
      operator: use.operator,
      approver: use.approver,
      businessReference: 'LOAN-9',
      purpose: 'loan-approval',
      receipt: made.receipt,
    });
    // what opens the commitment in the receipt, for a disclosure
    const { commitment: committed, field, salt, value } = json.items[0].operatorCommitment;
    const { fact } = decodeJwt(made.receipt) as any;
    expect([committed, field, JSON.parse(value)]).toEqual([
      fact.operator,
      'operator',
      use.operator,
    ]);
    expect(toHex(commitment(fromBase64Url(salt), field, value))).toBe(fact.operator);
    const opened = await api.query(`SELECT body FROM access_entries WHERE authorization_id = $1`, [
      letter.id,
    ]);
    const purposes = opened.map(({ body }) => JSON.parse(body).purpose);
    expect(purposes).toEqual(expect.arrayContaining(['redeem', 'uses']));
    // nothing of the staff stands in the record in the clear
    const rows = await api.query('SELECT row_to_json(r)::text AS t FROM redemptions r');
    expect(JSON.stringify(rows)).not.toContain('staff-17');
  });

  test('the timestamp comes by itself; openssl agrees it is over the receipt', async () => {
    const token = await waitFor(
      async () => (await get(`${pathOf(letter)}/redemptions`)).json.items[0].timestamp,
    );
    const folder = await mkdtemp(join(tmpdir(), 'mandate-receipt-'));
    await writeFile(join(folder, 'receipt'), made.receipt);
    await writeFile(join(folder, 'token'), Buffer.from(token, 'base64url'));
    const root = await fetch(`${api.url}/pki/timestamp-root.crt`).then((r) => r.arrayBuffer());
    await writeFile(join(folder, 'root.der'), Buffer.from(root));
    const run = (...args: string[]) =>
      execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' }).toString();
    run('x509', '-inform', 'DER', '-in', 'root.der', '-out', 'root.pem');
    const verify = (data: string) =>
      run('ts', '-verify', '-data', data, '-token_in', '-in', 'token', '-CAfile', 'root.pem');
    expect(verify('receipt')).toContain('Verification: OK');
    await writeFile(join(folder, 'other'), `${made.receipt}x`);
    expect(() => verify('other')).toThrow();
  });

  test('the subject is told, without a word about the subject', async () => {
    const text = await waitFor(async () => {
      const rows = await api.query('SELECT text FROM sandbox_messages WHERE phone = $1', [
        letter.subject.phone,
      ]);
      return rows.map((row) => row.text as string).find((it) => it.includes('第1次'));
    });
    expect(text).toContain('示例征信有限公司');
    expect(text).not.toContain(letter.subject.name);
    expect(text).not.toMatch(/https?:/);
    expect([...text].length).toBeLessThanOrEqual(134);
  });

  test('withdrawn after the last use: recorded, sealed, and the list says so', async () => {
    expect(await statusOf(made.receipt)).toBe(0);
    const body = { channel: 'phone', proof: { kind: 'call-recording', ref: 'call-1' } };
    const first = await post(`${pathOf(letter)}/withdrawals`, body);
    expect([first.status, first.json.by]).toEqual([201, 'subject']);
    expect((await post(`${pathOf(letter)}/withdrawals`, body)).json).toEqual(first.json);
    expect((await post(`${pathOf(letter)}/redemptions`, use)).json.code).toBe('withdrawn');
    expect(await statusOf(made.receipt)).toBe(1);
    const condition = await waitFor(async () => {
      const { json } = await get(`${pathOf(letter)}/condition`);
      return json.withdrawalTimestamp && json;
    });
    expect(condition).toMatchObject({
      redeemable: false,
      withdrawnAt: first.json.at,
      onHoldSince: null,
    });
    const { payload } = await jwtVerify(condition.withdrawalReceipt, jwks, {
      typ: 'mandate-withdrawal+jwt',
      currentDate: api.now(),
    });
    expect(payload).toMatchObject({
      fact: { authorization: letter.id, by: 'subject', channel: 'phone' },
    });
    await expect(
      jwtVerify(condition.withdrawalReceipt, jwks, { typ: 'mandate-receipt+jwt' }),
    ).rejects.toThrow();
  });
});

describe('a reserved use', () => {
  test('comes back when released, counts when confirmed, is told either way', async () => {
    const letter = await prepare(api, tenant, 'released');
    const reserve = () => post(`${pathOf(letter)}/redemptions`, { ...use, hold: true });
    const first = await reserve();
    expect(first.json).toMatchObject({ state: 'reserved', usesLeft: 0 });
    expect(await statusOf(first.json.receipt)).toBe(0);
    const settle = (redemption: string, act: string) =>
      post(`${pathOf(letter)}/redemptions/${redemption}/${act}`, undefined);
    expect((await settle(first.json.redemption, 'release')).json).toMatchObject({
      state: 'released',
    });
    expect(await statusOf(first.json.receipt)).toBe(1);
    const late = await settle(first.json.redemption, 'confirmation');
    expect([late.status, late.json.code]).toEqual([409, 'illegal-transition']);
    // The source could be asked with the receipt, so the subject hears of it although it was given back.
    const told = () =>
      api.query(`SELECT text FROM sandbox_messages WHERE phone = $1 AND text LIKE '%第1次%'`, [
        letter.subject.phone,
      ]);
    await waitFor(async () => (await told()).length === 1);
    const second = await reserve();
    expect(second.json).toMatchObject({ state: 'reserved', number: 1 });
    expect((await settle(second.json.redemption, 'confirmation')).json).toMatchObject({
      state: 'confirmed',
    });
    await waitFor(async () => (await told()).length === 2);
  }, 60_000);

  test('not confirmed in time it comes back by itself', async () => {
    const letter = await prepare(api, tenant, 'released');
    const held = await post(`${pathOf(letter)}/redemptions`, { ...use, hold: true });
    api.advance(601);
    await waitFor(async () => {
      const { json } = await get(`${pathOf(letter)}/redemptions`);
      return json.items[0].state === 'released' && json.items[0].timedOut;
    });
    expect((await get(`${pathOf(letter)}/condition`)).json).toMatchObject({
      redeemable: true,
      usesLeft: 1,
    });
    expect(held.json.state).toBe('reserved');
  }, 60_000);
});

describe('refusals', () => {
  let letter: Prepared;
  beforeAll(async () => void (letter = await prepare(api, tenant, 'released')), 60_000);
  test.each([
    ['purpose-mismatch', 422, { purpose: 'guarantee-review' }],
    ['source-mismatch', 422, { source: { creditCode: '91310000MA1FL5E8XC' } }],
    ['recipient-mismatch', 422, { recipient: { creditCode: '91310000MA1FL5E8XC' } }],
    ['scope-exceeded', 422, { items: ['basic-information', 'genome'] }],
    ['operator-missing', 422, { operator: undefined }],
    ['invalid-request', 400, { items: [] }],
  ])('%s', async (code, status, change) => {
    const answer = await post(`${pathOf(letter)}/redemptions`, { ...use, ...change });
    expect([answer.status, answer.json.code]).toEqual([status, code]);
  });

  test('before the release nothing is used, withdrawn, disputed or ended', async () => {
    const open = await prepare(api, tenant, 'presented');
    const proof = { kind: 'logged-in', ref: 'x' };
    for (const [path, body] of [
      ['redemptions', use],
      ['withdrawals', { channel: 'app', proof }],
      ['holds', { proof }],
      ['end', { event: 'loan-settled', at: api.now().toISOString() }],
    ] as const) {
      const answer = await post(`${pathOf(open)}/${path}`, body);
      expect([path, answer.status, answer.json.code]).toEqual([path, 409, 'illegal-transition']);
    }
  }, 60_000);

  test('a dispute holds it at once, and the list says suspended', async () => {
    const held = await prepare(api, tenant, 'released');
    const reserved = await post(`${pathOf(held)}/redemptions`, { ...use, hold: true });
    const answer = await post(`${pathOf(held)}/holds`, {
      proof: { kind: 'in-person', ref: 'case-1' },
    });
    expect([answer.status, answer.json.state]).toEqual([201, 'open']);
    expect(await statusOf(reserved.json.receipt)).toBe(2);
    expect((await post(`${pathOf(held)}/redemptions`, use)).json.code).toBe('on-hold');
    expect((await get(`${pathOf(held)}/condition`)).json).toMatchObject({
      redeemable: false,
      onHoldSince: answer.json.openedAt,
    });
  }, 60_000);
});

describe('personal data for a use', () => {
  const staff = { proof: { kind: 'in-person', ref: 'visit-7' } };

  test('a seller holds a reference: it tells one word, its QR code nothing but itself', async () => {
    const letter = await prepare(api, tenant, 'presented');
    const { json } = await get(`${pathOf(letter)}/order-reference`);
    expect(json.reference).toMatch(/^ORD(?:-[2-9A-HJ-NP-Z]{4}){4}$/);
    expect((await get(`${pathOf(letter)}/order-reference`)).json).toEqual(json);
    expect(json.url.endsWith(`/v1/orders/${json.reference}`)).toBe(true);
    expect(json.qr).toMatch(/^<svg [^>]+>(?:<rect [^>]+>)<path d="[Mh v\-0-9z]+"\/><\/svg>$/);
    const asked = await api.call('GET', `/v1/orders/${json.reference}`);
    expect(asked.json).toEqual({ reference: json.reference, state: 'not-signed' });
    for (const secret of [letter.id, letter.subject.name, letter.subject.phone, tenant.name])
      expect(asked.text + json.qr).not.toContain(secret);
    const unknown = await api.call('GET', '/v1/orders/ORD-2222-2222-2222-2222');
    expect([unknown.status, unknown.json.code]).toEqual([404, 'not-found']);
    expect((await api.call('GET', '/v1/orders/ORD-0')).json.code).toBe('not-found');
  }, 60_000);

  test('released once for a use, sealed for its recipient; restricted, exported, its order over', async () => {
    const letter = await prepare(api, tenant, 'released');
    const path = pathOf(letter);
    const order = (await get(`${path}/order-reference`)).json.reference;
    const stateOf = async () => (await api.call('GET', `/v1/orders/${order}`)).json.state;
    expect(await stateOf()).toBe('signed');
    const { redemption } = (await post(`${path}/redemptions`, use)).json;
    const ask = (body: unknown) => post(`${path}/redemptions/${redemption}/subject-data`, body);
    expect((await ask({})).json.code).toBe('recipient-key-missing');
    // who may use an authorization may not therefore carry the subject's data
    const scopes = ['redemptions:write', 'authorizations:read'];
    const { text } = (await post('/v1/keys', { name: 'user', scopes })).json;
    const blind = await api.call('POST', `${path}/redemptions/${redemption}/subject-data`, {
      key: text,
      body: {},
    });
    expect([blind.status, blind.json.code, blind.json.scope]).toEqual([
      403,
      'scope-missing',
      'subject-data',
    ]);

    const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { extractable: true });
    const jwk = parseRecipientJwk(await exportJWK(publicKey));
    await api.administration.registerRecipientKey({
      id: newId('recipientKey', { now: api.now }, systemRandom),
      ...{ creditCode, jwk: JSON.stringify(jwk), thumbprint: jwkThumbprint(jwk) },
      ...{ registrar: 'a', approver: 'b', registeredAt: new Date(api.now().getTime() - 1000) },
      validUntil: new Date(api.now().getTime() + 86_400_000),
    });
    expect((await ask({ fields: [] })).json.code).toBe('invalid-request');
    expect((await ask({ fields: ['phone'] })).json.code).toBe('scope-exceeded');
    const got = await ask({});
    expect([got.status, got.json.fields]).toEqual([200, ['name', 'idType', 'idNumber']]);
    const { plaintext } = await compactDecrypt(got.json.sealed, privateKey);
    expect(JSON.parse(Buffer.from(plaintext).toString()).subject).toEqual({
      name: letter.subject.name,
      idType: letter.subject.idType,
      idNumber: letter.subject.idNumber,
    });
    expect((await ask({})).json.sealed).toBe(got.json.sealed);
    const { payload } = await jwtVerify(got.json.receipt, jwks, {
      typ: 'mandate-release+jwt',
      currentDate: api.now(),
    });
    expect(payload).toMatchObject({ fact: { redemption, recipient: creditCode } });
    expect(JSON.stringify(payload)).not.toContain(letter.subject.idNumber);

    const copy = await post(`${path}/export`, staff);
    expect(copy.json.terms.subject.idNumber).toBe(letter.subject.idNumber);
    expect(copy.headers.get('cache-control')).toContain('no-store');
    // The worker may tell the subject of the use at the same moment, which is an access as well.
    expect(copy.json.accesses).toContainEqual(
      expect.objectContaining({
        purpose: 'export',
        actor: `web/institution:${tenant.id}/in-person/visit-7`,
      }),
    );
    expect((await post(`${path}/export`, {})).json.code).toBe('invalid-request');

    expect((await post(`${path}/restriction`, staff)).json.code).toBe('illegal-transition');
    await post(`${path}/withdrawals`, { channel: 'app', proof: staff.proof });
    expect(await stateOf()).toBe('over');
    expect((await ask({})).json.code).toBe('withdrawn');
    const restricted = await post(`${path}/restriction`, staff);
    expect(restricted.json).toMatchObject({
      erasedAt: null,
      retention: { basis: '电子签名法 24' },
    });
    expect((await get(`${path}/privacy`)).json).toEqual(restricted.json);
    const bundle = await get(`${path}/bundle`);
    expect([bundle.status, bundle.json.code]).toEqual([409, 'restricted']);
    // the subject's own page gives it still
    expect((await post(`${path}/export`, staff)).json.code).toBe('restricted');
  }, 60_000);
});

test('a status list that is still the same is not sent again', async () => {
  const first = await api.call('GET', '/status/0');
  const again = await api.call('GET', '/status/0', {
    headers: { 'if-none-match': first.headers.get('etag')! },
  });
  expect([again.status, again.text]).toEqual([304, '']);
  expect((await api.call('GET', '/status/x')).json.code).toBe('not-found');
  const empty = await api.call('GET', '/status/77');
  expect(decodeProtectedHeader(empty.text).typ).toBe('statuslist+jwt');
});
