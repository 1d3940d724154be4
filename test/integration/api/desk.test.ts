import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { StaffRole } from '@mandate/core';
import { readBundle } from '@mandate/evidence';
import {
  deskPeople,
  deskPerson,
  type DeskBrowser,
  type DeskPeople,
  NOBODYS,
} from '../../kit/desk-people.js';
import { until } from '../../kit/until.js';
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

const TEXTS = {
  standing: '本人',
  legalBasis: '征信业管理条例 25',
  scope: '签署过程',
  decision: '属实',
};
type Go = DeskBrowser;

/** A case that one officer has opened and another one has taken up. */
async function accepted(officer: Go, taker: Go, change: object = {}) {
  const opened = await officer('POST', '/desk/api/cases', {
    ...{ kind: 'consumer-complaint', authorizations: [authorization] },
    ...{ texts: { applicant: '王䶮 13800138000' }, ...change },
  });
  expect(opened.status).toBe(201);
  const at = `/desk/api/cases/${opened.json.id}`;
  const taken = await taker('POST', `${at}/steps`, { to: 'accepted', version: 1, texts: TEXTS });
  expect(taken.json).toMatchObject({ step: 'accepted', version: 2 });
  return { at, id: opened.json.id as string, number: opened.json.number as string };
}
const asking = (change: object = {}) => ({
  ...{ legalBasis: '征信业管理条例 25', reason: 'complaint 12', rights: ['view'], hours: 24 },
  ...{ breakGlass: false, ...change },
});

test('from a complaint to the letter and the bundle: nobody alone', async () => {
  const [officer, taker] = [await person(['officer']), await person(['officer'])];
  const [one, two] = [await person(['approver']), await person(['approver'])];
  const { at, number } = await accepted(officer.go, taker.go);
  const ask = (change: object = {}) => officer.go('POST', `${at}/grants`, asking(change));
  expect((await ask({ hours: 73 })).json.code).toBe('invalid-request');
  const { json: grant } = await ask({ rights: ['view', 'print'] });
  const path = `/desk/api/grants/${grant.id}`;
  const copy = (right = 'view', who = officer.go) =>
    who('POST', `${path}/copy`, { authorization, right });
  expect((await copy()).json).toMatchObject({ code: 'grant-refused', why: 'grant-unapproved' });
  expect((await officer.agree(grant.id)).json.code).toBe('forbidden');
  const waiting = (await two.go('GET', '/desk/api/grants')).json.items;
  expect(waiting.map(({ id }: { id: string }) => id)).toContain(grant.id);
  // A click agrees to nothing.
  expect((await one.go('POST', `${path}/approvals`, {})).json.code).toBe('invalid-request');
  await one.agree(grant.id);
  expect((await two.agree(grant.id)).json.good).toBeDefined();
  expect((await copy('view', one.go)).json.code).toBe('forbidden');
  const letter = await copy();
  expect([letter.status, Buffer.from(letter.bytes.subarray(0, 5)).toString()]).toEqual([
    200,
    '%PDF-',
  ]);
  expect(letter.headers.get('cache-control')).toContain('no-store');
  // Marked, and no longer what was signed.
  const { json: trail } = await officer.go('POST', `${path}/trail`, { authorization });
  expect(trail.marks).toMatchObject({ caseNumber: number, reader: officer.id.slice(-4) });
  expect(trail.trail.length).toBeGreaterThan(3);
  expect((await copy('print')).status).toBe(200);
  const original = (of: string, grantId = grant.id) =>
    officer.go('POST', `/desk/api/grants/${grantId}/original`, { authorization, of });
  expect((await original('bundle')).json.why).toBe('right-missing');
  const { json: more } = await ask({ rights: ['download'] });
  for (const { agree } of [one, two]) await agree(more.id);
  expect(readBundle((await original('bundle', more.id)).bytes).letterProof).not.toBeNull();
  const signed = await original('letter', more.id);
  expect(Buffer.from(signed.bytes).includes('/ByteRange')).toBe(true);
  expect(Buffer.from(letter.bytes).includes('/ByteRange')).toBe(false);
  const listed = (await two.go('GET', `${at}/grants`)).json.items;
  expect(listed.map(({ id }: { id: string }) => id)).toEqual([grant.id, more.id]);
  expect((await two.go('DELETE', path)).json.revokedAt).toBeDefined();
  expect((await copy()).json.why).toBe('grant-revoked');
  const seen = await officer.go('GET', at);
  expect(seen.json).toMatchObject({
    ...{ step: 'accepted', clock: { days: 15, extensionDays: 15, received: false } },
    authorizations: [{ authorization, state: 'released', withdrawn: null, hold: null }],
  });
  expect(seen.json.events[0].texts).toEqual({ applicant: '王䶮 13800138000' });
  // The register holds as many openings as keys were released: two copies, a trail, two originals.
  const rows = await api.query(
    `SELECT count(*)::int AS n FROM access_entries WHERE authorization_id = $1
       AND body::jsonb->>'purpose' = 'case' AND body::jsonb->>'actor' = $2`,
    [authorization, `staff:${officer.id}`],
  );
  expect(rows[0].n).toBe(5);
});

