import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { verifyFile } from '@mandate/verify';
import { signWithLink } from '../../kit/ceremony-client.mjs';
import { idPicture } from '../../kit/id-picture.js';
import { until } from '../../kit/until.js';
import {
  startApi,
  templateBody,
  type Answer,
  type ApiInstance,
  type Tenant,
} from './api-instance.js';
import { prepare, type Prepared } from './ceremony.js';

/** Pictures of identity documents, over HTTP: by the institution and by their subject. */
let api: ApiInstance;
let tenant: Tenant;
let letter: Prepared;
let open: Prepared;
let picture: Buffer;
const CANARY = 'CANARY-31.2304N';

beforeAll(async () => {
  api = await startApi({ ID_IMAGE_DAYS: '60' });
  tenant = await api.tenant();
  await api.publish({
    key: tenant.apiKey,
    headers: { 'idempotency-key': 'template-1' },
    body: templateBody(),
  });
  letter = await prepare(api, tenant, 'released');
  open = await prepare(api, tenant, 'opened');
  picture = await idPicture(CANARY);
}, 120_000);
afterAll(() => api?.stop());

const path = (of: { id: string } = letter): string => `/v1/authorizations/${of.id}/id-images`;
const problem = ({ status, json }: Answer) => [status, json?.code];
const send = (
  query: string,
  {
    key = crypto.randomUUID() as string,
    type = 'image/jpeg',
    raw = picture as Uint8Array,
    of = letter as { id: string },
  } = {},
) =>
  api.call('POST', `${path(of)}?${query}`, {
    key: tenant.apiKey,
    headers: { 'idempotency-key': key, 'content-type': type },
    raw,
  });
const IN_PERSON = 'reason=in-person&side=front';
const look = async (url: string, init: RequestInit = {}) => {
  const response = await fetch(api.url + url, init);
  return {
    status: response.status,
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer()),
  };
};
const asTenant = { headers: { authorization: '' } };

test('what is refused leaves nothing and says why', async () => {
  asTenant.headers.authorization = `Bearer ${tenant.apiKey}`;
  const before = await api.tables();
  for (const [answer, expected] of [
    [await send('side=front'), [400, 'invalid-request']],
    [await send('reason=provided&side=front'), [400, 'invalid-request']],
    [await send(`${IN_PERSON}&days=61`), [400, 'invalid-request']],
    [await send(`${IN_PERSON}&days=0`), [400, 'invalid-request']],
    [await send('reason=source-demand&side=front'), [400, 'invalid-request']],
    [await send(`${IN_PERSON}&source=91110000MA00DEM01M`), [400, 'invalid-request']],
    [
      await send('reason=source-demand&side=front&source=91310000MA1FLDEM0R'),
      [422, 'source-mismatch'],
    ],
    [await send(IN_PERSON, { type: 'image/webp' }), [415, 'unsupported-media-type']],
    [await send(IN_PERSON, { type: 'application/pdf' }), [415, 'unsupported-media-type']],
    [
      await send(IN_PERSON, { raw: new Uint8Array(8 * 1024 * 1024 + 1) }),
      [413, 'payload-too-large'],
    ],
    [await send(IN_PERSON, { raw: Buffer.from('GIF89a') }), [422, 'image-refused']],
    [
      await send(IN_PERSON, { raw: picture.subarray(0, picture.length / 2) }),
      [422, 'image-refused'],
    ],
  ] as const)
    expect(problem(answer)).toEqual(expected);
  const gif = await send(IN_PERSON, { raw: Buffer.from('GIF89a') });
  expect(gif.json.reason).toBe('not-jpeg-or-png');
  // who asked for the letter's source was opened for, and that is on record
  const { access_entries: _, ...after } = await api.tables();
  expect(before).toMatchObject(after);
});

