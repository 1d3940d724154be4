import type { StaffRole } from '@mandate/core';
import type { Browser, Page } from 'playwright-core';
import type { StartedService } from './started-service.js';
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
  person: { name: string; roles: readonly StaffRole[]; ofInstitution?: boolean },
  options: VisitorOptions = {},
): Promise<Staff> {
  const { id, link } = await service.invite(person);
  const visitor = await newVisitor(browser, service, { width: 1440, height: 900, ...options });
  const { page } = visitor;
  await addAuthenticator(page);
  await page.goto(link);
  await page.click('[data-action=enrol]');
  await page.waitForSelector('.recovery-codes code');
  const recoveryCodes = await page.$$eval('.recovery-codes code', (all) =>
    all.map(({ textContent }) => textContent!),
  );
  await page.check('input[name=kept]');
  await page.click('[data-action=onward]');
  await page.waitForSelector('.menu');
  await page.waitForSelector('desk-home h1');
  return { ...visitor, id, name: person.name, recoveryCodes };
}
