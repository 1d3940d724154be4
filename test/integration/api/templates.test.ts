import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, systemClock, systemRandom, type TemplateEvidence } from '@mandate/core';
import { relintTemplates } from '@mandate/ceremony';
import { openDatabase, workerRecord } from '@mandate/store';
import { registerParties } from '@mandate/all';
import {
  CURRENT_RULE_PACK,
  postLoanTemplate,
  SAMPLE_TEMPLATES,
  thirdPartyDataTemplate,
} from '@mandate/terms';
import {
  authorizationBody,
  person,
  startApi,
  templateBody,
  type ApiInstance,
  type Tenant,
} from './api-instance.js';

let api: ApiInstance;
let tenant: Tenant;
beforeAll(async () => {
  api = await startApi();
  tenant = await api.tenant();
}, 60_000);
afterAll(() => api?.stop(), 30_000);

let keys = 0;
const send = (method: string, path: string, body?: unknown, key = tenant.apiKey) =>
  api.call(method, path, {
    key,
    headers: { 'idempotency-key': `templates-${++keys}` },
    ...(body === undefined ? {} : { body }),
  });
const draft = async (name: string, over: object = {}): Promise<string> => {
  const made = await send('POST', '/v1/templates', { ...templateBody(name), ...over });
  expect(made.status).toBe(201);
  return `/v1/templates/${made.json.id}/versions/1`;
};
const submit = (path: string, body: object = { assessment: 'PIA-7' }) =>
  send('POST', `${path}/submit`, body);
const approve = (path: string, body: object = {}, key = tenant.reviewerKey) =>
  send('POST', `${path}/approve`, body, key);
const request = (template: string, over: object = {}) =>
  send('POST', '/v1/authorizations', { ...authorizationBody(api, 1, template), ...over });

test('a draft cannot be requested; published it can, retired it cannot', async () => {
  const path = await draft('walk');
  expect((await request('walk')).json.code).toBe('template-unknown');
  expect((await approve(path)).json.code).toBe('template-state');
  expect((await submit(path)).json).toMatchObject({ status: 'in-review', authors: ['tests'] });
  expect((await request('walk')).json.code).toBe('template-unknown');
  expect((await approve(path)).json).toMatchObject({
    status: 'published',
    approver: 'reviewer',
    assessment: 'PIA-7',
    lint: { pack: expect.any(String), waivers: [] },
  });
  expect((await request('walk')).status).toBe(201);
  // a newer draft is no reason to stop
  await send('POST', '/v1/templates/walk/versions', templateBody('walk'));
  expect((await request('walk')).json.templateVersion).toBe(1);
  expect((await request('walk', { version: 2 })).json.code).toBe('template-unknown');
  expect((await send('PUT', path, templateBody('walk'))).json.code).toBe('template-state');
  expect((await send('POST', `${path}/retire`)).json.status).toBe('retired');
  expect((await request('walk')).json.code).toBe('template-unknown');
});

test('nobody approves what they wrote, also not as one of several authors', async () => {
  const path = await draft('own-work');
  await submit(path);
  expect((await approve(path, {}, tenant.apiKey)).json.code).toBe('template-own-work');
  // the reviewer mends the draft and is an author from then on
  const mended = await send('PUT', path, templateBody('own-work'), tenant.reviewerKey);
  expect(mended.json).toMatchObject({ status: 'draft', authors: ['tests', 'reviewer'] });
  await submit(path);
  expect((await approve(path)).json.code).toBe('template-own-work');
  expect((await approve(path, {}, tenant.apiKey)).json.code).toBe('template-own-work');
  // and the database says the same to whoever asks it directly
  await expect(
    api.query(
      `UPDATE template_versions SET status = 'published', approver = 'tests', published_at = now(),
       lint_pack = 'x' WHERE template_id = $1`,
      [path.split('/')[3]],
    ),
  ).rejects.toThrow('template_versions_four_eyes');
  await expect(
    api.query(
      `UPDATE template_versions SET status = 'published', approver = 'x', published_at = now(),
       lint_pack = 'x', assessment = NULL WHERE template_id = $1`,
      [path.split('/')[3]],
    ),
  ).rejects.toThrow('template_versions_published');
});

