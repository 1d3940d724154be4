import { html, layout } from '@mandate/pages';
import type { PageAssets } from './assets.js';
import { wordsOf, type Language } from './words/index.js';
import { ownWordsOf } from './words/own-words.js';

/** The shell of `/my`; a link's token stays in the fragment. */
export function ownPage(page: { assets: PageAssets; language: Language }): string {
  const own = ownWordsOf(page.language);
  return layout({
    ...page,
    words: wordsOf(page.language),
    entry: 'own',
    title: own.title,
    body: html`<mandate-own>
      <header class="bar"><span class="brand">${wordsOf(page.language).product}</span></header>
      <main class="page">
        <h1>${own.title}</h1>
        <p>${own.lead}</p>
        <noscript><p class="callout">${own.noScript}</p></noscript>
      </main>
    </mandate-own>`,
  });
}
