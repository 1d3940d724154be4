import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  canonicalize,
  fromUtf8,
  systemRandom,
  utf8,
  type AgreementAsked,
  type StaffRole,
} from '@mandate/core';
import { readCheckpoint } from '@mandate/ledger';
import { loadConfig } from '@mandate/runtime';
import { checkRecord } from '../../../packages/cli/src/doctor/check-record.js';
import { deskPeople, deskPerson, NOBODYS, type DeskPeople } from '../../kit/desk-people.js';
import { until } from '../../kit/until.js';
import { startApi, templateBody, type ApiInstance, type Tenant } from './api-instance.js';
import { usedLetter } from './desk-letters.js';
import { untilSettled } from './settled-seed.js';

/** Reconciliation, samples and templates over HTTP, as the desk's page calls them. */
let api: ApiInstance;
let people: DeskPeople;
let tenant: Tenant;
let other: Tenant;
let letters: Awaited<ReturnType<typeof usedLetter>>[];
type Staff = Awaited<ReturnType<typeof deskPerson>>;
let auditor: Staff;
let own: Staff;
let officer: Staff;

const SOURCE = '91110000MA00DEM01M';
const clock = { now: () => api.now() };
const staff = (roles: readonly StaffRole[], institutionId: string | null = null) =>
  deskPerson({ deskUrl: api.deskUrl, people }, roles, { institutionId });
const inHours = (hours: number): string =>
  new Date(api.now().getTime() + hours * 3_600_000).toISOString();
const registered = async (about: string): Promise<string[]> =>
  (
    await api.query(`SELECT body FROM desk_register WHERE body::jsonb->>'about' = $1 ORDER BY id`, [
      about,
    ])
  ).map(({ body }) => JSON.parse(body).act);

beforeAll(async () => {
  api = await startApi();
  people = await deskPeople({ databaseUrl: api.databaseUrl, folder: api.folder, clock });
  [tenant, other] = [await api.tenant(), await api.tenant()];
  await api.publish({
    key: tenant.apiKey,
    headers: { 'idempotency-key': 'template' },
    body: templateBody(),
  });
  letters = [
    await usedLetter(api, tenant),
    await usedLetter(api, tenant),
    await usedLetter(api, tenant),
  ];
  [auditor, own, officer] = [
    await staff(['auditor']),
    await staff(['auditor'], other.id),
    await staff(['officer']),
  ];
}, 240_000);
afterAll(async () => {
  await people?.close();
  await api?.stop();
});

const begin = async (who: Staff, more: object = {}) =>
  who.go('POST', '/desk/api/reconciliations', {
    ...{ institution: tenant.id, source: SOURCE, from: inHours(-24), to: inHours(1) },
    ...more,
  });
const send = (who: Staff, id: string, text: string) =>
  who.go('PUT', `/desk/api/reconciliations/${id}/log`, utf8(text), { 'content-type': 'text/csv' });

