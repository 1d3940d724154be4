import { html, layout } from '@mandate/pages';
import type { PageAssets } from './assets.js';
import { wordsOf, type Language } from './words/index.js';

/** The shell of `/verify`. */
export function verificationPage(page: { assets: PageAssets; language: Language }): string {
  const words = wordsOf(page.language);
  return layout({
    ...page,
    words,
    entry: 'verification',
    title: words.verify.title,
    body: html`<mandate-verification>
      <header class="bar"><span class="brand">${words.product}</span></header>
      <main class="page">
        <h1>${words.verify.title}</h1>
        <p>${words.verify.lead}</p>
        <noscript><p class="callout">node mandate-verify.mjs FILE --trust anchors</p></noscript>
      </main>
    </mandate-verification>`,
  });
}
