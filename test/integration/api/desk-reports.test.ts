import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openQueue } from '@mandate/adapters';
import { fromUtf8, sha256Hex, systemRandom } from '@mandate/core';
import { readZip } from '@mandate/evidence';
import type { Report } from '@mandate/report';
import { verifyFile } from '@mandate/verify';
import { loadConfig } from '@mandate/runtime';
import { checkRecord } from '../../../packages/cli/src/doctor/check-record.js';
import { deskPeople, deskPerson, type DeskPeople } from '../../kit/desk-people.js';
import { startApi, templateBody, type ApiInstance, type Tenant } from './api-instance.js';
import { prepare } from './ceremony.js';

/** Reports at the desk, over HTTP, on the real parts: ordered, interrupted, resumed, taken away, made again. */
let api: ApiInstance;
let people: DeskPeople;
let tenant: Tenant;
let officer: Person;
let approvers: readonly Person[];
/** Of one case, all released. */
let letters: string[];
let caseId: string;
let whole: string;
type Person = Awaited<ReturnType<typeof deskPerson>>;

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
  letters = [];
  for (let i = 0; i < 4; i++) letters.push((await prepare(api, tenant, 'released')).id);
  officer = await person(['officer']);
  approvers = [await person(['approver']), await person(['approver'])];
  caseId = await acceptedCase(letters);
  whole = await grant(['view', 'download', 'print']);
}, 240_000);
afterAll(async () => {
  await people?.close();
  await api?.stop();
});

const person = (roles: Parameters<typeof deskPerson>[1], institutionId: string | null = null) =>
  deskPerson({ deskUrl: api.deskUrl, people }, roles, { institutionId });

async function must<T extends { status: number; json: any }>(answer: Promise<T>): Promise<any> {
  const { status, json } = await answer;
  if (status >= 300) throw new Error(JSON.stringify(json));
  return json;
}
const problem = ({ status, json }: { status: number; json: any }) => [
  status,
  json?.why ?? json?.code,
];

async function acceptedCase(authorizations: readonly string[]): Promise<string> {
  const { id, version } = await must(
    officer.go('POST', '/desk/api/cases', {
      ...{ kind: 'consumer-complaint', authorizations },
      texts: { applicant: 'A. Subject, by letter' },
    }),
  );
  await must(
    approvers[0]!.go('POST', `/desk/api/cases/${id}/steps`, {
      ...{ to: 'accepted', version },
      texts: { standing: 'the subject', legalBasis: '征信业管理条例 25', scope: 'all of it' },
    }),
  );
  return id;
}

async function grant(rights: readonly string[], hours = 72, at = caseId): Promise<string> {
  // Hours may have passed since somebody last did something.
  for (const { signIn } of [officer, ...approvers]) await must(signIn());
  const { id } = await must(
    officer.go('POST', `/desk/api/cases/${at}/grants`, {
      ...{ legalBasis: '征信业管理条例 25', reason: 'complaint 12', rights, hours },
      breakGlass: false,
    }),
  );
  for (const { agree } of approvers) await must(agree(id));
  return id;
}

const order = (change: object = {}, by = officer, at = caseId) =>
  by.go('POST', `/desk/api/cases/${at}/report-jobs`, {
    ...{ grant: whole, languages: ['zh'], depth: 'short', ...change },
  });

async function until<T>(
  look: () => Promise<T | false | null | undefined>,
  seconds = 120,
): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    const found = await look();
    if (found) return found;
    await sleep(50);
  }
  throw new Error('this did not happen in time');
}
const standing = async (id: string) => must(officer.go('GET', `/desk/api/report-jobs/${id}`));
const ended = (id: string, state = 'done'): Promise<any> =>
  until(async () => {
    // A job that rests goes on sooner.
    api.advance(2);
    const job = await standing(id);
    return job.state === state && job;
  });
const entries = async (reports: readonly string[]): Promise<number> =>
  (
    await api.query('SELECT count(*)::int AS n FROM ledger_queue WHERE dedupe = ANY($1)', [
      reports.map((id) => `report:${id}`),
    ])
  )[0].n;
const file = (report: string, name: string, by = officer, granted = whole) =>
  by.go('POST', `/desk/api/reports/${report}/file`, { grant: granted, name });