describe('reconciliation', () => {
  test('a source’s log against the uses: each query has its name, and nothing of people stays', async () => {
    const [one, two, three] = letters;
    const at = api.now().toISOString();
    const run = (await begin(auditor)).json;
    expect(run).toMatchObject({ state: 'receiving', institution: tenant.id, received: 0 });
    const path = `/desk/api/reconciliations/${run.id}`;
    const early = await auditor.go('GET', `${path}/findings.csv`);
    expect(early.json.code).toBe('illegal-transition');
    const log = [
      'time,query,authorization,letter,reference,purpose,operator,subject',
      `${at},Q-1,${one!.id},,,loan-approval,clerk-7,${one!.subject.idNumber}`,
      `${at},Q-2,,${one!.letterNumber},,loan-approval,clerk-7,`,
      `${at},Q-3,,,${two!.businessReference},loan-approval,clerk-8,`,
      `${inHours(-5)},Q-4,,,${two!.businessReference},loan-approval,clerk-7,`,
      `${at},Q-5,,,nobody’s,loan-approval,clerk-7,`,
      `${at},Q-6,,,${two!.businessReference},income-verification,clerk-7,`,
      `${at},Q-7,,${one!.letterNumber},,loan-approval,clerk-7,${three!.subject.idNumber}`,
    ].join('\r\n');
    const sent = await send(auditor, run.id, `\ufeff${log}\r\n`);
    expect([sent.status, sent.json.received]).toEqual([200, 7]);
    const done = await until(async () => {
      const { json } = await auditor.go('GET', path);
      return json.state === 'done' && json;
    });
    expect(done.digest).toBe(createHash('sha256').update(`\ufeff${log}\r\n`).digest('hex'));
    expect(done.counts).toEqual({
      ...{ matched: 1, 'used-twice': 1, 'wrong-operator': 1, 'out-of-term': 1, unknown: 1 },
      ...{ 'wrong-purpose': 1, 'wrong-subject': 1, 'no-query-yet': 1 },
    });
    const found = (await auditor.go('GET', `${path}/findings`)).json;
    expect(found.items.map(({ kind, query }: any) => [kind, query])).toEqual([
      ...[
        ['used-twice', 'Q-2'],
        ['wrong-operator', 'Q-3'],
        ['out-of-term', 'Q-4'],
      ],
      ...[
        ['unknown', 'Q-5'],
        ['wrong-purpose', 'Q-6'],
        ['wrong-subject', 'Q-7'],
        ['no-query-yet', null],
      ],
    ]);
    expect(found.items.at(-1).authorization).toBe(three!.id);
    const only = await auditor.go('GET', `${path}/findings?kind=matched`);
    expect(only.json.items).toMatchObject([{ query: 'Q-1', authorization: one!.id }]);
    const file = await auditor.go('GET', `${path}/findings.csv`);
    const text = fromUtf8(file.bytes);
    expect(text.split('\r\n').slice(0, 2)).toEqual([
      expect.stringMatching(/"kind","line","query","time","authorization","redemption"$/),
      expect.stringMatching(/^"used-twice","3","Q-2",/),
    ]);
    expect(text.trimEnd().split('\r\n')).toHaveLength(8);
    // who queried, whom and for which business is nowhere in the database
    const rows = JSON.stringify(
      await api.query(`SELECT row_to_json(q)::text AS t FROM reconciliation_queries q
        UNION ALL SELECT row_to_json(r)::text FROM reconciliations r
        UNION ALL SELECT row_to_json(d)::text FROM desk_register d`),
    );
    for (const word of ['clerk', two!.businessReference, one!.subject.idNumber, 'nobody'])
      expect(rows).not.toContain(word);
    expect(await registered(run.id)).toEqual([
      ...['log-sent', 'uses-compared', 'findings-read', 'findings-read', 'findings-exported'],
    ]);
  });

  test('a log is no way to find out an ID number: few are compared, and each comparison is registered', async () => {
    const { id, subject } = letters[2]!;
    const line = (query: string, idNumber: string) =>
      `${api.now().toISOString()},${query},${id},loan-approval,clerk-7,${idNumber}`;
    const log = (...lines: string[]) =>
      ['time,query,authorization,purpose,operator,subject', ...lines, ''].join('\n');
    const tried = async (who: Staff, text: string) => {
      const { json: run } = await begin(who);
      const { json } = await send(who, run.id, text);
      if (json.code) return json;
      return until(async () => {
        const at = await who.go('GET', `/desk/api/reconciliations/${run.id}`);
        return at.json.state === 'done' && { ...at.json.counts, id: run.id };
      });
    };
    const four = log(...[1, 2, 3, 4].map((i) => line(`Q-${i}`, `GUESS${i}`)));
    const refused = await tried(auditor, four);
    expect([refused.code, refused.errors[0].pointer, refused.errors[0].rule]).toEqual([
      ...['log-refused', '/5', 'subjects-too-many'],
    ]);
    const three = log(...[1, 2, 3].map((i) => line(`Q-${i}`, `GUESS${i}`)));
    const wrong = await tried(auditor, three);
    expect(wrong['wrong-subject']).toBe(3);
    expect(await registered(wrong.id)).toEqual(['log-sent', 'uses-compared']);
    const [entry] = await api.query(
      `SELECT found FROM desk_register WHERE body::jsonb->>'about' = $1 AND body::jsonb->>'act' = 'uses-compared'`,
      [wrong.id],
    );
    expect(entry.found).toEqual([id]);
    // a fourth value on that day is answered by nothing, were it the right one; those of before are
    const right = await tried(auditor, log(line('Q-1', subject.idNumber), line('Q-2', 'guess2')));
    expect(right['subject-not-compared']).toBe(1);
    expect(right['wrong-subject']).toBe(1);
    const personal = await tried(auditor, log(line(subject.idNumber, '')));
    expect(personal.errors[0].rule).toBe('query-personal');
  });

  test('one that is not over is ended by hand, once', async () => {
    const { json: run } = await begin(auditor);
    const end = () => auditor.go('POST', `/desk/api/reconciliations/${run.id}/abandonment`);
    expect((await end()).json.state).toBe('abandoned');
    expect((await end()).json.code).toBe('illegal-transition');
    expect((await send(auditor, run.id, 'x')).json.code).toBe('illegal-transition');
  });

  test('only whoever began it sends the log in, and ends it', async () => {
    const { json: run } = await begin(auditor);
    const path = `/desk/api/reconciliations/${run.id}`;
    const second = await staff(['auditor']);
    expect((await second.go('GET', path)).json).toMatchObject({ own: false, state: 'receiving' });
    expect((await send(second, run.id, 'time\n')).json.code).toBe('not-its-maker');
    expect((await second.go('POST', `${path}/abandonment`)).json.code).toBe('not-its-maker');
    expect((await auditor.go('GET', path)).json).toMatchObject({ own: true, state: 'receiving' });
    expect(await registered(run.id)).toEqual([]);
  });

  test('withdrawn since: a query after it is named, one before it is matched', async () => {
    const letter = await usedLetter(api, tenant);
    const used = api.now().toISOString();
    const withdrawn = await api.call('POST', `/v1/authorizations/${letter.id}/withdrawals`, {
      key: tenant.apiKey,
      headers: { 'idempotency-key': `withdraw-${letter.id}` },
      body: { channel: 'app', proof: { kind: 'logged-in', ref: 'ticket-1' } },
    });
    expect(withdrawn.status).toBe(201);
    const run = (await begin(auditor)).json;
    const log = [
      '查询时间,查询编号,授权编号,查询原因,操作员',
      `${used},Q-1,${letter.id},贷款审批,clerk-7`,
      `${inHours(1)},Q-2,${letter.id},贷款审批,clerk-7`,
    ].join('\n');
    expect((await send(auditor, run.id, log)).status).toBe(200);
    const path = `/desk/api/reconciliations/${run.id}`;
    await until(async () => (await auditor.go('GET', path)).json.state === 'done');
    const { counts } = (await auditor.go('GET', path)).json;
    expect(counts).toMatchObject({ matched: 1, 'after-withdrawal': 1 });
  });

  test('a log with faults is refused by its lines', async () => {
    const run = (await begin(auditor)).json;
    const refused = await send(
      auditor,
      run.id,
      'time,query,letter,purpose,operator\nyesterday,Q-1,M1,loan-approval,a\n2026-11-21 10:00:00,Q-2,M1,sport,a\n',
    );
    expect(refused.status).toBe(422);
    expect(refused.json).toMatchObject({ code: 'log-refused', line: 2 });
    expect(refused.json.errors.map(({ pointer, rule }: any) => [pointer, rule])).toEqual([
      ['/2', 'time'],
      ['/3', 'purpose'],
    ]);
    // as anybody sees who looks later
    const { state, faults } = (await auditor.go('GET', `/desk/api/reconciliations/${run.id}`)).json;
    expect(state).toBe('refused');
    expect(faults).toEqual([
      { line: 2, fault: 'time' },
      { line: 3, fault: 'purpose' },
    ]);
    expect((await send(auditor, run.id, 'x')).json.code).toBe('illegal-transition');
  });

  test('staff of another institution, and other roles, see none and begin none', async () => {
    const run = (await begin(auditor)).json;
    const path = `/desk/api/reconciliations/${run.id}`;
    for (const [method, at] of [
      ['GET', path],
      ['GET', `${path}/findings`],
      ['GET', `${path}/findings.csv`],
    ] as const) {
      expect((await own.go(method, at)).json.code).toBe('not-found');
      expect((await officer.go(method, at)).json.code).toBe('forbidden');
    }
    expect((await send(own, run.id, 'x')).json.code).toBe('not-found');
    expect((await begin(own)).json.code).toBe('not-found');
    expect((await begin(auditor, { institution: undefined })).json.code).toBe('invalid-request');
    expect((await begin(auditor, { to: inHours(-48) })).json.code).toBe('invalid-request');
    const listed = (await own.go('GET', '/desk/api/reconciliations')).json.items;
    expect(listed).toEqual([]);
  });
});

