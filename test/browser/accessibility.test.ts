import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { signWithLink } from '../kit/ceremony-client.mjs';
import { seeded } from '../kit/seeded.js';
import { wordsOf, type Language } from '../../services/web/src/pages/words/index.js';
import { FULL, inspector, LANGUAGES, SEED } from './inspection.js';
import { startService, type Requested, type StartedService } from './started-service.js';
import { codeIn, launchBrowser, newVisitor, steps, wrongCode } from './visitor.js';

jest.setTimeout(FULL ? 900_000 : 120_000);

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

const pick = seeded(SEED);
/** Both languages in the full run, else one for every other walk. */
const languages = (): readonly Language[] =>
  FULL ? LANGUAGES : [LANGUAGES[pick(2)]!].slice(pick(2));

interface Walk {
  readonly page: Page;
  readonly language: Language;
  readonly words: ReturnType<typeof wordsOf>;
  look(step: string): Promise<void>;
  /** A control by what a screen reader calls it. */
  named(role: 'button' | 'textbox' | 'checkbox' | 'heading' | 'link', name: string): Promise<void>;
}

/** A walk past the places named; everything wrong on the way is told at its end. */
const walk = (name: string, go: (walk: Walk) => Promise<void>): void => {
  const chosen = languages();
  if (chosen.length === 0) return test.skip(`${name} (not with seed ${SEED})`, () => undefined);
  test.each(chosen.map((language) => [language] as const))(
    `${name}, %s (seed ${SEED})`,
    async (language) => {
      const found: string[] = [];
      const { page, close } = await newVisitor(browser, service, { language });
      try {
        await go({
          page,
          language,
          words: wordsOf(language),
          look: inspector(page, language, found),
          named: async (role, name) => {
            const count = await page.getByRole(role, { name, exact: true }).count();
            if (count === 0) found.push(`no ${role} is called “${name}”`);
          },
        });
      } finally {
        await close();
      }
      expect(found).toEqual([]);
    },
  );
};

const openAll = (page: Page): Promise<void> =>
  page.$$eval('main details', (all) =>
    all.forEach((each) => ((each as HTMLDetailsElement).open = true)),
  );

