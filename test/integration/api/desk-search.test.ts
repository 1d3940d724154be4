import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { systemRandom, type StaffRole } from '@mandate/core';
import { anchorRegister, ANOMALY_RULES } from '@mandate/ceremony';
import { openDatabase, vaultRecord, type Database } from '@mandate/store';
import { deskPeople, deskPerson, type DeskPeople } from '../../kit/desk-people.js';
import { until } from '../../kit/until.js';
import { startApi, templateBody, type ApiInstance, type Tenant } from './api-instance.js';
import { acceptedCase, requestLetter, usedLetter } from './desk-letters.js';

/** Search, access register and the auditor's view, over HTTP as the desk's page calls them. */
let api: ApiInstance;
let people: DeskPeople;
let vault: Database;
let tenant: Tenant;
let other: Tenant;
let letter: Awaited<ReturnType<typeof usedLetter>>;
type Staff = Awaited<ReturnType<typeof deskPerson>>;
let officer: Staff;
let auditor: Staff;
let own: Staff;

const clock = { now: () => api.now() };
const staff = (roles: readonly StaffRole[], institutionId: string | null = null) =>
  deskPerson({ deskUrl: api.deskUrl, people }, roles, { institutionId });
const search = (who: Staff, criterion: object, more: object = {}) =>
  who.go('POST', '/desk/api/searches', { purpose: 'complaint', criterion, ...more });
const register = async (who: Staff, query = '') =>
  (await who.go('GET', `/desk/api/register?${query}`)).json.items as any[];

beforeAll(async () => {
  api = await startApi();
  people = await deskPeople({ databaseUrl: api.databaseUrl, folder: api.folder, clock });
  vault = openDatabase(api.databaseUrl, 'vault', 1);
  [tenant, other] = [await api.tenant(), await api.tenant()];
  for (const { apiKey: key } of [tenant, other])
    await api.publish({ key, headers: { 'idempotency-key': 'template' }, body: templateBody() });
  letter = await usedLetter(api, tenant);
  [officer, auditor, own] = [
    await staff(['officer']),
    await staff(['auditor']),
    await staff(['officer'], other.id),
  ];
}, 120_000);
afterAll(async () => {
  await people?.close();
  await vault?.destroy();
  await api?.stop();
});

