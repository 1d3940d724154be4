import { html, plainPage } from '@mandate/pages';
import type { PageAssets } from './assets.js';
import { problemText, wordsOf, type Language } from './words/index.js';

/** A problem met outside the API, in words; `code` as in the problem table. */
export function errorPage(page: {
  assets: PageAssets;
  language: Language;
  code: string;
  /** Reference to the log entry. */
  instance?: string;
}): string {
  const words = wordsOf(page.language);
  return plainPage({
    ...page,
    words,
    title: words.error.title,
    main: html`<h1>${words.error.title}</h1>
      <p class="lead">${problemText(words, page.code)}</p>
      ${page.instance !== undefined && html`<p class="soft">${words.reference}: <code>${page.instance}</code></p>`}
      <p><a class="button" href="/">${words.error.home}</a></p>`,
  });
}