test('everybody is told what they agreed to themselves, and of nobody else; an altered row says so', async () => {
  const [officer, taker, one] = [
    ...[await person(['officer']), await person(['officer']), await person(['approver'])],
  ] as const;
  const own = async (who: typeof one, query = '') =>
    (await who.go('GET', `/desk/api/agreements/own${query}`)).json;
  expect((await own(one)).items).toEqual([]);
  const { at, id, number } = await accepted(officer.go, taker.go);
  const { json: first } = await officer.go('POST', `${at}/grants`, asking());
  const { json: later } = await officer.go('POST', `${at}/grants`, asking({ rights: ['print'] }));
  // asked, and not answered: nobody agreed
  await one.go('POST', '/desk/api/agreements', { act: 'grant', grant: first.id });
  expect((await own(one)).items).toEqual([]);
  for (const { id: grant } of [first, later]) await one.agree(grant);
  const about = { act: 'grant', means: 'passkey', caseId: id, caseNumber: number };
  const told = await own(one);
  expect(told).toMatchObject({
    items: [
      { ...about, subject: later.id, unaltered: true },
      { ...about, subject: first.id, unaltered: true },
    ],
    next: null,
  });
  const behind = await own(one, `?before=${told.items[0].agreement}`);
  expect(behind.items.map(({ subject }: { subject: string }) => subject)).toEqual([first.id]);
  expect((await own(officer)).items).toEqual([]);
  await api.query('ALTER TABLE staff_agreements DISABLE TRIGGER agreement_once');
  await api.query(`UPDATE staff_agreements SET subject = $2 WHERE subject = $1`, [
    ...[first.id, later.id],
  ]);
  await api.query('ALTER TABLE staff_agreements ENABLE TRIGGER agreement_once');
  const [, altered] = (await own(one)).items;
  expect(altered).toMatchObject({ subject: later.id, unaltered: false });
});