test('who orders and takes away: nobody without a grant of their own, a right, and the institution', async () => {
  const { json: job } = await order({ authorizations: [letters[0]] });
  const [done] = (await ended(job.id)).items;
  const other = await person(['officer']);
  expect(problem(await order({}, other))).toEqual([403, 'grant-unknown']);
  expect(problem(await order({}, approvers[0]))).toEqual([403, 'forbidden']);
  expect(problem(await order({ authorizations: [`aut_${letters[0]!.slice(4, -4)}0000`] }))).toEqual(
    [404, 'not-found'],
  );
  const elsewhere = await acceptedCase([letters[0]!]);
  expect(problem(await order({}, officer, elsewhere))).toEqual([404, 'not-found']);
  expect(problem(await order({ languages: [] }))).toEqual([400, 'invalid-request']);

  expect(problem(await file(done.report, 'report.json', other))).toEqual([403, 'grant-unknown']);
  // A good grant of theirs, on the same letter, for another case.
  const foreign = await grant(['view', 'download'], 72, elsewhere);
  expect(problem(await file(done.report, 'report.json', officer, foreign))).toEqual([
    ...[404, 'not-found'],
  ]);
  for (const [path, body] of [
    ['reading', { language: 'zh' }],
    ['run', { facts: 'stored' }],
  ] as const)
    expect(
      problem(
        await officer.go('POST', `/desk/api/reports/${done.report}/${path}`, {
          ...{ grant: foreign, ...body },
        }),
      ),
    ).toEqual([404, 'not-found']);
  expect(problem(await file(done.report, 'report.xml'))).toEqual([404, 'not-found']);
  const viewing = await grant(['view']);
  expect(problem(await file(done.report, 'report.json', officer, viewing))).toEqual([
    403,
    'right-missing',
  ]);
  const stranger = await person(['officer', 'template-author'], (await api.tenant()).id);
  for (const [method, path] of [
    ['GET', `/desk/api/report-jobs/${job.id}`],
    ['GET', `/desk/api/cases/${caseId}/report-jobs`],
    ['GET', `/desk/api/authorizations/${letters[0]}/reports`],
  ] as const)
    expect([path, ...problem(await stranger.go(method, path))]).toEqual([path, 404, 'not-found']);
  for (const path of ['file', 'reading', 'run'])
    expect(
      problem(
        await stranger.go('POST', `/desk/api/reports/${done.report}/${path}`, {
          ...{ grant: whole, ...(path === 'file' ? { name: 'report.json' } : {}) },
          ...(path === 'reading' ? { language: 'zh' } : {}),
          ...(path === 'run' ? { facts: 'today' } : {}),
        }),
      ),
    ).toEqual([404, 'not-found']);
}, 180_000);

test('a full report: sealed, readable with its reader’s mark, each file an opening of its own', async () => {
  const { json: job } = await order({
    ...{ authorizations: [letters[1]], languages: ['zh', 'en'], depth: 'full' },
  });
  expect(job).toMatchObject({ state: 'running', size: 1, orders: [{ reason: 'complaint 12' }] });
  const {
    items: [item],
  } = await ended(job.id);
  expect(item).toMatchObject({ state: 'done', verdict: { indication: 'TOTAL-PASSED' } });
  expect(item.files.map(({ name }: { name: string }) => name)).toEqual([
    ...['bundle.asice', 'report.en.pdf', 'report.json', 'report.xml', 'report.zh.pdf'],
  ]);
  const openings = async (): Promise<number> =>
    (
      await api.query(
        `SELECT count(*)::int AS n FROM access_entries
         WHERE authorization_id = $1 AND body::jsonb->>'purpose' = 'case'`,
        [letters[1]],
      )
    )[0].n;
  const before = await openings();
  const anchors = await api.anchors();
  for (const { name, digest, size } of item.files) {
    const answer = await file(item.report, name);
    expect([name, sha256Hex(answer.bytes), answer.bytes.length]).toEqual([name, digest, size]);
    if (name.endsWith('.xml') || name.endsWith('.json')) continue;
    const { verdict } = verifyFile(answer.bytes, { anchors, at: api.now() });
    expect([name, verdict.indication]).toEqual([name, expect.stringMatching(/PASSED|INDETERM/)]);
    if (name === 'bundle.asice') expect(verdict.indication).toBe('TOTAL-PASSED');
  }
  expect(await openings()).toBe(before + item.files.length);
  const copy = await officer.go('POST', `/desk/api/reports/${item.report}/reading`, {
    ...{ grant: whole, language: 'en' },
  });
  expect(copy.headers.get('content-type')).toBe('application/pdf');
  expect(copy.headers.get('mandate-access')).toMatch(/^acc_/);
  // Drawn anew with marks: no signature survives in it, so nobody takes it for the report.
  expect(Buffer.from(copy.bytes).includes('MandateSeal')).toBe(false);
  const history = await must(
    approvers[0]!.go('GET', `/desk/api/authorizations/${letters[1]}/reports`),
  );
  expect(history.items.map(({ report }: { report: string }) => report)).toEqual([item.report]);
  const jobs = await must(approvers[0]!.go('GET', `/desk/api/cases/${caseId}/report-jobs`));
  expect(jobs.items[0]).toMatchObject({
    ...{ id: job.id, orders: [{ staff: officer.id, legalBasis: '征信业管理条例 25' }] },
  });
}, 180_000);

