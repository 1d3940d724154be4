import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { systemClock } from '@mandate/core';
import { NO_ANCHORS, verifyFile, type TrustAnchors } from '@mandate/verify';
import { verificationView } from '../../services/web/src/pages/verification-view.js';
import { makeAuthority } from '../kit/authority.js';
import { addGeneration, factsOf } from '../kit/bundle-generations.js';
import { buildBundle } from '../kit/build-bundle.js';
import { makeReceipt } from '../kit/make-receipt.js';
import { inspector } from './inspection.js';
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
    const query = new URL(route.request().url()).searchParams;
    const language = query.get('language') === 'en' ? 'en' : 'zh';
    const sizes = query.get('sizes')?.split(',').map(Number) ?? [bytes.length];
    const [file, ...beside] = sizes.map((size, i) => {
      const from = sizes.slice(0, i).reduce((sum, it) => sum + it, 0);
      return new Uint8Array(bytes.subarray(from, from + size));
    });
    const options = { anchors: trust, at: systemClock.now(), beside };
    const verification = verifyFile(file!, options);
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
    // another letter than the one whose QR code was scanned
    if (name === 'passed')
      expect(await page.textContent('dl.terms')).toMatch(
        /not the one in the QR code|与二维码里的不同/,
      );
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
      format: 'mandate-verification/v1',
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

test('a receipt by itself says what is open; together with its letter that is answered', async () => {
  const authority = makeAuthority();
  const made = await buildBundle(authority);
  const upload = (name: string, bytes: Uint8Array | string) => ({
    name,
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(bytes),
  });
  for (const language of ['zh', 'en'] as const) {
    const { page, complaints, close } = await newVisitor(browser, service, { language });
    const found: string[] = [];
    const inspect = inspector(page, language, found);
    await answerWith(page, authority.anchors);
    await page.goto(`${service.url}/verify`);
    const receipt = makeReceipt(authority, made, 'redemption');
    await page.setInputFiles('#file', upload('use.jws', receipt));
    await page.waitForSelector('[data-verdict=TOTAL-PASSED]');
    // somebody else's letter: it says which check failed, by name
    await page.setInputFiles('#beside', upload('other.pdf', letter));
    await page.waitForSelector('[data-verdict=TOTAL-FAILED]');
    const detail = await page.textContent('details[open] .detail');
    expect(detail).toContain('receipt-letter');
    await page.click('[data-part=offline] summary');
    await inspect('verify-receipt-of-another');
    await page.setInputFiles('#beside', upload('letter.pdf', made.signedLetter));
    await page.waitForSelector('[data-verdict=TOTAL-PASSED]');
    await inspect('verify-receipt');
    expect([found, complaints]).toEqual([[], []]);
    await close();
  }
}, 300_000);

test('a bundle whose letter was withdrawn is valid, and says that it was', async () => {
  const authority = makeAuthority();
  const made = await buildBundle(authority);
  const facts = [factsOf(made).redemption('one', 600), factsOf(made).withdrawal(650)];
  const state = { withdrawn: true, uses: { counted: 1 } };
  const bundle = await addGeneration(authority, made, made.bundle, { facts, state, at: 700 });
  for (const language of ['zh', 'en'] as const) {
    const { page, complaints, close } = await newVisitor(browser, service, { language });
    const found: string[] = [];
    await answerWith(page, authority.anchors);
    await page.goto(`${service.url}/verify`);
    const file = {
      name: 'evidence.asice',
      mimeType: 'application/zip',
      buffer: Buffer.from(bundle),
    };
    await page.setInputFiles('#file', file);
    await page.waitForSelector('[data-verdict=TOTAL-PASSED]');
    expect(await page.textContent('dl.terms')).toMatch(
      language === 'zh'
        ? /已使用 1 次，至多 1 次 · 已撤回，不能再用/
        : /used 1 of at most 1 · withdrawn/,
    );
    await inspector(page, language, found)('verify-withdrawn');
    expect([found, complaints]).toEqual([[], []]);
    await close();
  }
}, 300_000);

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
