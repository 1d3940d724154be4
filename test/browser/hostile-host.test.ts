import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Frame, Page } from 'playwright-core';
import { sliceOf, walkTest } from './inspection.js';
import { startHost, widgetPage, type HostSite } from './host-page.js';
import { inFrame } from './patient-frame.js';
import { startService, type Requested, type StartedService } from './started-service.js';
import { codeIn, launchBrowser, steps } from './visitor.js';

jest.setTimeout(90_000);

let browser: Browser;
let service: StartedService;
let host: HostSite;
let stranger: HostSite;
let integrity: string;

beforeAll(async () => {
  service = await startService();
  browser = await launchBrowser();
  [host, stranger] = await Promise.all([startHost(service.url), startHost(service.url, null)]);
  const published = await fetch(`${service.url}/widget/v1/integrity.json`);
  ({ integrity } = ((await published.json()) as Record<string, { integrity: string }>)[
    'mandate-widget.js'
  ]!);
}, 120_000);
afterAll(async () => {
  await host?.close();
  await stranger?.close();
  await browser?.close();
  await service?.stop();
});

interface HostWindow {
  readonly heard: [string, Record<string, unknown>][];
}
const heard = (page: Page): Promise<HostWindow['heard']> =>
  page.evaluate(() => (window as unknown as HostWindow).heard);
const waitFor = (page: Page, name: string): Promise<unknown> =>
  page.waitForFunction(
    (wanted) =>
      (window as unknown as HostWindow).heard.some(
        ([event, detail]) => event === wanted || detail['name'] === wanted,
      ),
    name,
  );
/** Long enough for a message that is going to be heard. */
const settle = (page: Page): Promise<void> => page.waitForTimeout(400);

async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  return page;
}

const ticketOf = async (requested: Requested, origins = [host.origin]): Promise<string> =>
  (await service.ticket(requested.id, { origins })).ticket;

interface Opened {
  readonly page: Page;
  readonly frame: Frame;
  readonly requested: Requested;
  readonly ticket: string;
}

async function openWidget({
  attributes = 'mode="inline"',
  around = {},
  page: given = undefined as Page | undefined,
  ready = 'ready',
} = {}): Promise<Opened> {
  const requested = await service.request();
  const ticket = await ticketOf(requested);
  const page = given ?? (await newPage());
  const html = widgetPage(service.url, integrity, `ticket="${ticket}" ${attributes}`, around);
  const [frame] = await Promise.all([
    page.waitForEvent('framenavigated', {
      predicate: (candidate) => candidate.url().startsWith(`${service.url}/w/`),
    }),
    page.goto(host.page(html)),
  ]);
  if (ready) await waitFor(page, ready);
  return { page, frame, requested, ticket };
}

describe('framing', () => {
  test('every page but a ticket’s is nobody’s to frame', async () => {
    for (const path of [
      '/s',
      '/',
      '/verify',
      '/docs',
      '/w/lnk_00000000-0000-7000-8000-000000000000',
      '/w/..%2f',
    ]) {
      const { headers } = await fetch(service.url + path);
      expect([path, headers.get('x-frame-options')]).toEqual([path, 'DENY']);
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    }
    // A link's id is no ticket's.
    const requested = await service.request();
    const { ticket, url } = await service.ticket(requested.id, { origins: [host.origin] });
    const { headers } = await fetch(url);
    expect(url).toBe(`${service.url}/w/${ticket.replace('.', '#')}`);
    expect(headers.get('x-frame-options')).toBeNull();
    const policy = headers.get('content-security-policy')!;
    expect(/frame-ancestors ([^;]*)/.exec(policy)![1]).toBe(host.origin);
    expect(headers.get('permissions-policy')).toContain('publickey-credentials-get=(self)');
  });

  test.each(['directly', 'around an allowed page'])(
    'from an unlisted origin is refused, %s, and uses nothing up',
    async (how) => {
      const requested = await service.request();
      const ticket = await ticketOf(requested);
      const page = await newPage();
      const direct = `<iframe src="${service.url}/w/${ticket.replace('.', '#')}"></iframe>`;
      let html = direct;
      if (how !== 'directly') {
        const inner = host.page(`<!doctype html>${direct}`);
        html = `<iframe src="${inner}"></iframe>`;
      }
      const refused: string[] = [];
      page.on('console', (message) => {
        if (message.text().includes('frame-ancestors')) refused.push(message.text());
      });
      await page.goto(stranger.page(`<!doctype html>${html}`));
      for (let round = 0; round < 30 && refused.length === 0; round++) await settle(page);
      expect(refused.length).toBeGreaterThan(0);
      const open = await fetch(`${service.url}/v1/signing/open`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Requested-With': 'mandate' },
        body: JSON.stringify({ token: ticket }),
      });
      expect(open.status).toBe(200);
      await page.context().close();
    },
  );

  walkTest('a frame whose host does not answer opens nothing', async () => {
    const requested = await service.request();
    const ticket = await ticketOf(requested);
    const page = await newPage();
    const html = `<!doctype html><iframe src="${service.url}/w/${ticket.replace('.', '#')}"></iframe>`;
    await page.goto(host.page(html));
    const frame = page.frames().find((candidate) => candidate.url().includes('/w/'))!;
    await frame.waitForSelector('[data-problem=frame-refused]');
    expect(await page.context().cookies()).toEqual([]);
    await page.context().close();
  });
});

