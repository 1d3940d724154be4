import { html, layout } from '@mandate/pages';
import type { PageAssets } from './assets.js';
import { wordsOf, type Language } from './words/index.js';

export interface SigningPage {
  readonly assets: PageAssets;
  readonly language: Language;
  /** For `/w/{id}`: which ticket this is and whose pages may frame it. */
  readonly frame?: { readonly id: string; readonly origins: readonly string[] };
}

/** The shell of `/s` and `/w/{id}`; the secret stays in the fragment. */
export function signingPage(page: SigningPage): string {
  const words = wordsOf(page.language);
  return layout({
    ...page,
    words,
    early: 'first-call',
    entry: 'signing',
    title: words.shell.title,
    body: html`<mandate-ceremony
      data-ticket="${page.frame?.id ?? ''}"
      data-origins="${page.frame?.origins.join(' ') ?? ''}"
    >
      <header class="bar"><span class="brand">${words.product}</span></header>
      <main class="page">
        <h1>${words.shell.title}</h1>
        <p>${words.shell.opening}</p>
        <p class="soft">${words.shell.slow}</p>
        <noscript><p class="callout">${words.shell.noScript}</p></noscript>
      </main>
    </mandate-ceremony>`,
  });
}
