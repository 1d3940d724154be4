import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/test-services.mjs';
import type { Requested, StartedService } from './started-service.js';

/** Pictures of every step, to be looked at. */
export const SCREENSHOTS = fileURLToPath(new URL('../../out/screenshots/', import.meta.url));

const CHROMIUM_FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  // A name that is not localhost, so that plain http is an insecure context.
  '--host-resolver-rules=MAP insecure.test 127.0.0.1',
];

export async function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  await mkdir(SCREENSHOTS, { recursive: true });
  return chromium.launch({
    executablePath: await findChromium(),
    args: [...CHROMIUM_FLAGS, ...flags],
  });
}

export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console errors, page errors and requests to other origins; empty in a good run. */
  readonly complaints: string[];
  close(): Promise<void>;
}

export interface VisitorOptions {
  readonly width?: number;
  readonly height?: number;
  readonly language?: 'zh' | 'en';
  readonly theme?: 'light' | 'dark';
}

/** A browser of its own: no cookie, no storage, nothing cached. */
export async function newVisitor(
  browser: Browser,
  service: StartedService,
  { width = 360, height = 740, language = 'zh', theme = 'light' }: VisitorOptions = {},
): Promise<Visitor> {
  const phone = width < 500;
  const context = await browser.newContext({
    viewport: { width, height },
    locale: language === 'zh' ? 'zh-CN' : 'en-US',
    colorScheme: theme,
    isMobile: phone,
    hasTouch: phone,
    deviceScaleFactor: phone ? 2 : 1,
    acceptDownloads: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    // Chromium's own line for every 4xx; which ones are right, each test asserts by what is shown.
    const refusal = /^Failed to load resource: the server responded with a status of 4/;
    if (
      refusal.test(message.text()) &&
      /\/(v1\/(signing|own)|desk\/api)/.test(message.location().url)
    )
      return;
    complaints.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const address = new URL(request.url());
    const own =
      [service.url, service.deskUrl].includes(address.origin) ||
      ['data:', 'blob:'].includes(address.protocol);
    if (!own) complaints.push(`request to ${address.origin}`);
  });
  return { page, context, complaints, close: () => context.close() };
}

/** The steps as a person takes them; each ends when the next one shows. */
export const steps = (page: Page, service: StartedService, requested: Requested) => ({
  async open(): Promise<void> {
    await page.goto(requested.link);
    await page.waitForSelector('[data-step=gate] h1');
  },
  async passGate(): Promise<void> {
    await page.fill('#last-six', requested.subject.idNumber.slice(-6));
    await page.click('[data-step=gate] button[type=submit]');
    await page.waitForSelector('[data-step=terms] h1');
  },
  /** From the key terms to the letter. */
  async toLetter(): Promise<void> {
    await page.click('[data-step=terms] [data-action=next]');
    await page.waitForSelector('[data-step=letter] .letter-text');
  },
  /** From the letter to the key clauses. */
  async toClauses(): Promise<void> {
    await page.click('[data-step=letter] [data-action=next]');
    await page.waitForSelector('[data-step=clauses] h1');
  },
  /** Every clause by hand; every question answered `yes` or `no`. */
  async acknowledge(answer: 'yes' | 'no' = 'yes'): Promise<void> {
    for (const box of await page.$$('.clause input')) await box.check();
    for (const choice of await page.$$(`.choice input[value=${answer}]`)) await choice.check();
    await page.click('[data-step=clauses] button[type=submit][aria-disabled=false]');
    await page.waitForSelector('[data-step=code] h1');
  },
  async read(): Promise<void> {
    await this.toLetter();
    await this.toClauses();
    await this.acknowledge();
  },
  /** Resolves to the message. */
  async sendCode(): Promise<string> {
    await page.click('[data-action=send]');
    await page.waitForSelector('#code');
    return service.message(requested.subject.phone);
  },
  async enterCode(code: string): Promise<void> {
    await page.fill('#code', code);
    await page.click('[data-step=code] button[type=submit]');
  },
  async toCode(): Promise<string> {
    await this.open();
    await this.passGate();
    await this.read();
    return codeIn(await this.sendCode());
  },
  async finished(): Promise<void> {
    await page.waitForSelector('[data-step=done] h1', { timeout: 30_000 });
  },
});

/** The code of a message: the first run of six to eight digits. */
export function codeIn(message: string): string {
  const [code] = /\d{6,8}/.exec(message) ?? [];
  if (!code) throw new Error(`no code in ${message}`);
  return code;
}

/** Another code of the same length. */
export const wrongCode = (code: string): string =>
  code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
