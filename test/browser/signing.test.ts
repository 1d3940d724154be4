import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { sliceOf, walkTest } from './inspection.js';
import { startService, type StartedService } from './started-service.js';
import {
  codeIn,
  launchBrowser,
  newVisitor,
  SCREENSHOTS,
  steps,
  wrongCode,
  type Visitor,
} from './visitor.js';

jest.setTimeout(60_000);

let browser: Browser;
let service: StartedService;
let visitor: Visitor;

beforeAll(async () => {
  service = await startService();
  browser = await launchBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

beforeEach(async () => {
  visitor = await newVisitor(browser, service);
});
afterEach(async () => {
  const { complaints } = visitor;
  await visitor.close();
  expect(complaints).toEqual([]);
});

const problemOn = (page: Page): Promise<string | null> =>
  page.getAttribute('[data-problem]', 'data-problem');

/** Share of the canvas's pixels that are not paper. */
const inkOf = (page: Page): Promise<number[]> =>
  page.$$eval('canvas.letter-page', (pages) =>
    pages.map((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const { data } = (canvas as HTMLCanvasElement)
        .getContext('2d')!
        .getImageData(0, 0, width, height);
      let ink = 0;
      for (let at = 0; at < data.length; at += 4) if (data[at]! < 128) ink++;
      return ink / (width * height);
    }),
  );

test.each(
  sliceOf([
    ['zh', 360, 740],
    ['zh', 1440, 900],
    ['en', 360, 740],
    ['en', 1440, 900],
  ] as const),
)(
  'the whole ceremony, %s, %i×%i',
  async (language, width, height) => {
    const requested = await service.request({
      language,
      reading: width < 500 && language === 'zh',
    });
    const { page, complaints, close } = await newVisitor(browser, service, {
      language,
      width,
      height,
    });
    const shot = async (name: string): Promise<void> => {
      const path = join(SCREENSHOTS, `${language}-${width}x${height}-${name}.png`);
      await page.screenshot({ path, fullPage: true });
    };
    const walk = steps(page, service, requested);

    await walk.open();
    expect(page.url()).toBe(`${service.url}/s`);
    expect(await page.textContent('body')).not.toContain(requested.subject.name);
    await shot('1-gate');
    await page.fill('#last-six', '000000');
    await page.click('[data-step=gate] button[type=submit]');
    await page.waitForSelector('#last-six[aria-invalid=true]');
    await shot('2-gate-wrong');
    await walk.passGate();

    await shot('3-terms');
    await walk.toLetter();
    expect(await page.textContent('.letter-text')).toContain(requested.subject.name);
    await shot('4-letter-text');
    await page.click('[data-form=pages]');
    await page.waitForSelector('canvas.letter-page');
    for (const ink of await inkOf(page)) expect(ink).toBeGreaterThan(0.005);
    expect(await page.textContent('.plain-text')).toContain(requested.subject.name);
    await shot('4-letter-pages');
    const checkCode = (await page.textContent('.digest .check-code'))!;
    await walk.toClauses();
    expect(await page.$$eval('.clause input:checked', (boxes) => boxes.length)).toBe(0);
    // Nothing ticked: the button says what is missing and sends nothing.
    await page.click('[data-step=clauses] button[type=submit]', { force: true });
    await page.waitForSelector('#obstacle.obstacle');
    expect(await service.stateOf(requested.id)).toBe('requested');
    await shot('4-clauses-missing');
    await walk.acknowledge();
    expect(await service.stateOf(requested.id)).toBe('presented');

    await shot('5-code-not-sent');
    const message = await walk.sendCode();
    expect(message).toContain(checkCode);
    expect(await page.textContent('.check-code')).toBe(checkCode);
    await shot('6-code');
    await walk.enterCode(wrongCode(codeIn(message)));
    await page.waitForSelector('#code[aria-invalid=true]');
    await shot('7-code-wrong');
    await page.click('[data-reason=someone-is-telling-me]');
    await page.waitForSelector('dialog[open]');
    await page.screenshot({
      path: join(SCREENSHOTS, `${language}-${width}x${height}-8-someone-is-telling-me.png`),
    });
    await page.click('dialog [data-action=no]');
    await walk.enterCode(codeIn(message));
    await walk.finished();
    await shot('9-done');
    expect(await service.stateOf(requested.id)).toBe('released');

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click('[data-step=done] a[download]'),
    ]);
    const copy = await readFile(await download.path());
    expect(copy.equals(await service.signedLetter(requested.id))).toBe(true);
    await close();
    expect(complaints).toEqual([]);
  },
  90_000,
);

