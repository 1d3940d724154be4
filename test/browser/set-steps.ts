import type { Page } from 'playwright-core';
import type { RequestedSet } from './started-service.js';

/** The steps of one letter of a set, as a person takes them. */
export const setSteps = (page: Page, set: RequestedSet) => ({
  async open(): Promise<void> {
    await page.goto(set.link);
    await this.passGate();
  },
  async passGate(): Promise<void> {
    await page.fill('#last-six', set.subject.idNumber.slice(-6));
    await page.click('[data-step=gate] button[type=submit]');
    await this.at(1);
  },
  async at(position: number): Promise<void> {
    await page.waitForSelector(`.set-bar[data-letter="${position}"]`);
    await page.waitForSelector('[data-step=terms] h1');
  },
  async toClauses(): Promise<void> {
    await page.click('[data-step=terms] [data-action=next]');
    await page.waitForSelector('[data-step=letter] .letter-text');
    await page.click('[data-step=letter] [data-action=next]');
    await page.waitForSelector('[data-step=clauses] h1');
  },
  async accept(answer: 'yes' | 'no' = 'no'): Promise<void> {
    await this.toClauses();
    for (const box of await page.$$('.clause input')) await box.check();
    for (const choice of await page.$$(`.choice input[value=${answer}]`)) await choice.check();
    await page.click('[data-step=clauses] button[type=submit][aria-disabled=false]');
  },
  async refuse(): Promise<void> {
    await page.click('[data-action=refuse-letter]');
    await page.waitForSelector('mandate-refuse-letter dialog[open]');
    await page.click('mandate-refuse-letter dialog [data-action=yes]');
  },
  async summary(): Promise<string[]> {
    await page.waitForSelector('[data-step=code] .set-summary');
    return page.$$eval('.set-summary li', (rows) =>
      rows.map((row) => row.getAttribute('data-choice') ?? ''),
    );
  },
});