test('what a bundle grows after a report’s moment, while its opening is entered, is not in the report', async () => {
  const [letter] = letters;
  const grown = await until(async () => {
    const rows = await api.query(
      'SELECT generation, made_at FROM bundle_generations WHERE authorization_id = $1 ORDER BY 1',
      [letter],
    );
    return rows.length > 0 && rows;
  });
  // By hand of whoever owns the database: the last one was made an hour later than it was.
  const shift = async (hours: number): Promise<void> => {
    await api.query('ALTER TABLE bundle_generations DISABLE TRIGGER USER');
    await api.query(
      `UPDATE bundle_generations SET made_at = made_at + $3 * interval '1 hour'
       WHERE authorization_id = $1 AND generation = $2`,
      [letter, grown.at(-1).generation, hours],
    );
    await api.query('ALTER TABLE bundle_generations ENABLE TRIGGER USER');
  };
  const made = async (): Promise<any> => {
    const { json: job } = await order({ authorizations: [letter] });
    const [{ report }] = (await ended(job.id)).items;
    const [row] = await api.query('SELECT facts, made_at FROM report_items WHERE report_id = $1', [
      report,
    ]);
    return { ...JSON.parse(row.facts), madeAt: row.made_at };
  };
  await shift(1000);
  const before = await made();
  await shift(-1000);
  expect(before.generations).toBe(grown.length - 1);
  expect((await made()).generations).toBeGreaterThanOrEqual(grown.length);
}, 180_000);

test('killed while it draws, woken twice and left by a dead process: each report once, under its first number', async () => {
  const { json: job } = await order({ languages: ['zh', 'en'], depth: 'full' });
  const queue = await openQueue(api.databaseUrl);
  for (let i = 0; i < 4; i++) await queue.wake('make-reports', job.id);
  const pids = await until(async () => {
    const found = children();
    return found.length > 0 && found;
  });
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  const first = (await until(async () => {
    const rows = await api.query(
      'SELECT report_id FROM report_items WHERE job_id = $1 AND report_id IS NOT NULL',
      [job.id],
    );
    return rows.length > 0 && rows;
  })) as { report_id: string }[];
  await queue.close();
  const { items, filing, refused } = await ended(job.id);
  expect(refused).toBe(0);
  const reports = items.map(({ report }: { report: string }) => report);
  expect(new Set(reports).size).toBe(4);
  expect(reports).toEqual(expect.arrayContaining(first.map(({ report_id }) => report_id)));
  expect(await entries(reports)).toBe(4);
  const made = await api.query('SELECT count(*)::int AS n FROM reports WHERE id = ANY($1)', [
    reports,
  ]);
  expect(made[0].n).toBe(4);
  expect(filing.map(({ name }: { name: string }) => name)).toEqual([
    ...['index.en.csv', 'index.en.pdf', 'index.zh.csv', 'index.zh.pdf'],
  ]);
  await takeAway(job.id, items);
}, 240_000);

/** The filing as one file; broken off and gone on with, it is the same. */
async function takeAway(job: string, items: readonly any[]): Promise<void> {
  const path = `/desk/api/report-jobs/${job}/filing`;
  const viewing = await grant(['view']);
  expect(problem(await officer.go('POST', path, { grant: viewing }))).toEqual([
    ...[403, 'right-missing'],
  ]);
  const zip = await officer.go('POST', path, { grant: whole });
  expect(Number(zip.headers.get('content-length'))).toBe(zip.bytes.length);
  const files = new Map(readZip(zip.bytes));
  const csv = fromUtf8(files.get('index.zh.csv')!).split('\r\n');
  for (const { letterNumber, files: own } of items)
    for (const { name, digest } of own) {
      const bytes = files.get(`${letterNumber}/${name}`)!;
      expect(sha256Hex(bytes)).toBe(digest);
      expect(csv.filter((line) => line.endsWith(digest) && line.includes(name))).toHaveLength(1);
    }
  const anchors = await api.anchors();
  const index = verifyFile(files.get('index.zh.pdf')!, { anchors, at: api.now() });
  expect([index.verdict.indication, index.verdict.subIndication]).toEqual([
    'TOTAL-PASSED',
    undefined,
  ]);
  const whatAll = verifyFile(zip.bytes, { anchors, at: api.now() });
  expect([whatAll.verdict.indication, whatAll.input.kind]).toEqual(['TOTAL-PASSED', 'filing']);
  expect(whatAll.facts.filing?.files).toBe(files.size - 4);
  const from = zip.bytes.length - 5000;
  const rest = await officer.go('POST', path, { grant: whole }, { range: `bytes=${from}-` });
  expect([rest.status, rest.headers.get('content-range')]).toEqual([
    ...[206, `bytes ${from}-${zip.bytes.length - 1}/${zip.bytes.length}`],
  ]);
  expect(Buffer.compare(rest.bytes, zip.bytes.subarray(from))).toBe(0);
}

