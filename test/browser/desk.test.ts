import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import {
  looker,
  newStaff,
  patiently,
  releasedLetter,
  signIn,
  staffCall as call,
  type Staff,
} from './desk-staff.js';
import { FULL } from './inspection.js';
import { startService, type Requested, type StartedService } from './started-service.js';
import { launchBrowser } from './visitor.js';

/** The desk as its people use it: each at a browser of their own, with an authenticator of their own. */
jest.setTimeout(FULL ? 1_800_000 : 300_000);

let browser: Browser;
let service: StartedService;
let people: { opener: Staff; officer: Staff; one: Staff; two: Staff };
/** What was wrong with a page that was looked at. */
const found: string[] = [];
const look = looker(found);

beforeAll(async () => {
  service = await startService();
  browser = await launchBrowser();
  const [officer, approver] = [['officer'], ['approver']] as const;
  people = {
    opener: await newStaff(browser, service, { name: '周明', roles: officer }),
    officer: await newStaff(browser, service, { name: '李静', roles: officer }),
    one: await newStaff(browser, service, { name: '王芳', roles: approver }),
    two: await newStaff(browser, service, { name: '陈刚', roles: approver }),
  };
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

/** A letter that was signed, released and used once. */
async function usedLetter(): Promise<Requested> {
  const requested = await releasedLetter(service);
  await service.asInstitution(`/v1/authorizations/${requested.id}/redemptions`, {
    purpose: 'loan-approval',
    source: { creditCode: '91110000MA00DEM01M' },
    items: ['basic-information'],
    operator: { id: 'staff-1017', name: '李操作' },
    approver: { id: 'staff-3' },
  });
  return requested;
}

/** The subject says it was not them, at their own page. */
async function complain(id: string): Promise<void> {
  const way = await service.asInstitution(`/v1/authorizations/${id}/own-links`, {
    ...{ vouchedBy: 'staff-7', how: 'in-person' },
  });
  const token = new URL(((await way.json()) as { url: string }).url).hash.slice(1);
  const call = (path: string, body: object, cookie = ''): Promise<Response> =>
    fetch(`${service.url}/v1/own${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-requested-with': 'mandate', cookie },
      body: JSON.stringify(body),
    });
  const opened = await call('/open', { token });
  const cookie = opened.headers.getSetCookie()[0]!.split(';')[0]!;
  const disputed = await call(`/${id}/dispute`, { reason: 'not-signed-by-me' }, cookie);
  expect(disputed.status).toBe(200);
}

/** Opens a case at the desk, accepts it, asks to view. */
async function accepted(id: string): Promise<{ address: string; grant: string }> {
  const { opener, officer } = people;
  await opener.page.goto(`${service.deskUrl}/desk/cases/new?authorization=${id}`);
  await opener.page.click('[data-action=open-case]');
  await opener.page.waitForSelector('desk-case h1');
  const address = opener.page.url();
  const { page } = officer;
  await page.goto(address);
  await page.fill('#accepted-standing', '本人，证件已核对');
  await page.click('[data-action=accepted]');
  await page.waitForSelector('[data-form=ask]');
  await page.click('[data-action=ask]');
  await page.waitForSelector('[data-table=grants] [data-grant=waiting]');
  const link = await page.getAttribute('[data-action=open-grant]', 'href');
  return { address, grant: link!.split('/').at(-1)! };
}

/** Agrees to a request in their list. */
async function agree({ page }: Staff, grant: string): Promise<void> {
  const button = `[data-list=waiting] [data-grant="${grant}"] [data-action=approve]`;
  await page.goto(`${service.deskUrl}/desk`);
  await page.click(button);
  await page.waitForSelector('desk-waiting-grants .callout.good');
}

/** The first grant of a case, opened by its requester. */
async function toGrant(address: string): Promise<void> {
  const { page } = people.officer;
  await page.goto(address);
  await page.click('[data-action=open-grant]');
  await page.waitForSelector('desk-grant h1');
}

test('from a complaint to a certified case: two pairs of eyes, the marked copy, every opening in the register', async () => {
  const { officer, one, two } = people;
  const { page } = officer;
  const requested = await usedLetter();
  await complain(requested.id);
  const number = await patiently(async () => {
    await page.goto(`${service.deskUrl}/desk`);
    await page.waitForSelector('desk-home h1');
    const link = await page.$('[data-table=cases] a[data-case]');
    return link ? await link.textContent() : false;
  });
  await look(officer, 'desk-home');
  await page.click(`[data-table=cases] a`);
  await page.waitForSelector('desk-case [data-to=accepted]');
  // why it is frozen, and since when
  expect(await page.textContent('[data-table=standings]')).toMatch(/冻结.*不是自己签署/s);
  await look(officer, 'desk-case-applied');
  await page.click('[data-action=accepted]');
  await page.waitForSelector('[data-form=ask]');
  for (const right of ['download', 'print']) await page.check(`input[name=rights][value=${right}]`);
  await look(officer, 'desk-case-accepted');
  await page.click('[data-action=ask]');
  await page.waitForSelector('[data-table=grants] [data-grant=waiting]');
  const address = page.url();
  await toGrant(address);
  expect(await page.$('[data-action=view]')).toBeNull();
  const grant = page.url().split('/').at(-1)!;
  await look(officer, 'desk-grant-waiting');

  await one.page.goto(`${service.deskUrl}/desk`);
  await one.page.waitForSelector('[data-action=approve]');
  await look(one, 'desk-inbox');
  await agree(one, grant);
  await toGrant(address);
  expect(await page.$('[data-action=view]')).toBeNull();
  await agree(two, grant);
  await toGrant(address);
  await page.waitForSelector('[data-action=view]');
  await look(officer, 'desk-grant');

  await page.click('[data-action=view]');
  await page.waitForSelector('desk-opened-copy canvas', { timeout: 60_000 });
  await page.click('desk-opened-copy summary');
  const shown = (await page.textContent('desk-opened-copy .plain-text'))!.replace(/\s/g, '');
  for (const mark of ['查阅用副本，不是证据原件', officer.name, number as string, '个人信用报告'])
    expect(shown).toContain(mark);
  // Read aloud it says so at both edges of each page; what stands across is for eyes.
  const sheets = (await page.$$('desk-opened-copy canvas')).length;
  expect(shown.split('查阅用副本，不是证据原件').length - 1).toBe(2 * sheets);
  await look(officer, 'desk-copy');
  await page.click('[data-action=close]');
  await page.click('[data-action=trail]');
  await page.waitForSelector('.watermarked [data-table=opened-trail]', { timeout: 60_000 });
  expect(await page.textContent('.watermark')).toContain(number as string);
  await look(officer, 'desk-trail');
  await page.click('[data-action=close]');

  const folder = mkdtempSync(join(tmpdir(), 'desk-'));
  const taken = async (action: string) => {
    const [download] = await Promise.all([
      page.waitForEvent('download', { timeout: 60_000 }),
      page.click(`[data-action=${action}]`),
    ]);
    const path = join(folder, download.suggestedFilename());
    await download.saveAs(path);
    await page.waitForSelector('desk-grant .callout.good');
    return path;
  };
  const printed = execFileSync('pdftotext', ['-raw', await taken('print-copy'), '-'], {
    encoding: 'utf8',
  });
  for (const sheet of printed.split('\f').slice(0, -1))
    expect(sheet.replace(/\s/g, '')).toContain('查阅用副本，不是证据原件');
  const bundle = await taken('bundle');
  expect(execFileSync('unzip', ['-l', bundle], { encoding: 'utf8' })).toContain('mimetype');

  await page.goto(address);
  await page.click('[data-action=make-reports]');
  await page.waitForSelector('[data-action="take-report.zh.pdf"]', { timeout: 180_000 });

  for (const step of ['extracted', 'verified']) {
    await page.goto(address);
    await page.click(`[data-action=${step}]`);
    await page.waitForSelector(`.case-head [data-step=${step}]`);
  }
  await page.fill('#certified-decision', '经核验，签署过程完整，争议不成立。');
  await look(officer, 'desk-case-verified');
  await page.click('[data-action=certified]');
  await page.waitForSelector('.case-head [data-step=certified]');
  // the dispute comes before the end
  await page.click('[data-action=to-dispute]');
  await page.waitForSelector('#outcome:focus');
  await page.selectOption('#outcome', 'rejected');
  await page.fill('#grounds', '报告 R-1');
  await page.click('[data-action=propose]');
  await page.waitForSelector('[data-dispute=proposed]');
  expect(await page.textContent('[data-dispute]')).toContain(officer.name);
  await page.reload();
  await page.waitForSelector('[data-table=standings]');
  // proposed is not agreed: it stays frozen
  expect(await page.textContent('[data-table=standings]')).toMatch(/已冻结.*起冻结/s);
  await one.page.goto(address);
  await one.page.click('[data-action=approve-outcome]');
  await one.page.waitForSelector('[data-dispute=rejected]');
  await look(one, 'desk-case-certified');
  await page.goto(address);
  await page.click('[data-action=closed]');
  await page.waitForSelector('.case-head [data-step=closed]');
  // closed is closed: the grant opens nothing any more
  await toGrant(address);
  await page.waitForSelector('[data-grant=ended]');
  expect(await page.$('[data-action=view]')).toBeNull();
  const view = { authorization: requested.id, right: 'view' };
  expect(await call(officer, 'POST', `/grants/${grant}/copy`, view)).toMatchObject({
    ...{ code: 'grant-refused', why: 'case-closed' },
  });
  await look(officer, 'desk-grant-closed');
  expect(found).toEqual([]);
  expect(officer.complaints.concat(one.complaints, two.complaints)).toEqual([]);
});

test('refused: whoever opened a case, one’s own request, the same approver twice, roles, strangers', async () => {
  const { opener, officer, one } = people;
  const requested = await usedLetter();
  const { address, grant } = await accepted(requested.id);
  const id = address.split('/').at(-1)!;
  const view = { authorization: requested.id, right: 'view' };

  expect(await call(officer, 'POST', `/grants/${grant}/approvals`, {})).toMatchObject({
    code: 'forbidden',
  });
  expect(await call(officer, 'POST', `/grants/${grant}/copy`, view)).toMatchObject({
    ...{ code: 'grant-refused', why: 'grant-unapproved' },
  });
  await agree(one, grant);
  await one.page.goto(`${service.deskUrl}/desk`);
  await one.page.waitForSelector(`[data-grant="${grant}"]`);
  expect(await one.page.$(`[data-grant="${grant}"] [data-action=approve]`)).toBeNull();
  expect(await call(officer, 'POST', `/grants/${grant}/copy`, view)).toMatchObject({
    ...{ code: 'grant-refused', why: 'grant-unapproved' },
  });
  // nobody opens under another's grant, nor in a way that was not asked for, nor without one
  await agree(people.two, grant);
  expect(await call(opener, 'POST', `/grants/${grant}/copy`, view)).toMatchObject({ status: 403 });
  expect(await call(one, 'POST', `/grants/${grant}/copy`, view)).toMatchObject({
    code: 'forbidden',
  });
  const original = { authorization: requested.id, of: 'bundle' };
  expect(await call(officer, 'POST', `/grants/${grant}/original`, original)).toMatchObject({
    ...{ code: 'grant-refused', why: 'right-missing' },
  });
  const none = `/grants/${grant.slice(0, -4)}0000/copy`;
  expect(await call(officer, 'POST', none, view)).toMatchObject({ status: 404 });
  const nobody = await fetch(`${service.deskUrl}/desk/api/grants/${grant}/copy`, {
    method: 'POST',
    headers: { 'x-requested-with': 'mandate', 'content-type': 'application/json' },
    body: JSON.stringify(view),
  });
  expect(((await nobody.json()) as { code: string }).code).toBe('session-ended');

  // taken back, it opens nothing
  await toGrant(address);
  await officer.page.click('[data-action=revoke]');
  await officer.page.waitForSelector('desk-grant [data-grant=revoked]');
  expect(await call(officer, 'POST', `/grants/${grant}/copy`, view)).toMatchObject({
    ...{ code: 'grant-refused', why: 'grant-revoked' },
  });

  // whoever opens a case does not accept it
  const second = await usedLetter();
  await opener.page.goto(`${service.deskUrl}/desk/cases/new?authorization=${second.id}`);
  await opener.page.click('[data-action=open-case]');
  await opener.page.waitForSelector('desk-case h1');
  expect(await opener.page.$('[data-action=accepted]')).toBeNull();
  const own = opener.page.url().split('/').at(-1)!;
  const texts = { standing: 'x', legalBasis: 'x', scope: 'x' };
  expect(
    await call(opener, 'POST', `/cases/${own}/steps`, { to: 'accepted', version: 1, texts }),
  ).toMatchObject({ status: 403 });
  expect(id).not.toBe(own);
});

test('refused: staff of another institution see no case; an auditor changes nothing', async () => {
  const requested = await usedLetter();
  const { address } = await accepted(requested.id);
  const stranger = await newStaff(browser, service, {
    ...{ name: '外机构', roles: ['officer'], of: 'another' },
  });
  await stranger.page.goto(`${service.deskUrl}/desk`);
  await stranger.page.waitForSelector('desk-home h1');
  expect(await stranger.page.$('[data-case]')).toBeNull();
  await stranger.page.goto(address);
  await stranger.page.waitForSelector('[data-problem=not-found]');
  await look(stranger, 'desk-not-found');
  const auditor = await newStaff(browser, service, { name: '审计', roles: ['auditor'] });
  await auditor.page.goto(address);
  await auditor.page.waitForSelector('desk-case h1');
  expect(await auditor.page.$('desk-case form, desk-case [data-action=ask]')).toBeNull();
  const id = address.split('/').at(-1)!;
  expect(
    await call(auditor, 'POST', `/cases/${id}/notes`, { type: 'noted', version: 2, texts: {} }),
  ).toMatchObject({ code: 'forbidden' });
  expect(found).toEqual([]);
});

test('whoever leaves is out at the next touch, and what they agreed to opens nothing', async () => {
  const requested = await usedLetter();
  const { address, grant } = await accepted(requested.id);
  const leaver = await newStaff(browser, service, { name: '离职', roles: ['approver'] });
  await agree(leaver, grant);
  await agree(people.one, grant);
  await toGrant(address);
  await people.officer.page.waitForSelector('[data-action=view]');
  await service.dismiss(leaver.id);
  await leaver.page.click('.menu a');
  await leaver.page.waitForSelector('desk-sign-in [data-note=over]');
  expect(await leaver.page.$('[data-list=waiting]')).toBeNull();
  await look(leaver, 'desk-session-over');
  await leaver.page.click('[data-action=passkey]');
  await leaver.page.waitForSelector('[data-problem=unauthenticated]');
  await people.officer.page.click('[data-action=view]');
  await people.officer.page.waitForSelector('[data-problem=grant-refused]');
  await look(people.officer, 'desk-grant-refused');
  expect(found).toEqual([]);
});

test('after its hours a grant opens nothing; a session left alone is over, and nothing of it stays on the page', async () => {
  const { officer, one, two } = people;
  const requested = await usedLetter();
  const { address, grant } = await accepted(requested.id);
  for (const approver of [one, two]) await agree(approver, grant);
  await toGrant(address);
  await officer.page.waitForSelector('[data-action=view]');
  service.passHours(25);
  await officer.page.click('[data-action=view]');
  await officer.page.waitForSelector('desk-sign-in [data-note=over]');
  expect(await officer.page.content()).not.toContain(grant.slice(4));
  await officer.page.click('[data-action=passkey]');
  await officer.page.waitForSelector('desk-grant h1');
  const view = { authorization: requested.id, right: 'view' };
  expect(await call(officer, 'POST', `/grants/${grant}/copy`, view)).toMatchObject({
    ...{ code: 'grant-refused', why: 'grant-expired' },
  });
});

test('a recovery code serves for a new passkey, once, and for nothing else', async () => {
  const lost = await newStaff(browser, service, { name: '换机', roles: ['officer'] });
  const { page } = lost;
  await page.click('[data-action=sign-out]');
  await page.waitForSelector('desk-sign-in [data-note=left]');
  await look(lost, 'desk-sign-in');
  const use = async (code: string): Promise<void> => {
    await page.goto(`${service.deskUrl}/desk`);
    await page.waitForSelector('desk-sign-in h1');
    await page.click('desk-sign-in summary');
    await page.fill('#recovery-code', code);
    await page.click('desk-sign-in form .button');
  };
  await use(lost.recoveryCodes[0]!);
  await page.waitForSelector('desk-invitation [data-action=enrol]');
  expect(await call(lost, 'GET', '/cases')).toMatchObject({ code: 'forbidden' });
  await look(lost, 'desk-recovery');
  await page.click('[data-action=enrol]');
  await page.waitForSelector('.recovery-codes code');
  await look(lost, 'desk-recovery-codes');
  await page.check('input[name=kept]');
  await page.click('[data-action=onward]');
  await page.waitForSelector('desk-home h1');
  await page.click('[data-action=sign-out]');
  await page.waitForSelector('desk-sign-in [data-note=left]');
  for (const code of lost.recoveryCodes.slice(0, 2)) {
    await use(code);
    await page.waitForSelector('[data-problem=unauthenticated]');
  }
  await signIn(lost);
  expect(found).toEqual([]);
});
