import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { addSeconds, systemClock, toUtcSeconds } from '@mandate/core';
import { creditReportTemplate } from '@mandate/terms';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { startWithSample, type StartedSample } from '../kit/started-sample.js';
import { startHost, widgetPage, type HostSite } from './host-page.js';
import { inFrame } from './patient-frame.js';
import type { Requested, StartedService } from './started-service.js';
import { codeIn, launchBrowser, steps } from './visitor.js';

jest.setTimeout(150_000);

let started: StartedSample;
let browser: Browser;
let host: HostSite;
let receiver: Server;
/** Head and body of every webhook that came. */
const delivered: string[] = [];

beforeAll(async () => {
  [started, browser] = await Promise.all([startWithSample(), launchBrowser()]);
  host = await startHost(started.url);
  receiver = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    delivered.push(`${request.url} ${JSON.stringify(request.headers)} ${Buffer.concat(parts)}`);
    response.end();
  });
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  await started.publish({
    ...creditReportTemplate,
    name: 'canary',
    policy: { ...creditReportTemplate.policy, minimumReadingSeconds: 0 },
  });
  const { port } = receiver.address() as AddressInfo;
  await call('/v1/webhooks', { url: `http://127.0.0.1:${port}/hook` });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await host?.close();
  receiver?.close();
  receiver?.closeAllConnections();
  await started?.stop();
});