test('a grant that runs out midway: what waits says so, and goes on under a new one', async () => {
  // Nothing after the second is claimed until this goes.
  await api.query(`CREATE FUNCTION hold_back() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF NEW.ordinal > 2 THEN RETURN NULL; END IF; RETURN NEW; END $$`);
  await api.query(`CREATE TRIGGER aa_hold_back BEFORE UPDATE ON report_items
    FOR EACH ROW EXECUTE FUNCTION hold_back()`);
  const short = await grant(['view'], 1);
  const { json: job } = await order({ grant: short });
  await until(async () => (await standing(job.id)).done === 2);
  api.advance(3601);
  await api.query('DROP TRIGGER aa_hold_back ON report_items');
  await must(officer.signIn());
  const stopped = await ended(job.id, 'stopped');
  expect(stopped).toMatchObject({ why: 'grant-expired', done: 2 });
  expect(stopped.items.map(({ state, why }: any) => [state, why])).toEqual([
    ...[
      ['done', null],
      ['done', null],
    ],
    ...[
      ['stopped', 'grant-expired'],
      ['stopped', 'grant-expired'],
    ],
  ]);
  const resume = (by: Person, granted: string) =>
    by.go('POST', `/desk/api/report-jobs/${job.id}/resumption`, { grant: granted });
  expect(problem(await resume(officer, short))).toEqual([403, 'grant-expired']);
  const fresh = await grant(['view'], 1);
  expect(problem(await resume(await person(['officer']), fresh))).toEqual([403, 'grant-unknown']);
  expect((await resume(officer, fresh)).json).toMatchObject({ state: 'running', why: null });
  const done = await ended(job.id);
  expect(done.items.slice(0, 2)).toEqual(stopped.items.slice(0, 2));
  expect(done).toMatchObject({ done: 4, orders: [{ grant: short }, { grant: fresh }] });
  expect(problem(await resume(officer, fresh))).toEqual([409, 'illegal-transition']);
}, 240_000);

test('run again: on its stored facts byte for byte, on today’s with what has happened since', async () => {
  whole = await grant(['view', 'download']);
  const { json: job } = await order({ authorizations: [letters[3]] });
  const {
    items: [item],
  } = await ended(job.id);
  const json = await file(item.report, 'report.json');
  const report = JSON.parse(fromUtf8(json.bytes)) as Report;
  const withdrawn = await api.call('POST', `/v1/authorizations/${letters[3]}/withdrawals`, {
    ...{ key: tenant.apiKey, headers: { 'idempotency-key': 'withdrawal' } },
    body: { channel: 'app', proof: { kind: 'logged-in', ref: 'x' } },
  });
  expect(withdrawn.status).toBe(201);
  await until(async () => {
    api.advance(5);
    const rows = await api.query(
      'SELECT 1 FROM bundle_generations WHERE authorization_id = $1 AND generation > $2',
      [letters[3], report.later?.generation ?? 0],
    );
    return rows.length > 0;
  });
  const run = (facts: string) =>
    must(officer.go('POST', `/desk/api/reports/${item.report}/run`, { grant: whole, facts }));
  const again = await run('stored');
  expect(again).toMatchObject({ same: true, changes: [], after: item.verdict });
  // What is read on the screen says who reads it, by which opening.
  const read = await api.query(
    'SELECT 1 FROM access_entries WHERE id = $1 AND authorization_id = $2',
    [...[again.marks.access, letters[3]]],
  );
  expect(read).toHaveLength(1);
  expect(again.marks).toMatchObject({
    reader: expect.any(String),
    caseNumber: expect.stringMatching(/^C-/),
  });
  expect(again.digests).toEqual({
    before: sha256Hex(json.bytes),
    after: sha256Hex(json.bytes),
  });
  const today = await run('today');
  expect(today.same).toBe(false);
  expect(today.changes).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ what: 'usable', after: 'withdrawn' }),
      expect.objectContaining({
        what: 'fact',
        after: 'withdrawal',
        text: { zh: expect.stringContaining('撤回'), en: expect.stringContaining('Withdrawn') },
      }),
    ]),
  );
}, 240_000);

