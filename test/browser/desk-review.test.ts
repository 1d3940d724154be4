import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { signWithLink } from '../kit/ceremony-client.mjs';
import { looker, newStaff, patiently, type Staff } from './desk-staff.js';
import { startService, type StartedService } from './started-service.js';
import { launchBrowser } from './visitor.js';

/** Reconciliation, samples and templates at the desk's page. */
jest.setTimeout(300_000);

let browser: Browser;
let service: StartedService;
let auditor: Staff;
let author: Staff;
let approver: Staff;
let letter: string;
const found: string[] = [];
const look = looker(found);
const folder = mkdtempSync(join(tmpdir(), 'desk-review-'));
const SOURCE = '91110000MA00DEM01M';
/** `2026-11-22`, in UTC+8. */
const dayOf = (days: number): string =>
  new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);

beforeAll(async () => {
  service = await startService();
  browser = await launchBrowser();
  auditor = await newStaff(browser, service, {
    ...{ name: '赵敏', roles: ['auditor'], of: 'sample' },
  });
  author = await newStaff(browser, service, {
    ...{ name: '周文', roles: ['template-author'], of: 'sample' },
  });
  approver = await newStaff(browser, service, {
    ...{ name: '吴法', roles: ['template-approver'], of: 'sample' },
  });
  const { id, link, subject } = await service.request();
  const { idNumber, phone } = subject;
  await signWithLink(service.url, link, { lastSix: idNumber.slice(-6), phone });
  await patiently(async () => (await service.stateOf(id)) === 'released');
  const used = await service.asInstitution(`/v1/authorizations/${id}/redemptions`, {
    ...{ purpose: 'loan-approval', source: { creditCode: SOURCE } },
    ...{ items: ['basic-information'], operator: { id: 'staff-1017' } },
  });
  expect(used.status).toBe(201);
  letter = id;
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

test('a log with faults is refused by its lines; the next one is matched and its findings taken away', async () => {
  const { page } = auditor;
  const begin = async (): Promise<void> => {
    await page.click('.menu a[href="/desk/reconciliations"]');
    await page.waitForSelector('desk-reconciliations h1');
    await page.fill('#source', SOURCE);
    await page.fill('#from', dayOf(-1));
    await page.fill('#to', dayOf(0));
    await page.click('[data-action=begin]');
    await page.waitForSelector('desk-reconciliation #file');
  };
  const send = async (name: string, lines: readonly string[]): Promise<void> => {
    const file = join(folder, name);
    writeFileSync(file, `\ufeff${lines.join('\r\n')}\r\n`);
    await page.setInputFiles('#file', file);
    await page.click('[data-action=send]');
  };
  const heading = '查询时间,查询编号,授权编号,查询原因,操作员';
  await begin();
  await look(auditor, 'desk-log');
  await send('faults.csv', [heading, `昨天,Q-1,${letter},贷款审批,a`]);
  await page.waitForSelector('[data-refused] [data-fault=time]');
  await look(auditor, 'desk-log-refused');

  await begin();
  const at = new Date().toISOString();
  await send('log.csv', [
    heading,
    `${at},Q-1,${letter},贷款审批,staff-1017`,
    `${at},Q-2,${letter},贷款审批,staff-1017`,
    `${at},Q-3,aut_019a1111-2222-7333-8444-555566667777,贷款审批,staff-1017`,
  ]);
  await page.waitForSelector('[data-table=findings] tbody tr');
  const kinds = await page.$$eval('[data-table=counts] [data-kind]', (all) =>
    all.map((it) => (it as any).dataset.kind),
  );
  expect(kinds).toEqual(['unknown', 'used-twice', 'matched']);
  expect(await page.$$('[data-table=findings] tbody tr')).toHaveLength(2);
  await look(auditor, 'desk-reconciled');
  await page.selectOption('#kind', 'matched');
  await patiently(async () => (await page.$$('[data-table=findings] tbody tr')).length === 1);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.click('[data-action=export]'),
  ]);
  const path = join(folder, 'findings.csv');
  await download.saveAs(path);
  expect(readFileSync(path, 'utf8').trimEnd().split('\r\n')).toHaveLength(3);
  await page.click('.menu a[href="/desk/reconciliations"]');
  await page.waitForSelector('[data-table=reconciliations] tbody tr');
  await look(auditor, 'desk-reconciliations');
});

