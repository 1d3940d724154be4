import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { signWithLink } from '../kit/ceremony-client.mjs';
import { looker, newStaff, patiently, type Staff } from './desk-staff.js';
import { startService, type Requested, type StartedService } from './started-service.js';
import { launchBrowser } from './visitor.js';

/** Search, who used an authorization, the access register and the auditor's view, as people see and press them. */
jest.setTimeout(300_000);

let browser: Browser;
let service: StartedService;
let officer: Staff;
let auditor: Staff;
let requested: Requested;
let reference: string;
const found: string[] = [];
const look = looker(found);

beforeAll(async () => {
  service = await startService();
  browser = await launchBrowser();
  requested = await service.request();
  const { idNumber, phone } = requested.subject;
  await signWithLink(service.url, requested.link, { lastSix: idNumber.slice(-6), phone });
  await patiently(async () => (await service.stateOf(requested.id)) === 'released');
  const used = await service.asInstitution(`/v1/authorizations/${requested.id}/redemptions`, {
    ...{ purpose: 'loan-approval', source: { creditCode: '91110000MA00DEM01M' } },
    ...{ items: ['basic-information'], operator: { id: 'staff-1017', name: '李操作' } },
    approver: { id: 'staff-3' },
  });
  expect(used.status).toBe(201);
  officer = await newStaff(browser, service, { name: '李静', roles: ['officer'] });
  auditor = await newStaff(browser, service, { name: '赵敏', roles: ['auditor'] });
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

test('from sign-in to who used it, when and why: at most eight interactions, nothing opened', async () => {
  const { page } = officer;
  let presses = 0;
  const press = async (selector: string): Promise<void> => {
    presses++;
    await page.click(selector);
  };
  await page.click('[data-action=sign-out]');
  await press('desk-sign-in [data-action=passkey]');
  presses++; // the authenticator
  await page.waitForSelector('desk-home h1');
  await press('.menu a[href="/desk/search"]');
  await page.waitForSelector('desk-search h1');
  await look(officer, 'desk-search');
  await page.selectOption('#by', 'phone');
  presses++;
  await page.fill('#value', requested.subject.phone);
  presses++;
  await press('[data-action=search]');
  await page.waitForSelector('[data-table=found] a[data-letter]');
  expect(await page.textContent('[data-table=found]')).not.toContain(requested.subject.phone);
  reference = (await page.textContent('[data-table=found] [data-reference]'))!;
  await look(officer, 'desk-found');
  await press('[data-table=found] a[data-letter]');
  await page.waitForSelector('[data-table=uses]');
  expect(await page.textContent('[data-table=uses]')).toMatch(/\d\d:\d\d.*贷款审批.*已完成/s);
  // each click, field and touch of the authenticator
  expect(presses).toBe(7);
  // who looked does not stand among the openings: nothing was opened
  expect(await page.textContent('[data-list=accesses]')).toContain('没有人打开过');
  const steps = await page.$$eval('.life li', (all) => all.map((it) => (it as any).dataset.what));
  expect(steps).toEqual(
    expect.arrayContaining(['requested', 'presented', 'challenged', 'confirmed', 'signed']),
  );
  await look(officer, 'desk-letter');
  await page.click('[data-action=open-case]');
  await page.waitForSelector('desk-open-case h1');
  expect(await page.inputValue('#authorizations')).toBe(requested.id);
  await page.click('[data-action=open-case]');
  await page.waitForSelector('desk-case-life .life li');
  await look(officer, 'desk-case-life');
});

test('a list from a file, what is missing from it, and a case about what was chosen', async () => {
  const { page } = officer;
  await page.goto(`${service.deskUrl}/desk/search`);
  await page.waitForSelector('desk-search h1');
  await page.click('[data-action=search]');
  expect(await page.textContent('.obstacle')).toContain('请填写');
  await page.selectOption('#purpose', 'case');
  await page.selectOption('#by', 'references');
  const text = `"loan ""1""",x\r\n${reference},y\r\n=2+3,z\r\n`;
  await page.setInputFiles('#file', {
    ...{ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(`\ufeff${text}`) },
  });
  await patiently(async () => (await page.inputValue('#value')).includes('=2+3'));
  expect(await page.inputValue('#value')).toBe(`loan "1"\n${reference}\n=2+3`);
  await page.click('[data-action=search]');
  expect(await page.textContent('.obstacle')).toContain('案件编号');
  await page.selectOption('#purpose', 'quality-review');
  await page.click('[data-action=search]');
  await page.waitForSelector('[data-list=missing]');
  expect(await page.$$('[data-table=found] tbody tr')).toHaveLength(1);
  await page.click('[data-list=missing] summary');
  expect(await page.textContent('[data-list=missing]')).toContain('=2+3');
  await look(officer, 'desk-found-list');
  await page.check('input.tick');
  await page.click('[data-action=open-case]');
  await page.waitForSelector('desk-open-case h1');
  expect(await page.inputValue('#authorizations')).toBe(requested.id);
});

test('the register tells who searched and why, narrows, prints and exports', async () => {
  const { page } = auditor;
  await page.click('.menu a[href="/desk/register"]');
  await page.waitForSelector('[data-table=register] tbody tr');
  const text = (await page.textContent('[data-table=register]')) ?? '';
  expect(text).toMatch(/李静/);
  expect(text).not.toContain(requested.subject.phone);
  await look(auditor, 'desk-register');
  await page.selectOption('#purpose', 'quality-review');
  await page.click('[data-action=show]');
  await patiently(async () => (await page.$$('[data-table=register] tbody tr')).length === 1);
  await page.click('[data-table=register] button[data-person]');
  await page.waitForSelector('[data-action=anybody]');
  const download = page.waitForEvent('download');
  await page.click('[data-action=export]');
  const file = await readFile(await (await download).path(), 'utf8');
  expect(file.split('\r\n').filter((line) => line !== '')).toHaveLength(2);
  await page.evaluate(() => {
    (globalThis as any).printed = 0;
    (globalThis as any).print = () => void (globalThis as any).printed++;
  });
  await page.click('[data-action=to-paper]');
  await patiently(() => page.evaluate(() => (globalThis as any).printed === 1));
  await page.click('[data-action=clear]');
  await patiently(async () => (await page.$$('[data-table=register] tbody tr')).length > 1);
});

test('the auditor sees ledger, integrity and what the rules find', async () => {
  const { page } = auditor;
  await page.click('.menu a[href="/desk/audit"]');
  await page.waitForSelector('[data-section=register] .callout', { timeout: 60_000 });
  // an entry is anchored once it is five minutes old; the worker looks every minute
  service.passHours(0.1);
  const state = await patiently(async () => {
    await page.waitForSelector('[data-section=register] .callout', { timeout: 60_000 });
    const now = await page.getAttribute('[data-section=register] .callout', 'data-state');
    if (now !== 'nothing') return now;
    await new Promise((done) => setTimeout(done, 5000));
    await page.reload();
    return false;
  });
  const told = await page.textContent('[data-section=register]');
  expect([state, told]).toEqual(['whole', told]);
  expect(await page.$$('[data-table=anomalies] tbody tr')).toHaveLength(5);
  expect(await page.textContent('[data-section=ledger]')).toMatch(/\d+/);
  await look(auditor, 'desk-audit');
  expect(await officer.page.$('.menu a[href="/desk/audit"]')).toBeNull();
});

test('auditor and operator read who works here and what was done to an account; others do not', async () => {
  const left = await newStaff(browser, service, { name: '离职', roles: ['officer'], of: 'sample' });
  await service.dismiss(left.id);
  const operator = await newStaff(browser, service, { name: '孙运', roles: ['operator'] });
  for (const { page } of [auditor, operator]) {
    await page.click('.menu a[href="/desk/people"]');
    await page.waitForSelector('[data-table=people] [data-locked=account-closed]');
  }
  await look(operator, 'desk-people');
  await operator.page.click(`a[href="/desk/people/${left.id}"]`);
  await operator.page.waitForSelector('[data-table=changes]');
  // Opened, given a role, invited, set up, closed.
  expect(await operator.page.$$('[data-table=changes] tbody tr')).toHaveLength(5);
  // by name and in words: the account's own id stands nowhere
  expect(await operator.page.textContent('[data-table=changes]')).not.toContain(left.id);
  await look(operator, 'desk-person');
  expect(await operator.page.$('.menu a[href="/desk/search"]')).toBeNull();
  expect(await officer.page.$('.menu a[href="/desk/people"]')).toBeNull();
  expect([...left.complaints, ...operator.complaints]).toEqual([]);
});

test('pages say nothing wrong to a screen reader and ask nobody else', () => {
  expect(found).toEqual([]);
  expect([...officer.complaints, ...auditor.complaints]).toEqual([]);
});