test('the desk’s own login decides neither date nor facts of a report, nor what stands on sealed paper', async () => {
  await api.query(`CREATE FUNCTION rest_at_once() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NEW.leased_until := '2100-01-01'; RETURN NEW; END $$`);
  await api.query(`CREATE TRIGGER aa_rest BEFORE INSERT ON report_jobs
    FOR EACH ROW EXECUTE FUNCTION rest_at_once()`);
  whole = await grant(['view', 'download']);
  const { json: job } = await order({ authorizations: [letters[0], letters[2]] });
  await api.query('DROP TRIGGER aa_rest ON report_jobs');
  const before = (
    await api.query(`SELECT f.report_id, i.job_id FROM report_files f
    JOIN report_items i ON i.report_id = f.report_id LIMIT 1`)
  )[0];
  const at = api.now();
  const planted = [1, 2].map((n) => `rep_019a1111-2222-7333-8444-55556666777${n}`);
  const claim = `UPDATE report_items SET worker = 'w', tries = tries + 1, report_id = $2,
    made_at = $3, leased_until = $3::timestamptz + interval '20 s' WHERE job_id = $1 AND ordinal = $4`;
  const facts = `UPDATE report_items SET facts = '{"anchors":"a","bundle":"b","generations":0,
    "publicUrl":"https://evil.example","tools":{}}'`;
  const long = new Date(at.getTime() - 86_400_000);
  const first = 'WHERE job_id = $1 AND ordinal = 1';
  const attacks: readonly (readonly [string, readonly unknown[], string?])[] = [
    [claim, [job.id, planted[0], long, 1]],
    [`UPDATE report_items SET report_id = $2, made_at = $3 ${first}`, [job.id, planted[0], at]],
    [`${facts} ${first}`, [job.id], '23514'],
    [
      `UPDATE report_items SET state = 'refused', why = 'She confessed.', ended_at = $2 ${first}`,
      ...([[job.id, at], '23514'] as const),
    ],
    [
      `UPDATE report_jobs SET state = 'stopped', why = '=HYPERLINK("x")' WHERE id = $1`,
      ...([[job.id], '23514'] as const),
    ],
    [
      `INSERT INTO report_files VALUES ($1, 'report.en.pdf', 1, repeat('a', 64), 0, 3)`,
      [before?.report_id ?? 'rep_1'],
    ],
    [
      `INSERT INTO report_filings VALUES ($1, 'index.en.pdf', 'A', encode(sha256('A'), 'hex'), 0, $2)`,
      [before?.job_id ?? job.id, at],
    ],
    [
      `INSERT INTO report_job_orders SELECT $1, 2, order_id || 'x', grant_id, staff_id, at
       FROM report_job_orders WHERE job_id = $1`,
      [job.id],
    ],
  ];
  for (const [sql, values, code = 'MA001'] of attacks)
    await expect(api.query(sql, [...values])).rejects.toMatchObject({ code });
  // What a claim may write: other facts for one, another entry in the ledger for the other.
  for (const [i, number] of planted.entries()) await api.query(claim, [job.id, number, at, i + 1]);
  await api.query(`${facts} ${first} AND worker = 'w'`, [job.id]);
  await expect(
    api.query(`UPDATE report_items SET made_at = $2 ${first}`, [job.id, long]),
  ).rejects.toMatchObject({ code: 'MA001' });
  await api.query('INSERT INTO reports VALUES ($1, $2, $3)', [planted[1], letters[2], at]);
  // With everything beside it that this login may write, no report ends that role vault knows nothing of.
  const second = `WHERE job_id = '${job.id}' AND ordinal = 2`;
  await expect(
    api.query(`${facts} ${second};
      UPDATE report_items SET state = 'done', indication = 'TOTAL-FAILED', ended_at = made_at ${second}`),
  ).rejects.toMatchObject({ code: 'MA001', message: 'role vault knows of no such report' });
  const [{ letter_digest: letter }] = await api.query(
    'SELECT letter_digest FROM authorizations WHERE id = $1',
    [letters[2]],
  );
  const entry = JSON.stringify({
    ...{ at: '2026-11-22T00:00:00Z', format: 'mandate-entry/v1', kind: 'report', letter },
    report: '0'.repeat(64),
  });
  await api.query(`SET ROLE mandate_desk;
    INSERT INTO ledger_queue (dedupe, entry) VALUES ('report:${planted[1]}', '${entry}');
    RESET ROLE`);
  await api.query('UPDATE report_jobs SET leased_until = NULL WHERE id = $1', [job.id]);
  const { items, refused } = await ended(job.id);
  expect(refused).toBe(0);
  for (const { report, authorization } of items) {
    expect(planted).not.toContain(report);
    const { bytes } = await file(report, 'report.json');
    const made = JSON.parse(fromUtf8(bytes)) as Report;
    expect([authorization, made.publicUrl]).toEqual([authorization, api.url]);
    expect(new Date(made.madeAt).getTime()).toBeGreaterThanOrEqual(at.getTime() - 1000);
  }
}, 240_000);

test('an order posted twice, in turn or at once, is one; its key is nobody else’s', async () => {
  whole = await grant(['view', 'download']);
  const path = `/desk/api/cases/${caseId}/report-jobs`;
  const body = { grant: whole, authorizations: [letters[2]], languages: ['zh'], depth: 'short' };
  const key = { 'idempotency-key': 'order-twice' };
  const [first, second] = await Promise.all([
    officer.go('POST', path, body, key),
    officer.go('POST', path, body, key),
  ]);
  expect([first.status, second.status, second.json.id]).toEqual([201, 201, first.json.id]);
  expect((await officer.go('POST', path, body, key)).json.id).toBe(first.json.id);
  for (const change of [{ depth: 'full' }, { authorizations: [letters[0]] }])
    expect(problem(await officer.go('POST', path, { ...body, ...change }, key))).toEqual([
      ...[422, 'idempotency-key-reused'],
    ]);
  expect(problem(await officer.go('POST', path, body, { 'idempotency-key': undefined }))).toEqual([
    400,
    'idempotency-key-missing',
  ]);
  const orders = await api.query('SELECT order_id FROM report_job_orders WHERE job_id = $1', [
    first.json.id,
  ]);
  expect(orders).toHaveLength(1);
  await ended(first.json.id);
  // Whoever else uses it means something else: their own grant is looked at.
  const other = await person(['officer']);
  expect(problem(await other.go('POST', path, body, key))).toEqual([403, 'grant-unknown']);
}, 180_000);