test('a sample is fixed, drawn, checked by its seed, and each item gets its finding', async () => {
  const { page } = auditor;
  await page.click('.menu a[href="/desk/samples"]');
  await page.waitForSelector('desk-samples h1');
  await page.fill('#from', dayOf(-7));
  await page.fill('#to', dayOf(0));
  await page.click('[data-action=fix]');
  // today is not over
  await patiently(async () => ((await page.textContent('desk-samples .obstacle')) ?? '') !== '');
  await page.fill('#to', dayOf(-1));
  await page.selectOption('#kind', 'authorizations');
  // the ledger takes its time: until then there is nothing to draw by, and the page says so
  const sample = /\/desk\/api\/samples\/[a-z]+_[0-9a-f-]+(?:\/seed)?$/;
  await page.route(sample, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), settled: null } });
  });
  await page.click('[data-action=fix]');
  await page.waitForSelector('[data-waiting]');
  await patiently(async () => /[2-9]/.test((await page.textContent('[data-waiting] .number'))!));
  expect(await page.$$('[data-seed], [data-action=draw]')).toEqual([]);
  await look(auditor, 'desk-sample-waiting');
  await page.unroute(sample);
  await page.waitForSelector('[data-action=draw]');
  const seed = await page.textContent('[data-seed]');
  expect(seed).toMatch(/^[0-9a-f]{64}$/);
  await page.click('[data-action=draw]');
  await page.click('[data-action=verify]');
  await page.waitForSelector('[data-verified=true]');
  expect(await page.textContent('[data-seed]')).toBe(seed);

  // the page takes whole days; what there is is of today
  const id = await page.evaluate(async () => {
    const now = Date.now();
    const response = await fetch('/desk/api/samples', {
      method: 'POST',
      headers: { 'x-requested-with': 'mandate', 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ kind: 'redemptions', wanted: 3 },
        from: new Date(now - 86_400_000).toISOString(),
        to: new Date(now - 1000).toISOString(),
      }),
    });
    return (await response.json()).id as string;
  });
  await page.goto(`${service.deskUrl}/desk/samples/${id}`);
  await page.click('[data-action=draw]');
  await page.waitForSelector('[data-item="1"]');
  expect(await page.textContent('[data-item="1"]')).toContain(letter);
  await page.selectOption('#finding-1', 'no-business');
  await page.fill('#note-1', '13800000001');
  await page.click('[data-item="1"] [data-action=record]');
  await page.waitForSelector('[data-problem=invalid-request]');
  await page.fill('#note-1', '信贷系统中没有这笔业务');
  await page.click('[data-item="1"] [data-action=record]');
  await page.waitForSelector('[data-item="1"] li .badge.warning');
  await look(auditor, 'desk-sample');
  await page.click('.menu a[href="/desk/samples"]');
  await page.waitForSelector('[data-table=samples] tbody tr');
  await look(auditor, 'desk-samples');
});