describe('messages', () => {
  test('to the host: only from the frame, about this ticket, new, and of a known shape', async () => {
    const { page, frame, requested, ticket } = await openWidget({
      around: { after: `<iframe id="ad" src="about:blank"></iframe>` },
    });
    const [id] = ticket.split('.');
    const success = { mandate: 1, ticket: id, type: 'success', authorization: requested.id };
    const far = Number.MAX_SAFE_INTEGER - 1;
    const before = await heard(page);
    // The host's own window, and another frame in it.
    await page.evaluate((m) => window.postMessage(m, '*'), { ...success, seq: far });
    await page
      .frames()
      .find((candidate) => candidate.url() === 'about:blank')!
      .evaluate((m) => window.parent.postMessage(m, '*'), { ...success, seq: far });
    const other = 'lnk_00000000-0000-7000-8000-000000000000';
    const wrong: object[] = [
      { ...success, seq: 1 },
      { ...success, seq: 2e12 + 0.5 },
      { ...success, seq: '9007199254740990' },
      { ...success },
      { ...success, seq: far, mandate: 2 },
      { ...success, seq: far, ticket: other },
      { ...success, seq: far, token: 'x' },
      { ...success, seq: far, authorization: 'aut_1' },
      { ...success, seq: far, type: 'constructor' },
      { ...success, seq: far, type: ['success'] },
    ];
    for (const message of wrong)
      await frame.evaluate((m) => window.parent.postMessage(m, '*'), message);
    await frame.evaluate(() => {
      for (const m of [null, 'success', 7, [], undefined]) window.parent.postMessage(m, '*');
    });
    await settle(page);
    expect(await heard(page)).toEqual(before);

    // The same from the right place is heard, once: the test above could have failed.
    for (let i = 0; i < 2; i++)
      await frame.evaluate((m) => window.parent.postMessage(m, '*'), { ...success, seq: far });
    await settle(page);
    expect((await heard(page)).slice(before.length)).toEqual([
      ['success', { authorization: requested.id }],
    ]);
    // And it changed nothing: truth does not come from here.
    expect(await service.stateOf(requested.id)).toBe('requested');
    await page.context().close();
  });

  test('to the frame: looks from its parent, and nothing else', async () => {
    // An open shadow root, so that the test can reach the window a host cannot.
    const page = await newPage();
    await page.addInitScript(() => {
      const attach = Element.prototype.attachShadow;
      Element.prototype.attachShadow = function (options) {
        const root = attach.call(this, options);
        Object.assign(window, { root });
        return root;
      };
    });
    const { frame, ticket } = await openWidget({ page, attributes: 'theme="light"' });
    const [id] = ticket.split('.');
    const scheme = () => frame.evaluate(() => document.documentElement.dataset['scheme']);
    const send = (message: object) =>
      page.evaluate((m) => {
        const { root } = window as unknown as { root: ShadowRoot };
        root.querySelector('iframe')!.contentWindow!.postMessage(m, '*');
      }, message);
    const theme = { mandate: 1, ticket: id, type: 'theme', theme: { scheme: 'dark' } };
    const wrong: object[] = [
      { ...theme, seq: 1 },
      { ...theme },
      { ...theme, seq: 100, mandate: '1' },
      { ...theme, seq: 100, ticket: 'lnk_00000000-0000-7000-8000-000000000000' },
      { ...theme, seq: 100, type: 'welcome', largePrint: true },
      { ...theme, seq: 100, code: '123456' },
      { ...theme, seq: 100, theme: { scheme: 'dark', css: 'body{display:none}' } },
      { ...theme, seq: 100, theme: { scheme: 'dark; color: red' } },
    ];
    for (const message of wrong) await send(message);
    // The right message, but from the frame itself instead of its parent.
    await frame.evaluate((m) => window.postMessage(m, '*'), { ...theme, seq: 100 });
    await settle(page);
    expect(await scheme()).toBe('light');
    await send({ ...theme, seq: 100 });
    await settle(page);
    expect(await scheme()).toBe('dark');
    await send({ ...theme, seq: 100, theme: { scheme: 'light' } });
    await settle(page);
    expect(await scheme()).toBe('dark');
    await page.context().close();
  });

  test('a faked success changes nothing on the server', async () => {
    const { page, requested } = await openWidget();
    await page.evaluate((authorization) => {
      const fake = { detail: { authorization }, bubbles: true, composed: true };
      document.querySelector('mandate-signing')!.dispatchEvent(new CustomEvent('success', fake));
    }, requested.id);
    expect((await heard(page)).at(-1)![0]).toBe('success');
    expect(await service.stateOf(requested.id)).toBe('requested');
    await page.context().close();
  });
});

