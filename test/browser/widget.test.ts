import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Frame, Page } from 'playwright-core';
import { sliceOf, walkTest } from './inspection.js';
import { startHost, widgetPage, type HostSite } from './host-page.js';
import { startService, type Requested, type StartedService } from './started-service.js';
import { inFrame } from './patient-frame.js';
import { codeIn, launchBrowser, SCREENSHOTS, steps } from './visitor.js';

jest.setTimeout(60_000);

let browser: Browser;
let service: StartedService;
let host: HostSite;
let integrity: string;

beforeAll(async () => {
  service = await startService();
  browser = await launchBrowser();
  host = await startHost(service.url);
  const published = await fetch(`${service.url}/widget/v1/integrity.json`);
  ({ integrity } = ((await published.json()) as Record<string, { integrity: string }>)[
    'mandate-widget.js'
  ]!);
}, 120_000);
afterAll(async () => {
  await host?.close();
  await browser?.close();
  await service?.stop();
});

const newPage = async (width = 1280, height = 800): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width, height }, locale: 'zh-CN' });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  return page;
};

interface HostWindow {
  readonly heard: [string, Record<string, unknown>][];
}
const heard = (page: Page): Promise<HostWindow['heard']> =>
  page.evaluate(() => (window as unknown as HostWindow).heard);
const namesHeard = async (page: Page): Promise<string[]> =>
  (await heard(page)).map(([name]) => name);
/** Waits for so many events of this name, as events or as the `name` of their detail. */
const waitFor = (page: Page, name: string, times = 1): Promise<unknown> =>
  page.waitForFunction(
    ([wanted, count]) =>
      (window as unknown as HostWindow).heard.filter(
        ([event, detail]) => event === wanted || detail['name'] === wanted,
      ).length >= Number(count),
    [name, times] as const,
  );

/** The widget's frame, once it shows the first step. */
async function frameOf(page: Page): Promise<Frame> {
  const frame = await page.waitForEvent('framenavigated', {
    predicate: (candidate) => candidate.url().startsWith(`${service.url}/w/`),
  });
  return frame;
}

async function openWidget(
  page: Page,
  requested: Requested,
  attributes: string,
  around = {},
): Promise<{ frame: Frame; ticket: string }> {
  const { ticket } = await service.ticket(requested.id, { origins: [host.origin] });
  const html = widgetPage(service.url, integrity, `ticket="${ticket}" ${attributes}`, around);
  const [frame] = await Promise.all([frameOf(page), page.goto(host.page(html))]);
  await waitFor(page, 'ready');
  return { frame, ticket };
}

/** The whole ceremony inside a frame. */
async function signIn(frame: Frame, requested: Requested): Promise<void> {
  const walk = steps(inFrame(frame), service, requested);
  await walk.passGate();
  await walk.read();
  await walk.enterCode(codeIn(await walk.sendCode()));
  await walk.finished();
}

test('the published digest is the file’s, and the docs name it', async () => {
  const answer = await fetch(`${service.url}/widget/v1/mandate-widget.js`);
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  const bytes = new Uint8Array(await answer.arrayBuffer());
  expect(integrity).toBe(`sha384-${createHash('sha384').update(bytes).digest('base64')}`);
  expect(bytes.length).toBeLessThan(20_000);
  expect(await readFile('docs/widget.md', 'utf8')).toContain(integrity);
});

test.each(
  sliceOf([
    ['inline', 1280, 800],
    ['inline', 360, 740],
    ['modal', 1280, 800],
    ['modal', 360, 740],
  ] as const),
)('the whole ceremony, %s, %i×%i, from another site', async (mode, width, height) => {
  const requested = await service.request();
  const page = await newPage(width, height);
  const { frame, ticket } = await openWidget(page, requested, `mode="${mode}"`);
  const [id, secret] = ticket.split('.');

  // The secret is gone from the frame's address and history, and from the host's element.
  expect(frame.url()).toBe(`${service.url}/w/${id}?language=zh`);
  expect(await page.content()).not.toContain(secret);
  await page.screenshot({ path: join(SCREENSHOTS, `widget-${mode}-${width}-1.png`) });
  await signIn(frame, requested);
  await waitFor(page, 'success');
  await page.screenshot({ path: join(SCREENSHOTS, `widget-${mode}-${width}-2.png`) });
  expect(await service.stateOf(requested.id)).toBe('released');

  const events = await heard(page);
  expect(events.filter(([name]) => name === 'success')).toEqual([
    ['success', { authorization: requested.id }],
  ]);
  expect(events[0]).toEqual(['ready', { step: 'gate' }]);
  const text = JSON.stringify(events);
  for (const personal of [requested.subject.phone, requested.subject.idNumber, secret!, '王'])
    expect(text).not.toContain(personal);

  // The copy is a download, which no header can accompany.
  const copy = await frame.$eval('a[download]', (a) => (a as HTMLAnchorElement).href);
  const status = await frame.evaluate(
    (address) => fetch(address).then((answer) => answer.status),
    copy,
  );
  expect(status).toBe(200);
  await page.context().close();
});

walkTest('a reload of the frame finds the step again, by its partitioned cookie', async () => {
  const requested = await service.request();
  const page = await newPage();
  const { frame } = await openWidget(page, requested, 'mode="inline"');
  await steps(inFrame(frame), service, requested).passGate();
  const cookies = await page.context().cookies(service.url);
  expect(cookies).toMatchObject([{ name: 'mandate_frame', secure: true, httpOnly: true }]);
  expect((cookies[0] as { partitionKey?: string }).partitionKey).toBe('http://127.0.0.1');
  await frame.evaluate(() => location.reload());
  await frame.waitForSelector('[data-step=terms] h1');
  // The reloaded page's messages count, too.
  await waitFor(page, 'ready', 2);
  await page.context().close();
});

