import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { verifyFile } from '@mandate/verify';
import type { Browser } from 'playwright-core';
import { signWithLink } from '../kit/ceremony-client.mjs';
import { agreeTo, looker, newStaff, patiently, type Staff } from './desk-staff.js';
import { startService, type StartedService } from './started-service.js';
import { launchBrowser } from './visitor.js';

/** Reports at the desk's page: from sign-in to a sealed report, and what becomes of it. */
jest.setTimeout(600_000);

/**
 * What the officer does between sign-in and the sealed report in their hands, which may be twelve at most: each click,
 * field and touch of the authenticator is one. Each of the two approvers presses a button and touches theirs.
 */
const INTERACTIONS = 10;

let browser: Browser;
let service: StartedService;
let officer: Staff;
let one: Staff;
let two: Staff;
let letters: string[];
const found: string[] = [];
const look = looker(found);
const folder = mkdtempSync(join(tmpdir(), 'desk-reports-'));

beforeAll(async () => {
  service = await startService();
  browser = await launchBrowser();
  officer = await newStaff(browser, service, { name: '李静', roles: ['officer'] });
  // Copies have many pages to draw.
  officer.page.setDefaultTimeout(60_000);
  one = await newStaff(browser, service, { name: '王芳', roles: ['approver'] });
  two = await newStaff(browser, service, { name: '陈刚', roles: ['approver'] });
  letters = await Promise.all([signed(), signed()]);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

async function signed(): Promise<string> {
  const { id, link, subject } = await service.request();
  const { idNumber, phone } = subject;
  await signWithLink(service.url, link, { lastSix: idNumber.slice(-6), phone });
  await patiently(async () => (await service.stateOf(id)) === 'released');
  return id;
}

/** A call from somebody's own page, with their cookie. */
const call = <T>({ page }: Staff, path: string, body?: object): Promise<T> =>
  page.evaluate(
    async ([path, body]) => {
      const response = await fetch(`/desk/api${path}`, {
        method: body ? 'POST' : 'GET',
        headers: {
          'x-requested-with': 'mandate',
          'content-type': 'application/json',
          ...(body ? { 'idempotency-key': crypto.randomUUID() } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return response.json();
    },
    [path, body] as const,
  ) as Promise<T>;

/** The officer's. */
let interactions = 0;
async function act(selector: string): Promise<void> {
  interactions++;
  await officer.page.click(selector);
}
async function taken(action: string): Promise<string> {
  const [download] = await Promise.all([
    officer.page.waitForEvent('download', { timeout: 120_000 }),
    act(`[data-action="${action}"]`),
  ]);
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  await officer.page.waitForSelector('.callout.good');
  return path;
}

test('from sign-in to a sealed report, in few steps; then read, compared, and taken away whole', async () => {
  const { page } = officer;
  const opened = await service.asInstitution('/v1/cases', {
    ...{ kind: 'consumer-complaint', authorizations: letters, applicant: '李四' },
  });
  const { id } = (await opened.json()) as { id: string };
  await page.click('[data-action=sign-out]');
  await page.goto(`${service.deskUrl}/desk`);
  await act('desk-sign-in [data-action=passkey]');
  interactions++; // and the authenticator
  await page.waitForSelector('[data-table=cases] a[data-case]');
  await act('[data-table=cases] a[data-case]');
  await page.waitForSelector('[data-to=accepted]');
  interactions++;
  await page.fill('#accepted-standing', '本人，证件已核对');
  await act('[data-action=accepted]');
  await page.waitForSelector('[data-form=ask]');
  expect(await page.$('[data-form=reports]')).toBeNull();
  await act('input[name=rights][value=download]');
  await act('[data-action=ask]');
  await page.waitForSelector('[data-table=grants] [data-grant=waiting]');
  const { items } = await call<{ items: { id: string }[] }>(officer, `/cases/${id}/grants`);
  // each of the two: the button on their first page, and the authenticator
  for (const approver of [one, two]) await agreeTo(approver, service, items[0]!.id);
  interactions++;
  await page.reload();
  await page.waitForSelector('[data-form=reports]');
  await look(officer, 'desk-reports-order');
  await act('[data-action=make-reports]');
  await page.waitForSelector('desk-report-job [data-job]');
  await look(officer, 'desk-reports-progress');
  await page.waitForSelector('desk-report-job [data-job=done]', { timeout: 180_000 });
  const report = await taken('take-report.zh.pdf');
  expect(interactions).toBe(INTERACTIONS);
  const anchors = await service.anchors();
  const sealed = verifyFile(new Uint8Array(readFileSync(report)), { anchors, at: new Date() });
  expect(sealed.facts.report).toBeDefined();
  expect(sealed.verdict.indication).not.toBe('TOTAL-FAILED');
  await look(officer, 'desk-reports-done');

  await act('[data-action=read-zh]');
  await page.waitForSelector('desk-opened-copy canvas', { timeout: 60_000 });
  await page.click('desk-opened-copy summary');
  const shown = (await page.textContent('desk-opened-copy .plain-text'))!.replace(/\s/g, '');
  for (const mark of ['查阅用副本，不是证据原件', '李静', '签名有效'])
    expect(shown).toContain(mark);
  await look(officer, 'desk-reports-read');
  await page.click('[data-action=close]');
  await page.click('[data-action=run-stored]');
  await page.waitForSelector('[data-same=true]', { timeout: 60_000 });
  await page.click('[data-action=close]');

  // The first row: letters stand there in the order of their ids.
  const requested = [...letters].sort()[0]!;
  await service.asInstitution(`/v1/authorizations/${requested}/withdrawals`, {
    ...{ channel: 'app', proof: { kind: 'logged-in', ref: 'x' } },
  });
  const letterNumber = await page.textContent('[data-table=reports] tbody tr:first-child .number');
  // The bundle grows in its own time.
  await patiently(async () => {
    await page.click('[data-action=run-today]');
    await page.waitForSelector('[data-same]', { timeout: 60_000 });
    const told = await page.textContent('desk-report-job');
    if (told?.includes('撤回')) return true;
    await page.click('[data-action=close]');
    return false;
  }, 180);
  expect(letterNumber).toMatch(/^M/);
  // Facts of the letter never stand there without who reads them.
  expect(await page.textContent('.watermarked svg')).toContain('李静');
  expect(await page.textContent('[data-marks]')).toContain('李静');
  await look(officer, 'desk-reports-compared');
  await page.click('[data-action=close]');

  const filing = await taken('take-filing');
  const listed = execFileSync('unzip', ['-l', filing], { encoding: 'utf8' });
  for (const name of ['index.zh.pdf', 'index.zh.csv', `${letterNumber}/report.zh.pdf`])
    expect(listed).toContain(name);
  expect(execFileSync('unzip', ['-t', filing], { encoding: 'utf8' })).toContain('No errors');
  expect(found).toEqual([]);
  expect(officer.complaints).toEqual([]);
});

test('whose grant is over sees why the rest waits, and goes on under a new one', async () => {
  const { page } = officer;
  const { items } = await call<{ items: { id: string }[] }>(officer, '/cases');
  await page.goto(`${service.deskUrl}/desk/cases/${items[0]!.id}`);
  await page.waitForSelector('[data-table=report-jobs]');
  const { items: grants } = await call<{ items: { id: string }[] }>(
    officer,
    `/cases/${items[0]!.id}/grants`,
  );
  const job = await call<{ id: string }>(officer, `/cases/${items[0]!.id}/report-jobs`, {
    ...{ grant: grants[0]!.id, languages: ['zh', 'en'], depth: 'full' },
  });
  await page.evaluate(
    (path) => fetch(path, { method: 'DELETE', headers: { 'x-requested-with': 'mandate' } }),
    `/desk/api/grants/${grants[0]!.id}`,
  );
  await page.goto(`${service.deskUrl}/desk/cases/${items[0]!.id}/reports/${job.id}`);
  // It may have been quicker than the one who took the grant back.
  await page.waitForSelector('[data-job=stopped], [data-job=done]', { timeout: 120_000 });
  if (await page.$('[data-job=stopped]')) {
    expect(await page.textContent('[data-why=grant-revoked]')).toMatch(/收回/);
    await look(officer, 'desk-reports-stopped');
  }
  expect(await page.$('[data-action=take-filing]')).toBeNull();
  expect(found).toEqual([]);
});

/** What the desk would tell of a large job; nobody waits here until that many are signed. */
function many(size: number, made: number, after: number) {
  const at = '2026-11-22T08:00:00Z';
  const names = ['bundle.asice', 'report.json', 'report.xml', 'report.zh.pdf'];
  const item = (no: number) => ({
    ...{
      no,
      job: 'rjb_1',
      authorization: `aut_${no}`,
      letterNumber: `M${100_000 + no}`,
      why: null,
    },
    ...(no <= made
      ? {
          ...{ state: 'done', report: `rep_${no}`, madeAt: at },
          verdict: { indication: 'TOTAL-PASSED', subIndication: null },
          files: names.map((name) => ({ name, size: 9, digest: '0'.repeat(64), pages: null })),
        }
      : { state: 'waiting', report: null, madeAt: null, verdict: null, files: [] }),
  });
  return {
    ...{ id: 'rjb_1', case: 'cas_1', caseNumber: 'C-2026-000001', madeAt: at, changedAt: at },
    ...{ languages: ['zh'], depth: 'full', size, done: made, refused: 0, why: null },
    ...{ state: made < size ? 'running' : 'done', orders: [], filing: [] },
    items: Array.from({ length: Math.min(100, size - after) }, (_, i) => item(after + i + 1)),
    next: after + 100 < size ? after + 100 : null,
  };
}

test('a job of a thousand: a page of them at a time, and the one that is shown goes on by itself', async () => {
  const { page } = officer;
  let [size, made] = [102, 101];
  const asked: number[] = [];
  await page.route('**/desk/api/report-jobs/rjb_1*', (route) => {
    const after = Number(new URL(route.request().url()).searchParams.get('after') ?? 0);
    asked.push(after);
    return route.fulfill({ json: many(size, made, after) });
  });
  const now = Date.now();
  const hour = (n: number) => new Date(now + n * 3_600_000).toISOString();
  await page.route('**/desk/api/cases/cas_1/grants', (route) =>
    route.fulfill({
      json: {
        items: [
          {
            ...{
              id: 'gra_1',
              caseId: 'cas_1',
              requester: officer.id,
              rights: ['view', 'download'],
            },
            ...{ legalBasis: 'x', reason: 'y', hours: 72, breakGlass: false, askedAt: hour(-1) },
            ...{ approvals: [], good: { from: hour(-1), until: hour(71) } },
          },
        ],
      },
    }),
  );
  await page.goto(`${service.deskUrl}/desk/cases/cas_1/reports/rjb_1`);
  // A page of two is looked at: the others have the same rows, a hundred of them.
  await page.click('[data-action=later]');
  await page.waitForSelector('text=M100102');
  await look(officer, 'desk-reports-pages');
  [size, made] = [1000, 150];
  await page.reload();
  const rows = () => page.$$eval('[data-table=reports] tbody tr', (all) => all.length);
  const verdicts = () => page.$$eval('[data-table=reports] [data-verdict]', (all) => all.length);
  await page.waitForSelector('[data-table=reports] [data-verdict]');
  expect([await rows(), await verdicts()]).toEqual([100, 100]);
  expect(await page.isDisabled('[data-action=earlier]')).toBe(true);
  await page.click('[data-action=later]');
  await page.waitForSelector('text=M100101');
  expect([await rows(), await verdicts()]).toEqual([100, 50]);
  made = 180;
  await patiently(async () => (await verdicts()) === 80, 60);
  // It asks for what it shows and nothing else.
  expect(asked.slice(-2)).toEqual([100, 100]);
  made = 1000;
  await page.waitForSelector('[data-job=done]', { timeout: 60_000 });
  for (const first of [201, 301, 401, 501, 601, 701, 801, 901]) {
    await page.click('[data-action=later]:not([disabled])');
    await page.waitForSelector(`text=M${100_000 + first}`);
  }
  expect([await rows(), await page.isDisabled('[data-action=later]')]).toEqual([100, true]);
  // One request for each page that was turned to, and none once it is over.
  expect(asked.slice(-8)).toEqual([200, 300, 400, 500, 600, 700, 800, 900]);
  await page.unrouteAll();
  expect(found).toEqual([]);
});