test('without an impact assessment nothing is published', async () => {
  const path = await draft('no-assessment');
  await submit(path, {});
  const refused = await approve(path);
  expect([refused.status, refused.json.code]).toEqual([422, 'assessment-missing']);
  expect((await approve(path, { assessment: 'PIA-8' })).json.assessment).toBe('PIA-8');
});

test('an open list is not published, unless a second person waives it with a reason', async () => {
  const method = {
    zh: `${templateBody().method.zh}包括但不限于上述方式。`,
    en: templateBody().method.en,
  };
  const path = await draft('open-list', { method });
  await submit(path);
  const refused = await approve(path);
  expect([refused.status, refused.json.code]).toEqual([422, 'template-lint-failed']);
  expect(refused.json.detail).toContain('method.zh');
  const findings = (await send('GET', `${path}/findings`)).json.items as {
    rule: string;
    severity: string;
    path: string;
  }[];
  const errors = findings.filter(({ severity }) => severity === 'error');
  expect(errors.map((finding) => finding.path)).toEqual(['method.zh']);
  const waiver = { rule: errors[0]!.rule, path: 'method.zh', reason: '法务意见书 2026-17' };
  const elsewhere = await approve(path, { waivers: [{ ...waiver, path: 'method.en' }] });
  expect(elsewhere.json.code).toBe('invalid-request');
  const done = await approve(path, { waivers: [waiver] });
  expect(done.json.lint.waivers).toEqual([waiver]);
});

test('who stands in a letter is registered and reviewed, and may be asked for that', async () => {
  // what startApi registers of the samples is taken away first
  await api.query('DELETE FROM registry_entries');
  await api.query('DELETE FROM registry_combinations');
  const body = { ...thirdPartyDataTemplate, name: 'registry' };
  const path = await draft('registry', body);
  await submit(path);
  expect((await approve(path)).status).toBe(200);
  const refusal = async () => (await request('registry')).json.code;
  const entry = {
    ...{ licence: 'L', originProof: 'P', registrar: 'A', approver: 'B' },
    ...{ name: body.sources[0]!.name.zh, nameEn: null },
    ...{ kind: 'source' as const, creditCode: body.sources[0]!.creditCode },
    reviewedAt: new Date(0),
  };
  const tomorrow = new Date(api.now().getTime() + 86_400_000);
  const register = (over: object) =>
    api.administration.registerParty({
      id: newId('registryEntry', systemClock, systemRandom),
      ...entry,
      registeredAt: api.now(),
      ...{ reviewBy: tomorrow, validUntil: tomorrow },
      ...over,
    });
  expect(await refusal()).toBe('source-unknown');
  const past = new Date(api.now().getTime() - 1);
  await register({ reviewBy: past, validUntil: past });
  expect(await refusal()).toBe('source-expired');
  await register({ reviewBy: past });
  expect(await refusal()).toBe('source-expired');
  await register({ name: '另一家公司' });
  expect(await refusal()).toBe('source-name-mismatch');
  await register({});
  expect((await request('registry', { language: 'en' })).json.code).toBe('source-name-mismatch');
  expect(await refusal()).toBe('recipient-unknown');
  const recipient = {
    ...{ kind: 'recipient', creditCode: body.recipients[0]!.creditCode, originProof: null },
  };
  await register({ ...recipient, reviewBy: new Date(1000), validUntil: new Date(1000) });
  expect(await refusal()).toBe('recipient-expired');
  await register(recipient);
  expect(await refusal()).toBe('recipient-name-mismatch');
  await register({ ...recipient, name: body.recipients[0]!.name.zh });
  expect(await refusal()).toBe('combination-not-allowed');
  await registerParties(
    { clock: systemClock, random: systemRandom, administration: api.administration },
    { ...body, purpose: { ...body.purpose, code: 'loan-approval' } },
  );
  expect(await refusal()).toBe('combination-not-allowed');
  await registerParties(
    { clock: systemClock, random: systemRandom, administration: api.administration },
    body,
  );
  expect((await request('registry')).status).toBe(201);
  expect((await send('GET', '/v1/registry/sources')).json.items).toEqual([
    expect.objectContaining({ creditCode: entry.creditCode, valid: true }),
  ]);
  expect((await send('GET', '/v1/registry/combinations')).json.items).toContainEqual({
    source: entry.creditCode,
    item: 'device-risk',
    purpose: 'fraud-prevention',
  });
  await expect(register({ approver: 'A' })).rejects.toThrow();
  // what is forbidden leaves a trace: who, when, why
  const combination = {
    source: entry.creditCode,
    ...{ item: body.items[0]!.code, purpose: body.purpose.code },
  };
  const note = { by: 'B', reason: 'case 9', at: api.now() };
  expect(await api.administration.forbidCombination({ ...combination, ...note })).toBe(true);
  expect(await api.administration.forbidCombination({ ...combination, ...note })).toBe(false);
  expect(await refusal()).toBe('combination-not-allowed');
  expect((await api.administration.combinationChanges()).at(-1)).toEqual({
    ...combination,
    ...{ allowed: false, changedBy: 'B', reason: 'case 9', at: note.at },
  });
  // new letters of the other tests name them again
  for (const sample of SAMPLE_TEMPLATES)
    await registerParties(
      { clock: systemClock, random: systemRandom, administration: api.administration },
      sample,
    );
});

