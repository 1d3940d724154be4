import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { signWithLink } from '../kit/ceremony-client.mjs';
import { idPicture } from '../kit/id-picture.js';
import { sliceOf, walkTest } from './inspection.js';
import { startService, type Requested, type StartedService } from './started-service.js';
import {
  codeIn,
  launchBrowser,
  newVisitor,
  SCREENSHOTS,
  wrongCode,
  type VisitorOptions,
} from './visitor.js';

jest.setTimeout(180_000);

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
let axe: string;
let browser: Browser;
let service: StartedService;
let logo: string;
beforeAll(async () => {
  axe = await readFile(AXE, 'utf8');
  service = await startService();
  logo = await service.setLogo();
  browser = await launchBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

/** A letter that was signed and released. */
async function signed(options: Parameters<StartedService['request']>[0] = {}): Promise<Requested> {
  const requested = await service.request(options);
  const { idNumber, phone } = requested.subject;
  await signWithLink(service.url, requested.link, { lastSix: idNumber.slice(-6), phone });
  for (let round = 0; (await service.stateOf(requested.id)) !== 'released'; round++) {
    if (round > 100) throw new Error('not released');
    await new Promise((done) => setTimeout(done, 100));
  }
  return requested;
}

const use = (id: string): Promise<Response> =>
  service.asInstitution(`/v1/authorizations/${id}/redemptions`, {
    purpose: 'loan-approval',
    source: { creditCode: '91110000MA00DEM01M' },
    items: ['basic-information', 'credit-transactions'],
    operator: { id: 'staff-1017', name: '李操作' },
    approver: { id: 'staff-3' },
  });

const messages = async (phone: string): Promise<{ text: string }[]> =>
  (await fetch(`${service.url}/sandbox/sms.json?phone=${phone}`)).json() as never;

async function ownMessage(phone: string): Promise<string> {
  for (let round = 0; round < 150; round++) {
    const own = (await messages(phone)).find(({ text }) => /我的授权|My authorizations/.test(text));
    if (own) return own.text;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('no message came');
}

async function at(options: VisitorOptions) {
  const visitor = await newVisitor(browser, service, options);
  const { page } = visitor;
  const { width = 360, height = 740, language = 'zh', theme = 'light' } = options;
  /** Kept, checked by axe, and no wider than the window. */
  const look = async (name: string): Promise<void> => {
    const path = `own-${language}-${theme}-${width}x${height}-${name}.png`;
    await page.screenshot({ path: join(SCREENSHOTS, path), fullPage: true });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect([name, wide]).toEqual([name, false]);
    await page.evaluate(axe);
    const violations = await page.evaluate(async () => {
      const found = await (globalThis as any).axe.run(document);
      return found.violations.map(({ id, nodes }: any) => `${id}: ${nodes[0].html}`);
    });
    expect([name, violations]).toEqual([name, []]);
  };
  return { ...visitor, look };
}

async function ask(page: Page, { name, phone, idNumber }: Requested['subject']): Promise<void> {
  await page.fill('#phone', phone);
  await page.fill('#name', name);
  await page.fill('#id-number', idNumber);
  await page.click('mandate-own-enter button[type=submit]');
  await page.waitForSelector('[data-place=code] #code');
}

const open = async (page: Page, id: string): Promise<void> => {
  await page.click(`[data-authorization="${id}"]`);
  await page.waitForSelector('[data-place=detail] h1');
};

test.each(
  sliceOf([
    ['zh', 'light', 360, 740],
    ['zh', 'dark', 1440, 900],
    ['en', 'dark', 360, 740],
    ['en', 'light', 1440, 900],
  ] as const),
)('enter, look, withdraw: %s, %s, %i×%i', async (language, theme, width, height) => {
  const first = await signed({ language });
  await use(first.id);
  const second = await signed({ language, subject: first.subject, template: 'with-choices' });
  const { page, look, complaints, close } = await at({ language, theme, width, height });
  await page.goto(`${service.url}/my`);
  await page.waitForSelector('[data-place=enter] #phone');
  await look('1-enter');
  await page.click('mandate-own-enter button[type=submit]');
  await page.waitForSelector('#phone[aria-invalid=true]');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('phone');
  await look('2-missing');

  await ask(page, first.subject);
  await look('3-code');
  const code = codeIn(await ownMessage(first.subject.phone));
  await page.fill('#code', wrongCode(code));
  await page.click('mandate-own-code button[type=submit]');
  await page.waitForSelector('#code[aria-invalid=true]');
  await look('4-wrong');
  await page.fill('#code', code);
  await page.click('mandate-own-code button[type=submit]');
  await page.waitForSelector('[data-place=list] h1');
  expect(
    await page.$$eval('[data-condition]', (all) =>
      all.map((it) => it.getAttribute('data-condition')),
    ),
  ).toEqual(['in-force', 'used-up']);
  const pictures = await page.$$eval('.own-row img.logo', (all) =>
    (all as HTMLImageElement[]).map(({ src, alt, naturalWidth }) => ({ src, alt, naturalWidth })),
  );
  const alt = language === 'zh' ? expect.stringMatching(/的标志$/) : expect.stringMatching(/^Logo/);
  const src = `${service.url}/logos/${logo}.png`;
  expect(pictures).toEqual([
    { src, alt, naturalWidth: 60 },
    { src, alt, naturalWidth: 60 },
  ]);
  await look('5-list');

  await open(page, first.id);
  expect(await page.textContent('[data-uses]')).toContain('s***17');
  for (const summary of await page.$$('[data-place=detail] summary')) await summary.click();
  await page.waitForSelector('.letter-text');
  expect(await page.textContent('.letter-text')).toContain(first.subject.name);
  await look('6-used');
  await page.goBack();
  await page.waitForSelector('[data-place=list] h1');

  await open(page, second.id);
  await look('7-in-force');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.click('a[download]:not([href*=report])'),
  ]);
  const copy = await readFile(await download.path());
  expect(copy.equals(await service.signedLetter(second.id))).toBe(true);
  const [report] = await Promise.all([
    page.waitForEvent('download', { timeout: 30_000 }),
    page.click('a[href*=report]'),
  ]);
  expect((await readFile(await report.path())).subarray(0, 5).toString()).toBe('%PDF-');

  await page.click('[data-id-images] summary');
  const file = { name: 'card.jpg', mimeType: 'image/jpeg', buffer: await idPicture('card') };
  for (const side of ['front', 'back']) {
    await page.setInputFiles(`#image-${side}`, file);
    await page.waitForSelector(
      `[data-id-image]:nth-child(${side === 'front' ? 1 : 2})[data-destroyed=false]`,
    );
  }
  const [picture] = await Promise.all([
    page.waitForEvent('download'),
    page.click('[data-id-image] a[download]'),
  ]);
  expect((await readFile(await picture.path())).subarray(0, 3)).toEqual(
    Buffer.from('ffd8ff', 'hex'),
  );
  await page.click('[data-action=destroy-id-image]');
  await page.waitForSelector('dialog[open]');
  await look('7-destroy-picture');
  await page.click('dialog [data-action=yes]');
  await page.waitForSelector('[data-id-image][data-destroyed=true]');
  await look('7-pictures');

  await page.click('[data-action=withdraw]');
  await page.waitForSelector('dialog[open]');
  await look('8-withdraw');
  await page.click('dialog [data-action=yes]');
  await page.waitForSelector('.callout.good');
  expect(await page.getAttribute('[data-condition]', 'data-condition')).toBe('withdrawn');
  await look('9-withdrawn');
  await expect(use(second.id)).rejects.toThrow('409');
  await page.waitForSelector('[data-receipt=stamped]', { timeout: 15_000 });
  const [receipt] = await Promise.all([
    page.waitForEvent('download'),
    page.click('.callout.good a[download]'),
  ]);
  const jws = (await readFile(await receipt.path())).toString();
  const fact = JSON.parse(Buffer.from(jws.split('.')[1]!, 'base64url').toString()).fact;
  expect(fact).toMatchObject({ authorization: second.id, by: 'subject', channel: 'page' });

  const [everything] = await Promise.all([
    page.waitForEvent('download'),
    page.click('a[href$="export.json"]'),
  ]);
  const data = JSON.parse((await readFile(await everything.path())).toString());
  expect(data.terms.subject.idNumber).toBe(first.subject.idNumber);
  await page.click('[data-action=erase]');
  await page.waitForSelector('dialog[open]');
  await look('10-erase');
  await page.click('dialog [data-action=yes]');
  await page.waitForSelector('[data-restricted]');
  expect(await page.$('[data-action=erase]')).toBeNull();
  await look('11-restricted');
  await page.click('[data-action=back]');
  await page.waitForSelector('[data-place=list] [data-condition=withdrawn]');

  await page.click('[data-action=leave]');
  await page.waitForSelector('[data-place=enter] #phone');
  expect(await page.textContent('body')).not.toContain(first.subject.name);
  await page.goto(`${service.url}/my`);
  await page.waitForSelector('[data-place=enter] #phone');
  await close();
  expect(complaints).toEqual([]);
});

walkTest('by keyboard alone: enter, dispute, frozen within seconds', async () => {
  const { id, subject } = await signed();
  const { page, look, complaints, close } = await at({ width: 768, height: 1024 });
  await page.goto(`${service.url}/my`);
  await page.waitForSelector('#phone');
  await page.focus('#phone');
  await page.keyboard.type(subject.phone);
  await page.keyboard.press('Tab');
  await page.keyboard.insertText(subject.name);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type(subject.idNumber);
  await page.keyboard.press('Enter');
  await page.waitForSelector('#code');
  await page.focus('#code');
  await page.keyboard.type(codeIn(await ownMessage(subject.phone)));
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-place=list] h1:focus');
  await page.focus(`[data-authorization="${id}"]`);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-place=detail] h1:focus');
  await page.focus('[data-action=dispute]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog[open] h2:focus');
  expect(await page.$$('dialog input:checked')).toEqual([]);
  await look('dispute');
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog', { state: 'detached' });
  await page.focus('[data-action=dispute]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog[open]');
  await page.focus('dialog [data-action=yes]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog input:focus');
  await page.keyboard.press('Space');
  await page.focus('dialog [data-action=yes]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.callout.warning');
  expect(await page.getAttribute('[data-condition]', 'data-condition')).toBe('on-hold');
  await look('on-hold');
  await expect(use(id)).rejects.toThrow('409');
  await close();
  expect(complaints).toEqual([]);
});

