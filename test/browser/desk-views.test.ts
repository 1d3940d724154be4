import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { StaffRole } from '@mandate/core';
import type { Browser, Page } from 'playwright-core';
import { newStaff, patiently, releasedLetter, staffCall, type Staff } from './desk-staff.js';
import { glance } from './inspection.js';
import { startService, type Requested, type StartedService } from './started-service.js';
import { launchBrowser, newVisitor } from './visitor.js';

/** Every view of the desk's own list; glass that is broken; what may not stay on a screen. */
jest.setTimeout(600_000);

interface View {
  readonly path: string;
  readonly element: string;
  readonly roles: 'nobody' | 'any' | readonly StaffRole[];
}
/** The router's own list: what is added there is looked at here. Its modules are the browser's, so by its name alone. */
const LIST = '../../services/desk/pages/views/index.ts';
const { VIEWS } = (await import(LIST)) as { VIEWS: readonly View[] };

let browser: Browser;
let service: StartedService;
let officer: Staff;
let approvers: readonly Staff[];
let custodian: Staff;
let auditor: Staff;
let letter: Requested;
let caseId: string;
let grantId: string;

beforeAll(async () => {
  service = await startService();
  browser = await launchBrowser();
  const person = (name: string, role: StaffRole, of?: 'sample'): Promise<Staff> =>
    newStaff(browser, service, { name, roles: [role], ...(of ? { of } : {}) });
  letter = await releasedLetter(service);
  officer = await person('李静', 'officer');
  approvers = [await person('王芳', 'approver'), await person('陈刚', 'approver')];
  custodian = await person('郑守', 'custodian');
  auditor = await person('赵敏', 'auditor');
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

const home = (): string => `${service.deskUrl}/desk`;
const copyOf = (grant: string): string => `/grants/${grant}/copy`;
const viewing = () => ({ authorization: letter.id, right: 'view' });

/** Agrees to the only request that waits for them. */
async function agree({ page }: Staff): Promise<void> {
  await page.goto(home());
  await page.click('[data-list=waiting] [data-action=approve]');
  await page.waitForSelector('desk-waiting-grants .callout.good');
}

test('broken glass: before the case is accepted, three people, told to everybody, and the subject sees it', async () => {
  const { page } = officer;
  await page.goto(`${home()}/cases/new?authorization=${letter.id}&letter=M1`);
  await page.waitForSelector('[data-chosen="1"]');
  await page.click('[data-action=open-case]');
  await page.waitForSelector('desk-case .case-head [data-step=applied]');
  caseId = page.url().split('/').at(-1)!;
  await page.click('desk-case-grants summary');
  await page.check('input[name=break-glass]');
  await page.click('[data-action=ask]');
  await page.click('[data-action=open-grant]');
  await page.waitForSelector('desk-grant [data-grant=waiting]');
  grantId = page.url().split('/').at(-1)!;
  // told before anybody has agreed
  for (const someone of [...approvers, custodian, auditor]) {
    await someone.page.goto(home());
    await someone.page.waitForSelector('[data-list=broken-glass]');
    expect(await someone.page.textContent('[data-list=broken-glass]')).toContain(officer.name);
  }
  expect(await auditor.page.textContent('[data-list=ways-in]')).toContain(custodian.name);
  // two approvers would do for any other request
  for (const approver of approvers) await agree(approver);
  const { page: own } = approvers[0]!;
  await own.click('[data-action=own-agreements]');
  await own.waitForSelector(`[data-table=own-agreements] a[href$="/grants/${grantId}"]`);
  await page.reload();
  await page.waitForSelector('desk-grant [data-grant=waiting]');
  expect(await page.$('[data-action=view]')).toBeNull();
  expect(await staffCall(officer, 'POST', copyOf(grantId), viewing())).toMatchObject({
    ...{ code: 'grant-refused', why: 'grant-unapproved' },
  });
  await agree(custodian);
  await page.reload();
  await page.click('[data-action=view]');
  await page.waitForSelector('desk-opened-copy canvas', { timeout: 60_000 });
  await page.click('[data-action=close]');
  await auditor.page.goto(home());
  await auditor.page.waitForSelector('[data-list=broken-glass]');
  expect(await auditor.page.textContent('[data-list=broken-glass]')).toMatch(/已打开 1 次/);

  const way = await service.asInstitution(`/v1/authorizations/${letter.id}/own-links`, {
    ...{ vouchedBy: 'staff-7', how: 'in-person' },
  });
  const subject = await newVisitor(browser, service);
  await subject.page.goto(((await way.json()) as { url: string }).url);
  await subject.page.click(`[data-authorization="${letter.id}"]`);
  await subject.page.waitForSelector('[data-place=detail] h1');
  for (const summary of await subject.page.$$('[data-place=detail] summary')) await summary.click();
  const told = await patiently(async () => {
    const text = await subject.page.textContent('[data-place=detail]');
    return text?.includes('争议') && text;
  });
  // that it was opened, not by whom
  expect(told).not.toContain(officer.name);
  expect(subject.complaints).toEqual([]);
  await subject.close();
});

/** No answer tells the service's clock: the page would go by it, and it stands while the test moves the page's. */
async function newTab({ context }: Staff): Promise<Page> {
  const page = await context.newPage();
  await changed(page, /\/desk\/api\//);
  return page;
}

/** The page's own clock, which the test moves. */
async function atOwnClock(page: Page, path: string): Promise<void> {
  await page.clock.install();
  await page.goto(`${home()}${path}`);
}

/** Another tab of the same person, who is signed in there as well. */
async function anotherTab(staff: Staff, path = ''): Promise<Page> {
  const page = await newTab(staff);
  await atOwnClock(page, path);
  await page.waitForSelector('.menu');
  return page;
}

/** What the server says there, changed on its way; its clock in any case. */
async function changed(page: Page, path: RegExp, change?: (said: any) => unknown): Promise<void> {
  await page.route(path, async (route) => {
    const response = await route.fetch();
    const { date: _, ...headers } = response.headers();
    const json = change && { json: change(await response.json()) };
    await route.fulfill({ response, headers, ...json });
  });
}
const inMilliseconds = (wait: number): string => new Date(Date.now() + wait).toISOString();

test('a page that nobody touches for half an hour clears itself; one that is touched does not', async () => {
  // A clock is moved in all tabs of a browser: the first one would sign out as well, at the server.
  await officer.page.goto('about:blank');
  const page = await anotherTab(officer, `/cases/${caseId}`);
  let signedOut = 0;
  // told to the page, not to the server: the session is needed below
  await page.route(/\/desk\/api\/session$/, async (route) => {
    if (route.request().method() !== 'DELETE') return route.continue();
    signedOut++;
    await route.fulfill({ status: 204 });
  });
  await page.waitForSelector('desk-case h1');
  await page.clock.fastForward('29:00');
  await page.mouse.move(20, 20);
  await page.clock.fastForward('29:00');
  expect(await page.$('desk-case h1')).not.toBeNull();
  await page.clock.fastForward('02:00');
  await page.waitForSelector('desk-sign-in [data-note=over]');
  expect(await page.content()).not.toContain(officer.name);
  expect(await page.$('.menu, desk-case')).toBeNull();
  expect(signedOut).toBe(1);
  await page.close();
});

test('a session that was ended elsewhere goes off the screen without anybody touching the page', async () => {
  const page = await anotherTab(officer, `/cases/${caseId}`);
  await page.waitForSelector('desk-case h1');
  const asked: (string | undefined)[] = [];
  await page.route(/\/desk\/api\/session$/, async (route) => {
    asked.push(route.request().headers()['mandate-quiet']);
    await route.fulfill({
      ...{ status: 401, contentType: 'application/problem+json' },
      json: { code: 'session-ended' },
    });
  });
  await page.clock.fastForward(61_000);
  await page.waitForSelector('desk-sign-in [data-note=over]');
  expect(await page.$('.menu, desk-case')).toBeNull();
  expect(asked).toEqual(['yes']);
  await page.close();
});

test('at the session’s end the page clears itself, whoever is touching it', async () => {
  const page = await newTab(officer);
  const endsAt = inMilliseconds(120_000);
  await changed(page, /\/desk\/api\/session$/, (said) => ({ ...said, endsAt }));
  await atOwnClock(page, `/cases/${caseId}`);
  await page.waitForSelector('desk-case h1');
  await page.clock.fastForward(60_000);
  expect(await page.$('desk-case h1')).not.toBeNull();
  await page.mouse.move(30, 30);
  await page.clock.fastForward(70_000);
  await page.waitForSelector('desk-sign-in [data-note=over]');
  expect(await page.$('desk-case')).toBeNull();
  await page.close();
});

test('what was opened goes off the screen when its grant is taken back, its case ended, or its time over', async () => {
  const page = await newTab(officer);
  let until: string | undefined;
  let ended: object = {};
  await changed(page, /\/grants$/, (said) => {
    for (const grant of said.items ?? []) {
      if (until && grant.good) grant.good.until = until;
      if (grant.id === grantId) Object.assign(grant, ended);
    }
    return { ...said, ...ended };
  });
  await atOwnClock(page, `/cases/${caseId}/grants/${grantId}`);
  await page.waitForSelector('[data-action=view]');
  until = await page.evaluate(() => new Date(Date.now() + 600_000).toISOString());
  await page.reload();
  for (const [action, opened] of [
    ['view', 'desk-opened-copy canvas'],
    ['trail', '[data-table=opened-trail]'],
  ] as const) {
    await page.click(`[data-action=${action}]`);
    await page.waitForSelector(opened, { timeout: 60_000 });
    if (action === 'view') await page.click('[data-action=close]');
  }
  for (const now of [{ revokedAt: new Date().toISOString() }, { caseEnded: true }]) {
    ended = now;
    await page.clock.fastForward(11_000);
    await page.waitForSelector('[data-table=opened-trail]', { state: 'detached' });
    ended = {};
    await page.reload();
    await page.click('[data-action=trail]');
    await page.waitForSelector('[data-table=opened-trail]', { timeout: 60_000 });
  }
  await page.clock.fastForward(300_000);
  expect(await page.$('[data-table=opened-trail]')).not.toBeNull();
  await page.clock.fastForward(310_000);
  await page.waitForSelector('desk-grant [data-grant=over]');
  expect(
    await page.$('[data-table=opened-trail], desk-opened-copy, [data-action=view]'),
  ).toBeNull();
  await page.close();
});

/** Things that stand in addresses, by the view's path and the name there. */
async function idsFor(author: Staff): Promise<Readonly<Record<string, Record<string, string>>>> {
  const of = async <T>(who: Staff, method: string, path: string, body?: object): Promise<T> => {
    const said = await staffCall(who, method, path, body);
    if (said.status >= 300) throw new Error(`${path}: ${said.code}`);
    return said.body as T;
  };
  type Named = { readonly id: string };
  const job = await of<Named>(officer, 'POST', `/cases/${caseId}/report-jobs`, {
    ...{ grant: grantId, languages: ['zh'], depth: 'short' },
  });
  const { items } = await of<{ items: Named[] }>(auditor, 'GET', '/institutions');
  const institution = items[0]!.id;
  const [from, to] = [inMilliseconds(-86_400_000), inMilliseconds(-1000)];
  const run = await of<Named>(auditor, 'POST', '/reconciliations', {
    ...{ institution, source: '91110000MA00DEM01M', from, to: inMilliseconds(0) },
  });
  const sample = await of<Named>(auditor, 'POST', '/samples', {
    ...{ institution, kind: 'authorizations', wanted: 3, from, to },
  });
  const templates = await of<{ items: { id: string; version: number }[] }>(
    author,
    'GET',
    `/templates?institution=${institution}`,
  );
  const { id, version } = templates.items[0]!;
  return {
    '/letters/{id}': { id: letter.id },
    '/cases/{id}': { id: caseId },
    '/cases/{id}/grants/{grant}': { id: caseId, grant: grantId },
    '/cases/{id}/reports/{job}': { id: caseId, job: job.id },
    '/people/{id}': { id: officer.id },
    '/reconciliations/{id}': { id: run.id },
    '/samples/{id}': { id: sample.id },
    '/templates/{institution}': { institution },
    '/templates/{institution}/{id}/{version}': { institution, id, version: String(version) },
  };
}

test('what was typed is lost neither by a session’s end, by somebody faster, by another form, nor by a slip', async () => {
  const taker = await newStaff(browser, service, { name: '吴起', roles: ['officer'] });
  const { page } = officer;
  await page.goto(`${home()}/cases/new?authorization=${letter.id}&letter=M1`);
  await page.waitForSelector('[data-chosen="1"]');
  const dayBefore = (days: number): string =>
    new Date(Date.now() + 8 * 3_600_000 - days * 86_400_000).toISOString().slice(0, 10);
  await page.fill('#received', dayBefore(3));
  await page.fill('#applicant', '李四，当面提出');
  await page.evaluate(() =>
    (globalThis as any).document.querySelector('mandate-desk').over('over'),
  );
  await page.click('desk-sign-in [data-action=passkey]');
  await page.waitForSelector('#applicant');
  expect(await page.inputValue('#applicant')).toBe('李四，当面提出');
  expect(await page.inputValue('#received')).toBe(dayBefore(3));
  expect(await page.textContent('[data-due-then]')).toContain(dayBefore(3 - 15));
  await page.click('[data-action=open-case]');
  await page.waitForSelector('desk-case .case-head [data-step=applied]');
  const address = page.url();
  expect(await page.textContent('.case-due')).toContain(dayBefore(3 - 15));
  const number = (await page.textContent('desk-case h1'))!;

  // two at once: whoever was slower sees the case as it is, with what they wrote
  const { page: other } = taker;
  await other.goto(address);
  await other.fill('#accepted-standing', '本人，证件已核对');
  await other.click('desk-case-next summary');
  await other.fill('#noted-note', '申请人下午再来');
  const { version } = (await staffCall(officer, 'GET', `/cases/${address.split('/').at(-1)}`))
    .body as { version: number };
  const note = { type: 'noted', version, texts: { note: '已电话联系' } };
  const noted = await staffCall(officer, 'POST', `/cases/${address.split('/').at(-1)}/notes`, note);
  expect(noted.status).toBe(200);
  await other.click('[data-action=accepted]');
  await other.waitForSelector('[data-problem=version-conflict]');
  await patiently(async () => (await other.textContent('desk-case'))?.includes('已电话联系'));
  expect(await other.inputValue('#accepted-standing')).toBe('本人，证件已核对');
  await other.click('[data-action=accepted]');
  await other.waitForSelector('desk-case .case-head [data-step=accepted]');
  // only what was sent is gone
  expect(await other.inputValue('#noted-note')).toBe('申请人下午再来');
  let asked = 0;
  other.on('dialog', (dialog) => {
    asked++;
    void dialog.dismiss();
  });
  await other.click('.menu a[href="/desk/search"]');
  await patiently(async () => asked === 1);
  expect(other.url()).toBe(address);
  await other.click('[data-action=noted]');
  await patiently(async () => (await other.inputValue('#noted-note')) === '');

  // a case that is over is found again, by its number too
  await other.fill('#rejected-decision', '材料不全，已告知');
  await other.click('[data-action=rejected]');
  await other.waitForSelector('desk-case .case-head [data-step=rejected]');
  await other.click('.menu a[href="/desk"]');
  await other.waitForSelector('[data-form=number]');
  const listed = `[data-case="${address.split('/').at(-1)}"]`;
  expect(await other.$(listed)).toBeNull();
  await other.click('[data-state=over]');
  await other.waitForSelector(listed);
  await other.fill('#case-number', 'C-2020-999999');
  await other.click('[data-action=find-case]');
  await patiently(async () => (await other.textContent('desk-home .obstacle')) !== '');
  await other.fill('#case-number', number.toLowerCase());
  await other.click('[data-action=find-case]');
  await other.waitForSelector('desk-case h1');
  expect(other.url()).toBe(address);
  expect([...officer.complaints, ...taker.complaints]).toEqual([]);
  await taker.close();
});

test('each view of the list, as somebody whose role it is for: axe finds nothing, nothing is too wide', async () => {
  const found: string[] = [];
  const author = await newStaff(browser, service, {
    ...{ name: '周文', roles: ['template-author'], of: 'sample' },
  });
  const ids = await idsFor(author);
  const people: Partial<Record<StaffRole, Staff>> = {
    ...{ officer, approver: approvers[0]!, auditor, custodian, 'template-author': author },
  };
  const stranger = await newVisitor(browser, service, { width: 1440, height: 900 });
  for (const { path, element, roles } of VIEWS) {
    const role =
      typeof roles === 'string' ? 'officer' : roles.find((role) => people[role] !== undefined);
    // a view for a role that nobody here has is not looked at: name somebody above
    expect([path, role]).toEqual([path, expect.any(String)]);
    const { page } = roles === 'nobody' ? stranger : people[role!]!;
    const place = path.replace(/\{(\w+)\}/g, (_, name: string) => {
      const id = ids[path]?.[name];
      if (id === undefined) throw new Error(`say above what stands for ${name} of ${path}`);
      return id;
    });
    await page.goto(`${home()}${place === '/' ? '' : place}`);
    await page.waitForSelector(`${element} h1`);
    const step = `view${path.replace(/[^a-z-]+/g, '-').replace(/-$/, '')}`;
    await glance(page, step, found);
    await page.click('[data-action=language]');
  }
  expect(found).toEqual([]);
  for (const { complaints } of [officer, ...approvers, custodian, auditor, author])
    expect(complaints).toEqual([]);
  await stranger.close();
});

test('who signs out in one tab is out in all; and nothing of it is left', async () => {
  const page = await anotherTab(custodian);
  await custodian.page.goto(home());
  await custodian.page.waitForSelector('desk-home h1');
  await page.click('[data-action=sign-out]');
  await page.waitForSelector('desk-sign-in [data-note=left]');
  await custodian.page.waitForSelector('desk-sign-in [data-note=left]');
  expect(await custodian.page.$('.menu, desk-home')).toBeNull();
  await page.close();
});