test('a job that stopped after its last report was made comes to its end: by hand, by itself, and only by hand where its list failed', async () => {
  await api.query(`CREATE FUNCTION stay_open() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF NEW.state = 'done' THEN RETURN NULL; END IF; RETURN NEW; END $$`);
  await api.query(`CREATE TRIGGER aa_stay_open BEFORE UPDATE ON report_jobs
    FOR EACH ROW EXECUTE FUNCTION stay_open()`);
  whole = await grant(['view', 'download']);
  const jobs: string[] = [];
  for (const letter of [letters[0], letters[2], letters[1]]) {
    const { json } = await order({ authorizations: [letter] });
    await until(async () => (await standing(json.id)).done === 1);
    jobs.push(json.id);
  }
  const [byHand, byItself, failed] = jobs as [string, string, string];
  await api.query(
    `UPDATE report_jobs SET state = 'stopped',
      why = CASE id WHEN $2 THEN 'filing-failed' ELSE 'grant-expired' END WHERE id = ANY($1)`,
    [jobs, failed],
  );
  await api.query('DROP TRIGGER aa_stay_open ON report_jobs');
  const orders = async () =>
    (await api.query('SELECT count(*)::int AS n FROM desk_orders'))[0].n as number;
  const before = await orders();
  const resume = (job: string) =>
    officer.go('POST', `/desk/api/report-jobs/${job}/resumption`, { grant: whole });
  // The look may have been quicker.
  expect([200, 409]).toContain((await resume(byHand)).status);
  for (const job of [byHand, byItself])
    expect(await ended(job)).toMatchObject({ done: 1, why: null });
  expect(await standing(failed)).toMatchObject({ state: 'stopped', why: 'filing-failed' });
  expect((await resume(failed)).status).toBe(200);
  expect(await ended(failed)).toMatchObject({ done: 1, why: null });
  expect(await orders()).toBe(before);
}, 180_000);

/** Nothing of it is claimed until the answer is called. */
async function heldBack(): Promise<() => Promise<unknown>> {
  await api.query(`CREATE OR REPLACE FUNCTION stay_waiting() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF NEW.worker IS NOT NULL THEN RETURN NULL; END IF; RETURN NEW; END $$`);
  await api.query(`CREATE TRIGGER aa_stay_waiting BEFORE UPDATE ON report_items
    FOR EACH ROW EXECUTE FUNCTION stay_waiting()`);
  return () => api.query('DROP TRIGGER aa_stay_waiting ON report_items');
}

test('a job is let go on once, posted twice at once, and again after a crash', async () => {
  whole = await grant(['view', 'download']);
  const goOn = await heldBack();
  const stop = (job: string) =>
    api.query(
      `UPDATE report_jobs SET state = 'stopped', why = 'grant-expired', changed_at = $2 WHERE id = $1`,
      [job, api.now()],
    );
  const { json: job } = await order({ authorizations: [letters[0], letters[1]] });
  await stop(job.id);
  const resume = (key: string, by = whole) =>
    officer.go(
      'POST',
      `/desk/api/report-jobs/${job.id}/resumption`,
      { grant: by },
      {
        'idempotency-key': key,
      },
    );
  const twice = await Promise.all([resume('go-on-first'), resume('go-on-first')]);
  expect(twice.map(({ status, json }) => [status, json.state])).toEqual([
    [200, 'running'],
    [200, 'running'],
  ]);
  // Who posts something else meanwhile is not told that it was theirs.
  expect(problem(await resume('go-on-other'))).toEqual([409, 'illegal-transition']);

  // The process dies between role vault's order and the job's; one of the reports is over meanwhile.
  await stop(job.id);
  await api.query(`CREATE FUNCTION die_here() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'dead'; END $$`);
  await api.query(`CREATE TRIGGER aa_die_here BEFORE INSERT ON report_job_orders
    FOR EACH ROW EXECUTE FUNCTION die_here()`);
  expect((await resume('go-on-second')).status).toBe(500);
  await api.query('DROP TRIGGER aa_die_here ON report_job_orders');
  api.advance(1);
  await api.query(
    `UPDATE report_items SET state = 'refused', why = 'erased', ended_at = $2
    WHERE job_id = $1 AND ordinal = 1`,
    [job.id, api.now()],
  );
  expect((await resume('go-on-second')).json).toMatchObject({ state: 'running' });
  expect(problem(await resume('go-on-second', await grant(['view'])))).toEqual([
    ...[422, 'idempotency-key-reused'],
  ]);
  await goOn();
  expect(await ended(job.id)).toMatchObject({ done: 1, refused: 1 });
}, 240_000);