walkTest('a stranger sees the same page as somebody known, and gets nothing', async () => {
  const { subject } = await signed();
  const { page, complaints, close } = await at({});
  await page.goto(`${service.url}/my`);
  await page.waitForSelector('#phone');
  const heir = { ...subject, name: '赵新机' };
  await ask(page, heir);
  const said = await page.textContent('main');
  await page.click('[data-action=again]');
  await page.waitForSelector('#phone');
  expect(await page.inputValue('#phone')).toBe('');
  await ask(page, subject);
  await ownMessage(subject.phone);
  const time = /\d{2}:\d{2}/;
  expect((await page.textContent('main'))!.replace(time, '')).toBe(said!.replace(time, ''));
  expect(
    (await messages(subject.phone)).filter(({ text }) => text.includes('我的授权')).length,
  ).toBe(1);
  await close();
  expect(complaints).toEqual([]);
});

walkTest(
  'a link of the institution: its token leaves the address, works once, large print fits',
  async () => {
    const { id, subject } = await signed();
    const made = await service.asInstitution(`/v1/authorizations/${id}/own-links`, {
      vouchedBy: 'staff-9',
      how: 'in-person',
    });
    const { url } = (await made.json()) as { url: string };
    const { page, look, complaints, close } = await at({});
    await page.goto(url);
    await page.waitForSelector('[data-place=list] h1');
    expect(page.url()).toBe(`${service.url}/my`);
    expect(
      await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage })),
    ).not.toMatch(new RegExp(`${subject.phone}|${subject.idNumber}|${url.split('#')[1]}`));
    await page.click('[data-action=print]');
    await look('large-list');
    await open(page, id);
    await look('large-detail');
    const again = await at({});
    await again.page.goto(url);
    await again.page.waitForSelector('[data-problem=ticket-used]');
    await again.look('link-used');
    await again.close();
    await close();
    expect([...complaints, ...again.complaints]).toEqual([]);
  },
);