async function call<T>(path: string, body: unknown): Promise<T> {
  const response = await fetch(started.url + path, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${started.apiKey}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': crypto.randomUUID(),
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json() as Promise<T>;
}

/** A service as `steps` wants it; no address here names a phone. */
const service = {
  message: async (phone: string) => {
    for (let round = 0; round < 150; round++) {
      const messages = (await (await fetch(`${started.url}/sandbox/sms.json`)).json()) as {
        phone: string;
        text: string;
      }[];
      const found = messages.find((message) => message.phone === phone);
      if (found) return found.text;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error('no message came');
  },
} as unknown as StartedService;

const SUBJECTS = [
  { name: '沈探雀', idNumber: '310101199003072313', phone: '13671836715' },
  { name: '金丝鸟', idNumber: '11010519491231002X', phone: '15902917364' },
];

async function request(subject: Requested['subject']): Promise<Requested> {
  const { id } = await call<{ id: string }>('/v1/authorizations', {
    template: 'canary',
    businessReference: 'CANARY-1',
    language: 'zh',
    subject: { ...subject, idType: 'cn-resident-id' },
    end: { kind: 'date', at: toUtcSeconds(addSeconds(systemClock.now(), 30 * 86_400)) },
  });
  return { id, link: '', subject };
}

/** Everything a page leaves behind or hands on, as it happens. */
function listen(context: BrowserContext): string[] {
  const heard: string[] = [];
  context.on('request', (sent) => {
    // the answer to a person's own input goes in a body, never in what proxies and logs keep
    heard.push(
      `request ${sent.method()} ${sent.url()} referrer ${sent.headers()['referer'] ?? ''}`,
    );
  });
  context.on('console', (message) => heard.push(`console ${message.text()}`));
  context.on('weberror', (error) => heard.push(`error ${error.error().message}`));
  return heard;
}

/** What stays in the browser; as text. */
const kept = (place: Page | Frame): Promise<string> =>
  place.evaluate(async () => {
    // in a frame the browser may refuse all of these
    const stored = (storage: () => Storage): unknown => {
      try {
        return { ...storage() };
      } catch {
        return null;
      }
    };
    const databases = (await indexedDB.databases?.().catch(() => [])) ?? [];
    const cacheNames = 'caches' in window ? await caches.keys().catch(() => []) : [];
    const workers = (await navigator.serviceWorker?.getRegistrations().catch(() => [])) ?? [];
    const visited = (
      window as unknown as { navigation?: { entries(): { url: string; getState(): unknown }[] } }
    ).navigation
      ?.entries()
      .map((entry) => [entry.url, entry.getState()]);
    return JSON.stringify({
      local: stored(() => localStorage),
      session: stored(() => sessionStorage),
      databases,
      cacheNames,
      workers: workers.length,
      cookie: document.cookie,
      address: location.href,
      title: document.title,
      name: window.name,
      history: [history.state, visited],
    });
  });

/** By itself, not as a run of digits in a longer number or digest. */
const has = (text: string, secret: string): boolean => {
  const escaped = secret.replace(/[^0-9A-Za-z]/g, (character) => `\\${character}`);
  return new RegExp(`(?<![0-9A-Za-z])${escaped}(?![0-9A-Za-z])`).test(text);
};

test('the search finds what it looks for, and only that', () => {
  expect(has('{"phone":"13671836715"}', '13671836715')).toBe(true);
  expect(has('tel=+86 13671836715', '13671836715')).toBe(true);
  expect(has('ab13671836715', '13671836715')).toBe(false);
  expect(has('a/b_C-d', 'b_C-d')).toBe(true);
});

async function sign(place: Page, requested: Requested): Promise<string> {
  const walk = steps(place, service, requested);
  await place.waitForSelector('#last-six');
  await place.fill('#last-six', '000000');
  await place.click('[data-step=gate] button[type=submit]');
  await place.waitForSelector('#last-six[aria-invalid=true]');
  await walk.passGate();
  await walk.read();
  const code = codeIn(await walk.sendCode());
  await walk.enterCode(code);
  await walk.finished();
  return code;
}

test.each(['hosted page', 'widget'] as const)(
  '%s: nothing about the person, and nothing that opens anything, is left anywhere',
  async (way) => {
    const subject = SUBJECTS[way === 'widget' ? 1 : 0]!;
    const requested = await request(subject);
    const before = delivered.length;
    const context = await browser.newContext({ locale: 'zh-CN' });
    const heard = listen(context);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    let secret: string;
    let code: string;
    const places: string[] = [];
    if (way === 'widget') {
      const { ticket } = await call<{ ticket: string }>(
        `/v1/authorizations/${requested.id}/signing-tickets`,
        { origins: [host.origin] },
      );
      secret = ticket.split('.')[1]!;
      const published = await fetch(`${started.url}/widget/v1/integrity.json`);
      const digests = (await published.json()) as Record<string, { integrity: string }>;
      const { integrity } = digests['mandate-widget.js']!;
      const html = widgetPage(started.url, integrity, `ticket="${ticket}" mode="inline"`);
      const [frame] = await Promise.all([
        page.waitForEvent('framenavigated', {
          predicate: (candidate) => candidate.url().startsWith(`${started.url}/w/`),
        }),
        page.goto(host.page(html)),
      ]);
      code = await sign(inFrame(frame), requested);
      places.push(await kept(frame), await kept(page));
      places.push(JSON.stringify(await page.evaluate('heard')));
      // The page that embeds it was served with the ticket; the element has taken it out of the document.
      places.push(await page.evaluate(() => document.querySelector('mandate-signing')!.outerHTML));
    } else {
      const { url } = await call<{ url: string }>(
        `/v1/authorizations/${requested.id}/signing-links`,
        {},
      );
      secret = url.split('#')[1]!;
      await page.goto(url);
      code = await sign(page, requested);
      places.push(await kept(page));
      await page.reload();
      await page.waitForSelector('[data-step=done] h1');
      places.push(await kept(page));
    }
    for (let round = 0; round < 300; round++) {
      if (delivered.slice(before).some((text) => text.includes('authorization.released'))) break;
      await new Promise((done) => setTimeout(done, 100));
    }
    const webhooks = delivered.slice(before);
    expect(webhooks.join()).toContain('authorization.released');
    expect(heard.join()).toContain('/v1/signing/confirmation');
    expect(started.log()).toContain('/v1/signing/confirmation');

    const { phone, idNumber, name } = subject;
    const secrets = { phone, idNumber, lastSix: idNumber.slice(-6), name, secret, code };
    const all = { log: [started.log()], webhooks, heard, kept: places };
    const found = Object.entries(all).flatMap(([place, texts]) =>
      texts
        .flatMap((text) => text.split('\n'))
        .flatMap((line) =>
          Object.entries({ ...secrets, apiKey: started.apiKey })
            .filter(([, value]) => has(line, value))
            .map(([what]) => `${what} in ${place}: ${line.slice(0, 200)}`),
        ),
    );
    expect(found).toEqual([]);
    await context.close();
  },
);
