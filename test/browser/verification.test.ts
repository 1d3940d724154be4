import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { systemClock } from '@mandate/core';
import { NO_ANCHORS, verifyFile, type TrustAnchors } from '@mandate/verify';
import { verificationView } from '../../services/web/src/pages/verification-view.js';
import { startService, type StartedService } from './started-service.js';
import { launchBrowser, newVisitor, SCREENSHOTS, steps } from './visitor.js';

jest.setTimeout(60_000);

let browser: Browser;
let service: StartedService;
let anchors: TrustAnchors;
let letter: Buffer;

beforeAll(async () => {
  service = await startService();
  browser = await launchBrowser();
  anchors = await service.anchors();
  const requested = await service.request();
  const { page, close } = await newVisitor(browser, service);
  const walk = steps(page, service, requested);
  await walk.enterCode(await walk.toCode());
  await walk.finished();
  await close();
  letter = Buffer.from(await service.signedLetter(requested.id));
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

/** The page alone is under test: the answers are the verifier's own, over the bytes the page sent. */
async function answerWith(page: Page, trust: TrustAnchors): Promise<Buffer[]> {
  const sent: Buffer[] = [];
  await page.route('**/verify?language=*', async (route) => {
    const bytes = route.request().postDataBuffer()!;
    sent.push(bytes);
    const language = route.request().url().endsWith('=en') ? 'en' : 'zh';
    const verification = verifyFile(bytes, { anchors: trust, at: systemClock.now() });
    await route.fulfill({ json: verificationView(verification, language) });
  });
  return sent;
}

const altered = (): Buffer => {
  const bytes = Buffer.from(letter);
  bytes[Math.floor(bytes.length / 3)]! ^= 1;
  return bytes;
};

test.each([
  ['passed', 'TOTAL-PASSED', () => letter, true],
  ['without-anchors', 'INDETERMINATE', () => letter, false],
  ['altered', 'TOTAL-FAILED', altered, true],
] as const)('a letter, %s: %s', async (name, verdict, bytes, trusted) => {
  for (const language of ['zh', 'en'] as const) {
    const { page, complaints, close } = await newVisitor(browser, service, { language });
    const sent = await answerWith(page, trusted ? anchors : NO_ANCHORS);
    await page.goto(`${service.url}/verify#ABCD-EFGH-JKLM-NPQR`);
    expect(await page.textContent('.check-code')).toBe('ABCD-EFGH-JKLM-NPQR');
    const file = { name: 'letter.pdf', mimeType: 'application/pdf', buffer: bytes() };
    await page.setInputFiles('#file', file);
    await page.waitForSelector('[data-verdict]');
    expect(await page.getAttribute('[data-verdict]', 'data-verdict')).toBe(verdict);
    expect(sent).toHaveLength(1);
    expect(sent[0]!.equals(file.buffer)).toBe(true);
    await page.screenshot({
      path: join(SCREENSHOTS, `verify-${name}-${language}.png`),
      fullPage: true,
    });

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click('main button.secondary'),
    ]);
    const json = JSON.parse(await readFile(await download.path(), 'utf8'));
    expect(json).toMatchObject({
      format: 'mandate-verification/v0',
      verdict: { indication: verdict },
    });

    // The other language: asked for again, the same verdict.
    await page.click('[data-action=language]');
    await page.waitForFunction(
      (now) => document.documentElement.lang.startsWith(now),
      language === 'zh' ? 'en' : 'zh',
    );
    await page.waitForSelector(`[data-verdict=${verdict}]`);
    expect(complaints).toEqual([]);
    await close();
  }
});

test('a file the server cannot take is a problem in words, not a verdict', async () => {
  const { page, close } = await newVisitor(browser, service);
  await page.route('**/verify?language=*', (route) => route.abort());
  await page.goto(`${service.url}/verify`);
  await page.setInputFiles('#file', {
    name: 'a',
    mimeType: 'text/plain',
    buffer: Buffer.from('a'),
  });
  await page.waitForSelector('[data-problem=offline]');
  expect(await page.$('[data-verdict]')).toBeNull();
  await close();
});
