import { afterAll, afterEach, beforeAll, beforeEach, expect, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PART, readBundle } from '@mandate/evidence';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { startHost, widgetPage } from './host-page.js';
import { inFrame } from './patient-frame.js';
import { walkTest } from './inspection.js';
import { startService, type Requested, type StartedService } from './started-service.js';
import { codeIn, launchBrowser, newVisitor, SCREENSHOTS, steps, type Visitor } from './visitor.js';

jest.setTimeout(90_000);

const execute = promisify(execFile);
const COMMAND = fileURLToPath(new URL('../../packages/cli/bin/mandate.js', import.meta.url));

let folder: string;
let browser: Browser;
let service: StartedService;
let visitor: Visitor;
let page: Page;
let devtools: CDPSession;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mandate-passkeys-'));
  service = await startService();
  browser = await launchBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await service?.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  visitor = await newVisitor(browser, service);
  page = visitor.page;
  devtools = await visitor.context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
});
afterEach(async () => {
  const { complaints } = visitor;
  await visitor.close();
  expect(complaints).toEqual([]);
});

/** A phone with a screen lock, whose owner unlocks it when asked. */
const addDevice = async (): Promise<string> =>
  (
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
        ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
      },
    })
  ).authenticatorId;

const shot = (name: string) =>
  page.screenshot({ path: join(SCREENSHOTS, `passkey-${name}.png`), fullPage: true });

async function proven({ id }: Requested, ...parts: string[]): Promise<void> {
  const bundle = await service.bundle(id);
  const file = join(folder, `${id}.asice`);
  await writeFile(file, bundle);
  const { stdout } = await execute(process.execPath, [
    ...[COMMAND, 'verify', file, '--trust', service.trustFolder, '--json'],
  ]);
  expect(JSON.parse(stdout).verdict).toEqual({ indication: 'TOTAL-PASSED' });
  expect([...readBundle(bundle).parts.keys()]).toEqual(expect.arrayContaining(parts));
}

walkTest(
  'code and passkey: set up in the ceremony, signed, proven; the next letter uses it directly',
  async () => {
    const authenticatorId = await addDevice();
    const requested = await service.request({ template: 'with-passkey' });
    const walk = steps(page, service, requested);
    const code = await walk.toCode();
    await page.waitForSelector('[data-passkey=none]');
    await shot('1-none-yet');
    await walk.enterCode(code);
    await page.waitForSelector('[data-passkey=ask] [data-action=passkey]');
    expect(await service.stateOf(requested.id)).toBe('challenged');
    await shot('2-ready');
    await page.click('[data-action=passkey]');
    await walk.finished();
    // Whoever has just used one is not asked whether to have one.
    expect(await page.$('[data-passkey=offer]')).toBeNull();
    expect(await service.stateOf(requested.id)).toBe('released');
    await proven(requested, PART.codeRecord, PART.passkey);
    const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId });
    expect(credentials).toHaveLength(1);
    expect(credentials[0]!.rpId).toBe(new URL(service.url).hostname);

    const next = await service.request({ template: 'with-passkey', subject: requested.subject });
    const second = steps(page, service, next);
    await second.open();
    await second.passGate();
    await second.read();
    await page.click('[data-action=send]');
    await page.waitForSelector('#code');
    // Beside the first code, the number was told of the passkey.
    const message = await service.message(next.subject.phone, 2);
    await page.waitForSelector('[data-passkey=ask]');
    await shot('3-known');
    await second.enterCode(codeIn(message));
    await second.finished();
    await proven(next, PART.codeRecord, PART.passkey);
  },
);

walkTest(
  'a passkey alone: whoever has none sets one up with a code, and no other code is asked for',
  async () => {
    await addDevice();
    const requested = await service.request({ template: 'passkey-alone', language: 'en' });
    const walk = steps(page, service, requested);
    await walk.open();
    await walk.passGate();
    await walk.read();
    await page.waitForSelector('[data-passkey=ask]');
    await shot('4-alone');
    await page.click('[data-action=passkey]');
    await page.waitForSelector('[data-passkey=none] [data-action=enrol]');
    await shot('5-alone-none');
    await page.click('[data-action=enrol]');
    await page.waitForSelector('#code');
    await walk.enterCode(codeIn(await service.message(requested.subject.phone)));
    await page.waitForSelector('[data-passkey=ask] [data-action=passkey]');
    await page.click('[data-action=passkey]');
    await walk.finished();
    await proven(requested, PART.passkey);

    const next = await service.request({ template: 'passkey-alone', subject: requested.subject });
    const second = steps(page, service, next);
    await second.open();
    await second.passGate();
    await second.read();
    await page.click('[data-action=passkey]');
    await second.finished();
    await proven(next, PART.passkey);
  },
);