test.each(sliceOf(['refused', 'details-wrong', 'not-me', 'someone-is-telling-me'] as const))(
  'stopping (%s) ends it, kills the code, and the link does not say why',
  async (reason) => {
    const { page } = visitor;
    const requested = await service.request();
    const walk = steps(page, service, requested);
    await walk.toCode();
    await page.click(`[data-reason=${reason}]`);
    await page.click('dialog [data-action=yes]');
    await page.waitForSelector('[data-step=ended] h1');
    const said = await page.textContent('[data-step=ended] h1');
    await page.screenshot({ path: join(SCREENSHOTS, `ended-${reason}.png`) });
    expect(await service.stateOf(requested.id)).toBe('declined');

    await page.reload();
    await page.waitForSelector('[data-step=ended] h1');
    expect(await page.textContent('[data-step=ended] h1')).not.toBe(said);
    expect(await page.$('mandate-ways-out')).toBeNull();
  },
);

walkTest(
  'a reload finds the step again, and no token, phone or code stays in the browser',
  async () => {
    const { page } = visitor;
    const requested = await service.request();
    const walk = steps(page, service, requested);
    await walk.open();
    await page.reload();
    await page.waitForSelector('[data-step=gate] h1');
    await walk.passGate();
    await page.reload();
    await page.waitForSelector('[data-step=terms] h1');
    await walk.toLetter();
    await walk.toClauses();
    await page.check('.clause input');
    await page.reload();
    // What was acknowledged in this tab stays so.
    await page.waitForSelector('[data-step=clauses] h1');
    expect(await page.$$eval('.clause input:checked', (boxes) => boxes.length)).toBe(1);
    await walk.acknowledge();
    await page.reload();
    await page.waitForSelector('[data-step=code] h1');
    const code = codeIn(await walk.sendCode());
    await page.reload();
    await page.waitForSelector('#code');

    // The confirmation goes through, everything after it is lost, and the page is closed.
    await page.route('**/v1/signing/attempts', (route) => route.abort());
    await walk.enterCode(code);
    await page.waitForSelector('[data-problem=offline]');
    await page.unroute('**/v1/signing/attempts');
    expect(await service.stateOf(requested.id)).toBe('confirmed');
    visitor.complaints.splice(0); // the aborted request is in the console
    await page.reload();
    await page.waitForSelector('[data-step=sign] h1');
    await page.screenshot({ path: join(SCREENSHOTS, 'resume-sign.png') });
    await page.click('[data-action=sign]');
    await walk.finished();

    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]),
    );
    const token = requested.link.split('#')[1]!;
    for (const secret of [token, code, requested.subject.phone, requested.subject.idNumber])
      expect(kept).not.toContain(secret);
  },
);

walkTest(
  'an answer lost on the way back is no loss: the page sees that the signature arrived',
  async () => {
    const { page } = visitor;
    const walk = steps(page, service, await service.request());
    const code = await walk.toCode();
    await page.route('**/signature', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await walk.enterCode(code);
    await walk.finished();
    visitor.complaints.splice(0);
  },
);

walkTest('without a connection nothing is lost, and trying again goes on', async () => {
  const { page, context } = visitor;
  const requested = await service.request();
  const walk = steps(page, service, requested);
  await walk.open();
  await context.setOffline(true);
  await page.fill('#last-six', requested.subject.idNumber.slice(-6));
  await page.click('[data-step=gate] button[type=submit]');
  await page.waitForSelector('[data-problem=offline]');
  expect(await page.inputValue('#last-six')).toBe(requested.subject.idNumber.slice(-6));
  await context.setOffline(false);
  visitor.complaints.splice(0);
  await page.click('[data-problem=offline] button');
  await page.waitForSelector('[data-step=terms] h1');
});

walkTest('five wrong codes kill the code', async () => {
  const { page } = visitor;
  const requested = await service.request();
  const walk = steps(page, service, requested);
  const code = await walk.toCode();
  for (let tried = 1; tried < 5; tried++) {
    await walk.enterCode(wrongCode(code));
    await page.waitForSelector('#code[aria-invalid=true]');
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('#code')?.value === '',
    );
  }
  await walk.enterCode(wrongCode(code));
  await page.waitForSelector('[data-problem=code-tries-exhausted]');
  expect(await page.isDisabled('[data-step=code] button[type=submit]')).toBe(true);
  await page.screenshot({ path: join(SCREENSHOTS, 'code-dead.png'), fullPage: true });
  expect(await service.stateOf(requested.id)).toBe('challenged');
});