test('who has a new way in is told to everybody, staff of an institution of its people alone', async () => {
  const other = await api.tenant();
  const [officer, operator] = [await person(['officer']), await person(['operator'])];
  const [own, stranger] = [
    await person(['template-author'], tenant.id),
    await person(['officer'], other.id),
  ];
  const told = async (who: typeof officer): Promise<any[]> =>
    (await who.go('GET', '/desk/api/ways-in')).json.items;
  const ofOfficer = (await told(operator)).filter(({ staff }) => staff === officer.id);
  expect(ofOfficer).toMatchObject([
    {
      ...{ act: 'enrolled', byWayOf: 'invitation', by: officer.id, approver: null },
      passkey: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  ]);
  expect((await told(officer)).map(({ staff }) => staff)).toContain(own.id);
  expect((await told(stranger)).map(({ staff }) => staff)).toEqual([stranger.id]);
  const ofOwn = (await told(own)).map(({ staff }) => staff);
  expect(ofOwn).toContain(own.id);
  for (const { id } of [officer, stranger]) expect(ofOwn).not.toContain(id);
});

test('staff of an institution see that institution only', async () => {
  const other = await api.tenant();
  const officer = await person(['officer'], other.id);
  const asked = { kind: 'internal-review', authorizations: [authorization] };
  expect((await officer.go('POST', '/desk/api/cases', asked)).json.code).toBe('not-found');
  const [own, second] = [
    await person(['officer'], tenant.id),
    await person(['officer'], tenant.id),
  ];
  const { at, number } = await accepted(own.go, second.go, { kind: 'internal-review' });
  const { json: grant } = await own.go('POST', `${at}/grants`, asking());
  const stranger = await person(['approver'], other.id);
  // A seal over their own openings is theirs to ask for, and the operator's to agree to.
  const until = new Date(api.now().getTime() + 30 * 86_400_000).toISOString().slice(0, 19) + 'Z';
  const sealed = { legalBasis: 'court order 7', until };
  const { json: seal } = await own.go('POST', `${at}/seals`, sealed);
  const [colleague, operators] = [
    await person(['approver'], tenant.id),
    await person(['approver']),
  ];
  const waiting = async (who: typeof own) =>
    (await who.go('GET', '/desk/api/waiting')).json.seals.map((it: { id: string }) => it.id);
  expect(await waiting(stranger)).toEqual([]);
  expect(await waiting(colleague)).toEqual([seal.id]);
  const agreeTo = (who: typeof own) =>
    who.agree('', { act: 'seal', seal: seal.id }, `/desk/api/seals/${seal.id}/approvals`, {});
  expect((await agreeTo(colleague)).json.why).toBe('operator-only');
  expect((await agreeTo(operators)).json.approvedBy).toBe(operators.id);
  expect(await waiting(operators)).toEqual([]);
  for (const [who, method, path, body] of [
    [officer, 'GET', at],
    [officer, 'GET', `${at}/grants`],
    [officer, 'GET', `${at}/seals`],
    [stranger, 'POST', '/desk/api/agreements', { act: 'grant', grant: grant.id }],
    [stranger, 'POST', `/desk/api/grants/${grant.id}/approvals`, { proof: NOBODYS }],
    [stranger, 'DELETE', `/desk/api/grants/${grant.id}`],
  ] as [typeof officer, string, string, object?][])
    expect([method, path, (await who.go(method, path, body)).json.code]).toEqual([
      ...[method, path, 'not-found'],
    ]);
  const numbered = `/desk/api/cases?number=${number}`;
  for (const path of [
    ...['/desk/api/cases', '/desk/api/cases?state=over', numbered],
    ...['/desk/api/grants', '/desk/api/broken-glass'],
  ])
    expect([path, (await officer.go('GET', path)).json.items]).toEqual([path, []]);
  expect((await own.go('GET', numbered)).json.items).toMatchObject([{ number }]);
  // Nor is it told that there is such a case.
  const reader = await person(['auditor'], other.id);
  const ofCase = async (which: string) =>
    (await reader.go('GET', `/desk/api/register?case=${which}`)).json.code;
  expect([await ofCase(number), await ofCase('C-2026-999999')]).toEqual(['not-found', 'not-found']);
});

test('an institution’s own system opens a case about its own authorizations, and no others', async () => {
  const stranger = await api.tenant();
  const open = (key: string, body: object = {}) =>
    api.call('POST', '/v1/cases', {
      ...{ key, headers: { 'idempotency-key': crypto.randomUUID() } },
      body: {
        ...{
          kind: 'consumer-complaint',
          authorizations: [authorization],
          applicant: '李四 13900139000',
        },
        ...body,
      },
    });
  const before = await api.query('SELECT count(*)::int AS n FROM cases');
  expect((await open(stranger.apiKey)).json.code).toBe('not-found');
  const unknown = 'aut_00000000-0000-7000-8000-000000000000';
  expect((await open(tenant.apiKey, { authorizations: [authorization, unknown] })).json.code).toBe(
    'not-found',
  );
  const day = (days: number) => new Date(api.now().getTime() + days * 86_400_000).toISOString();
  for (const body of [
    { kind: 'court-request' },
    // one kind, whose term is extended
    { kind: 'consumer-complaint-complex' },
    ...['2026-11-01', 'yesterday', day(1), day(-400)].map((receivedAt) => ({ receivedAt })),
    { dueAt: day(3) },
  ])
    expect([body, (await open(tenant.apiKey, body)).json.code]).toEqual([body, 'invalid-request']);
  expect(await api.query('SELECT count(*)::int AS n FROM cases')).toEqual(before);
  const opened = await open(tenant.apiKey);
  expect([opened.status, opened.json.step]).toEqual([201, 'applied']);
  const receivedAt = `${day(-20).slice(0, 19)}Z`;
  const late = (await open(tenant.apiKey, { receivedAt })).json;
  expect(late.receivedAt).toBe(receivedAt);
  expect(Date.parse(late.dueAt) - Date.parse(late.receivedAt)).toBe(15 * 86_400_000);
  const list = (key: string) =>
    api.call('GET', `/v1/authorizations/${authorization}/cases`, { key });
  expect((await list(tenant.apiKey)).json.items[1]).toEqual(opened.json);
  expect((await list(stranger.apiKey)).json.code).toBe('not-found');
  const officer = await person(['officer']);
  const seen = await officer.go('GET', `/desk/api/cases/${opened.json.id}`);
  expect(seen.json).toMatchObject({
    ...{ openedBy: `institution:${tenant.id}`, number: opened.json.number },
    events: [{ by: `institution:${tenant.id}`, texts: { applicant: '李四 13900139000' } }],
  });
  const [{ found }] = await api.query(
    `SELECT count(*)::int AS found FROM case_events WHERE body LIKE '%13900139000%'`,
  );
  expect(found).toBe(0);
});

test('“I did not sign this” has a case within seconds; an officer proposes, an approver ends it', async () => {
  const { id } = await prepare(api, tenant, 'released');
  const held = await api.call('POST', `/v1/authorizations/${id}/holds`, {
    key: tenant.apiKey,
    headers: { 'idempotency-key': `hold-${id}` },
    body: { proof: { kind: 'paper', ref: 'L-1' } },
  });
  expect([200, 201]).toContain(held.status);
  const [officer, approver] = [await person(['officer']), await person(['approver'])];
  const found = await until(async () =>
    (await officer.go('GET', '/desk/api/cases')).json.items.find(
      (row: { dispute: string | null }) => row.dispute === held.json.hold,
    ),
  );
  expect(found).toMatchObject({ kind: 'subject-dispute', openedBy: 'subject' });
  const at = `/desk/api/cases/${found.id}`;
  const again = { kind: 'subject-dispute', authorizations: [id], dispute: held.json.hold };
  expect((await officer.go('POST', '/desk/api/cases', again)).json.code).toBe('case-open');
  const { hold } = (await officer.go('GET', at)).json.authorizations[0];
  expect(hold).toMatchObject({ id: held.json.hold, outcome: null });
  // the term runs since the subject said so
  expect(found.receivedAt).toBe(hold.openedAt);
  const proposal = { outcome: 'rejected', grounds: 'FILE-7' };
  const propose = (who = officer) => who.go('POST', `${at}/dispute/proposal`, proposal);
  const approve = (digest: string, outcome: 'rejected' | 'upheld' = 'rejected') => {
    const said = { outcome, proposal: digest };
    const asked = { act: 'outcome', holdId: held.json.hold, ...said } as const;
    return approver.agree('', asked, `${at}/dispute/approval`, said);
  };
  expect((await approve('0'.repeat(64))).json.code).toBe('guard-refused');
  expect((await propose(approver)).json.code).toBe('forbidden');
  // The case does not end before its dispute does: nobody would come back to that.
  const step = (to: string, version: number, texts: object = TEXTS) =>
    officer.go('POST', `${at}/steps`, { to, version, texts });
  expect((await step('rejected', 1)).json.code).toBe('dispute-open');
  expect((await step('accepted', 1)).status).toBe(200);
  expect((await step('closed', 2)).json.code).toBe('dispute-open');
  // Nor by role vault's login alone; the query fails at its end where it got that far.
  const ended = () =>
    api
      .query(
        `ALTER TABLE cases DISABLE TRIGGER case_steps_only;
         UPDATE cases SET step = 'closed' WHERE id = '${found.id}'; SELECT 1 / 0`,
      )
      .catch((error: { code: string }) => error.code);
  expect(await ended()).toBe('MA001');
  const first = (await propose()).json;
  expect(first).toMatchObject({ state: 'proposed', proposed: 'rejected' });
  expect(first.proposal).toMatchObject({ by: expect.stringMatching(/^desk:/), grounds: 'FILE-7' });
  // Proposed anew, with other reasons: what was agreed with before is not this.
  proposal.grounds = 'FILE-8';
  const { digest } = (await propose()).json.proposal;
  expect(digest).not.toBe(first.proposal.digest);
  expect((await approve(first.proposal.digest)).json.code).toBe('guard-refused');
  expect((await approve(digest, 'upheld')).json.code).toBe('guard-refused');
  // The institution is a party: its people see what waits, and do not agree to it.
  const theirs = await person(['approver'], tenant.id);
  const waits = async (who = approver) =>
    (await who.go('GET', '/desk/api/waiting')).json.outcomes.filter(
      ({ hold }: { hold: string }) => hold === held.json.hold,
    );
  expect(await waits(theirs)).toMatchObject([
    { caseId: found.id, outcome: 'rejected', by: { kind: 'staff', id: officer.id } },
  ]);
  const said = { outcome: 'rejected', proposal: digest } as const;
  const asked = { act: 'outcome', holdId: held.json.hold, ...said } as const;
  const refused = await theirs.agree('', asked, `${at}/dispute/approval`, said);
  expect(refused.json).toMatchObject({ code: 'grant-refused', why: 'operator-only' });
  expect((await approve(digest)).json).toMatchObject({ state: 'rejected' });
  expect((await approve(digest)).json.code).toBe('not-found');
  expect(await waits()).toEqual([]);
  expect(await ended()).toBe('22012');

  // What ends before it was certified says why; then it is found among those that are over.
  expect((await step('closed', 2, {})).json.code).toBe('invalid-request');
  const letter = `/desk/api/letters/${id}`;
  expect((await officer.go('GET', letter)).status).toBe(200);
  expect((await step('closed', 2)).json.step).toBe('closed');
  const listed = async (query: string) =>
    (await officer.go('GET', `/desk/api/cases?${query}`)).json.items.map(
      (row: { id: string }) => row.id,
    );
  expect(await listed('state=over')).toContain(found.id);
  expect(await listed('state=open')).not.toContain(found.id);
  expect(await listed(`number=${found.number.toLowerCase()}`)).toEqual([found.id]);
  expect((await officer.go('GET', letter)).json.code).toBe('not-found');
  const auditor = await person(['auditor']);
  expect((await auditor.go('GET', letter)).status).toBe(200);
});

test('who reads what was said in a case stands in the register, once an hour, and is counted', async () => {
  const [officer, taker] = [await person(['officer']), await person(['officer'])];
  const { at, id, number } = await accepted(officer.go, taker.go);
  const other = await accepted(officer.go, taker.go);
  const auditor = await person(['auditor']);
  const entries = async (who: string) =>
    (await auditor.go('GET', `/desk/api/register?kind=case-read&person=${who}`)).json.items;
  for (const path of [at, at, other.at]) expect((await taker.go('GET', path)).status).toBe(200);
  expect(await entries(taker.id)).toMatchObject([
    { kind: 'case-read', purpose: 'case', case: { number: other.number } },
    { kind: 'case-read', purpose: 'case', case: { id, number }, institution: tenant.id },
  ]);
  expect(await entries(officer.id)).toEqual([]);
  expect((await auditor.go('GET', at)).status).toBe(200);
  expect(await entries(auditor.id)).toMatchObject([{ purpose: 'audit', case: { number } }]);
  const letters = `/desk/api/register?kind=case-read&authorization=${authorization}&case=${number}`;
  expect((await auditor.go('GET', letters)).json.items).toHaveLength(2);
  // Whoever goes through cases without end is told to wait; what they have read this hour stays open to them.
  await api.query(`ALTER TABLE limits DISABLE TRIGGER USER;
    UPDATE limits SET count = 120 WHERE scope = 'desk-searches' AND key = '${taker.id}';
    ALTER TABLE limits ENABLE TRIGGER USER`);
  const third = await accepted(officer.go, taker.go);
  expect((await taker.go('GET', third.at)).json.code).toBe('rate-limited');
  expect(await entries(taker.id)).toHaveLength(2);
  expect((await taker.go('GET', at)).status).toBe(200);
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