describe('search', () => {
  test('by everything people know a letter by, and by nothing near it', async () => {
    const { subject } = letter;
    const exact: object[] = [
      { by: 'authorization', id: letter.id },
      { by: 'letter-number', number: ` ${letter.letterNumber.toLowerCase()}` },
      { by: 'lookup-code', code: letter.lookupCode.toLowerCase().replaceAll('-', ' ') },
      { by: 'id-number', idNumber: subject.idNumber.toLowerCase() },
      { by: 'phone', phone: `+86 ${subject.phone.slice(0, 3)} ${subject.phone.slice(3)}` },
      { by: 'references', institution: tenant.id, references: [letter.businessReference] },
    ];
    for (const criterion of exact) {
      const { status, json } = await search(officer, criterion);
      expect([status, criterion, json.items.map((it: any) => it.authorization)]).toEqual([
        ...[200, criterion, [letter.id]],
      ]);
    }
    const near: object[] = [
      { by: 'letter-number', number: letter.letterNumber.slice(0, -1) },
      { by: 'lookup-code', code: '2222-2222-2222-2222' },
      { by: 'id-number', idNumber: subject.idNumber.slice(0, -1) },
      { by: 'phone', phone: subject.phone.slice(0, -1) },
      { by: 'references', institution: other.id, references: [letter.businessReference] },
    ];
    for (const criterion of near) {
      const { json } = await search(officer, criterion);
      expect([criterion, json.items]).toEqual([criterion, []]);
    }
  });

  test('tells masks and no more of the subject', async () => {
    const { json } = await search(officer, { by: 'id-number', idNumber: letter.subject.idNumber });
    expect(json.items[0].subject).toEqual({
      name: '王*',
      idNumber: expect.stringMatching(/^110\*{11}\d{3}[\dX]$/),
      phone: expect.stringMatching(/^138\*{4}\d{4}$/),
    });
    const text = JSON.stringify(json);
    for (const clear of [letter.subject.name, letter.subject.idNumber, letter.subject.phone])
      expect(text).not.toContain(clear);
    // nor does the database tell them, masks included
    const [row] = await api.query('SELECT * FROM desk_index WHERE authorization_id = $1', [
      letter.id,
    ]);
    const bytes = Buffer.concat(Object.values(row).map((value) => Buffer.from(value as string)));
    const { name, idNumber, phone } = json.items[0].subject;
    for (const told of [name, idNumber, phone, letter.subject.name, letter.lookupCode])
      expect(bytes.includes(told)).toBe(false);
  });

  test('a list tells what it found no letter for; a list that is too long is refused', async () => {
    const references = Array.from({ length: 1000 }, (_, i) => `NONE-${i}`);
    references[500] = letter.businessReference;
    const by = { by: 'references', institution: tenant.id };
    const { json } = await search(officer, { ...by, references });
    expect([json.items.length, json.missing.length, json.next]).toEqual([1, 999, null]);
    expect((await search(officer, { ...by, references: [...references, 'x'] })).json.code).toBe(
      'invalid-request',
    );
  });

  test('a changed index row is told to be that, and finds nobody else’s letter unseen', async () => {
    const victim = await requestLetter(api, tenant);
    const [{ id_key: key }] = await api.query(
      'SELECT id_key FROM desk_index WHERE authorization_id = $1',
      [letter.id],
    );
    await api.query('UPDATE desk_index SET id_key = $1 WHERE authorization_id = $2', [
      ...[key, victim.id],
    ]);
    const { json } = await search(officer, { by: 'id-number', idNumber: letter.subject.idNumber });
    const found = new Map(json.items.map((it: any) => [it.authorization, it]));
    expect(found.get(victim.id)).toMatchObject({ altered: true, subject: null });
    expect(found.get(letter.id)).toMatchObject({ altered: false, subject: { name: '王*' } });
    await api.query('DELETE FROM desk_index WHERE authorization_id = $1', [victim.id]);
  });

  test('by period and state of one institution, page by page', async () => {
    for (let i = 0; i < 2; i++) await requestLetter(api, tenant);
    const criterion = { by: 'period', institution: tenant.id, state: 'requested' };
    const { json } = await search(officer, criterion);
    expect(json.items.length).toBeGreaterThanOrEqual(2);
    const before = json.items[0].authorization;
    const rest = await search(officer, criterion, { before });
    expect(rest.json.items).toEqual(json.items.slice(1));
    const past = { ...criterion, until: '2020-01-01T00:00:00Z' };
    expect((await search(officer, past)).json.items).toEqual([]);
  });

  test('staff of an institution find its letters alone', async () => {
    for (const criterion of [
      { by: 'authorization', id: letter.id },
      { by: 'phone', phone: letter.subject.phone },
      { by: 'lookup-code', code: letter.lookupCode },
    ])
      expect((await search(own, criterion)).json.items).toEqual([]);
    const references = { by: 'references', institution: tenant.id, references: ['x'] };
    expect((await search(own, references)).json.code).toBe('not-found');
  });

  test('why somebody searches is theirs to say, from what there is', async () => {
    const criterion = { by: 'authorization', id: letter.id };
    const code = async (who: Staff, more: object) =>
      (await search(who, criterion, more)).json.code ?? 'found';
    expect(await code(officer, { purpose: 'curiosity' })).toBe('invalid-request');
    expect(await code(officer, { purpose: 'audit' })).toBe('forbidden');
    expect(await code(auditor, { purpose: 'complaint' })).toBe('forbidden');
    expect(await code(auditor, { purpose: 'audit' })).toBe('found');
    expect(await code(officer, { purpose: 'case' })).toBe('invalid-request');
    expect(await code(officer, { purpose: 'case', caseNumber: 'C-2020-999999' })).toBe('not-found');
    expect(await code(await staff(['operator']), { purpose: 'audit' })).toBe('forbidden');
  });

  test('nobody asks for lists all day', async () => {
    const busy = await staff(['officer']);
    const list = { by: 'references', institution: tenant.id, references: ['a', 'b'] };
    const codes = [];
    for (let i = 0; i <= 20; i++) codes.push((await search(busy, list)).status);
    expect(codes).toEqual([...Array(20).fill(200), 429]);
    expect((await search(officer, list)).status).toBe(200);
  });

  test('facts of a letter are for whoever has looked it up, and only so', async () => {
    const fresh = await staff(['officer']);
    const path = `/desk/api/letters/${letter.id}?language=en`;
    expect((await fresh.go('GET', path)).json.code).toBe('not-found');
    await search(fresh, { by: 'letter-number', number: letter.letterNumber });
    const { status, json } = await fresh.go('GET', path);
    expect([status, json.letterNumber]).toEqual([200, letter.letterNumber]);
    expect(json.timeline.rows.map((row: any) => row.what)).toEqual(
      expect.arrayContaining(['requested', 'presented', 'challenged', 'confirmed', 'released']),
    );
    expect(json.uses).toEqual([
      expect.objectContaining({
        state: 'confirmed',
        source: expect.objectContaining({ name: expect.stringMatching(/\D/) }),
      }),
    ]);
    expect((await own.go('GET', path)).json.code).toBe('not-found');
  });
});

