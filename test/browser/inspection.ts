import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { seeded } from '../kit/seeded.js';
import { SCREENSHOTS } from './visitor.js';

/** All combinations of theme and size at every step, in both languages; else one of each by the seed. */
export const FULL = process.env['TEST_FULL'] === '1';
export const SEED = Number(process.env['TEST_SEED'] ?? 20261122);

/** In the full run all of them, else one by the seed. */
export const sliceOf = <T>(all: readonly T[]): readonly T[] =>
  FULL ? all : [all[seeded(SEED)(all.length)]!];

const chance = seeded(SEED);
/** A walk that costs seconds: every one in the full run, else one in three by the seed. */
export const walkTest = (name: string, walk: () => Promise<void>, within?: number): void =>
  FULL || chance(3) === 0
    ? test(name, walk, within)
    : test.skip(`${name} (not with seed ${SEED})`, walk);

export const LANGUAGES = ['zh', 'en'] as const;
const THEMES = ['light', 'dark'] as const;
const SIZES = [
  [360, 740],
  [768, 1024],
  [1440, 900],
] as const;
/** The narrowest phone, and the usual one at 200 % zoom. */
const NARROW = [
  [320, 640],
  [180, 370],
] as const;

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
let axe: string | undefined;

/** What axe finds wrong, each with the first element it is wrong at. */
export async function violations(page: Page): Promise<string[]> {
  axe ??= await readFile(AXE, 'utf8');
  await page.evaluate(axe);
  return page.evaluate(async (rules) => {
    const options = {
      runOnly: { type: 'tag', values: rules },
      resultTypes: ['violations'],
      // a frame's content is another page, looked at by itself
      iframes: false,
    };
    const found = await (globalThis as any).axe.run(document, options);
    return found.violations.map(
      ({ id, nodes }: any) => `${id} (${nodes.length}): ${nodes[0].html.slice(0, 200)}`,
    );
  }, RULES);
}

/** What stands out of the window to the right; scrolling sideways is never needed. */
const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    // what stands out by itself, not by what is in it
    const out = [...document.querySelectorAll('body *')].filter(
      (element) =>
        element.getBoundingClientRect().right > clientWidth + 1 &&
        ![...element.children].some((it) => it.getBoundingClientRect().right > clientWidth + 1),
    );
    const named = out.slice(0, 4).map((element) => element.outerHTML.slice(0, 120));
    return [`${scrollWidth} > ${clientWidth}: ${named.join(' | ')}`];
  });

/** Lines that `npm run test:browser` counts. */
async function record(line: Readonly<Record<string, unknown>>): Promise<void> {
  const file = process.env['TEST_INSPECTIONS'];
  if (file === undefined) return;
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `${JSON.stringify(line)}\n`);
}

/**
 * Looks at what a page shows now: axe, width, the narrow windows, large print, and a picture of each.
 * `found` collects what is wrong, so that one walk tells all of it.
 */
export function inspector(page: Page, language: 'zh' | 'en', found: string[]) {
  const pick = seeded(SEED ^ (language === 'zh' ? 1 : 2));
  const own = page.viewportSize()!;
  return async (step: string): Promise<void> => {
    const looks = THEMES.flatMap((theme) => SIZES.map((size) => ({ theme, size })));
    const chosen = FULL ? looks : [looks[pick(looks.length)]!];
    for (const { theme, size } of chosen) {
      const [width, height] = size;
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height });
      await settled(page);
      const name = `${step}-${language}-${theme}-${width}x${height}`;
      await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
      const wrong = await violations(page);
      await record({ step, language, theme, size: `${width}x${height}`, violations: wrong.length });
      for (const one of [...wrong, ...(await tooWide(page))]) found.push(`${name}: ${one}`);
    }
    for (const [width, height] of FULL ? NARROW : [NARROW[pick(NARROW.length)]!]) {
      await page.setViewportSize({ width, height });
      await settled(page);
      const name = `${step}-${language}-${width}x${height}`;
      if (FULL) await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
      for (const one of await tooWide(page)) found.push(`${name}: ${one}`);
    }
    await page.setViewportSize({ width: 320, height: 640 });
    await page.evaluate(() => document.documentElement.classList.add('large-print'));
    await settled(page);
    for (const one of await tooWide(page)) found.push(`${step}-${language}-large-print: ${one}`);
    if (FULL) {
      const path = join(SCREENSHOTS, `${step}-${language}-large-print-320.png`);
      await page.screenshot({ path, fullPage: true });
    }
    await page.evaluate(() => document.documentElement.classList.remove('large-print'));
    await page.setViewportSize(own);
  };
}

/** One look in each language, one of them in the dark, and at 400 % zoom: for lists of views that other walks look at more closely. */
export async function glance(page: Page, step: string, found: string[]): Promise<void> {
  const own = page.viewportSize()!;
  for (const [language, lang, theme] of [
    ['zh', 'zh-CN', 'light'],
    ['en', 'en', 'dark'],
  ] as const) {
    if ((await page.getAttribute('html', 'lang')) !== lang)
      await page.click('[data-action=language]');
    await page.waitForSelector(`html[lang="${lang}"]`);
    await page.emulateMedia({ colorScheme: theme });
    // colours begin to change with the next frame
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    await settled(page);
    const name = `${step}-${language}-${theme}`;
    await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
    const wrong = await violations(page);
    const size = `${own.width}x${own.height}`;
    await record({ step, language, theme, size, violations: wrong.length });
    await page.setViewportSize({ width: 180, height: 370 });
    for (const one of [...wrong, ...(await tooWide(page))]) found.push(`${name}: ${one}`);
    await page.setViewportSize(own);
  }
  await page.emulateMedia({ colorScheme: null });
}

/** Colours that fade are measured where they end. */
const settled = (page: Page): Promise<unknown> =>
  page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity)
        .map((animation) => animation.finished.catch(() => undefined)),
    ).then(() => undefined),
  );