walkTest(
  'another letter than the registered one is not shown, and nothing can be signed',
  async () => {
    const { page } = visitor;
    const requested = await service.request();
    const walk = steps(page, service, requested);
    await page.route('**/v1/signing/letter', async (route) => {
      const response = await route.fetch();
      const body = await response.body();
      body[body.length - 20]! ^= 1;
      await route.fulfill({ response, body });
    });
    await walk.open();
    await walk.passGate();
    await page.click('[data-step=terms] [data-action=next]');
    await page.waitForSelector('[data-step=letter] [data-problem=letter-mismatch]');
    expect(await page.$('canvas, .letter-text')).toBeNull();
    await page.click('[data-step=letter] [data-action=next]', { force: true });
    await page.waitForSelector('#letter-obstacle.obstacle');
    expect(await page.$('[data-step=clauses]')).toBeNull();
    expect(await service.stateOf(requested.id)).toBe('requested');
  },
);

walkTest('material for anything but the letter that was read is not signed', async () => {
  const { page } = visitor;
  const requested = await service.request();
  const walk = steps(page, service, requested);
  const code = await walk.toCode();
  const handedIn: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/signature')) handedIn.push(request.url());
  });
  await page.route('**/v1/signing/attempts', async (route) => {
    const response = await route.fetch();
    const material = (await response.json()) as { signedAttributes: string };
    // One bit of the digest that would be signed.
    const bytes = Buffer.from(material.signedAttributes, 'base64url');
    bytes[bytes.length - 1]! ^= 1;
    await route.fulfill({
      response,
      json: { ...material, signedAttributes: bytes.toString('base64url') },
    });
  });
  await walk.enterCode(code);
  await page.waitForSelector('[data-problem=update-mismatch]');
  await page.screenshot({ path: join(SCREENSHOTS, 'material-refused.png'), fullPage: true });
  expect(handedIn).toEqual([]);
  expect(await page.$('[data-problem] button')).toBeNull();
  expect(await page.$('[data-step=sign]')).toBeNull();
  expect(await service.stateOf(requested.id)).toBe('confirmed');
  // The page says in the console what it found.
  expect(visitor.complaints.splice(0).join()).toContain('signature-invalid');
});

walkTest('a link that is not one, and no visit at all, each say what to do', async () => {
  const { page } = visitor;
  await page.goto(`${service.url}/s#${'A'.repeat(43)}`);
  await page.waitForSelector('[data-problem]');
  expect(await problemOn(page)).toBe('link-invalid');
  await page.screenshot({ path: join(SCREENSHOTS, 'link-invalid.png') });
  await page.goto('about:blank');
  await page.goto(`${service.url}/s`);
  await page.waitForSelector('[data-step=enter] h1');
  expect(await page.$('[data-problem]')).toBeNull();
});

walkTest('without a link: letter number and last six, typed as people type', async () => {
  const { page } = visitor;
  const requested = await service.request();
  await page.goto(requested.link);
  await page.waitForSelector('[data-step=gate] h1');
  await page.fill('#last-six', requested.subject.idNumber.slice(-6));
  await page.click('[data-step=gate] button[type=submit]');
  // the number stands only where somebody has come in
  await page.waitForSelector('[data-step=terms] h1');
  await page.click('.who summary');
  const number = /M\d{8}-[0-9A-Z]{8}/.exec((await page.textContent('.who .checks'))!)![0];
  await page.context().clearCookies();
  await page.goto('about:blank');
  await page.goto(`${service.url}/s`);
  await page.fill('#letter-number', number.toLowerCase().replace('-', ' '));
  await page.fill('#last-six', '000000');
  await page.click('[data-step=enter] button[type=submit]');
  await page.waitForSelector('#last-six[aria-invalid=true]');
  await page.screenshot({ path: join(SCREENSHOTS, 'enter-wrong.png') });
  await page.fill('#last-six', requested.subject.idNumber.slice(-6));
  await page.click('[data-step=enter] button[type=submit]');
  await page.waitForSelector('[data-step=terms] h1');
});