walkTest('an owner who does not unlock has signed nothing and may try again', async () => {
  const authenticatorId = await addDevice();
  const requested = await service.request({ template: 'with-passkey' });
  const walk = steps(page, service, requested);
  const code = await walk.toCode();
  await page.waitForSelector('[data-passkey=none]');
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await walk.enterCode(code);
  await page.waitForSelector('[data-problem=passkey-cancelled]');
  expect(await service.stateOf(requested.id)).toBe('challenged');
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
  await page.click('[data-action=passkey]');
  await page.waitForSelector('[data-passkey=ask]');
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await page.click('[data-action=passkey]');
  await page.waitForSelector('[data-problem=passkey-cancelled]');
  expect(await service.stateOf(requested.id)).toBe('challenged');
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
  await page.click('[data-action=passkey]');
  await walk.finished();
});

walkTest('offered when a letter is signed by code, for the next one', async () => {
  await addDevice();
  const requested = await service.request();
  const walk = steps(page, service, requested);
  await walk.enterCode(await walk.toCode());
  await walk.finished();
  await page.waitForSelector('[data-passkey=offer] [data-action=set-up]');
  await shot('6-offer');
  await page.click('[data-action=set-up]');
  await page.waitForSelector('[data-passkey=offer]:not(:has(button))');
  const next = await service.request({ template: 'passkey-alone', subject: requested.subject });
  const second = steps(page, service, next);
  await second.open();
  await second.passGate();
  await second.read();
  await page.click('[data-action=passkey]');
  await second.finished();
  await proven(next, PART.passkey);
});

walkTest('a browser without passkeys says so, and what to do', async () => {
  await page.addInitScript('delete window.PublicKeyCredential');
  const requested = await service.request({ template: 'passkey-alone' });
  const walk = steps(page, service, requested);
  await walk.open();
  await walk.passGate();
  await walk.read();
  await page.waitForSelector('#passkey-cannot');
  await shot('7-cannot');
  expect(await page.$('[data-action=passkey]')).toBeNull();
});

walkTest(
  'in another site’s page no passkey is asked for: the step leads to the full page, where it is read again',
  async () => {
    const requested = await service.request({ template: 'passkey-alone' });
    const host = await startHost(service.url);
    const context = await browser.newContext({ viewport: { width: 420, height: 900 } });
    try {
      const published = await fetch(`${service.url}/widget/v1/integrity.json`);
      const scripts = (await published.json()) as Record<string, { integrity: string }>;
      const { ticket } = await service.ticket(requested.id, { origins: [host.origin] });
      const { integrity } = scripts['mandate-widget.js']!;
      const outside = await context.newPage();
      outside.setDefaultTimeout(30_000);
      const [frame] = await Promise.all([
        outside.waitForEvent('framenavigated', {
          predicate: (candidate) => candidate.url().startsWith(`${service.url}/w/`),
        }),
        outside.goto(
          host.page(widgetPage(service.url, integrity, `ticket="${ticket}" mode="inline"`)),
        ),
      ]);
      await frame.waitForSelector('#last-six');
      const inside = steps(inFrame(frame), service, requested);
      await inside.passGate();
      await inside.read();
      const link = await frame.waitForSelector('[data-passkey=framed] [data-action=full-page]');
      expect(await frame.$('[data-action=passkey]')).toBeNull();
      await link.scrollIntoViewIfNeeded();
      await outside.screenshot({ path: join(SCREENSHOTS, 'passkey-8-framed.png') });
      const [full] = await Promise.all([
        context.waitForEvent('page'),
        inFrame(frame).click('[data-action=full-page]'),
      ]);
      page = full;
      devtools = await context.newCDPSession(full);
      await devtools.send('WebAuthn.enable');
      await addDevice();
      const walk = steps(full, service, requested);
      // Nothing shows that it is the same browser: who is there is asked again, and everything read again.
      await walk.passGate();
      await walk.read();
      await full.click('[data-action=passkey]');
      await full.click('[data-passkey=none] [data-action=enrol]');
      await full.waitForSelector('#code');
      await walk.enterCode(codeIn(await service.message(requested.subject.phone)));
      await full.click('[data-passkey=ask] [data-action=passkey]');
      await walk.finished();
      await proven(requested, PART.passkey);
    } finally {
      await context.close();
      await host.close();
    }
  },
);
