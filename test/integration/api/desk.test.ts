import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { STAFF_ROLES, type StaffRole } from '@mandate/core';
import { deskRoutes } from '@mandate/desk';
import { readBundle } from '@mandate/evidence';
import {
  deskBrowser,
  deskPeople,
  deskPerson,
  type DeskBrowser,
  type DeskPeople,
} from '../../kit/desk-people.js';
import { startApi, templateBody, type ApiInstance, type Tenant } from './api-instance.js';
import { prepare } from './ceremony.js';

/** The desk over HTTP, as its page calls it. */
let api: ApiInstance;
let people: DeskPeople;
let tenant: Tenant;
let authorization: string;
beforeAll(async () => {
  api = await startApi();
  people = await deskPeople({
    ...{ databaseUrl: api.databaseUrl, folder: api.folder, clock: { now: () => api.now() } },
  });
  tenant = await api.tenant();
  await api.publish({
    key: tenant.apiKey,
    headers: { 'idempotency-key': 'template' },
    body: templateBody(),
  });
  authorization = (await prepare(api, tenant, 'released')).id;
}, 120_000);
afterAll(async () => {
  await people?.close();
  await api?.stop();
});

const person = (roles: readonly StaffRole[], institutionId: string | null = null) =>
  deskPerson({ deskUrl: api.deskUrl, people }, roles, { institutionId });

test('every route answers strangers and each role as its table says, and nothing without the page’s header', async () => {
  const routes = deskRoutes({ deskUrl: api.deskUrl, authority: {} } as never);
  const nobody = deskBrowser(api.deskUrl);
  const people = new Map<StaffRole, DeskBrowser>();
  for (const role of STAFF_ROLES) people.set(role, (await person([role])).go);
  const wrong: string[] = [];
  for (const route of routes.filter(
    ({ auth, method }) => auth === 'staff' && method !== 'delete',
  )) {
    const path = route.path.replace('{id}', 'x');
    const method = route.method.toUpperCase();
    const note = (who: string, found: unknown, expected: unknown) => {
      if (found !== expected) wrong.push(`${method} ${path} ${who}: ${found}, not ${expected}`);
    };
    note('stranger', (await nobody(method, path)).json?.code, 'session-ended');
    if (method !== 'GET')
      note(
        'no header',
        (await nobody(method, path, undefined, { 'x-requested-with': '' })).status,
        403,
      );
    for (const [role, go] of people) {
      const { json } = await go(method, path);
      const may = route.roles === 'any' || route.roles!.includes(role);
      note(role, json?.code === 'forbidden', !may);
    }
  }
  expect(wrong).toEqual([]);
});

test('from a complaint to the letter and the bundle: nobody alone', async () => {
  const officer = await person(['officer']);
  const [one, two] = [await person(['approver']), await person(['approver'])];
  const opened = await officer.go('POST', '/desk/api/cases', {
    ...{ kind: 'consumer-complaint', authorization },
  });
  expect(opened.status).toBe(201);
  const at = `/desk/api/cases/${opened.json.id}`;
  const ask = (change: object = {}) =>
    officer.go('POST', `${at}/grants`, {
      ...{ legalBasis: '征信业管理条例 25', reason: 'complaint 12', rights: ['view'], hours: 24 },
      ...{ breakGlass: false, ...change },
    });
  expect((await ask()).json.code).toBe('grant-refused');
  expect((await officer.go('POST', `${at}/steps`, { to: 'accepted' })).json.step).toBe('accepted');
  expect((await ask({ hours: 73 })).json.code).toBe('invalid-request');
  const { json: grant } = await ask();
  const path = `/desk/api/grants/${grant.id}`;
  expect((await officer.go('POST', `${path}/letter`)).json).toMatchObject({
    ...{ code: 'grant-refused', why: 'grant-unapproved' },
  });
  expect((await officer.go('POST', `${path}/approvals`)).json.code).toBe('forbidden');
  await one.go('POST', `${path}/approvals`);
  expect((await two.go('POST', `${path}/approvals`)).json.good).toBeDefined();
  expect((await one.go('POST', `${path}/letter`)).json.code).toBe('forbidden');
  const letter = await officer.go('POST', `${path}/letter`);
  expect([letter.status, Buffer.from(letter.bytes.subarray(0, 5)).toString()]).toEqual([
    200,
    '%PDF-',
  ]);
  expect(letter.headers.get('cache-control')).toContain('no-store');
  expect((await officer.go('POST', `${path}/bundle`)).json.why).toBe('right-missing');
  const { json: more } = await ask({ rights: ['download'] });
  for (const { go } of [one, two]) await go('POST', `/desk/api/grants/${more.id}/approvals`);
  const bundle = await officer.go('POST', `/desk/api/grants/${more.id}/bundle`);
  expect(readBundle(bundle.bytes).letterProof).not.toBeNull();
  expect((await two.go('DELETE', path)).json.revokedAt).toBeDefined();
  expect((await officer.go('POST', `${path}/letter`)).json.why).toBe('grant-revoked');
  const seen = await officer.go('GET', at);
  expect(seen.json).toMatchObject({ step: 'accepted', clock: { days: 15, extensionDays: 30 } });
});

test('staff of an institution see that institution only', async () => {
  const other = await api.tenant();
  const officer = await person(['officer'], other.id);
  const made = await officer.go('POST', '/desk/api/cases', {
    kind: 'consumer-complaint',
    authorization,
  });
  expect(made.json.code).toBe('not-found');
  const own = await person(['officer'], tenant.id);
  const opened = await own.go('POST', '/desk/api/cases', {
    kind: 'internal-review',
    authorization,
  });
  expect(opened.status).toBe(201);
  expect((await officer.go('GET', `/desk/api/cases/${opened.json.id}`)).json.code).toBe(
    'not-found',
  );
  const listed = (await officer.go('GET', '/desk/api/cases')).json.items;
  expect(listed).toEqual([]);
});

test('signed out is out; a recovery code opens once', async () => {
  const { go, recoveryCodes, authenticator } = await person(['auditor']);
  expect((await go('GET', '/desk/api/session')).json.roles).toEqual(['auditor']);
  expect((await go('DELETE', '/desk/api/session')).status).toBe(204);
  expect((await go('GET', '/desk/api/session')).json.code).toBe('session-ended');
  const code = recoveryCodes[0]!.toLowerCase().replaceAll('-', ' ');
  const recover = () => go('POST', '/desk/api/sign-in/recovery-code', { code });
  expect((await recover()).json.means).toBe('recovery-code');
  expect((await recover()).json.code).toBe('unauthenticated');
  const begun = await go('POST', '/desk/api/sign-in', { means: 'passkey' });
  const answer = authenticator.assert(begun.json.options.challenge);
  expect((await go('POST', '/desk/api/sign-in/passkey', { answer })).json.means).toBe('passkey');
  expect((await go('POST', '/desk/api/sign-in/passkey', { answer })).json.code).toBe(
    'unauthenticated',
  );
});
