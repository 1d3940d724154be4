import type { PageAssets, PageEntry } from './assets.js';
import { html, type Html } from './html.js';
import { wordsOf, type Language } from './words/index.js';

export interface Layout {
  readonly assets: PageAssets;
  readonly language: Language;
  readonly title: string;
  readonly body: Html;
  /** The page's script, if it has one. */
  readonly entry?: PageEntry;
  /** A small script that waits for nothing else of the page, and for which the first paint waits. */
  readonly early?: PageEntry;
  /** Where the same page stands in the other language; without it there is no switch. */
  readonly otherLanguage?: string;
}

/** The frame of every page. No inline script or style, nothing from another origin. */
export function layout(page: Layout): string {
  const words = wordsOf(page.language);
  const { assets, entry, early } = page;
  const document = html`<!doctype html>
    <html lang="${words.htmlLang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="format-detection" content="telephone=no" />
        <meta name="color-scheme" content="light dark" />
        ${entry !== undefined && assets.build !== null && html`<meta name="mandate-page-build" content="${assets.build}" />`}
        <title>${page.title}</title>
        <link rel="icon" href="data:," />
        ${
          early !== undefined && [
            ...preloads(assets, early),
            html`<script
              type="module"
              async
              blocking="render"
              src="${assets.script(early)}"
            ></script>`,
          ]
        }
        <link rel="stylesheet" href="${assets.style}" />
        ${
          entry !== undefined && [
            ...preloads(assets, entry),
            html`<script type="module" src="${assets.script(entry)}"></script>`,
          ]
        }
      </head>
      <body>
        ${page.body}
      </body>
    </html> `;
  return document.text;
}

const preloads = (assets: PageAssets, entry: PageEntry): readonly Html[] =>
  assets.preloads(entry).map((href) => html`<link rel="modulepreload" href="${href}" />`);

/** Header and main of a page that is rendered on the server alone. */
export function plainPage(page: Omit<Layout, 'body'> & { main: Html }): string {
  const words = wordsOf(page.language);
  return layout({
    ...page,
    body: html`<a class="skip" href="#main">${words.skip}</a>
      <header class="bar">
        <a class="brand" href="/">${words.product}</a>${
          page.otherLanguage !== undefined &&
          html`<a
            class="button quiet"
            href="${page.otherLanguage}"
            aria-label="${words.otherLanguageLabel}"
            >${words.otherLanguage}</a
          >`
        }
      </header>
      <main id="main" class="page">${page.main}</main>`,
  });
}