walkTest('a passkey set up on this device opens the page without a word typed', async () => {
  const requested = await service.request();
  const { page, context, look, complaints, close } = await at({});
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const { steps } = await import('./visitor.js');
  const walk = steps(page, service, requested);
  const code = await walk.toCode();
  await walk.enterCode(code);
  await walk.finished();
  await page.click('[data-passkey=offer] [data-action=set-up]');
  await page.waitForSelector('[data-passkey=offer] [data-action=set-up]', { state: 'detached' });
  const mine = await page.getAttribute('[data-term=uses] a', 'href');
  expect(mine).toBe('/my');
  await page.goto(`${service.url}/my`);
  await page.waitForSelector('#phone');
  await page.click('[data-action=passkey]');
  await page.waitForSelector('[data-place=list] h1');
  expect(await page.$$('[data-authorization]')).toHaveLength(1);
  await look('passkey-list');
  await page.click('[data-removed=false] [data-action=remove-passkey]');
  await page.waitForSelector('dialog[open]');
  await look('passkey-question');
  await page.click('dialog [data-action=yes]');
  await page.waitForSelector('[data-removed=true]');
  expect(await page.$('[data-action=remove-passkey]')).toBeNull();
  await look('passkey-removed');
  await page.click('[data-action=leave]');
  await page.waitForSelector('#phone');
  await page.click('[data-action=passkey]');
  await page.waitForSelector('[data-problem=passkey-revoked]');
  await close();
  expect(complaints).toEqual([]);
});