describe('the host', () => {
  test('can neither read nor reach into the frame', async () => {
    const { page, frame } = await openWidget({
      around: {
        before: `<style nonce="host">iframe, mandate-signing iframe, mandate-signing::part(frame) { display: none !important }</style>`,
      },
    });
    const reach = await page.evaluate(() => {
      const element = document.querySelector('mandate-signing')!;
      return [
        element.shadowRoot,
        element.innerHTML,
        element.getAttribute('ticket'),
        document.querySelector('iframe'),
        window.frames.length,
      ];
    });
    expect(reach).toEqual([null, '', null, null, 0]);
    expect(await frame.isVisible('h1')).toBe(true);
    await page.context().close();
  });

  test('a ticket opens once: the second time the element says so', async () => {
    const { page, ticket } = await openWidget();
    const again = await newPage();
    await again.goto(host.page(widgetPage(service.url, integrity, `ticket="${ticket}"`)));
    await waitFor(again, 'error');
    expect(await heard(again)).toEqual([['error', { code: 'ticket-used' }]]);
    const answer = await fetch(`${service.url}/v1/signing/open`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Requested-With': 'mandate' },
      body: JSON.stringify({ token: ticket, framed: true }),
    });
    expect(answer.status).toBe(410);
    await again.context().close();
    await page.context().close();
  });

  test.each(
    sliceOf([
      [
        'a picture that lets taps through',
        `#trap{position:absolute;inset:0;background:#fff;pointer-events:none}`,
      ],
      ['an almost invisible frame', `mandate-signing{opacity:.02}`],
      ['a frame made smaller', `mandate-signing{transform:scale(.6)}`],
      ['a blurred frame', `mandate-signing{filter:blur(6px)}`],
    ] as const),
  )('%s: the tap does not count, and the subject is told', async (_name, css) => {
    const { page, frame, requested } = await openWidget({
      around: { after: '<div id="trap"></div>' },
    });
    await page.setViewportSize({ width: 900, height: 1200 });
    await frame.fill('#last-six', requested.subject.idNumber.slice(-6));
    const button = (await frame.$('[data-step=gate] button[type=submit]'))!;
    await button.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    await page.waitForTimeout(700);
    const place = () => page.locator('mandate-signing').evaluate((e) => e.getBoundingClientRect());
    const plain = await place();
    const box = (await button.boundingBox())!;
    await restyle(page, css);
    await page.waitForTimeout(500);
    // Where the button is for the eye, however the host bent the frame.
    const bent = await place();
    const scale = bent.width / plain.width;
    await page.mouse.click(
      bent.x + scale * (box.x + box.width / 2 - plain.x),
      bent.y + scale * (box.y + box.height / 2 - plain.y),
    );
    await frame.waitForSelector('[data-covered]');
    expect(await frame.$('[data-step=terms]')).toBeNull();

    await restyle(page, '');
    await page.waitForTimeout(900);
    await inFrame(frame).click('[data-step=gate] button[type=submit]');
    await frame.waitForSelector('[data-step=terms] h1');
    expect(await frame.$('[data-covered]')).toBeNull();
    await page.context().close();
  });
});

/** What a host can do to its own page at any time, its policy notwithstanding. */
const restyle = (page: Page, css: string): Promise<void> =>
  page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [sheet];
  }, css);

/** The whole ceremony on a full page or in a frame, from the gate on. */
async function sign(page: Page, requested: Requested): Promise<void> {
  const walk = steps(page, service, requested);
  await page.waitForSelector('#last-six');
  await walk.passGate();
  await walk.read();
  await walk.enterCode(codeIn(await walk.sendCode()));
  await walk.finished();
}