test('a newer rule pack lints what is published: told, used on for a grace, then refused; a second person waives', async () => {
  const path = await draft('relint');
  await submit(path);
  await approve(path);
  const id = path.split('/')[3]!;
  const worker = openDatabase(api.databaseUrl, 'worker', 1);
  try {
    const record = workerRecord(worker);
    const [rule] = CURRENT_RULE_PACK.rules;
    /** A pack that finds 信用 wrong wherever it stands, as of that many days ago. */
    const relint = (version: string, daysAgo: number) =>
      relintTemplates(
        { record, clock: { now: () => new Date(api.now().getTime() - daysAgo * 86_400_000) } },
        {
          ...CURRENT_RULE_PACK,
          version,
          rules: [
            {
              ...rule!,
              id: 'newly-forbidden',
              severity: 'error',
              matcher: {
                kind: 'phrases',
                roles: ['method'],
                phrases: { zh: [{ match: '被授权人' }], en: [] },
              },
            },
          ],
        },
      );
    expect(await relint('2027-01', 29)).toBeGreaterThan(0);
    expect(await relint('2027-01', 29)).toBe(0);
    expect(await record.failingTemplates()).toBeGreaterThan(0);
    const seen = (await send('GET', `/v1/templates/${id}`)).json;
    const error = { rule: 'newly-forbidden', path: 'method.zh' };
    expect(seen).toMatchObject({
      status: 'published',
      relint: { pack: '2027-01', open: [error], waivers: [] },
    });
    const told = (await send('GET', '/v1/events?type=template.lint-failed&limit=100')).json.items;
    expect(told).toContainEqual(
      expect.objectContaining({ type: 'template.lint-failed', template: id, version: 1 }),
    );
    // within the grace it is used on, and the letter's evidence says so
    const within = await request('relint');
    expect(within.status).toBe(201);
    const recordOf = async (authorization: string) => {
      const [{ body }] = await api.query(
        `SELECT r.body FROM events e JOIN template_records r
           ON r.digest = e.body::jsonb->'data'->>'templateRecord' WHERE e.stream = $1`,
        [authorization],
      );
      return JSON.parse(body) as TemplateEvidence;
    };
    expect((await recordOf(within.json.id)).lint).toMatchObject({
      newestPack: '2027-01',
      open: [error],
    });
    // the same pack's grace over
    expect(await relint('2027-02', 31)).toBeGreaterThan(0);
    const refused = await request('relint');
    expect([refused.status, refused.json.code]).toEqual([422, 'template-overdue']);
    const waiver = { ...error, reason: 'agreed, case 12' };
    const waive = (body: object, key = tenant.reviewerKey) =>
      send('POST', `${path}/waivers`, body, key);
    expect((await waive(waiver, tenant.apiKey)).json.code).toBe('template-own-work');
    expect((await waive({ ...waiver, path: 'method.en' })).json.code).toBe('invalid-request');
    const waived = await waive(waiver);
    expect(waived.json.relint).toMatchObject({
      pack: '2027-02',
      open: [],
      waivers: [{ ...waiver, by: 'reviewer' }],
      refusedFrom: null,
    });
    const again = await request('relint');
    expect(again.status).toBe(201);
    const evidence = await recordOf(again.json.id);
    expect(evidence.lint).toMatchObject({ open: [], waivers: [waiver] });
    expect(evidence.lint.waivers[0]!.by).toBe(evidence.approver);
    expect(evidence.authors).not.toContain(evidence.approver);
    expect(JSON.stringify(evidence)).not.toMatch(/reviewer|tests/);
    // whoever asks the database directly
    await expect(
      api.query(
        `INSERT INTO template_waivers VALUES ($1, 1, 'x', 'y', 'z', ' TESTS ', '2027-02', now())`,
        [id],
      ),
    ).rejects.toThrow('second person');
  } finally {
    // the samples of this file are published on
    await api.query('DELETE FROM template_lints');
    await worker.destroy();
  }
});