test('a template: written in a form with its findings at their fields, approved by another’s own word, retired', async () => {
  const { page } = author;
  await page.click('.menu a[href="/desk/templates"]');
  await page.waitForSelector('desk-templates h1');
  await look(author, 'desk-templates');
  await page.fill('#name', 'desk-walk');
  await page.click('[data-action=create]');
  await page.waitForSelector('desk-template-form [data-list=clauses]');
  await page.waitForSelector('[data-findings="0"]');
  const clause = '#field-clauses-0-text-zh';
  const good = await page.inputValue(clause);
  await page.fill(clause, `${good}等相关第三方，\n长期有效。`);
  await page.waitForSelector('[data-note][data-at="clauses[0].text.zh"]');
  // letters have no line breaks
  expect(await page.inputValue(clause)).toBe(`${good}等相关第三方，长期有效。`);
  expect(await page.getAttribute(clause, 'aria-invalid')).toBe('true');
  await look(author, 'desk-template-findings');
  await page.click('.form-summary li button');
  const focused = () =>
    page.evaluate(() => (globalThis as any).document.activeElement.id as string);
  expect(`#${await focused()}`).toBe(clause);

  // lists by keyboard alone: what was moved keeps the focus
  const press = async (place: string): Promise<void> => {
    await page.focus(place);
    await page.keyboard.press('Enter');
  };
  await press('#field-clauses-0 [data-act=down]');
  await patiently(async () => (await page.inputValue('#field-clauses-1-text-zh')).startsWith(good));
  expect(await page.$('#field-clauses-1 [data-act=down]:focus')).not.toBeNull();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await patiently(async () => (await page.inputValue(clause)).startsWith(good));
  await page.fill(clause, good);
  await page.waitForSelector('[data-findings="0"]');
  await press('[data-add=recipients]');
  await page.waitForSelector('[data-note=credit-code][data-at="recipients[0].creditCode"]');
  expect(await focused()).toBe('field-recipients-0-name-zh');
  await press('#field-recipients-0 [data-act=remove]');
  await page.waitForSelector('[data-add=recipients]:focus');
  await page.waitForSelector('[data-findings="0"]');

  // the sample is drawn while one writes, before anything is saved
  await page.check('input[name=live]');
  await page.waitForSelector('desk-template-preview canvas', { timeout: 60_000 });
  const asked = page.waitForRequest(
    (request) => request.method() === 'POST' && request.url().includes('/preview'),
  );
  await page.fill('#field-title-zh', '查询个人信用报告授权书');
  expect((await asked).postDataJSON().body.title.zh).toBe('查询个人信用报告授权书');
  await page.waitForSelector('[data-action=save]:enabled');

  // nobody loses what is typed by a slip: asked, and stays
  let questions = 0;
  page.on('dialog', (dialog) => {
    questions++;
    void dialog.dismiss();
  });
  const address = page.url();
  await page.click('.menu a[href="/desk/templates"]');
  await patiently(async () => questions === 1);
  await page.goBack();
  await patiently(async () => questions === 2);
  expect([page.url(), await page.inputValue('#field-title-zh')]).toEqual([
    ...[address, '查询个人信用报告授权书'],
  ]);

  // nor by a session that ends
  await page.evaluate(() =>
    (globalThis as any).document.querySelector('mandate-desk').over('over'),
  );
  await page.click('desk-sign-in [data-action=passkey]');
  await page.waitForSelector('desk-template-form');
  expect(await page.inputValue('#field-title-zh')).toBe('查询个人信用报告授权书');
  await page.waitForSelector('[data-action=save]:enabled');

  // as text, for those who like it; what is no JSON is said
  await page.click('#tab-text');
  const text = await page.inputValue('#text');
  expect(JSON.parse(text).title.zh).toBe('查询个人信用报告授权书');
  await page.fill('#text', text.slice(0, -3));
  await page.waitForSelector('desk-template-editor .callout.warning');
  expect(await page.isDisabled('#tab-form')).toBe(true);
  await page.fill('#text', text.replace(good, `${good}一切情况，长期有效。`));
  await page.waitForSelector('.finding[data-rule]');
  await page.click('.finding[data-rule] button');
  const chosen = await page.$eval('#text', (it: any) =>
    it.value.slice(it.selectionStart, it.selectionEnd),
  );
  expect('一切情况，长期有效。').toContain(chosen);
  await look(author, 'desk-template-text');
  await page.fill('#text', text);
  await page.focus('#tab-text');
  await page.keyboard.press('ArrowLeft');
  await page.waitForSelector('desk-template-form');

  // somebody else saves meanwhile: both changes stay, and where they meet the author says whose
  const other = await author.page.context().newPage();
  await other.goto(address);
  await other.waitForSelector('desk-template-form');
  await other.fill('#field-title-en', 'Authorization to query a credit report');
  await other.fill('#field-title-zh', '个人信用报告查询授权');
  await other.click('[data-action=save]:enabled');
  await other.waitForSelector('desk-template .callout.good');
  await other.close();
  await page.click('[data-action=save]:enabled');
  await page.waitForSelector('[data-conflict="1"]');
  expect([
    await page.inputValue('#field-title-zh'),
    await page.inputValue('#field-title-en'),
  ]).toEqual(['查询个人信用报告授权书', 'Authorization to query a credit report']);
  await look(author, 'desk-template-conflict');
  await page.click('[data-table=clashes] td:nth-child(3) button');
  await patiently(
    async () => (await page.inputValue('#field-title-zh')) === '个人信用报告查询授权',
  );
  await page.click('[data-table=clashes] td:nth-child(2) button');
  await patiently(
    async () => (await page.inputValue('#field-title-zh')) === '查询个人信用报告授权书',
  );
  await page.click('[data-action=save]:enabled');
  await page.waitForSelector('desk-template .callout.good');

  await page.fill('#assessment', 'PIA-2026-07');
  await page.click('[data-action=submit]:enabled');
  await page.waitForSelector('[data-status=in-review]');
  // whoever wrote it is not even offered it
  expect(await page.$('[data-action=approve]')).toBeNull();

  const second = approver.page;
  await second.click('.menu a[href="/desk/templates"]');
  await second.click('[data-table=templates] tr:has-text("desk-walk") a');
  await second.waitForSelector('[data-action=approve]');
  expect(await second.isEditable('#field-title-zh')).toBe(false);
  await look(approver, 'desk-template-approval');
  await second.click('[data-action=approve]');
  await second.waitForSelector('[data-status=published]');

  // what was typed over a version that was published meanwhile becomes the next one
  await page.fill('#field-title-zh', '个人信用报告查询授权');
  await page.click('[data-action=save]:enabled');
  await page.click('[data-action=new-version]');
  await page.waitForSelector('[data-table=differences] tbody tr');
  expect(await page.inputValue('#field-title-zh')).toBe('个人信用报告查询授权');
  expect(await page.textContent('[data-table=differences] tbody')).toContain('title.zh');
  await look(author, 'desk-template-differences');
  expect(questions).toBe(2);

  await second.click('[data-action=retire]');
  await second.waitForSelector('[data-status=retired]');
  // long pages, looked at in every size
}, 900_000);

test('pages say nothing wrong to a screen reader and ask nobody else', () => {
  expect(found).toEqual([]);
  for (const { complaints } of [auditor, author, approver]) expect(complaints).toEqual([]);
});