describe('browsers that keep no cookies for others', () => {
  walkTest('third-party cookies phased out: the partitioned cookie serves', async () => {
    const strict = await launchBrowser(['--test-third-party-cookie-phaseout']);
    const page = await (await strict.newContext({ locale: 'zh-CN' })).newPage();
    page.setDefaultTimeout(15_000);
    const { frame, requested } = await openWidget({ page });
    await sign(inFrame(frame), requested);
    await waitFor(page, 'success');
    expect(await service.stateOf(requested.id)).toBe('released');
    await strict.close();
  });

  walkTest(
    'no cookie at all in frames: a full page takes over, and the host hears the end',
    async () => {
      const page = await newPage();
      await page.route('**/v1/signing/open', async (route) => {
        const response = await route.fetch();
        const { 'set-cookie': _, ...headers } = response.headers();
        await route.fulfill({ response, headers });
      });
      const { frame, requested, ticket } = await openWidget({ page, ready: '' });
      await frame.waitForSelector('[data-problem=cookie-refused]');
      const link = await frame.waitForSelector('[data-action=full-page]');
      const address = (await link.getAttribute('href'))!;
      expect(address).not.toContain(ticket.split('.')[1]);
      // What leads to the full page cannot be framed by anybody.
      const { headers } = await fetch(address);
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      const [full] = await Promise.all([page.context().waitForEvent('page'), link.click()]);
      await sign(full, requested);
      await waitFor(page, 'success');
      expect((await heard(page)).map(([name, detail]) => detail['name'] ?? name)).toEqual([
        'full-page',
        'success',
      ]);
      await page.context().close();
    },
  );
});

describe('an app’s WebView', () => {
  const WEBVIEW =
    'Mozilla/5.0 (Linux; Android 13; M2012K11AC Build/TKQ1; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36 HesuiBank/5.1';

  walkTest(
    'no windows, no passkeys, killed while the SMS is read: signs and goes back to the app',
    async () => {
      await service.allow('scheme', 'hesuibank');
      const requested = await service.request();
      const { url } = await service.ticket(requested.id, {
        origins: [],
        returnUrl: 'hesuibank://signed',
        state: 'loan-42',
      });
      const context = await browser.newContext({
        userAgent: WEBVIEW,
        locale: 'zh-CN',
        viewport: { width: 360, height: 740 },
        isMobile: true,
        hasTouch: true,
      });
      await context.addInitScript(() => {
        window.open = () => null;
        Reflect.deleteProperty(window, 'PublicKeyCredential');
        Reflect.deleteProperty(window, 'IntersectionObserverEntry');
      });
      let page = await context.newPage();
      page.setDefaultTimeout(15_000);
      await page.goto(url);
      const walk = steps(page, service, requested);
      await page.waitForSelector('#last-six');
      await walk.passGate();
      await walk.read();
      const code = codeIn(await walk.sendCode());
      const address = page.url();
      expect(address).not.toContain('#');
      await page.close(); // the system needed memory; the app reopens its last address
      page = await context.newPage();
      page.setDefaultTimeout(15_000);
      const gone: string[] = [];
      const devtools = await context.newCDPSession(page);
      await devtools.send('Page.enable');
      devtools.on('Page.frameRequestedNavigation', ({ url: to }) => gone.push(to));
      await page.goto(address);
      await page.waitForSelector('#code');
      const again = steps(page, service, requested);
      await again.enterCode(code);
      await again.finished();
      const back = await page.waitForSelector('[data-action=back]:not(.quiet)');
      const href = new URL((await back.getAttribute('href'))!);
      expect(href.protocol).toBe('hesuibank:');
      expect(Object.fromEntries(href.searchParams)).toEqual({
        mandate: 'success',
        authorization: requested.id,
        state: 'loan-42',
      });
      // By itself after a while, as the subject did not choose to stay.
      await page.waitForTimeout(11_000);
      expect(gone).toContain(href.href);
      await context.close();
    },
  );

  walkTest('under pressure nobody is sent anywhere by itself', async () => {
    await service.allow('scheme', 'hesuibank');
    const requested = await service.request();
    const { url } = await service.ticket(requested.id, {
      origins: [],
      returnUrl: 'hesuibank://signed',
    });
    const page = await newPage({ viewport: { width: 360, height: 740 } });
    await page.goto(url);
    await page.waitForSelector('#last-six');
    await page.click('[data-reason=someone-is-telling-me]');
    await page.click('dialog[open] [data-action=yes]');
    const back = await page.waitForSelector('[data-action=back]:not(.quiet)');
    expect(await page.$('[data-action=stay]')).toBeNull();
    expect(await back.getAttribute('href')).toContain('mandate=declined');
    expect(await back.getAttribute('href')).not.toMatch(/someone|reason/);
    await page.context().close();
  });
});