describe('ceremony', () => {
  walk('coming in', async ({ page, language, look, named, words }) => {
    const requested = await service.request({ language });
    await page.goto(`${service.url}/s?language=${language}`);
    await page.waitForSelector('[data-step=enter] h1');
    await look('enter');
    await page.click('[data-reason=someone-is-telling-me]');
    await page.waitForSelector('dialog[open]');
    await look('enter-someone');
    await page.click('dialog [data-action=no]');
    await page.fill('#letter-number', 'M20260101-AAAAAAAA');
    await page.fill('#last-six', '000000');
    await page.click('[data-step=enter] button[type=submit]');
    await page.waitForSelector('#last-six[aria-invalid=true], [data-problem]');
    await look('enter-wrong');

    await page.goto('about:blank');
    await page.goto(requested.link);
    await page.waitForSelector('[data-step=gate] h1');
    await named('heading', words.gate.title);
    await named('textbox', words.gate.label);
    await named('button', words.gate.submit);
    for (const reason of ['refused', 'details-wrong', 'not-me', 'someone-is-telling-me'] as const) {
      await named('button', words.decline[reason]);
      await page.click(`[data-reason=${reason}]`);
      await page.waitForSelector('dialog[open]');
      await look(`ask-${reason}`);
      await page.click('dialog [data-action=no]');
    }
    await look('gate');
    await page.fill('#last-six', '000000');
    await page.click('[data-step=gate] button[type=submit]');
    await page.waitForSelector('#last-six[aria-invalid=true]');
    await openAll(page);
    await look('gate-wrong-trust');
  });

  walk('reading', async ({ page, language, look, named, words }) => {
    const requested = await service.request({ language, template: 'with-choices' });
    const at = steps(page, service, requested);
    await at.open();
    await at.passGate();
    await named('heading', words.terms.title);
    await named('button', words.terms.submit);
    await look('terms');
    await openAll(page);
    await look('terms-explained');
    await at.toLetter();
    await named('button', words.letter.text);
    await named('button', words.letter.submit);
    await look('letter-text');
    await page.click('[data-form=pages]');
    await page.waitForSelector('canvas.letter-page', { timeout: 60_000 });
    await look('letter-pages');
    await at.toClauses();
    await look('clauses');
    for (const box of await page.$$('.clause input'))
      expect(await box.evaluate((input) => (input as HTMLInputElement).labels!.length)).toBe(1);
    await page.click('[data-step=clauses] button[type=submit]', { force: true });
    await page.waitForSelector('#obstacle.obstacle');
    await openAll(page);
    await look('clauses-missing');
    for (const box of await page.$$('.clause input')) await box.check();
    for (const choice of await page.$$('.choice input[value=no]')) await choice.check();
    await look('clauses-ticked');
  });

  walk('code and signature', async ({ page, language, look, named, words }) => {
    const requested = await service.request({ language, template: 'with-choices' });
    const at = steps(page, service, requested);
    await at.open();
    await at.passGate();
    await at.read();
    await named('button', words.code.send);
    await look('code-send');
    const code = codeIn(await at.sendCode());
    await named('textbox', words.code.label);
    await named('button', words.code.submit);
    await look('code');
    await at.enterCode(wrongCode(code));
    await page.waitForSelector('#code[aria-invalid=true]');
    await look('code-wrong');

    // The certificate is held back, then fails to come.
    let answer = (): void => undefined;
    const held = new Promise<void>((done) => (answer = done));
    await page.route('**/v1/signing/attempts', async (route) => {
      await held;
      await route.abort();
    });
    await at.enterCode(code);
    await page.waitForSelector('.progress, [data-progress], ol.signing-progress, h1');
    await page.waitForFunction(() => document.querySelector('#code') === null);
    await look('signing');
    answer();
    await page.waitForSelector('[data-problem=offline]');
    await look('offline');
    await page.unroute('**/v1/signing/attempts');
    await page.reload();
    await page.waitForSelector('[data-action=sign]');
    await look('sign');
    // As the server answers while a stamp is waited for.
    await page.route('**/v1/signing', async (route) => {
      const response = await route.fetch();
      const view = (await response.json()) as Record<string, unknown>;
      const stampUntil = new Date(Date.now() + 600_000).toISOString();
      await route.fulfill({ response, json: { ...view, step: 'wait', stampUntil } });
    });
    await page.reload();
    await page.waitForSelector('[data-step=wait] h1');
    await look('wait');
    // a view may be on its way: the page asks again and again
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.reload();
    await page.click('[data-action=sign]');
    await at.finished();
    await named('heading', words.done.title);
    await look('done');
  });

  walk('endings', async ({ page, language, look }) => {
    for (const reason of ['refused', 'details-wrong', 'not-me', 'someone-is-telling-me']) {
      const at = steps(page, service, await service.request({ language }));
      await at.open();
      await page.click(`[data-reason=${reason}]`);
      await page.click('dialog [data-action=yes]');
      await page.waitForSelector('[data-step=ended] h1');
      await look(`ended-${reason}`);
      await page.goto('about:blank');
    }
    await page.goto(`${service.url}/s`);
    await page.waitForSelector('[data-step=ended] h1');
    await look('ended-later');

    await page.goto('about:blank');
    await page.goto(`${service.url}/s#${'A'.repeat(43)}`);
    await page.waitForSelector('[data-problem=link-invalid]');
    await look('link-invalid');

    const shared = await service.request({ language });
    const { url } = await service.ticket(shared.id, { origins: ['http://127.0.0.1:9'] });
    await page.goto(url);
    await page.waitForSelector('[data-step=gate] h1');
    await page.goto('about:blank');
    await page.goto(url);
    await page.waitForSelector('[data-problem=ticket-used]');
    await look('ticket-used');

    const dead = await service.request({ language });
    const at = steps(page, service, dead);
    const code = await at.toCode();
    for (let tried = 1; tried <= 5; tried++) {
      await at.enterCode(wrongCode(code));
      await page.waitForFunction(
        () =>
          document.querySelector<HTMLInputElement>('#code')?.value === '' ||
          document.querySelector('[data-problem]'),
      );
    }
    await page.waitForSelector('[data-problem=code-tries-exhausted]');
    await look('code-dead');

    const paused = await service.request({ language, template: 'with-pause' });
    const slowly = steps(page, service, paused);
    await page.goto('about:blank');
    await slowly.open();
    await slowly.passGate();
    await slowly.read();
    await page.waitForSelector('[data-pause]');
    await look('pause');

    const insecure = new URL((await service.request({ language })).link);
    insecure.hostname = 'insecure.test';
    await page.goto(insecure.href);
    await page.waitForSelector('main h1');
    await look('insecure');
  });

  walk('the check of the person', async ({ page, language, look }) => {
    const at = steps(page, service, await service.request({ template: 'with-identity', language }));
    await at.open();
    await at.passGate();
    await at.toLetter();
    await at.toClauses();
    for (const box of await page.$$('.clause input')) await box.check();
    await page.click('[data-step=clauses] button[type=submit][aria-disabled=false]');
    await page.waitForSelector('[data-step=identity] [data-check=police-id]');
    await look('identity');
    await page.click('[data-check=police-id] [data-action=check]');
    await page.waitForSelector('[data-check=carrier-name]');
    await openAll(page);
    await look('identity-ways');
    // the sandbox's card that does not match
    await page.fill('#input-bank-card', '6222 0212 0003 0000');
    await page.click('[data-check=bank-card] [data-action=check]');
    await page.waitForSelector('[data-check=bank-card] [data-refused]');
    await look('identity-refused');
  });

  walk('passkeys', async ({ page, language, look }) => {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
        ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
      },
    });
    const requested = await service.request({ language, template: 'with-passkey' });
    const at = steps(page, service, requested);
    const code = await at.toCode();
    await page.waitForSelector('[data-passkey=none]');
    await look('passkey-none');
    await at.enterCode(code);
    await page.waitForSelector('[data-passkey=ask] [data-action=passkey]');
    await look('passkey-ask');
    await page.goto('about:blank');
    const alone = steps(
      page,
      service,
      await service.request({ language, template: 'passkey-alone' }),
    );
    await alone.open();
    await alone.passGate();
    await alone.read();
    await page.waitForSelector('[data-passkey=ask]');
    await page.click('[data-action=passkey]');
    await page.waitForSelector('[data-passkey=none] [data-action=enrol]');
    await look('passkey-alone');
    await page.addInitScript('delete window.PublicKeyCredential');
    await page.reload();
    await page.waitForSelector('#passkey-cannot');
    await look('passkey-cannot');
  });

  walk('a set', async ({ page, language, look, named, words }) => {
    const set = await service.requestSet({
      templates: ['without-reading-time', 'with-choices', 'second-letter'],
      optional: ['second-letter'],
      language,
    });
    await page.goto(set.link);
    await page.fill('#last-six', set.subject.idNumber.slice(-6));
    await page.click('[data-step=gate] button[type=submit]');
    const accept = async (): Promise<void> => {
      await page.waitForSelector('[data-step=terms] h1');
      await page.click('[data-step=terms] [data-action=next]');
      await page.waitForSelector('[data-step=letter] .letter-text');
      await page.click('[data-step=letter] [data-action=next]');
      await page.waitForSelector('[data-step=clauses] h1');
      for (const box of await page.$$('.clause input')) await box.check();
      for (const choice of await page.$$('.choice input[value=no]')) await choice.check();
      await page.click('[data-step=clauses] button[type=submit][aria-disabled=false]');
    };
    await page.waitForSelector('.set-bar[data-letter="1"]');
    await look('set-terms');
    await page.click('[data-action=refuse-letter]');
    await page.waitForSelector('mandate-refuse-letter dialog[open]');
    await look('set-refuse-required');
    await page.click('mandate-refuse-letter dialog [data-action=no]');
    await accept();
    await page.waitForSelector('.set-bar[data-letter="2"]');
    await accept();
    await page.waitForSelector('.set-bar[data-letter="3"]');
    await look('set-optional');
    await page.click('[data-action=refuse-letter]');
    await page.click('mandate-refuse-letter dialog[open] [data-action=yes]');
    await page.waitForSelector('[data-step=code] .set-summary');
    await named('button', words.code.send);
    await look('set-summary');
    await page.click('[data-action=send]');
    await page.waitForSelector('#code');
    await page.fill('#code', codeIn(await service.message(set.subject.phone)));
    await look('set-code');
    await page.click('[data-step=code] button[type=submit]');
    await page.waitForSelector('[data-step=done] h1', { timeout: 60_000 });
    await look('set-done');
  });
});

