import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { startHost, widgetPage } from './host-page.js';
import { sliceOf, walkTest } from './inspection.js';
import { inFrame } from './patient-frame.js';
import { setSteps } from './set-steps.js';
import { startService, type StartedService } from './started-service.js';
import { codeIn, launchBrowser, newVisitor, SCREENSHOTS, wrongCode } from './visitor.js';

jest.setTimeout(120_000);

let browser: Browser;
let service: StartedService;
beforeAll(async () => {
  service = await startService();
  browser = await launchBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

test.each(
  sliceOf([
    ['zh', 360, 740],
    ['en', 360, 740],
    ['zh', 1440, 900],
  ] as const),
)(
  'three letters, one refused, %s, %i×%i',
  async (language, width, height) => {
    const set = await service.requestSet({
      templates: ['without-reading-time', 'with-choices', 'second-letter'],
      optional: ['second-letter'],
      language,
    });
    const { page, complaints, close } = await newVisitor(browser, service, {
      language,
      width,
      height,
    });
    const shot = async (name: string): Promise<void> => {
      const path = join(SCREENSHOTS, `${language}-${width}x${height}-set-${name}.png`);
      await page.screenshot({ path, fullPage: true });
    };
    const at = setSteps(page, set);
    await at.open();
    expect(await page.textContent('.set-bar')).toMatch(/1/);
    await shot('1-first');
    // a required letter: what follows is said before it is refused
    await page.click('[data-action=refuse-letter]');
    await page.waitForSelector('mandate-refuse-letter dialog[open]');
    await page.screenshot({
      path: join(SCREENSHOTS, `${language}-${width}x${height}-set-2-refuse-required.png`),
    });
    expect(await page.textContent('mandate-refuse-letter dialog .callout')).toMatch(/\S{6}/);
    await page.click('mandate-refuse-letter dialog [data-action=no]');
    await at.accept();
    await at.at(2);
    expect(await page.evaluate(() => scrollY)).toBe(0);
    await at.accept('yes');
    await at.at(3);
    await shot('3-optional');
    await at.refuse();
    expect(await at.summary()).toEqual(['accepted', 'accepted', 'refused']);
    await shot('4-summary');
    expect(await service.stateOf(set.ids[2]!)).toBe('requested');

    // think again: the second is looked at and left, the third taken back and refused once more
    await page.click('.set-summary li:nth-child(2) [data-action=open-letter]');
    await at.at(2);
    await page.click('[data-action=leave-letter]');
    expect(await at.summary()).toEqual(['accepted', 'accepted', 'refused']);
    await page.click('.set-summary li:nth-child(3) [data-action=open-letter]');
    await at.at(3);
    expect(await page.$('[data-action=refuse-letter]')).toBeNull();
    await at.accept();
    expect(await at.summary()).toEqual(['accepted', 'accepted', 'accepted']);
    await page.click('.set-summary li:nth-child(3) [data-action=open-letter]');
    await at.at(3);
    await at.refuse();
    expect(await at.summary()).toEqual(['accepted', 'accepted', 'refused']);

    await page.click('[data-action=send]');
    await page.waitForSelector('#code');
    const message = await service.message(set.subject.phone);
    expect(message).toContain(language === 'zh' ? '2份授权书' : '2 letters');
    expect(message).toContain((await page.textContent('.check-code'))!);
    expect(await service.stateOf(set.ids[2]!)).toBe('declined');
    await shot('5-code');
    await page.fill('#code', wrongCode(codeIn(message)));
    await page.click('[data-step=code] button[type=submit]');
    await page.waitForSelector('#code[aria-invalid=true]');
    await page.fill('#code', codeIn(message));
    await page.click('[data-step=code] button[type=submit]');
    await page.waitForSelector('[data-step=done] h1', { timeout: 60_000 });
    await shot('6-done');
    expect(await Promise.all(set.ids.map((id) => service.stateOf(id)))).toEqual([
      'released',
      'released',
      'declined',
    ]);
    expect(
      await page.$$eval('.set-list li', (rows) =>
        rows.map((row) => row.getAttribute('data-state')),
      ),
    ).toEqual(['released', 'released', 'declined']);

    const links = await page.$$('.set-list a[download]');
    expect(links).toHaveLength(2);
    for (const [i, link] of links.entries()) {
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      const copy = await readFile(await download.path());
      expect(copy.equals(await service.signedLetter(set.ids[i]!))).toBe(true);
    }
    await close();
    expect(complaints).toEqual([]);
  },
  120_000,
);

test('all refused: ended; a reload between letters finds the letter again', async () => {
  const set = await service.requestSet({ templates: ['without-reading-time', 'second-letter'] });
  const { page, complaints, close } = await newVisitor(browser, service);
  const at = setSteps(page, set);
  await at.open();
  const readings = () =>
    page.evaluate(() =>
      Object.entries(sessionStorage)
        .filter(([key]) => key.startsWith('mandate-reading:'))
        .map(([, text]) => JSON.parse(text as string).milliseconds as number)
        .sort((a, b) => a - b),
    );
  await page.waitForTimeout(300);
  await at.refuse();
  await at.at(2);
  const before = await readings();
  await page.reload();
  await at.at(2);
  // What was read of either letter is not lost: the first stands still, the second goes on.
  const after = await readings();
  expect(after).toHaveLength(2);
  expect(after[1]).toBeGreaterThanOrEqual(300);
  expect(after).toContain(before[1]);
  await at.refuse();
  await page.waitForSelector('[data-step=ended] h1');
  expect(await readings()).toEqual([]);
  expect(await Promise.all(set.ids.map((id) => service.stateOf(id)))).toEqual([
    'declined',
    'declined',
  ]);
  await close();
  expect(complaints).toEqual([]);
});

test('one signature does not arrive: the other letter is signed, and this one after a reload', async () => {
  const set = await service.requestSet({ templates: ['without-reading-time', 'second-letter'] });
  const { page, close } = await newVisitor(browser, service);
  const at = setSteps(page, set);
  await at.open();
  await at.accept();
  await at.at(2);
  await at.accept();
  await at.summary();
  await page.click('[data-action=send]');
  await page.waitForSelector('#code');
  const code = codeIn(await service.message(set.subject.phone));
  let refused = 0;
  await page.route('**/v1/signing/attempts', (route) =>
    refused++ === 0
      ? route.fulfill({
          status: 503,
          contentType: 'application/problem+json',
          body: JSON.stringify({ code: 'authority-unavailable', status: 503 }),
        })
      : route.continue(),
  );
  await page.fill('#code', code);
  await page.click('[data-step=code] button[type=submit]');
  await page.waitForSelector('[data-step=sign] [data-action=sign]', { timeout: 60_000 });
  expect(await service.stateOf(set.ids[0]!)).toBe('confirmed');
  expect(['signed', 'released']).toContain(await service.stateOf(set.ids[1]!));
  await page.screenshot({
    path: join(SCREENSHOTS, 'zh-360x740-set-7-one-left.png'),
    fullPage: true,
  });
  await page.reload();
  await page.click('[data-step=sign] [data-action=sign]');
  await page.waitForSelector('[data-step=done] h1', { timeout: 60_000 });
  expect(await Promise.all(set.ids.map((id) => service.stateOf(id)))).toEqual([
    'released',
    'released',
  ]);
  await close();
});

walkTest(
  'two letters in the widget of another site, one refused: one code, and the host hears the end',
  async () => {
    const set = await service.requestSet({
      templates: ['without-reading-time', 'second-letter'],
      optional: ['second-letter'],
    });
    const host = await startHost(service.url);
    const context = await browser.newContext({
      locale: 'zh-CN',
      viewport: { width: 360, height: 740 },
    });
    try {
      const published = await fetch(`${service.url}/widget/v1/integrity.json`);
      const files = (await published.json()) as Record<string, { integrity: string }>;
      const { integrity } = files['mandate-widget.js']!;
      const ways = { origins: [host.origin] };
      const made = await service.asInstitution(`/v1/signing-sets/${set.id}/signing-tickets`, ways);
      const { ticket } = (await made.json()) as { ticket: string };
      const page = await context.newPage();
      const html = widgetPage(service.url, integrity, `ticket="${ticket}" mode="inline"`);
      const [frame] = await Promise.all([
        page.waitForEvent('framenavigated', {
          predicate: (candidate) => candidate.url().startsWith(`${service.url}/w/`),
        }),
        page.goto(host.page(html)),
      ]);
      await frame.waitForSelector('[data-step=gate] h1');
      const inside = inFrame(frame);
      const at = setSteps(inside, set);
      await at.passGate();
      await at.accept();
      await at.at(2);
      await at.refuse();
      expect(await at.summary()).toEqual(['accepted', 'refused']);
      await page.screenshot({ path: join(SCREENSHOTS, 'widget-set-summary.png') });
      await inside.click('[data-action=send]');
      await frame.waitForSelector('#code');
      await frame.fill('#code', codeIn(await service.message(set.subject.phone)));
      await inside.click('[data-step=code] button[type=submit]');
      await frame.waitForSelector('[data-step=done] h1', { timeout: 60_000 });
      const heard = () =>
        page.evaluate(() => (window as unknown as { heard: [string, unknown][] }).heard);
      await page.waitForFunction(() =>
        (window as unknown as { heard: [string, unknown][] }).heard.some(
          ([name]) => name === 'success',
        ),
      );
      expect((await heard()).filter(([name]) => name === 'success')).toHaveLength(1);
      expect(JSON.stringify(await heard())).not.toContain(set.subject.phone);
      expect(await Promise.all(set.ids.map((id) => service.stateOf(id)))).toEqual([
        'released',
        'declined',
      ]);
    } finally {
      await context.close();
      await host.close();
    }
  },
);
