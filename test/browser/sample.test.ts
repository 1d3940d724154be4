import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startWithSample, type StartedSample } from '../kit/started-sample.js';
import { sliceOf, walkTest } from './inspection.js';
import { inFrame } from './patient-frame.js';
import type { StartedService } from './started-service.js';
import { codeIn, launchBrowser, SCREENSHOTS, steps } from './visitor.js';

let sample: StartedSample;
let browser: Browser;
beforeAll(async () => {
  [sample, browser] = await Promise.all([startWithSample(), launchBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await sample.stop();
});

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface Guest {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly complaints: string[];
}

async function newGuest(language: 'zh' | 'en', width: number): Promise<Guest> {
  const phone = width < 500;
  const context = await browser.newContext({
    viewport: { width, height: phone ? 740 : 900 },
    locale: language === 'zh' ? 'zh-CN' : 'en-US',
    isMobile: phone,
    hasTouch: phone,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (![sample.url, sample.sampleUrl].includes(origin) && !['data:', 'blob:'].includes(protocol))
      complaints.push(`request to ${origin}`);
  });
  return { page, context, complaints };
}

async function picture(page: Page, name: string): Promise<void> {
  const { width } = page.viewportSize()!;
  const language = await page.evaluate(() => document.documentElement.lang.slice(0, 2));
  const path = `${SCREENSHOTS}sample-${name}-${language}-${width}.png`;
  await page.screenshot({ path, fullPage: true });
  const scrolls = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  expect([name, scrolls]).toEqual([name, false]);
}

/** The page itself; the frame's content has tests of its own. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await (await import('node:fs/promises')).readFile(AXE, 'utf8'));
  return page.evaluate(async () => {
    const found = await (globalThis as any).axe.run(document, { iframes: false });
    return found.violations.map(({ id, nodes }: any) => `${id}: ${nodes[0].html}`);
  });
}

async function apply(page: Page, phone: string): Promise<void> {
  await page.goto(`${sample.sampleUrl}/`);
  await page.fill('input[name=phone]', phone);
  await picture(page, 'apply');
  expect(await violations(page)).toEqual([]);
  await page.click('button[type=submit]');
  await page.waitForURL(/\/sign$/);
}

const person = { name: '王䶮', idNumber: '310101199003072313' };

/** The steps of signing, wherever the signing page is: in the widget's frame, or as a page. */
function stepsAt(place: Page, phone: string) {
  const message = async (): Promise<string> => {
    for (let round = 0; round < 150; round++) {
      const answer = await fetch(`${sample.url}/sandbox/sms.json?phone=${phone}`);
      const messages = (await answer.json()) as { text: string }[];
      if (messages.length > 0) return messages[0]!.text;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error('no message came');
  };
  const requested = { id: '', link: '', subject: { ...person, phone } };
  return steps(place, { message } as unknown as StartedService, requested);
}

/** From the gate to the code; `page` is what the pictures show. */
async function sign(page: Page, place: Page, phone: string): Promise<void> {
  const walk = stepsAt(place, phone);
  await walk.passGate();
  await picture(page, 'terms');
  await walk.toLetter();
  await walk.toClauses();
  // the template's reading time
  await new Promise((done) => setTimeout(done, 9000));
  await walk.acknowledge();
  const code = codeIn(await walk.sendCode());
  await picture(page, 'code');
  await walk.enterCode(code);
}

const frameOf = async (page: Page) => {
  await page.waitForSelector('mandate-signing');
  for (let round = 0; round < 100; round++) {
    const frame = page.frames().find((one) => one.url().startsWith(`${sample.url}/w/`));
    if (frame) return inFrame(frame);
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('the widget did not open');
};

test.each(
  sliceOf([
    ['zh', 360, '13900000001'],
    ['en', 1440, '13900000002'],
  ] as const),
)(
  'from application to a used authorization, by the widget (%s, %i px)',
  async (language, width, phone) => {
    const { page, context, complaints } = await newGuest(language, width);
    await apply(page, phone);
    await sign(page, await frameOf(page), phone);
    await page.waitForSelector('.checks', { timeout: 60_000 });
    await picture(page, 'queried');
    expect(await violations(page)).toEqual([]);
    await page.click('form[action$="/queries"] button');
    await page.waitForSelector('.notice.bad');
    await picture(page, 'used-up');
    await page.click('form[action$="/withdrawal"] button');
    await page.waitForFunction(() => !document.querySelector('form[action$="/withdrawal"]'));
    await picture(page, 'withdrawn');
    expect(await violations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  },
  150_000,
);

walkTest(
  'by a full page, and back again',
  async () => {
    const { page, context, complaints } = await newGuest('zh', 360);
    await apply(page, '13900000003');
    // by key: the widget above still grows, and a click would meet what stood there
    await page.press('form[action$="/full-page"] button', 'Enter');
    await page.waitForURL(`${sample.url}/**`);
    await sign(page, page, '13900000003');
    await page.waitForSelector('[data-step=done] h1', { timeout: 40_000 });
    await page.click('mandate-way-back [data-action=back]');
    await page.waitForURL(`${sample.sampleUrl}/applications/**`);
    await page.waitForSelector('.checks', { timeout: 60_000 });
    expect(complaints).toEqual([]);
    await context.close();
  },
  150_000,
);

walkTest(
  'refused: nothing is queried, and the page says so',
  async () => {
    const { page, context, complaints } = await newGuest('zh', 1440);
    await apply(page, '13900000004');
    const frame = await frameOf(page);
    await stepsAt(frame, '13900000004').passGate();
    await frame.click('[data-reason=refused]');
    await frame.click('dialog [data-action=yes]');
    await page.waitForURL(/\/applications\/[^/]+$/);
    await page.waitForFunction(() => document.body.innerText.includes('您没有同意授权'));
    await picture(page, 'declined');
    expect(complaints).toEqual([]);
    await context.close();
  },
  90_000,
);
