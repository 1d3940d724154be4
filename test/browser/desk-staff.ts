import type { StaffRole } from '@mandate/core';
import type { Browser, Page } from 'playwright-core';
import { signWithLink } from '../kit/ceremony-client.mjs';
import { seeded } from '../kit/seeded.js';
import { FULL, inspector, SEED } from './inspection.js';
import type { Requested, StartedService } from './started-service.js';
import { newVisitor, type Visitor, type VisitorOptions } from './visitor.js';

/** Somebody of the desk at their own browser, signed in. */
export interface Staff extends Visitor {
  readonly id: string;
  readonly name: string;
  readonly recoveryCodes: readonly string[];
}

/** A computer whose owner unlocks it when asked. */
export async function addAuthenticator(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
      ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    },
  });
}

/** Opens an account and sets it up by its invitation, as the person does. */
export async function newStaff(
  browser: Browser,
  service: StartedService,
  person: { name: string; roles: readonly StaffRole[]; of?: 'sample' | 'another' },
  options: VisitorOptions = {},
): Promise<Staff> {
  const { id, link } = await service.invite(person);
  const visitor = await newVisitor(browser, service, { width: 1440, height: 900, ...options });
  const { page } = visitor;
  await addAuthenticator(page);
  await page.goto(link);
  await page.click('[data-action=enrol]');
  await page.waitForSelector('.recovery-codes code, .menu');
  const recoveryCodes = await page.$$eval('.recovery-codes code', (all) =>
    all.map(({ textContent }) => textContent!),
  );
  if (recoveryCodes.length > 0) {
    await page.check('input[name=kept]');
    await page.click('[data-action=onward]');
  }
  await page.waitForSelector('.menu');
  await page.waitForSelector('desk-home h1');
  return { ...visitor, id, name: person.name, recoveryCodes };
}

/** Signs in where somebody is signed out. */
export async function signIn({ page }: Staff): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}/desk`);
  await page.click('desk-sign-in [data-action=passkey]');
  await page.waitForSelector('desk-home h1');
}

/** Agrees to what waits there, with the passkey. */
export async function agreeTo({ page }: Staff, { deskUrl }: StartedService, grant: string) {
  await page.goto(`${deskUrl}/desk`);
  await page.click(`[data-list=waiting] [data-grant="${grant}"] [data-action=approve]`);
  await page.waitForSelector('desk-waiting-grants .callout.good');
}

/** A letter that was signed and released. */
export async function releasedLetter(service: StartedService): Promise<Requested> {
  const requested = await service.request();
  const { idNumber, phone } = requested.subject;
  await signWithLink(service.url, requested.link, { lastSix: idNumber.slice(-6), phone });
  await patiently(async () => (await service.stateOf(requested.id)) === 'released');
  return requested;
}

/** A call of the desk's API from somebody's own page, with their cookie. */
export const staffCall = ({ page }: Staff, method: string, path: string, body?: object) =>
  page.evaluate(
    async ([method, path, body]) => {
      const response = await fetch(`/desk/api${path}`, {
        method: method as string,
        headers: {
          ...{ 'x-requested-with': 'mandate', 'content-type': 'application/json' },
          // some routes ask for one
          'idempotency-key': crypto.randomUUID(),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const json = /json/.test(response.headers.get('content-type') ?? '');
      const said = json ? await response.json() : {};
      return { status: response.status, code: said.code, why: said.why, body: said as unknown };
    },
    [method, path, body] as const,
  );

/**
 * Looks at what somebody's page shows now, in both languages; what is wrong comes to `found`. In the full run at each
 * step, else at one in four by the seed.
 */
export function looker(found: string[]) {
  const chance = seeded(SEED ^ 7);
  return async ({ page }: Staff, step: string): Promise<void> => {
    const chosen = FULL || chance(4) === 0;
    if (!chosen) return;
    for (const language of ['zh', 'en'] as const) {
      const lang = language === 'zh' ? 'zh-CN' : 'en';
      if ((await page.getAttribute('html', 'lang')) !== lang)
        await page.click('[data-action=language]');
      await page.waitForSelector(`html[lang="${lang}"]`);
      await inspector(page, language, found)(step);
    }
    await page.click('[data-action=language]');
    await page.waitForSelector('html[lang=zh-CN]');
  };
}

/** What `ask` finds, as soon as it finds something, for at most `seconds`. */
export async function patiently<T>(
  ask: () => Promise<T | undefined | false | null>,
  seconds = 120,
): Promise<T> {
  for (let round = 0; round < seconds * 2; round++) {
    const got = await ask();
    if (got) return got;
    await new Promise((done) => setTimeout(done, 500));
  }
  throw new Error('waited in vain');
}