describe('other pages', () => {
  const signed = async (language: Language): Promise<Requested> => {
    const requested = await service.request({ language });
    const { idNumber, phone } = requested.subject;
    await signWithLink(service.url, requested.link, { lastSix: idNumber.slice(-6), phone });
    for (let round = 0; (await service.stateOf(requested.id)) !== 'released'; round++) {
      if (round > 150) throw new Error('not released');
      await new Promise((done) => setTimeout(done, 100));
    }
    return requested;
  };

  walk('home, inbox, verification, errors', async ({ page, language, look }) => {
    const to = (path: string) => page.goto(`${service.url}${path}?language=${language}`);
    await to('/');
    await look('home');
    const requested = await signed(language);
    await to('/sandbox/sms');
    await page.waitForSelector('main h1');
    await look('inbox');
    await to('/verify');
    await look('verify');
    const letter = Buffer.from(await service.signedLetter(requested.id));
    const altered = Buffer.from(letter);
    altered[Math.floor(altered.length / 3)]! ^= 1;
    for (const [name, buffer] of [
      ['verify-result', letter],
      ['verify-altered', altered],
    ] as const) {
      await page.setInputFiles('#file', { name: 'a.pdf', mimeType: 'application/pdf', buffer });
      await page.waitForFunction(
        (wanted) => {
          const { verdict } = document.querySelector<HTMLElement>('[data-verdict]')?.dataset ?? {};
          return verdict !== undefined && (verdict === 'TOTAL-FAILED') === wanted;
        },
        name === 'verify-altered',
        { timeout: 60_000 },
      );
      await openAll(page);
      await look(name);
    }
    await to('/nothing-here');
    await look('not-found');
  });

  walk('own authorizations', async ({ page, language, look, named, words }) => {
    const { id, subject } = await signed(language);
    await page.goto(`${service.url}/my?language=${language}`);
    await page.waitForSelector('[data-place=enter] #phone');
    await look('own-enter');
    await page.click('mandate-own-enter button[type=submit]');
    await page.waitForSelector('#phone[aria-invalid=true]');
    await look('own-missing');
    await page.fill('#phone', subject.phone);
    await page.fill('#name', subject.name);
    await page.fill('#id-number', subject.idNumber);
    await page.click('mandate-own-enter button[type=submit]');
    await page.waitForSelector('[data-place=code] #code');
    await look('own-code');
    await page.fill('#code', codeIn(await newest(subject.phone)));
    await page.click('mandate-own-code button[type=submit]');
    await page.waitForSelector('[data-place=list] h1');
    await look('own-list');
    await page.click(`[data-authorization="${id}"]`);
    await page.waitForSelector('[data-place=detail] h1');
    await named('button', words.otherLanguageLabel);
    await openAll(page);
    await look('own-detail');
    await page.click('[data-action=dispute]');
    await page.waitForSelector('dialog[open]');
    await look('own-dispute');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
    await page.click('[data-action=withdraw]');
    await page.waitForSelector('dialog[open]');
    await look('own-withdraw');
    await page.click('dialog [data-action=yes]');
    await page.waitForSelector('.callout.good');
    await look('own-withdrawn');
  });

  const newest = async (phone: string): Promise<string> => {
    for (let round = 0; round < 150; round++) {
      const answer = await fetch(`${service.url}/sandbox/sms.json?phone=${phone}`);
      const messages = (await answer.json()) as { text: string }[];
      const own = messages.find(({ text }) => /我的授权|My authorizations/.test(text));
      if (own) return own.text;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error('no message came');
  };
});
