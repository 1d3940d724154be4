import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { verifyFile } from '@mandate/verify';
import type { Browser } from 'playwright-core';
import { signWithLink } from '../kit/ceremony-client.mjs';
import { looker, newStaff, patiently, type Staff } from './desk-staff.js';
import { startService, type StartedService } from './started-service.js';
import { launchBrowser } from './visitor.js';

/** Reports at the desk's page: from sign-in to a sealed report, and what becomes of it. */
jest.setTimeout(300_000);

/** What somebody does at most between sign-in and the sealed report in their hands. */
const MOST_INTERACTIONS = 12;

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
        headers: { 'x-requested-with': 'mandate', 'content-type': 'application/json' },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return response.json();
    },
    [path, body] as const,
  ) as Promise<T>;

/** A click, or a choice, of the officer's; counted. */
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
  const { id, version } = await call<{ id: string; version: number }>(officer, '/cases', {
    ...{ kind: 'court-request', authorizations: letters, texts: { applicant: '某某人民法院' } },
  });
  await call(one, `/cases/${id}/steps`, {
    ...{ to: 'accepted', version },
    texts: { standing: '法院调查令', legalBasis: '民事诉讼法 70', scope: '两份授权' },
  });
  await page.click('[data-action=sign-out]');
  await page.goto(`${service.deskUrl}/desk`);
  await act('desk-sign-in [data-action=passkey]');
  await page.waitForSelector('[data-table=cases] a[data-case]');
  await act('[data-table=cases] a[data-case]');
  await page.waitForSelector('[data-form=ask]');
  expect(await page.$('[data-form=reports]')).toBeNull();
  await act('input[name=rights][value=download]');
  await act('[data-action=ask]');
  await page.waitForSelector('[data-table=grants] [data-grant=waiting]');
  const { items } = await call<{ items: { id: string }[] }>(officer, `/cases/${id}/grants`);
  for (const approver of [one, two]) await call(approver, `/grants/${items[0]!.id}/approvals`, {});
  interactions++;
  await page.reload();
  await page.waitForSelector('[data-form=reports]');
  await look(officer, 'desk-reports-order');
  await act('[data-action=make-reports]');
  await page.waitForSelector('desk-report-job [data-job]');
  await look(officer, 'desk-reports-progress');
  await page.waitForSelector('desk-report-job [data-job=done]', { timeout: 180_000 });
  const report = await taken('take-report.zh.pdf');
  expect(interactions).toBeLessThanOrEqual(MOST_INTERACTIONS);
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

  const requested = letters[0]!;
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