describe('the access register', () => {
  test('has every search with its purpose and without what was searched for', async () => {
    const seeker = await staff(['officer']);
    const { phone } = letter.subject;
    const first = (await search(seeker, { by: 'phone', phone })).json.search;
    const second = (await search(seeker, { by: 'phone', phone: `+86${phone}` })).json.search;
    const items = await register(auditor, `person=${seeker.id}`);
    expect(items.map(({ id }) => id)).toEqual([second, first]);
    expect(items[0]).toMatchObject({
      ...{ kind: 'search', purpose: 'complaint', searchedBy: 'phone', values: 1, results: 1 },
      by: { kind: 'staff', id: seeker.id },
    });
    // the same number, told to be the same, and not told
    expect(items[0].searched).toBe(items[1].searched);
    const rows = await api.query('SELECT * FROM desk_register WHERE staff_id = $1', [seeker.id]);
    expect(JSON.stringify(rows)).not.toContain(phone);
    const about = await register(auditor, `authorization=${letter.id}&person=${seeker.id}`);
    expect(about.filter(({ kind }) => kind === 'search')).toHaveLength(2);
  });

  test('an institution sees who of the operator’s people found its letters, and no other letters', async () => {
    const seeker = await staff(['officer']);
    const phone = '13877770001';
    const mine = await requestLetter(api, tenant, phone);
    const theirs = await requestLetter(api, other, phone);
    const id = (await search(seeker, { by: 'phone', phone })).json.search;
    const alone = (await search(seeker, { by: 'authorization', id: theirs.id })).json.search;
    const reader = await staff(['auditor'], tenant.id);
    const seen = await register(reader, `person=${seeker.id}`);
    expect(seen.map((it) => [it.id, it.results, it.institution])).toEqual([[id, 1, null]]);
    expect(await register(reader, `authorization=${theirs.id}`)).toEqual([]);
    const about = await register(reader, `authorization=${mine.id}&kind=search`);
    expect(about.map((it) => it.id)).toEqual([id]);
    expect(JSON.stringify([seen, about])).not.toContain(theirs.id);
    const all = await register(auditor, `person=${seeker.id}`);
    expect(all.map((it) => [it.id, it.results])).toEqual([
      [alone, 1],
      [id, 2],
    ]);
  });

  test('has openings that were refused, and those that were not', async () => {
    const [asking, one, two] = [
      await staff(['officer']),
      await staff(['approver']),
      await staff(['approver']),
    ];
    const accepted = await acceptedCase(letter, asking, await staff(['officer']));
    const { json: grant } = await asking.go('POST', `/desk/api/cases/${accepted.id}/grants`, {
      ...{ legalBasis: '征信业管理条例 25', reason: 'r', rights: ['view'], hours: 1 },
      breakGlass: false,
    });
    const open = () =>
      asking.go('POST', `/desk/api/grants/${grant.id}/copy`, {
        ...{ authorization: letter.id, right: 'view' },
      });
    expect((await open()).json.why).toBe('grant-unapproved');
    for (const { agree } of [one, two]) await agree(grant.id);
    expect((await open()).status).toBe(200);
    // what only the bundle tells is in the picture once it was opened, and each opening is another entry
    const trail = await asking.go('POST', `/desk/api/grants/${grant.id}/trail`, {
      authorization: letter.id,
    });
    const told = (json: any) =>
      json.timeline.rows.filter(({ by }: any) => by === 'timestamp').map(({ what }: any) => what);
    expect(told(trail.json)).toContain('signature-stamped');
    expect(trail.json.timeline.spans.map(({ what }: any) => what)).toContain('certificate');
    const { json: closed } = await asking.go('GET', `/desk/api/letters/${letter.id}`);
    expect([told(closed), closed.accesses.map(({ purpose }: any) => purpose)]).toEqual([
      ...[[], ['case', 'case']],
    ]);
    const items = await register(auditor, `case=${accepted.number}`);
    expect(items.map(({ kind, why, right }) => [kind, why, right])).toEqual([
      ['opening', null, 'view'],
      ['opening', null, 'view'],
      ['refusal', 'grant-unapproved', 'view'],
    ]);
    expect(await register(one, `case=${accepted.number}&kind=refusal`)).toHaveLength(1);
    // the letter's own institution sees who of the operator's people opened it
    const reader = await staff(['auditor'], tenant.id);
    const mine = await register(
      reader,
      `authorization=${letter.id}&kind=opening&person=${asking.id}`,
    );
    expect(mine.map(({ id }) => id)).toEqual(items.slice(0, 2).map(({ id }) => id));
    expect(mine[0].by).toEqual(items[0].by);
    const elsewhere = await staff(['approver'], other.id);
    const path = `/desk/api/register?case=${accepted.number}`;
    expect((await elsewhere.go('GET', path)).json.code).toBe('not-found');
  });

  test('narrows by period and purpose, and prints and exports the same', async () => {
    const at = api.now().toISOString();
    const old = await register(auditor, `until=2020-01-01T00:00:00Z`);
    expect(old).toEqual([]);
    const all = await register(auditor, `purpose=complaint&until=${at}`);
    expect(all.length).toBeGreaterThan(0);
    expect(new Set(all.map(({ purpose }) => purpose))).toEqual(new Set(['complaint']));
    const query = `person=${officer.id}&until=${at}`;
    const printed = await auditor.go('GET', `/desk/api/register/print?${query}`);
    const file = await auditor.go('GET', `/desk/api/register.csv?${query}`);
    const lines = Buffer.from(file.bytes).toString('utf8').trim().split('\r\n');
    expect(file.headers.get('content-type')).toContain('text/csv');
    expect(lines).toHaveLength(printed.json.items.length + 1);
    expect(printed.json.whole).toBe(true);
    expect((await officer.go('GET', '/desk/api/register')).json.code).toBe('forbidden');
  });

  test('is a chain for each person that nobody rewrites unseen: the ledger has its digest', async () => {
    const seeker = await staff(['officer']);
    const { search: id } = (await search(seeker, { by: 'authorization', id: letter.id })).json;
    for (const [role, statement] of [
      ['desk', `INSERT INTO desk_register SELECT * FROM desk_register WHERE id = '${id}'`],
      ['vault', `UPDATE desk_register SET found = '{}' WHERE id = '${id}'`],
      ['vault', `DELETE FROM desk_register WHERE id = '${id}'`],
    ] as const)
      await expect(
        // one implicit transaction, role and all
        api.query(`SET LOCAL ROLE mandate_${role}; ${statement}`),
      ).rejects.toMatchObject({ code: '42501' });
    // older than five minutes, so it is anchored
    const later = { now: () => new Date(api.now().getTime() + 600_000) };
    await anchorRegister({ clock: later, random: systemRandom, record: vaultRecord(vault) });
    const check = async () => (await auditor.go('GET', '/desk/api/audit/register')).json;
    const whole = await check();
    expect([whole.problems, whole.openingsOutside]).toEqual([[], 0]);
    expect(whole.anchors).toBeGreaterThan(0);
    const [{ body }] = await api.query('SELECT body FROM desk_register WHERE id = $1', [id]);
    const asOwner = (text: string) =>
      api.query('UPDATE desk_register SET body = $2 WHERE id = $1', [id, text]);
    await asOwner(body.replace('"complaint"', '"quality-review"'));
    expect((await check()).problems).toContainEqual({
      ...{ code: 'register-broken', at: `${seeker.id}/1` },
    });
    await asOwner(body);
    const [row] = await api.query('DELETE FROM desk_register WHERE id = $1 RETURNING *', [id]);
    expect((await check()).problems.map(({ code }: any) => code)).toContain('register-unanchored');
    await api.query(
      `INSERT INTO desk_register (staff_id, ordinal, id, kind, institution_id, case_id, found, body, digest)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        ...[row.staff_id, row.ordinal, row.id, row.kind, row.institution_id, row.case_id],
        ...[row.found, row.body, row.digest],
      ],
    );
    expect((await check()).problems).toEqual([]);
    const told = () =>
      api.query(`SELECT entry FROM ledger_entries WHERE entry::jsonb->>'kind' = 'register'`);
    await until(async () => (await told()).length === whole.anchors);
    // the anchors taken out: the ledger still has their entries, and what they covered stands unanchored
    const anchors = await api.query('DELETE FROM register_anchors RETURNING *');
    const codes = (await check()).problems.map(({ code, at }: any) => [code, at]);
    expect(codes).toContainEqual([
      'register-unanchored',
      expect.stringMatching(/^0 anchors, [1-9]\d* in the ledger$/),
    ]);
    for (const it of anchors)
      await api.query(
        'INSERT INTO register_anchors SELECT * FROM jsonb_populate_record(NULL::register_anchors, $1)',
        [JSON.stringify(it)],
      );
    expect((await check()).problems).toEqual([]);
  });
});

describe('the auditor’s view', () => {
  test('ledger and witnesses', async () => {
    const { json } = await auditor.go('GET', '/desk/api/audit/ledger');
    expect(json.head.size).toBeGreaterThan(0);
    expect(json.size).toBeGreaterThanOrEqual(json.published);
    expect(json.witnesses).toEqual([]);
  });

  test('one number for many people is asked about, by institution too, and no number is told', async () => {
    const phone = '13899990000';
    const least = ANOMALY_RULES['shared-number'].people;
    const found = async (who: Staff) =>
      (await who.go('GET', '/desk/api/audit/anomalies')).json.items.filter(
        ({ rule }: any) => rule === 'shared-number',
      );
    for (let i = 0; i < least - 1; i++) await requestLetter(api, tenant, phone);
    expect(await found(auditor)).toEqual([]);
    await requestLetter(api, tenant, phone);
    const [anomaly, ...more] = await found(auditor);
    expect([anomaly.figures, anomaly.about, more]).toEqual([
      ...[{ people: least, letters: least, institutions: 1 }, null, []],
    ]);
    expect(JSON.stringify(anomaly)).not.toContain(phone);
    expect(await found(await staff(['auditor'], tenant.id))).toHaveLength(1);
    expect(await found(await staff(['auditor'], other.id))).toEqual([]);
  });

  test('who looks and decides nothing is asked about, and exported', async () => {
    const curious = await staff(['officer']);
    const { looks } = ANOMALY_RULES['looks-without-deciding'];
    const about = async () =>
      (await auditor.go('GET', '/desk/api/audit/anomalies')).json.items.filter(
        (it: any) => it.about?.id === curious.id,
      );
    for (let i = 0; i < looks; i++) {
      expect(await about()).toEqual([]);
      await search(curious, { by: 'authorization', id: letter.id });
    }
    expect((await about()).map(({ rule }: any) => rule)).toEqual(['looks-without-deciding']);
    // the operator's people are the operator's to ask about
    const theirs = await (
      await staff(['auditor'], tenant.id)
    ).go('GET', '/desk/api/audit/anomalies');
    expect(theirs.json.items.filter((it: any) => it.about?.id === curious.id)).toEqual([]);
    const file = await auditor.go('GET', '/desk/api/audit/anomalies.csv');
    expect(Buffer.from(file.bytes).toString('utf8')).toContain(curious.id);
    expect((await officer.go('GET', '/desk/api/audit/anomalies')).json.code).toBe('forbidden');
  });
});