/** Codes of what the doctor, beside role vault's key, says of that. */
const doctorSays = async (about: string): Promise<string[]> => {
  const found = await checkRecord(true)({
    ...{ clock: { now: api.now }, random: systemRandom, workerUrl: null },
    config: loadConfig('command', {
      ...{ NODE_ENV: 'test', DATA_DIR: api.folder, DATABASE_URL: api.databaseUrl },
    }),
    ownerUrl: api.databaseUrl,
  });
  const says = found.map((it) => it.says).filter((it) => it.includes(about));
  return says.map((it) => it.split(':')[0]!);
};

describe('samples', () => {
  test('fixed in the ledger, then drawn once by what its head settles; the same again; findings stay', async () => {
    const asked = { kind: 'redemptions', from: inHours(-24), to: api.now().toISOString() };
    const fixed = await auditor.go('POST', '/desk/api/samples', {
      ...{ ...asked, institution: tenant.id, wanted: 2 },
    });
    expect(fixed.status).toBe(201);
    const { id, nonce, definition } = fixed.json;
    expect([fixed.json.seed, fixed.json.drawnAt]).toEqual([null, null]);
    const path = `/desk/api/samples/${id}`;
    const settled = await untilSettled(async (at) => (await auditor.go('GET', at)).json, id);

    // anybody who has what was fixed and the head has the seed
    const [{ made_at: madeAt }] = await api.query('SELECT made_at FROM samples WHERE id = $1', [
      id,
    ]);
    const said = {
      ...{ ...asked, id, institution: tenant.id, wanted: 2, nonce },
      ...{ madeBy: auditor.id, madeAt: madeAt.toISOString() },
    };
    const sha = (...parts: (string | Buffer)[]) =>
      parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
    expect(sha('mandate/sample/v1\n', canonicalize(said))).toBe(definition);
    const seed = sha(Buffer.from(definition, 'hex'), settled.note);
    expect(seed).toBe(settled.seed);
    const head = readCheckpoint(settled.note);
    expect([head.size, head.size > settled.entry]).toEqual([settled.size, true]);
    const [{ fact, first }] = await api.query(
      `SELECT entry::jsonb->>'fact' AS fact, (SELECT min(size) FROM ledger_checkpoints WHERE size > $1) AS first
       FROM ledger_entries WHERE leaf_index = $1`,
      [settled.entry],
    );
    expect([fact, Number(first)]).toEqual([definition, settled.size]);
    expect((await auditor.go('GET', `${path}/verification`)).json.code).toBe('illegal-transition');
    const drawn = (await auditor.go('POST', `${path}/drawing`)).json;
    expect([drawn.population >= 3, drawn.items.length]).toEqual([true, 2]);
    expect((await auditor.go('POST', `${path}/drawing`)).json.code).toBe('illegal-transition');

    // anybody who has the seed and the ids draws the same
    const rows = await api.query(
      `SELECT r.id FROM redemptions r JOIN authorizations a ON a.id = r.authorization_id
       WHERE a.institution_id = $1 AND r.at >= $2 AND r.at < $3 ORDER BY r.id`,
      [tenant.id, asked.from, asked.to],
    );
    const key = (item: string): string =>
      createHash('sha256').update(Buffer.from(seed, 'hex')).update(item).digest('hex');
    const mine = rows
      .map(({ id: each }) => each as string)
      .sort((a, b) => (key(a) < key(b) ? -1 : 1));
    expect(drawn.items.map((item: any) => item.id)).toEqual(mine.slice(0, 2));
    expect((await auditor.go('GET', `${path}/verification`)).json).toEqual({
      ...{ sameItems: true, samePopulation: true, sameSeed: true },
    });

    const found = (body: object) => auditor.go('POST', `${path}/findings`, body);
    expect((await found({ ordinal: 3, finding: 'in-order' })).json.code).toBe('not-found');
    expect((await found({ ordinal: 1, finding: 'fine' })).json.code).toBe('invalid-request');
    const number = await found({ ordinal: 1, finding: 'in-order', note: '电话 138 0000 0001' });
    expect(number.json.code).toBe('invalid-request');
    await found({ ordinal: 1, finding: 'no-business', note: '=no loan file' });
    const twice = (await found({ ordinal: 1, finding: 'in-order', note: 'found' })).json;
    expect(twice.items[0].findings.map(({ finding }: any) => finding)).toEqual([
      ...['no-business', 'in-order'],
    ]);
    const file = fromUtf8((await auditor.go('GET', `${path}/items.csv`)).bytes);
    for (const each of [seed, nonce, definition, settled.note.split('\n')[2]!])
      expect(file).toContain(each);
    expect(file).toContain(`,"no-business","'=no loan file","${auditor.id}",`);
    const read = 'sample-read';
    expect(await registered(id)).toEqual([
      ...['sample-fixed', read, 'sample-drawn', read, read, read, read, read, 'sample-exported'],
    ]);
  });

  test('what is not over is not drawn from; others see nothing; the seed cannot be changed', async () => {
    const body = { kind: 'authorizations', from: inHours(-24), to: inHours(1), wanted: 5 };
    const ahead = await auditor.go('POST', '/desk/api/samples', body);
    expect(ahead.json.code).toBe('invalid-request');
    const past = { ...body, to: inHours(-1) };
    const { id } = (await auditor.go('POST', '/desk/api/samples', past)).json;
    expect((await own.go('GET', `/desk/api/samples/${id}`)).json.code).toBe('not-found');
    expect((await own.go('POST', `/desk/api/samples/${id}/drawing`)).json.code).toBe('not-found');
    expect((await own.go('GET', '/desk/api/samples')).json.items).toEqual([]);
    const foreign = await own.go('POST', '/desk/api/samples', { ...past, institution: tenant.id });
    expect(foreign.json.code).toBe('not-found');
    expect((await officer.go('POST', '/desk/api/samples', past)).json.code).toBe('forbidden');
    await untilSettled(async (at) => (await auditor.go('GET', at)).json, id);
    const refused = (sql: string) =>
      expect(api.query(sql, [id])).rejects.toMatchObject({ code: 'MA001' });
    await refused(
      `UPDATE samples s SET seed = sha256('x'), seed_size = r.size, drawn_at = made_at + interval '1 second',
         drawn_by = made_by, population = 0, population_digest = 'x' FROM sample_seed($1) r WHERE s.id = $1`,
    );
    await refused(
      `INSERT INTO samples (id, kind, "from", "to", wanted, seed, made_by, made_at)
       SELECT 'smp_x', kind, "from", "to", wanted, sha256('y'), made_by, made_at FROM samples WHERE id = $1`,
    );
    // nothing is put there before the drawing: neither to be in it nor to be in its way
    const [{ id: some }] = await api.query('SELECT min(id) AS id FROM authorizations');
    await expect(
      api.query('INSERT INTO sample_items VALUES ($1, 1, $2, $2)', [id, some]),
    ).rejects.toMatchObject({ code: 'MA001' });
    expect((await auditor.go('POST', `/desk/api/samples/${id}/drawing`)).status).toBe(200);
    await refused(`UPDATE samples SET seed = sha256('x') WHERE id = $1`);
    await refused(`UPDATE samples SET wanted = 400 WHERE id = $1`);
    await refused(`UPDATE samples SET nonce = NULL WHERE id = $1`);
    await expect(
      api.query(
        `INSERT INTO sample_items SELECT sample_id, ordinal + 100, item_id || 'x', authorization_id
         FROM sample_items WHERE sample_id = $1 UNION ALL SELECT $1, 1, 'x', $2`,
        [id, letters[0]!.id],
      ),
    ).rejects.toMatchObject({ code: 'MA001' });
  });

  test('the doctor draws again: what was picked is found, in the drawing’s own transaction too', async () => {
    const asked = { kind: 'authorizations', from: inHours(-24), to: api.now().toISOString() };
    const go = async () =>
      (await auditor.go('POST', '/desk/api/samples', { ...asked, wanted: 1 })).json.id as string;
    const [drawn, picked] = [await go(), await go()];
    for (const id of [drawn, picked])
      await untilSettled(async (at) => (await auditor.go('GET', at)).json, id);
    await auditor.go('POST', `/desk/api/samples/${drawn}/drawing`);
    expect(await doctorSays(drawn)).toEqual([]);
    // the genuine seed, and of what there is another one than it draws
    const draw = `WITH s AS (SELECT * FROM sample_seed('${picked}')),
        p AS (SELECT id FROM authorizations WHERE created_at >= '${asked.from}' AND created_at < '${asked.to}')
      SELECT s.seed, s.size, (SELECT count(*) FROM p) AS count,
        (SELECT encode(sha256(convert_to(string_agg(id || chr(10), '' ORDER BY id COLLATE "C"), 'UTF8')), 'hex') FROM p) AS digest,
        (SELECT array_agg(id ORDER BY sha256(s.seed || convert_to(id, 'UTF8'))) FROM p) AS ids FROM s`;
    const put = async (item: string) =>
      api.query(`DO $$ DECLARE d record; BEGIN SET LOCAL ROLE mandate_desk; ${draw} INTO d;
        INSERT INTO sample_items VALUES ('${picked}', 1, ${item}, ${item});
        UPDATE samples SET seed = d.seed, seed_size = d.size, drawn_by = made_by, drawn_at = now(),
          population = d.count, population_digest = d.digest WHERE id = '${picked}'; END $$`);
    await put('d.ids[2]');
    expect(await doctorSays(picked)).toEqual(['sample-picked']);
    await api.query(
      `UPDATE sample_items SET (item_id, authorization_id) = (x.id, x.id)
        FROM (SELECT (d).ids[1] AS id FROM (SELECT d FROM (${draw}) d) y) x WHERE sample_id = '${picked}'`,
    );
    expect(await doctorSays(picked)).toEqual([]);
  });
});