test('kept once under one key, listed, looked at for a purpose, destroyed', async () => {
  const key = 'one-picture';
  const first = await send(`${IN_PERSON}&days=7`, { key });
  expect(problem(first)).toEqual([201, undefined]);
  expect(first.json).toMatchObject({ by: 'institution', reason: 'in-person', destroyed: null });
  expect(Date.parse(first.json.keepUntil) - Date.parse(first.json.keptAt)).toBe(7 * 86_400_000);
  expect((await send(`${IN_PERSON}&days=7`, { key })).text).toBe(first.text);
  expect(problem(await send(`${IN_PERSON}&days=8`, { key }))).toEqual([
    422,
    'idempotency-key-reused',
  ]);
  const other = await idPicture('another');
  expect(problem(await send(`${IN_PERSON}&days=7`, { key, raw: other }))).toEqual([
    ...[422, 'idempotency-key-reused'],
  ]);
  const { id } = first.json;
  const list = await api.call('GET', path(), { key: tenant.apiKey });
  expect(list.json.items).toEqual([first.json]);

  expect(problem(await api.call('GET', `${path()}/${id}`, { key: tenant.apiKey }))).toEqual([
    ...[400, 'invalid-request'],
  ]);
  const seen = await look(`${path()}/${id}?purpose=dispute&reference=case-1`, asTenant);
  expect([seen.status, seen.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  expect(seen.headers.get('cache-control')).toBe('no-store');
  expect(seen.headers.get('x-content-type-options')).toBe('nosniff');
  for (const gone of [CANARY, 'Exif', 'GPS']) expect(seen.bytes.includes(gone)).toBe(false);
  const [entry] = await api.query(
    `SELECT body::jsonb->>'actor' AS actor FROM access_entries
     WHERE authorization_id = $1 AND body LIKE '%"id-image"%'`,
    [letter.id],
  );
  expect(entry.actor).toBe(`web/institution:${tenant.id}/dispute/case-1/${id}`);

  const narrow = await api.call('POST', '/v1/keys', {
    key: tenant.apiKey,
    headers: { 'idempotency-key': 'narrow-key' },
    body: { name: 'narrow', scopes: ['evidence:read', 'id-images:write'] },
  });
  const denied = await api.call('GET', path(), { key: narrow.json.text });
  expect(denied.json).toMatchObject({ code: 'scope-missing', scope: 'id-images:read' });

  const destroyed = await api.call('DELETE', `${path()}/${id}`, { key: tenant.apiKey });
  expect(destroyed.json.destroyed).toMatchObject({ why: 'asked', by: 'institution' });
  const again = await api.call('DELETE', `${path()}/${id}`, { key: tenant.apiKey });
  expect(again.text).toBe(destroyed.text);
  expect((await look(`${path()}/${id}?purpose=dispute&reference=case-1`, asTenant)).status).toBe(
    410,
  );
  // the answer to the first request is kept as it was, and tells no picture
  expect((await send(`${IN_PERSON}&days=7`, { key })).text).toBe(first.text);
  const event = await until(async () => {
    const events = await api.call('GET', `/v1/events?authorization=${letter.id}`, {
      key: tenant.apiKey,
    });
    return events.json.items.find(
      (it: { type: string }) => it.type === 'authorization.id-image-destroyed',
    );
  });
  expect(JSON.stringify(event)).not.toContain(id);
});

test('kept before the letter is signed, it stands in the signed trail', async () => {
  const before = await prepare(api, tenant, 'opened');
  expect((await send(IN_PERSON, { of: before })).status).toBe(201);
  const { idNumber, phone } = before.subject;
  const link = await api.call('POST', `/v1/authorizations/${before.id}/signing-links`, {
    key: tenant.apiKey,
  });
  await signWithLink(api.url, link.json.url, { lastSix: idNumber.slice(-6), phone });
  await until(async () => {
    const { json } = await api.call('GET', `/v1/authorizations/${before.id}`, {
      key: tenant.apiKey,
    });
    return json.state === 'released';
  });
  const events = await api.query('SELECT type FROM events WHERE stream = $1 ORDER BY version', [
    before.id,
  ]);
  const types = events.map(({ type }) => type);
  expect(types.indexOf('id-image-kept')).toBeLessThan(types.indexOf('signed'));
  const bundle = await look(`/v1/authorizations/${before.id}/bundle`, asTenant);
  const judged = verifyFile(new Uint8Array(bundle.bytes), {
    anchors: await api.anchors(),
    at: api.now(),
  });
  expect(judged.verdict).toMatchObject({ indication: 'TOTAL-PASSED' });
}, 60_000);

test('the worker destroys it at its deadline', async () => {
  const { json } = await send(`${IN_PERSON}&days=1`, { of: open });
  api.advance(86_400);
  const looked = await look(`${path(open)}/${json.id}?purpose=dispute&reference=x`, asTenant);
  expect(looked.status).toBe(410);
  const gone = await until(async () => {
    const { json: list } = await api.call('GET', path(open), { key: tenant.apiKey });
    return list.items[0].destroyed;
  });
  expect(gone).toMatchObject({ why: 'deadline', by: 'sweep' });
  const [row] = await api.query(
    `SELECT i.box, k.wrapped FROM id_images i JOIN data_keys k ON k.authorization_id = i.id WHERE i.id = $1`,
    [json.id],
  );
  expect(row).toEqual({ box: null, wrapped: null });
}, 60_000);

test('its subject gives one, sees who looked, and has it destroyed', async () => {
  const page = { 'x-requested-with': 'mandate' };
  const inbox = async (): Promise<string | undefined> => {
    const { json } = await api.call('GET', `/sandbox/sms.json?phone=${letter.subject.phone}`);
    return json
      .map(({ text }: { text: string }) => text)
      .find((text: string) => text.includes('我的授权'));
  };
  const entry = await api.call('POST', '/v1/own/enter', { headers: page, body: letter.subject });
  const cookieOf = (answer: Answer) => answer.headers.get('set-cookie')!.split(';')[0]!;
  const text = await until(inbox);
  const inside = await api.call('POST', '/v1/own/confirm', {
    headers: page,
    cookie: cookieOf(entry),
    body: { code: /\d{6}/.exec(text!)![0] },
  });
  const cookie = cookieOf(inside);
  const own = `/v1/own/${letter.id}`;
  const sent = await api.call('POST', `${own}/id-images?side=back`, {
    cookie,
    headers: { ...page, 'content-type': 'image/jpeg' },
    raw: picture,
  });
  expect(problem(sent)).toEqual([201, undefined]);
  const mine = sent.json.idImages.at(-1);
  expect(mine).toMatchObject({ by: 'subject', reason: 'provided', side: 'back', destroyed: null });
  const bare = await api.call('POST', `${own}/id-images?side=back`, {
    cookie,
    headers: { 'content-type': 'image/jpeg' },
    raw: picture,
  });
  expect(bare.status).toBe(403);
  const seen = await look(`${own}/id-images/${mine.id}`, { headers: { cookie } });
  expect([seen.status, seen.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  const detail = await api.call('GET', own, { cookie });
  expect(detail.json.accesses.map(({ by, purpose }: any) => `${by} ${purpose}`)).toEqual(
    expect.arrayContaining(['institution id-image', 'subject id-image', 'subject keep-id-image']),
  );
  const gone = await api.call('POST', `${own}/id-images/${mine.id}/destruction`, {
    cookie,
    headers: page,
  });
  expect(gone.json.idImages.at(-1).destroyed).toMatchObject({ why: 'asked', by: 'subject' });

  // somebody let in on the institution's word has no part in it
  const link = await api.call('POST', `/v1/authorizations/${letter.id}/own-links`, {
    key: tenant.apiKey,
    body: { vouchedBy: 'staff', how: 'in-person' },
  });
  const opened = await api.call('POST', '/v1/own/open', {
    headers: page,
    body: { token: link.json.url.split('#')[1] },
  });
  const vouched = { cookie: cookieOf(opened), headers: page };
  const tried = await api.call('POST', `${own}/id-images/${mine.id}/destruction`, vouched);
  expect(problem(tried)).toEqual([403, 'forbidden']);
  expect((await api.call('GET', `${own}/id-images/${mine.id}`, vouched)).status).toBe(403);
}, 60_000);

test('nothing of a picture stands in the clear, in database or log', async () => {
  const kept = await send(IN_PERSON);
  const seen = await look(`${path()}/${kept.json.id}?purpose=identity-check&reference=x`, asTenant);
  const needles = [seen.bytes, picture].map((it) => it.subarray(600, 632).toString('hex'));
  const rows = await api.query(
    `SELECT encode(box, 'hex') AS box FROM id_images WHERE box IS NOT NULL`,
  );
  for (const { box } of rows) for (const needle of needles) expect(box).not.toContain(needle);
  for (const hidden of [CANARY, 'case-1', ...needles]) expect(api.log()).not.toContain(hidden);
});
