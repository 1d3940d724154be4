import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startService, type StartedService } from './started-service.js';
import { launchBrowser, newVisitor, steps } from './visitor.js';

jest.setTimeout(90_000);

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

test('a link past its time says so and offers the letter number', async () => {
  const { page, close } = await newVisitor(browser, service);
  const requested = await service.request();
  // As the server answers days later.
  await page.route('**/v1/signing/open', (route) =>
    route.fulfill({
      status: 410,
      contentType: 'application/problem+json',
      body: JSON.stringify({ code: 'link-expired', status: 410 }),
    }),
  );
  await page.goto(requested.link);
  await page.waitForSelector('[data-problem=link-expired]');
  expect(page.url()).not.toContain('#');
  expect(await page.isVisible('#letter-number')).toBe(true);
  await close();
});

test('another code only after a minute: the button says when, and the server holds to it', async () => {
  const { page, close } = await newVisitor(browser, service);
  const requested = await service.request();
  const walk = steps(page, service, requested);
  await walk.toCode();
  const again = page.locator('[data-action=resend]');
  expect(await again.isDisabled()).toBe(true);
  expect(await again.textContent()).toMatch(/\d+/);
  // Whoever goes around the button sends nothing either.
  const status = await page.evaluate(async () => {
    const headers = { 'X-Requested-With': 'mandate', 'Content-Type': 'application/json' };
    const init = { method: 'POST', headers, body: '{}' };
    return (await fetch('/v1/signing/challenge', init)).status;
  });
  expect(status).toBe(429);
  const sent = await fetch(`${service.url}/sandbox/sms.json?phone=${requested.subject.phone}`);
  expect(await sent.json()).toHaveLength(1);
  await close();
});