describe('templates', () => {
  const of = () => `institution=${tenant.id}`;
  interface Waiver {
    readonly rule: string;
    readonly path: string;
    readonly reason: string;
  }
  const asked = (
    template: string,
    digest: string,
    waivers: readonly Waiver[] = [],
  ): AgreementAsked => ({
    ...{ act: 'template', institutionId: tenant.id, template, version: 1, digest, waivers },
  });
  /** Approves version 1 by their own word, where they are asked for it. */
  const approval = (who: Staff, template: string, digest: string, waivers?: readonly Waiver[]) =>
    who.agree(
      template,
      asked(template, digest, waivers),
      `/desk/api/templates/${template}/versions/1/approval?${of()}`,
      { digest, ...(waivers ? { waivers } : {}) },
    );
  const submitted = async (
    author: Staff,
    body: object,
  ): Promise<{ id: string; digest: string }> => {
    const { json } = await author.go('POST', '/desk/api/templates', { body });
    const path = `/desk/api/templates/${json.id}/versions/1/submission`;
    await author.go('POST', path, { assessment: 'PIA-1' });
    return json;
  };
  /** What the doctor, beside role vault's key, says of that template. */
  const doctor = (template: string): Promise<string[]> => doctorSays(`${template}/1`);
  /** With the database login of a role and nothing else: the error's code; null: it was done. */
  const by = (role: 'desk' | 'web' | 'vault', sql: string, ...values: unknown[]) =>
    api
      .query(
        `DO $$ BEGIN SET LOCAL ROLE mandate_${role}; ${sql}; END $$`.replace(
          /\$(\d)/g,
          (_, n) => `'${String(values[Number(n) - 1])}'`,
        ),
      )
      .then(
        () => null,
        ({ code }) => code as string,
      );

  test('written by one, published by another, at the desk as over the API', async () => {
    const author = await staff(['template-author'], tenant.id);
    const approver = await staff(['template-approver']);
    const { json: made } = await author.go('POST', '/desk/api/templates', {
      body: templateBody('at-the-desk'),
    });
    expect(made).toMatchObject({ status: 'draft', version: 1, mine: true });
    expect(made.authors).toEqual([{ person: author.id, name: author.id.slice(-4) }]);
    const path = `/desk/api/templates/${made.id}/versions/1`;
    const approve = (who: Staff, digest: string) => approval(who, made.id, digest);
    expect((await approve(approver, made.digest)).json.code).toBe('template-state');
    const submitted = await author.go('POST', `${path}/submission`, { assessment: 'PIA-9' });
    expect(submitted.json.status).toBe('in-review');
    expect((await approve(author, made.digest)).json.code).toBe('forbidden');
    expect((await approve(approver, '0'.repeat(64))).json.code).toBe('version-conflict');

    const rewritten = templateBody('at-the-desk');
    rewritten.title = { zh: '个人信用报告查询授权', en: rewritten.title.en };
    const saved = await author.go('PUT', path, { body: rewritten, digest: made.digest });
    expect(saved.json.status).toBe('draft');
    const stale = await author.go('PUT', path, { body: rewritten, digest: made.digest });
    expect(stale.json.code).toBe('version-conflict');
    await author.go('POST', `${path}/submission`, {});
    const published = await approve(approver, saved.json.digest);
    expect(published.json).toMatchObject({
      ...{ status: 'published', assessment: 'PIA-9', mine: false },
      approver: { person: approver.id },
    });
    // the institution's own system sees the same
    const { json } = await api.call('GET', `/v1/templates/${made.id}`, { key: tenant.apiKey });
    expect([json.status, json.authors, json.approver]).toEqual([
      ...['published', [author.id], approver.id],
    ]);

    const next = await author.go('POST', `/desk/api/templates/${made.id}/versions`, {
      body: templateBody('at-the-desk'),
    });
    expect(next.json).toMatchObject({ version: 2, status: 'draft' });
    const differences = await author.go('GET', `/desk/api/templates/${made.id}/differences`);
    expect(differences.json).toMatchObject({ from: 1, to: 2 });
    expect(differences.json.items).toEqual([
      expect.objectContaining({ path: 'title.zh', before: '个人信用报告查询授权' }),
    ]);
    const sample = await author.go('GET', `${path}/preview?language=en`);
    expect(Buffer.from(sample.bytes.subarray(0, 5)).toString()).toBe('%PDF-');
    expect((await approver.go('POST', `${path}/retirement?${of()}`)).json.status).toBe('retired');
  });

  test('of two who save at once one is told', async () => {
    const writers = await Promise.all([1, 2].map(() => staff(['template-author'], tenant.id)));
    const { json: made } = await writers[0]!.go('POST', '/desk/api/templates', {
      body: templateBody('at-once'),
    });
    const path = `/desk/api/templates/${made.id}/versions/1`;
    // both have read the version before either writes: somebody holds its row meanwhile
    const held = api.query(
      `DO $$ BEGIN PERFORM 1 FROM template_versions WHERE template_id = '${made.id}' FOR UPDATE;
         PERFORM pg_sleep(3); END $$`,
    );
    await until(async () => {
      const asleep = `SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'`;
      return (await api.query(asleep)).length > 0;
    });
    const saved = await Promise.all(
      writers.map((who, i) => {
        const body = structuredClone(templateBody('at-once'));
        (body.title as { zh: string }).zh += String(i);
        return who.go('PUT', path, { body, digest: made.digest });
      }),
    );
    await held;
    const [lost, won] = saved.sort((a, b) => b.status - a.status);
    expect([won!.status, lost!.status, lost!.json.code]).toEqual([200, 409, 'version-conflict']);
    expect((await writers[0]!.go('GET', path)).json.digest).toBe(won!.json.digest);
  });

  test('what is typed is linted as it is; errors stop the publication until somebody waives them', async () => {
    const author = await staff(['template-author'], tenant.id);
    const approver = await staff(['template-approver'], tenant.id);
    const bad = structuredClone(templateBody('with-an-error'));
    const text = bad.clauses[0]!.text as { zh: string; en: string };
    text.zh = `${text.zh}等相关第三方,长期有效。`;
    const lint = (who: Staff, body: unknown) =>
      who.go('POST', '/desk/api/template-findings', { body });
    const { json: found } = await lint(author, bad);
    expect(found.invalid).toBeNull();
    const errors = found.items.filter(({ severity }: any) => severity === 'error');
    expect(errors.map(({ path }: any) => path)).toContain('clauses[0].text.zh');
    expect((await lint(author, { name: 'x' })).json).toMatchObject({
      ...{ invalid: expect.any(String), items: [] },
    });
    const { json: made } = await author.go('POST', '/desk/api/templates', { body: bad });
    const path = `/desk/api/templates/${made.id}/versions/1`;
    await author.go('POST', `${path}/submission`, { assessment: 'PIA-1' });
    const approve = (waivers: Waiver[]) => approval(approver, made.id, made.digest, waivers);
    expect((await approve([])).json.code).toBe('template-lint-failed');
    const places = new Map(
      errors.map(({ rule, path: at }: any) => [`${rule} ${at}`, { rule, path: at }]),
    );
    const waivers = [...places.values()].map((place: any) => ({ ...place, reason: 'a test' }));
    expect((await approve(waivers)).json).toMatchObject({ status: 'published' });
    const read = await author.go('GET', path);
    expect(read.json.findings.length).toBe(found.items.length);
  });

  test('nobody reaches another institution’s, and the database knows who works here', async () => {
    const author = await staff(['template-author'], tenant.id);
    const stranger = await staff(['template-author'], other.id);
    const both = await staff(['template-author']);
    const { json: made } = await author.go('POST', '/desk/api/templates', {
      body: templateBody('ours'),
    });
    const path = `/desk/api/templates/${made.id}`;
    for (const at of [`${path}/versions/1`, `${path}/versions/1/preview`, `${path}/differences`])
      for (const query of ['', `?${of()}`])
        expect((await stranger.go('GET', at + query)).json.code).toBe('not-found');
    const write = { body: templateBody('ours'), digest: made.digest };
    expect((await stranger.go('PUT', `${path}/versions/1`, write)).json.code).toBe('not-found');
    expect((await both.go('GET', '/desk/api/templates')).json.code).toBe('invalid-request');
    expect((await both.go('GET', `/desk/api/templates?${of()}`)).status).toBe(200);
    expect((await stranger.go('GET', '/desk/api/templates')).json.items).toEqual([]);
    expect((await officer.go('GET', `/desk/api/templates?${of()}`)).json.code).toBe('forbidden');

    // not in the name of somebody else
    await author.go('POST', `${path}/versions/1/submission`, { assessment: 'PIA-1' });
    const publish = `UPDATE template_versions SET status = 'published', approver = $1, lint_pack = 'x',
      published_at = now() WHERE template_id = $2`;
    expect(await by('desk', publish, stranger.id, made.id)).toBe('MA001');
    expect(await by('desk', publish, author.id, made.id)).not.toBeNull();
    expect(await by('desk', publish, 'Zhang', made.id)).toBe('MA001');
    const write2 = `INSERT INTO template_versions (template_id, version, body, digest, authors, created_at)
      VALUES ($1, 9, '{}', 'd', ARRAY[$2], now())`;
    expect(await by('desk', write2, made.id, stranger.id)).toBe('MA001');
    const approver = await staff(['template-approver'], tenant.id);
    for (const role of ['desk', 'web'] as const)
      expect(await by(role, publish, approver.id, made.id)).toBe('MA001');
  });

  test('an approval is the approver’s own word over that text, once; nobody else’s, and not the desk’s', async () => {
    const author = await staff(['template-author'], tenant.id);
    const approver = await staff(['template-approver'], tenant.id);
    const another = await staff(['template-approver'], tenant.id);
    const made = await submitted(author, templateBody('by-own-word'));
    const path = `/desk/api/templates/${made.id}/versions/1`;
    const approve = (who: Staff, proof: object) =>
      who.go('POST', `${path}/approval`, { digest: made.digest, proof });
    const why = async (answer: Promise<{ json: any }>) => {
      const { json } = await answer;
      return [json.code, json.why];
    };
    expect(await why(approve(approver, NOBODYS))).toEqual(['agreement-refused', 'agreement-over']);
    const { proof } = await approver.word(asked(made.id, made.digest));
    expect(await why(approve(another, proof!))).toEqual(['agreement-refused', 'agreement-over']);
    // the assessment is part of what is agreed to
    await api.query('ALTER TABLE template_versions DISABLE TRIGGER USER');
    await api.query(`UPDATE template_versions SET assessment = 'PIA-2' WHERE template_id = $1`, [
      made.id,
    ]);
    await api.query('ALTER TABLE template_versions ENABLE TRIGGER USER');
    expect(await why(approve(approver, proof!))).toEqual([
      'agreement-refused',
      'agreement-changed',
    ]);
    expect((await approval(approver, made.id, made.digest)).json.status).toBe('published');

    // one word is one publication: the desk's login makes nothing else of it
    const next = await submitted(author, templateBody('by-own-word-too'));
    const [given] = await api.query(
      `SELECT x.at::text, v.lint_pack FROM template_votes x JOIN template_versions v USING (template_id, version)
        WHERE template_id = $1`,
      [made.id],
    );
    const steal = `UPDATE template_versions SET status = 'published', approver = $1, published_at = $2, lint_pack = $3
      WHERE template_id = $4`;
    const theirs = [approver.id, given.at, given.lint_pack];
    expect(await by('desk', steal, ...theirs, next.id)).toBe('MA001');
    expect(await by('web', steal, ...theirs, next.id)).toBe('MA001');
    expect(await by('desk', 'PERFORM 1 FROM template_votes')).toBe('42501');
    const retire = `UPDATE template_versions SET status = 'retired', retired_at = now(), retired_by = $1
      WHERE template_id = $2`;
    expect(await by('desk', retire, approver.id, made.id)).toBe('MA001');
    expect(await by('web', retire, approver.id, made.id)).toBe('MA001');
    expect(await by('desk', 'UPDATE template_votes SET said = said')).toBe('42501');
    const vote = `INSERT INTO template_votes SELECT $2, 1, act, said, staff_id, session_id, at, NULL, mac
      FROM template_votes WHERE template_id = $1`;
    expect(await by('desk', vote, made.id, next.id)).toBe('42501');
    expect(await by('vault', vote, made.id, next.id)).toBe('MA001');

    expect(await doctor(made.id)).toEqual([]);
    expect((await approver.go('POST', `${path}/retirement`)).json.status).toBe('retired');
    expect(await doctor(made.id)).toEqual([]);
    // by hand of whoever owns the database: another approver, who never said so
    await api.query('ALTER TABLE template_versions DISABLE TRIGGER USER');
    await api.query('UPDATE template_versions SET approver = $2 WHERE template_id = $1', [
      ...[made.id, another.id],
    ]);
    expect(await doctor(made.id)).toEqual(['desk-forged']);
    await api.query('UPDATE template_versions SET approver = $2 WHERE template_id = $1', [
      ...[made.id, approver.id],
    ]);
    await api.query('ALTER TABLE template_versions ENABLE TRIGGER USER');
    expect(await doctor(made.id)).toEqual([]);
    await api.query(
      `UPDATE template_votes SET said = repeat('0', 64) WHERE template_id = $1 AND act = 'retire'`,
      [made.id],
    );
    expect(await doctor(made.id)).toEqual(['desk-forged']);
  });

  test('a text is agreed to and not its digest: none goes to review, or is voted for, under another’s', async () => {
    const author = await staff(['template-author'], tenant.id);
    const approver = await staff(['template-approver'], tenant.id);
    const made = await submitted(author, templateBody('text-and-digest'));
    const question = asked(made.id, made.digest);
    const swap = `UPDATE template_versions SET status = 'draft', submitted_at = NULL,
      body = replace(body, '个人', '他人') WHERE template_id = $1`;
    const submit = `UPDATE template_versions SET status = 'in-review', submitted_at = now() WHERE template_id = $1`;
    expect(await by('desk', swap, made.id)).toBeNull();
    for (const role of ['desk', 'web'] as const)
      expect(await by(role, submit, made.id)).toBe('MA001');
    // role vault looks at the text itself, whatever let it lie there
    await api.query('ALTER TABLE template_versions DISABLE TRIGGER USER');
    await api.query(submit, [made.id]);
    await api.query('ALTER TABLE template_versions ENABLE TRIGGER USER');
    const refused = await approver.go('POST', '/desk/api/agreements', question);
    expect(refused.json.code).toBe('version-conflict');
  });

  test('what a newer pack finds is let pass by somebody’s own word, too', async () => {
    const author = await staff(['template-author'], tenant.id);
    const approver = await staff(['template-approver'], tenant.id);
    const made = await submitted(author, templateBody('found-later'));
    expect((await approval(approver, made.id, made.digest)).status).toBe(200);
    await api.query(
      `INSERT INTO template_lints VALUES ($1, 1, '9999-01', '[{"rule":"new-rule","path":"title.zh"}]', now())`,
      [made.id],
    );
    const waiver = { rule: 'new-rule', path: 'title.zh', reason: 'a test' };
    const path = `/desk/api/templates/${made.id}/versions/1/waivers?${of()}`;
    const body = { ...waiver, digest: made.digest };
    const refused = await approver.go('POST', path, { ...body, proof: NOBODYS });
    expect(refused.json.code).toBe('agreement-refused');
    const insert = `INSERT INTO template_waivers VALUES ($1, 1, 'new-rule', 'title.zh', 'r', $2, '9999-01', now())`;
    expect(await by('desk', insert, made.id, approver.id)).toBe('MA001');
    const question = asked(made.id, made.digest, [waiver]);
    const passed = await approver.agree(made.id, question, path, body);
    expect(passed.json).toMatchObject({ status: 'published', open: [], waivers: [waiver] });
    expect(await doctor(made.id)).toEqual([]);
    await api.query(`UPDATE template_waivers SET reason = 'another' WHERE template_id = $1`, [
      made.id,
    ]);
    expect(await doctor(made.id)).toEqual(['desk-forged']);
  });

  test('a form’s faults and its sample letter are had before anything is saved', async () => {
    const author = await staff(['template-author'], tenant.id);
    const { json: made } = await author.go('POST', '/desk/api/templates', {
      body: templateBody('as-typed'),
    });
    const { json: schema } = await author.go('GET', '/desk/api/template-form');
    expect(Object.keys(schema.properties)).toContain('clauses');
    const body = structuredClone(templateBody('as-typed'));
    body.clauses[0]!.text.en = '';
    const { json: found } = await author.go('POST', '/desk/api/template-findings', { body });
    expect(found.faults).toEqual([{ path: 'clauses[0].text.en', code: 'format' }]);
    const path = `/desk/api/templates/${made.id}/versions/1/preview`;
    const draw = (text: object) => author.go('POST', path, { body: text, language: 'zh' });
    expect((await draw(body)).json.code).toBe('template-invalid');
    expect((await draw(templateBody('another-name'))).json.code).toBe('template-invalid');
    const drawn = await draw(templateBody('as-typed'));
    expect(Buffer.from(drawn.bytes.subarray(0, 5)).toString()).toBe('%PDF-');
  });
});

// The last of the file: nothing runs afterwards.
test('asked to stop, nobody of the desk asks a database that is gone', async () => {
  const before = api.log().length;
  await api.halt();
  // longer than the pause between two looks
  await new Promise((done) => setTimeout(done, 2500));
  const loud = api
    .log()
    .slice(before)
    .split('\n')
    .filter((line) => line !== '' && (JSON.parse(line) as { level: number }).level >= 40);
  expect(loud).toEqual([]);
});