walkTest('modal: focus stays inside, Escape asks, the page behind is inert', async () => {
  const requested = await service.request();
  const page = await newPage();
  const { frame } = await openWidget(page, requested, 'mode="modal" language="en"');
  await expect(page.click('#bank', { timeout: 500 })).rejects.toThrow();
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).not.toBe('bank');
  }
  await frame.focus('#last-six');
  await page.keyboard.press('Escape');
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(SCREENSHOTS, 'widget-modal-ask.png') });
  expect(await namesHeard(page)).not.toContain('exit');
  // The focus is on “continue”; Enter goes on, a second Escape asks again, then leave.
  await page.keyboard.press('Enter');
  await page.waitForTimeout(200);
  await frame.focus('#last-six');
  await page.keyboard.press('Escape');
  await page.waitForTimeout(300);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await waitFor(page, 'exit');
  expect((await heard(page)).at(-1)).toEqual(['exit', { reason: 'closed' }]);
  await page.click('#bank');
  expect(await service.stateOf(requested.id)).toBe('requested');
  await page.context().close();
});

test('refusing tells the host that it was refused, and not why', async () => {
  const requested = await service.request();
  const page = await newPage();
  const { frame } = await openWidget(page, requested, 'mode="inline"');
  await frame.click('[data-reason=not-me]');
  await frame.click('dialog[open] [data-action=yes]');
  await waitFor(page, 'declined');
  expect((await heard(page)).at(-1)).toEqual(['declined', { authorization: requested.id }]);
  await page.context().close();
});

test('theme: tokens are applied, unreadable ones refused, nothing else comes through', async () => {
  const requested = await service.request();
  const page = await newPage();
  const attributes = 'theme="dark" accent="#ffe08a" radius="2" large-print';
  const { frame } = await openWidget(page, requested, attributes);
  const looks = () =>
    frame.evaluate(() => {
      const { style, dataset, className } = document.documentElement;
      const { letterSpacing, backgroundColor } = getComputedStyle(document.body);
      return {
        accent: style.getPropertyValue('--accent'),
        radius: style.getPropertyValue('--radius'),
        scheme: dataset['scheme'],
        className,
        letterSpacing,
        backgroundColor,
      };
    });
  const dark = await looks();
  expect(dark).toMatchObject({ accent: '#ffe08a', radius: '2px', scheme: 'dark' });
  expect(dark.className).toContain('large-print');
  expect(dark.letterSpacing).toBe('normal');
  await page.evaluate(() =>
    document.querySelector('mandate-signing')!.setAttribute('theme', 'light'),
  );
  await waitFor(page, 'theme-refused');
  const light = await looks();
  expect(light).toMatchObject({ accent: '', scheme: 'light' });
  expect(light.backgroundColor).not.toBe(dark.backgroundColor);
  await page.evaluate(() =>
    document.querySelector('mandate-signing')!.setAttribute('accent', 'url(https://x.example)'),
  );
  await page.waitForTimeout(200);
  expect((await looks()).accent).toBe('');
  await page.context().close();
});

walkTest(
  'redirect: the host’s page gives way, and gets the subject back with the outcome',
  async () => {
    const requested = await service.request();
    const page = await newPage(360, 740);
    const { ticket } = await service.ticket(requested.id, {
      origins: [host.origin],
      returnUrl: `${host.origin}/back`,
      state: 'basket-7',
    });
    const html = widgetPage(service.url, integrity, `ticket="${ticket}" mode="redirect"`);
    await page.goto(host.page(html));
    await page.waitForURL((url) => url.origin === service.url);
    expect(page.url()).not.toContain('#');
    const walk = steps(page, service, requested);
    await walk.passGate();
    await walk.read();
    await walk.enterCode(codeIn(await walk.sendCode()));
    await walk.finished();
    await page.waitForSelector('[data-action=back]:not(.quiet)');
    await page.screenshot({ path: join(SCREENSHOTS, 'widget-way-back.png'), fullPage: true });
    await page.waitForURL((url) => url.origin === host.origin, { timeout: 20_000 });
    const { pathname, searchParams } = new URL(page.url());
    expect(pathname).toBe('/back');
    expect(Object.fromEntries(searchParams)).toEqual({
      mandate: 'success',
      authorization: requested.id,
      state: 'basket-7',
    });
    await page.context().close();
  },
);

walkTest('a template for full pages only: the frame cannot act and hands over', async () => {
  const requested = await service.request({ template: 'full-page-only' });
  const page = await newPage();
  const { ticket } = await service.ticket(requested.id, { origins: [host.origin] });
  const html = widgetPage(service.url, integrity, `ticket="${ticket}" mode="inline"`);
  const [frame] = await Promise.all([frameOf(page), page.goto(host.page(html))]);
  await frame.waitForSelector('[data-action=full-page]');
  await page.screenshot({ path: join(SCREENSHOTS, 'widget-full-page.png') });
  expect(await page.context().cookies(service.url)).toEqual([]);
  const [full] = await Promise.all([
    page.context().waitForEvent('page'),
    frame.click('[data-action=full-page]'),
  ]);
  const walk = steps(full, service, requested);
  await full.waitForSelector('#last-six');
  expect(await full.evaluate(() => window.opener)).toBeNull();
  await walk.passGate();
  await walk.read();
  await walk.enterCode(codeIn(await walk.sendCode()));
  await walk.finished();
  await waitFor(page, 'success');
  const names = (await heard(page)).map(([name, detail]) => detail['name'] ?? name);
  expect(names).toEqual(['full-page', 'success']);
  await page.context().close();
});
