import type { PageAssets } from './assets.js';
import { html } from './html.js';
import { layout } from './layout.js';
import { wordsOf, type Language } from './words/index.js';

/** The shell of `/s`: the same bytes for every link, because the token stays in the fragment. */
export function signingPage(page: { assets: PageAssets; language: Language }): string {
  const words = wordsOf(page.language);
  return layout({
    ...page,
    entry: 'signing',
    title: words.shell.title,
    body: html`<mandate-ceremony>
      <header class="bar"><span class="brand">${words.product}</span></header>
      <main class="page">
        <h1>${words.shell.title}</h1>
        <p>${words.shell.opening}</p>
        <p class="soft">${words.shell.slow}</p>
        <noscript><p class="notice">${words.shell.noScript}</p></noscript>
      </main>
    </mandate-ceremony>`,
  });
}