test('the preview is marked on every page and cannot be signed', async () => {
  const path = await draft('preview');
  for (const language of ['zh', 'en']) {
    const response = await fetch(`${api.url}${path}/preview?language=${language}`, {
      headers: { authorization: `Bearer ${tenant.apiKey}` },
    });
    expect(response.status).toBe(200);
    const bytes = Buffer.from(await response.arrayBuffer());
    const file = join(tmpdir(), `preview-${process.pid}-${language}.pdf`);
    writeFileSync(file, bytes);
    const pages = execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8' }).split('\f');
    for (const page of pages.slice(0, -1)) expect(page.replace(/\s/g, '')).toContain('样张SAMPLE');
    expect(execFileSync('qpdf', ['--json', file], { encoding: 'utf8' })).not.toMatch(
      /AcroForm|terms\.json/,
    );
  }
});

test('the difference of two versions by path', async () => {
  const path = await draft('diff');
  const [first, ...rest] = templateBody('diff').clauses;
  const next = {
    ...templateBody('diff'),
    clauses: [...rest, { ...first!, text: { ...first!.text, zh: `${first!.text.zh}我已看清。` } }],
  };
  const id = path.split('/')[3];
  await send('POST', `/v1/templates/${id}/versions`, next);
  const { items } = (await send('GET', `/v1/templates/${id}/diff?from=1&to=2`)).json;
  expect(items).toEqual([
    { path: 'clauses.order', before: expect.any(Array), after: expect.any(Array) },
    {
      path: 'clauses[purpose-only].text.zh',
      before: first!.text.zh,
      after: `${first!.text.zh}我已看清。`,
    },
  ]);
  expect((await send('GET', `/v1/templates/${id}/diff?from=1&to=9`)).status).toBe(404);
  const other = await api.tenant();
  expect((await send('GET', `${path}/findings`, undefined, other.apiKey)).status).toBe(404);
});

test('post-loan management: recurring use until the loan is settled', async () => {
  await api.publish({
    key: tenant.apiKey,
    headers: { 'idempotency-key': 'post-loan' },
    body: { ...postLoanTemplate, name: 'post-loan' },
  });
  const { status, json } = await send('POST', '/v1/authorizations', {
    template: 'post-loan',
    businessReference: 'LN-1',
    subject: person(7),
    uses: { kind: 'recurring', atMost: 1, per: 'month' },
    end: {
      kind: 'event',
      event: 'loan-settled',
      latest: new Date(api.now().getTime() + 700 * 86_400_000).toISOString(),
    },
  });
  expect([status, json.state]).toEqual([201, 'requested']);
});
