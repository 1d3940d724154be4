import { html, layout, readAssets, type Assets, type Language } from '@mandate/pages';
import { fileURLToPath } from 'node:url';
import { shellWordsOf } from './shell-words.js';

/** Where the desk's page build leaves its files; the same from `src` and `dist`. */
export const ASSETS_FOLDER = fileURLToPath(new URL('../../dist/assets/', import.meta.url));
/** Where they are served. */
export const ASSETS_PATH = '/desk/assets/';

export type DeskAssets = Assets<'desk'>;

/** Reads the build's manifest once. Throws when the pages were not built. */
export const loadDeskAssets = (folder: string = ASSETS_FOLDER): DeskAssets =>
  readAssets(folder, ASSETS_PATH, { desk: 'pages/desk.ts', style: 'pages/styles/desk.css' });

/** The shell of every address of the desk; an invitation's secret stays in the fragment. */
export function deskPage(page: {
  assets: DeskAssets;
  language: Language;
  /** The organisation's own sign-in is offered, too. */
  providerSignIn: boolean;
}): string {
  const words = shellWordsOf(page.language);
  return layout({
    assets: page.assets,
    words,
    entry: 'desk',
    title: words.product,
    body: html`<mandate-desk data-provider="${page.providerSignIn ? 'yes' : 'no'}">
      <header class="bar"><span class="brand">${words.product}</span></header>
      <main class="page">
        <p>${words.opening}</p>
        <noscript><p class="callout">${words.noScript}</p></noscript>
      </main>
    </mandate-desk>`,
  });
}
