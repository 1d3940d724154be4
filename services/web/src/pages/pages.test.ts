import { expect, test } from '@jest/globals';
import { ERROR_CODES } from '@mandate/core/errors';
import type { PageAssets } from './assets.js';
import {
  errorPage,
  homePage,
  LANGUAGES,
  ownPage,
  preferredLanguage,
  problemText,
  signingPage,
  smsInboxPage,
  verificationPage,
  wordsOf,
} from './index.js';
import { ownWordsOf } from './words/own-words.js';

const assets: PageAssets = {
  build: null,
  style: '/assets/site-1.css',
  script: (entry) => `/assets/${entry}-1.js`,
  preloads: () => ['/assets/shared-1.js'],
};
const HOSTILE = `<script>alert("1")</script>' onload='x`;

const pagesWith = (text: string): string[] =>
  LANGUAGES.flatMap((language) => [
    signingPage({ assets, language }),
    verificationPage({ assets, language }),
    ownPage({ assets, language }),
    homePage({ assets, language, development: { signingUrl: text } }),
    smsInboxPage({ assets, language, messages: [{ at: text, phone: text, text }] }),
    errorPage({ assets, language, code: text, instance: text }),
  ]);

test('no value becomes markup, in content or in an attribute', () => {
  for (const page of pagesWith(HOSTILE)) {
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain("' onload='");
  }
  expect(pagesWith(HOSTILE).join('')).toContain('&lt;script&gt;alert(&quot;1&quot;)');
});

test('nothing inline and nothing from another origin, as the content security policy wants it', () => {
  for (const page of pagesWith('x')) {
    for (const [script] of page.matchAll(/<script[^>]*>/g))
      expect(script).toMatch(/ src="\/assets\//);
    expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/);
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  }
});

test('a page without trial parts names no sandbox', () => {
  const page = homePage({ assets, language: 'zh' });
  expect(page).not.toContain('/sandbox');
  expect(page).toContain('/verify');
});

test('every problem reads as a sentence in every language, unknown ones read as internal', () => {
  for (const language of LANGUAGES) {
    const words = wordsOf(language);
    for (const code of ERROR_CODES) expect(problemText(words, code)).toMatch(/.{10}[。.]$/u);
    expect(problemText(words, 'no-such-code')).toBe(words.problems.internal);
    expect(problemText(words, 'toString')).toBe(words.problems.internal);
    expect(problemText(words, 'code-wrong')).not.toBe(words.problems.internal);
  }
});

test('half-width punctuation does not follow Chinese text on a page', () => {
  const texts: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'function') texts.push(String(value('甲', '乙')));
    else Object.values(value as object).forEach(collect);
  };
  collect([wordsOf('zh'), ownWordsOf('zh')]);
  expect(texts.filter((text) => /\p{Script=Han}[,;:?!()]/u.test(text))).toEqual([]);
});

test.each([
  [['en-GB', 'zh'], 'en'],
  [['fr', ' zh-TW;q=0.8'], 'zh'],
  [['fr'], 'zh'],
  [[''], 'zh'],
])('%j reads %s', (tags, language) => {
  expect(preferredLanguage(tags)).toBe(language);
});