test('a filing without a single report leaves under a grant of its case all the same', async () => {
  whole = await grant(['view', 'download']);
  const goOn = await heldBack();
  const { json: job } = await order({ authorizations: [letters[0], letters[1]] });
  await api.query(
    `UPDATE report_items SET state = 'refused', why = 'erased', ended_at = $2 WHERE job_id = $1`,
    [job.id, api.now()],
  );
  await goOn();
  await ended(job.id);
  const filing = (by: Person, granted: string, from = 0) =>
    by.go(
      'POST',
      `/desk/api/report-jobs/${job.id}/filing`,
      { grant: granted },
      { range: `bytes=${from}-` },
    );
  const refusals = async () =>
    (
      await api.query(
        `SELECT count(*)::int AS n FROM desk_register WHERE body LIKE '%right-missing%'`,
      )
    )[0].n;
  const before = await refusals();
  const viewing = await grant(['view']);
  expect(problem(await filing(officer, viewing))).toEqual([403, 'right-missing']);
  expect(await refusals()).toBe(before + 1);
  const other = await person(['officer']);
  expect(problem(await filing(other, whole))).toEqual([403, 'grant-unknown']);
  const elsewhere = await acceptedCase([letters[0]!]);
  const foreign = await grant(['view', 'download'], 72, elsewhere);
  expect(problem(await filing(officer, foreign))).toEqual([404, 'not-found']);
  const all = await filing(officer, whole);
  expect(all.status).toBe(206);
  // The very end of it tells the names alone, and not to everybody either.
  expect(problem(await filing(officer, viewing, all.bytes.length - 30))).toEqual([
    ...[403, 'right-missing'],
  ]);
}, 240_000);

test('while the object store is not there nothing is opened and nothing given up', async () => {
  whole = await grant(['view', 'download']);
  const [objects, away] = [join(api.folder, 'objects'), join(api.folder, 'objects-away')];
  // The disk is gone: where it was mounted there is an empty folder.
  await rename(objects, away);
  await mkdir(objects, { recursive: true });
  const { json: job } = await order({ authorizations: [letters[1]] });
  const item = async () =>
    (
      await api.query(
        `SELECT i.state, i.why, i.tries, j.leased_until IS NOT NULL AS rests
        FROM report_items i JOIN report_jobs j ON j.id = i.job_id WHERE j.id = $1`,
        [job.id],
      )
    )[0];
  await until(async () => (await item()).rests);
  expect(await item()).toMatchObject({ state: 'waiting', why: null, tries: 0 });
  // Whatever else was written meanwhile stays.
  await cp(objects, away, { recursive: true, force: false });
  await rm(objects, { recursive: true });
  await rename(away, objects);
  expect(await ended(job.id)).toMatchObject({ done: 1, refused: 0 });
}, 180_000);

test('what the database refuses of a report says nothing of its letter', async () => {
  await api.query(`CREATE FUNCTION refuse_facts() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'not a step' USING ERRCODE = 'MA001'; END $$`);
  await api.query(`CREATE TRIGGER aa_refuse_facts BEFORE UPDATE ON report_items
    FOR EACH ROW WHEN (NEW.facts IS NOT NULL AND OLD.facts IS NULL) EXECUTE FUNCTION refuse_facts()`);
  whole = await grant(['view', 'download']);
  const { json: job } = await order({ authorizations: [letters[0]] });
  const [item] = await until(async () => {
    // It rests between two tries.
    api.advance(5);
    const found = await api.query(
      `SELECT why FROM report_items WHERE job_id = $1 AND state = 'refused'`,
      [job.id],
    );
    return found.length > 0 && found;
  });
  await api.query('DROP TRIGGER aa_refuse_facts ON report_items');
  expect(item.why).toBe('internal');
  await ended(job.id);
}, 180_000);