walkTest(
  'refusing a necessary recipient is refusing the letter, and the page says so',
  async () => {
    const { page } = visitor;
    const requested = await service.request({ template: 'necessary-recipient' });
    const walk = steps(page, service, requested);
    await walk.open();
    await walk.passGate();
    await walk.toLetter();
    await walk.toClauses();
    for (const box of await page.$$('.clause input')) await box.check();
    await page.check('.choice input[value=no]');
    await page.click('[data-step=clauses] button[type=submit]', { force: true });
    await page.waitForSelector('#obstacle.obstacle');
    expect(await page.textContent('#obstacle')).toContain('我不同意');
    await page.screenshot({ path: join(SCREENSHOTS, 'necessary-refused.png'), fullPage: true });
    expect(await service.stateOf(requested.id)).toBe('requested');
    await walk.acknowledge('yes');
    expect(await service.stateOf(requested.id)).toBe('presented');
  },
);

walkTest(
  'each recipient and optional item is asked by itself; no is as good as yes, and can be changed',
  async () => {
    const { page } = visitor;
    const requested = await service.request({ template: 'with-choices' });
    const walk = steps(page, service, requested);
    await walk.open();
    await walk.passGate();
    await walk.toLetter();
    await walk.toClauses();
    expect(await page.$$eval('.choice input:checked', (inputs) => inputs.length)).toBe(0);
    for (const box of await page.$$('.clause input')) await box.check();
    await page.click('[data-step=clauses] button[type=submit]', { force: true });
    await page.waitForSelector('#obstacle.obstacle');
    expect(await service.stateOf(requested.id)).toBe('requested');
    const presented: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/presentation')) presented.push(request.postData()!);
    });
    await walk.acknowledge('no');
    await page.click('[data-action=back]');
    await page.waitForSelector('[data-step=clauses] h1');
    expect(await page.$$eval('.choice input[value=no]:checked', (inputs) => inputs.length)).toBe(2);
    await walk.acknowledge('yes');
    const [refused, accepted] = presented.map((text) => JSON.parse(text).record.choices);
    expect(refused).toEqual({ items: [], recipients: [] });
    expect(accepted).toEqual({ items: ['query-records'], recipients: ['91100000100003962T'] });
    const code = codeIn(await walk.sendCode());
    await walk.enterCode(code);
    await walk.finished();
  },
);

walkTest(
  'a pause of the template: no code before it is over, and the page says until when',
  async () => {
    const { page } = visitor;
    const requested = await service.request({ template: 'with-pause' });
    const walk = steps(page, service, requested);
    await walk.open();
    await walk.passGate();
    await walk.read();
    expect(await page.textContent('[data-pause]')).toMatch(/\d\d:\d\d/);
    expect(await page.$('[data-action=send], #code')).toBeNull();
    await page.screenshot({ path: join(SCREENSHOTS, 'pause.png'), fullPage: true });
  },
);

walkTest('without a secure context the page says so and asks the server nothing', async () => {
  const { page } = visitor;
  const requested = await service.request();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const link = new URL(requested.link);
  link.hostname = 'insecure.test';
  await page.goto(link.href);
  await page.waitForSelector('main h1');
  expect(await page.textContent('main')).toContain('https');
  expect(asked.filter((path) => path.startsWith('/v1/'))).toEqual([]);
  expect(await page.$('input')).toBeNull();
  await page.screenshot({ path: join(SCREENSHOTS, 'insecure.png') });
  visitor.complaints.splice(0); // the other origin is the point
});

