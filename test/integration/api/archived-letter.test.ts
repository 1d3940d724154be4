import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApi, templateBody, type ApiInstance, type Tenant } from './api-instance.js';
import { prepare } from './ceremony.js';

let api: ApiInstance;
let tenant: Tenant;
beforeAll(async () => {
  api = await startApi();
  tenant = await api.tenant();
  await api.publish({
    key: tenant.apiKey,
    headers: { 'idempotency-key': 'template-1' },
    body: templateBody(),
  });
}, 60_000);
afterAll(() => api.stop());

const read = async (id: string) =>
  (await api.call('GET', `/v1/authorizations/${id}`, { key: tenant.apiKey })).json;
const letter = async (id: string, as: string, key = tenant.apiKey) => {
  const response = await fetch(`${api.url}/v1/authorizations/${id}/letter?as=${as}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
};

test('before release there is no level and nothing archived', async () => {
  const { id } = await prepare(api, tenant, 'identified');
  expect(await read(id)).not.toHaveProperty('archiveLevel');
  expect((await letter(id, 'archived')).status).toBe(409);
}, 60_000);

test('B-T at once, B-LTA within seconds; the signed letter stays what it was', async () => {
  const { id } = await prepare(api, tenant, 'released');
  expect(['B-T', 'B-LTA']).toContain((await read(id)).archiveLevel);
  const signed = await letter(id, 'signed');
  const until = Date.now() + 20_000;
  while ((await read(id)).archiveLevel !== 'B-LTA' && Date.now() < until)
    await new Promise((done) => setTimeout(done, 100));
  const view = await read(id);
  expect(view).toMatchObject({
    archiveLevel: 'B-LTA',
    archiveGeneration: 1,
    renewalOverdue: false,
  });
  expect(Date.parse(view.renewBy)).toBeGreaterThan(Date.now());
  const archived = await letter(id, 'archived');
  expect(archived.status).toBe(200);
  expect((await letter(id, 'signed')).bytes).toEqual(signed.bytes);
  expect(archived.bytes.subarray(0, signed.bytes.length)).toEqual(signed.bytes);
  expect(archived.bytes.toString('latin1')).toContain('/SubFilter /ETSI.RFC3161');
  expect((await letter(id, 'archived', (await api.tenant()).apiKey)).status).toBe(404);
  expect((await letter(id, 'other')).status).toBe(400);
}, 60_000);
