import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { freePort } from '../kit/free-port.js';
import { sliceOf } from './inspection.js';
import { startService, type StartedService } from './started-service.js';
import { launchBrowser, newVisitor, steps } from './visitor.js';

jest.setTimeout(60_000);

let browser: Browser;
let service: StartedService;
beforeAll(async () => {
  const dead = async (name: string): Promise<string> =>
    `${name}|${name}|http://127.0.0.1:${await freePort()}/tsr`;
  service = await startService({ TSA_URLS: `${await dead('one')},${await dead('two')}` });
  browser = await launchBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

test.each(sliceOf(['zh', 'en'] as const))(
  'nobody stamps, %s: the page says so, and goes on saying it',
  async (language) => {
    const requested = await service.request({ language });
    const { page, close } = await newVisitor(browser, service, { language });
    try {
      const walk = steps(page, service, requested);
      await walk.enterCode(await walk.toCode());
      await page.waitForSelector('[data-step=wait] h1');
      const said = () => page.innerText('[data-step=wait] [role=status]');
      const words =
        language === 'zh'
          ? /时间戳服务暂时没有回应.*到 \d\d:\d\d/
          : /timestamp service does not answer.*by \d\d:\d\d/;
      expect(await said()).toMatch(words);
      // The page asks again and again; what it learns must not take the words away.
      await page.waitForTimeout(3000);
      expect(await said()).toMatch(words);
      await page.reload();
      await page.waitForSelector('[data-step=wait] h1');
      expect(await said()).toMatch(words);
      expect(await service.stateOf(requested.id)).toBe('confirmed');
    } finally {
      await close();
    }
  },
);

test('the signature ends unstamped: the page says so and offers to sign again', async () => {
  const requested = await service.request();
  const { page, close } = await newVisitor(browser, service);
  try {
    const walk = steps(page, service, requested);
    await walk.enterCode(await walk.toCode());
    await page.waitForSelector('[data-step=wait] h1');
    // As the server answers once it has given the signature up; the minutes until then are not waited for.
    await page.route('**/v1/signing', async (route) => {
      const response = await route.fetch();
      const { stampUntil: _, ...view } = (await response.json()) as Record<string, unknown>;
      await route.fulfill({ response, json: { ...view, step: 'sign' } });
    });
    await page.waitForSelector('[data-action=sign]');
    expect(await page.getAttribute('[data-problem]', 'data-problem')).toBe('attempt-void');
  } finally {
    await close();
  }
});