walkTest('by keyboard alone', async () => {
  const { page } = visitor;
  const requested = await service.request();
  const walk = steps(page, service, requested);
  const press = (key: string) => page.keyboard.press(key);
  const focused = () =>
    page.evaluate(() => {
      const { activeElement: at } = document;
      const { action } = (at as HTMLElement | null)?.dataset ?? {};
      return at?.id || action || at?.getAttribute('type') || at?.tagName || '';
    });
  const tabTo = async (wanted: string): Promise<void> => {
    for (let presses = 0; presses < 40; presses++) {
      if ((await focused()) === wanted) return;
      await press('Tab');
    }
    throw new Error(`the keyboard never reached ${wanted}`);
  };
  await walk.open();
  await tabTo('last-six');
  await page.keyboard.type(requested.subject.idNumber.slice(-6));
  await press('Enter');
  await page.waitForSelector('[data-step=terms] h1');
  expect(await focused()).toBe('H1');
  await tabTo('next');
  await press('Enter');
  await page.waitForSelector('.letter-text');
  expect(await focused()).toBe('H1');
  await tabTo('next');
  await press('Enter');
  await page.waitForSelector('[data-step=clauses] h1');
  const clauses = await page.$$('.clause input');
  for (let ticked = 0; ticked < clauses.length; ticked++) {
    await tabTo('checkbox');
    await press('Space');
    await press('Tab');
  }
  await tabTo('submit');
  await press('Enter');
  await page.waitForSelector('[data-step=code] h1');
  await tabTo('send');
  await press('Enter');
  await page.waitForSelector('#code');
  await tabTo('code');
  await page.keyboard.type(codeIn(await service.message(requested.subject.phone)));
  await press('Enter');
  await walk.finished();
});

walkTest(
  'who the subject is, where the template asks: what, of whom, a refusal, another way, then the code',
  async () => {
    const requested = await service.request({ template: 'with-identity', language: 'en' });
    const { page } = visitor;
    const walk = steps(page, service, requested);
    await walk.open();
    await walk.passGate();
    await walk.toLetter();
    await walk.toClauses();
    for (const box of await page.$$('.clause input')) await box.check();
    await page.click('[data-step=clauses] button[type=submit][aria-disabled=false]');
    await page.waitForSelector('[data-step=identity] [data-check=police-id] [data-simulated]');
    await page.screenshot({ path: join(SCREENSHOTS, 'identity-1-zh-360.png'), fullPage: true });
    await page.click('[data-check=police-id] [data-action=check]');
    await page.waitForSelector('[data-check=carrier-name]');
    await page.click('[data-step=identity] details > summary');
    // The sandbox's card that does not match.
    await page.fill('#input-bank-card', '6222 0212 0003 0000');
    await page.click('[data-check=bank-card] [data-action=check]');
    await page.waitForSelector('[data-check=bank-card] [data-refused]');
    await page.screenshot({ path: join(SCREENSHOTS, 'identity-2-zh-360.png'), fullPage: true });
    expect(await service.stateOf(requested.id)).toBe('presented');
    await page.click('[data-check=carrier-name] [data-action=check]');
    await page.waitForSelector('[data-step=code] h1');
    await walk.enterCode(codeIn(await walk.sendCode()));
    await walk.finished();
    expect(await service.stateOf(requested.id)).toBe('released');
  },
);

// Last: whoever comes later meets the logo too.
walkTest(
  'a logo is told in the record once it was on the screen, and not when it did not come',
  async () => {
    const digest = await service.setLogo();
    for (const [blocked, told] of [
      [false, digest],
      [true, undefined],
    ] as const) {
      const { page, close } = await newVisitor(browser, service);
      if (blocked) await page.route('**/logos/**', (route) => route.abort());
      const walk = steps(page, service, await service.request());
      await walk.open();
      expect(await page.getAttribute('[data-step=gate] img.logo', 'alt')).toMatch(/的标志$/);
      await walk.passGate();
      await page.waitForFunction(
        () => document.querySelector<HTMLImageElement>('[data-step=terms] img.logo')?.complete,
      );
      const sent = page.waitForRequest('**/v1/signing/presentation');
      await walk.toLetter();
      await walk.toClauses();
      await walk.acknowledge();
      expect(JSON.parse((await sent).postData()!).record.logo).toBe(told);
      await close();
    }
  },
);