test('a report ends as role vault entered it, and the doctor tells what differs, row or object', async () => {
  whole = await grant(['view', 'download']);
  const { json: job } = await order({ authorizations: [letters[0], letters[1], letters[2]] });
  const { items } = await ended(job.id);
  const reports: string[] = items.map(({ report }: { report: string }) => report);
  const [one, two, three] = reports as [string, string, string];
  const told = async (): Promise<string[]> => {
    const found = await checkRecord(true)({
      ...{ clock: { now: api.now }, random: systemRandom, workerUrl: null },
      config: loadConfig('command', {
        ...{ NODE_ENV: 'test', DATA_DIR: api.folder, DATABASE_URL: api.databaseUrl },
      }),
      ownerUrl: api.databaseUrl,
    });
    return found.map(({ says }) => says).filter((says) => /report|object/.test(says));
  };
  expect((await told()).filter((says) => reports.some((it) => says.includes(it)))).toEqual([]);
  await expect(
    api.query(`SET ROLE mandate_desk; UPDATE report_acts SET said = '{}' WHERE act = 'result'`),
  ).rejects.toMatchObject({ code: '42501' });
  await api.query('RESET ROLE');

  const object = (report: string, name = 'report.json') =>
    join(api.folder, 'objects', 'reports', report, name);
  await chmod(join(api.folder, 'objects', 'reports', one), 0o700);
  await rm(object(one), { force: true });
  const bytes = await readFile(object(two));
  bytes[bytes.length - 1]! ^= 1;
  await chmod(object(two), 0o600);
  await writeFile(object(two), bytes);
  const stray = 'rep_019a1111-2222-7333-8444-555566667779';
  await mkdir(dirname(object(stray)), { recursive: true });
  await writeFile(object(stray), 'x');
  // By hand of whoever owns the database: no rule stands in the way.
  const [held] = await api.query('SELECT made_at FROM report_items WHERE report_id = $1', [three]);
  await api.query('ALTER TABLE report_items DISABLE TRIGGER USER');
  await api.query(
    `UPDATE report_items SET made_at = made_at - interval '1 day', entered = false WHERE report_id = $1`,
    [three],
  );
  const says = async (code: string) =>
    (await told()).filter((it) => it.startsWith(`${code}:`)).join();
  expect(await says('report-changed')).toContain(three);
  expect(await says('object-missing')).toContain(`reports/${one}/report.json`);
  expect(await says('object-differs')).toContain(`reports/${two}/report.json`);
  expect(await says('object-unknown')).toContain(`reports/${stray}/report.json`);
  await api.query('UPDATE report_items SET made_at = $2, entered = true WHERE report_id = $1', [
    three,
    held.made_at,
  ]);
  expect(await says('report-changed')).toBe('');
  // Taken out of those that are done, where nobody would compare it any more.
  const [row] = await api.query('SELECT * FROM report_items WHERE report_id = $1', [three]);
  const put = (set: string, ...values: unknown[]) =>
    api.query(`UPDATE report_items SET ${set} WHERE (job_id, ordinal) = ($1, $2)`, [
      ...[row.job_id, row.ordinal],
      ...values,
    ]);
  const hidden = 'indication = NULL, sub_indication = NULL, entered = false';
  await put(`state = 'refused', why = 'erased', ${hidden}`);
  expect(await says('report-changed')).toContain(three);
  await put(`state = 'waiting', why = NULL, ended_at = NULL, ${hidden}`);
  expect(await says('report-changed')).toContain(three);
  // Without its files as well: still none that waits, for its job is done.
  await api.query('ALTER TABLE report_files DISABLE TRIGGER USER');
  const [{ files }] = await api.query(
    `WITH gone AS (DELETE FROM report_files WHERE report_id = $1 RETURNING *)
    SELECT jsonb_agg(to_jsonb(gone)) AS files FROM gone`,
    [three],
  );
  expect(await says('report-changed')).toContain(three);
  await api.query(`ALTER TABLE report_jobs DISABLE TRIGGER USER`);
  await api.query(`UPDATE report_jobs SET state = 'stopped', why = 'x' WHERE id = $1`, [job.id]);
  expect(await says('report-changed')).toBe('');
  // Its number given up: so does the desk, too, when it begins one anew.
  await put('report_id = NULL, made_at = NULL, facts = NULL');
  expect(await says('report-changed')).toBe('');
  expect(await says('report-orphan')).toContain(three);
  await put('report_id = $3, made_at = $4, facts = $5', three, row.made_at, row.facts);
  await put(
    `state = 'done', ended_at = $3, indication = $4, entered = true`,
    ...[row.ended_at, row.indication],
  );
  await api.query(
    'INSERT INTO report_files SELECT * FROM jsonb_populate_recordset(NULL::report_files, $1)',
    [JSON.stringify(files)],
  );
  await api.query(`UPDATE report_jobs SET state = 'done', why = NULL WHERE id = $1`, [job.id]);
  for (const table of ['report_files', 'report_jobs'])
    await api.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
  expect([await says('report-changed'), await says('report-orphan')]).toEqual(['', '']);
  // Row and what role vault entered written over alike: the code tells.
  await api.query(`UPDATE report_items SET indication = 'TOTAL-FAILED' WHERE report_id = $1`, [
    three,
  ]);
  await api.query(
    `UPDATE report_acts SET said = replace(said, 'TOTAL-PASSED', 'TOTAL-FAILED')
    WHERE report_id = $1`,
    [three],
  );
  await api.query('ALTER TABLE report_items ENABLE TRIGGER USER');
  expect(await says('report-changed')).toContain(three);
}, 240_000);

/** Of this very process, and nobody else's. */
function children(): number[] {
  const listed = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], {
    encoding: 'utf8',
  });
  return listed
    .split('\n')
    .filter((line) => line.includes('report-child.js'))
    .map((line) => Number(line.trim().split(' ')[0]));
}
