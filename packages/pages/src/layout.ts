import type { Assets } from './assets.js';
import type { FrameWords } from './frame-words.js';
import { html, type Html } from './html.js';

export interface Layout<Entry extends string> {
  readonly assets: Assets<Entry>;
  readonly words: FrameWords;
  readonly title: string;
  readonly body: Html;
  /** The page's script, if it has one. */
  readonly entry?: Entry;
  /** A small script that waits for nothing else of the page, and for which the first paint waits. */
  readonly early?: Entry;
  /** Where the same page stands in the other language; without it there is no switch. */
  readonly otherLanguage?: string;
}

/** The frame of every page. No inline script or style, nothing from another origin. */
export function layout<Entry extends string>(page: Layout<Entry>): string {
  const { assets, entry, early, words } = page;
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

const preloads = <Entry extends string>(assets: Assets<Entry>, entry: Entry): readonly Html[] =>
  assets.preloads(entry).map((href) => html`<link rel="modulepreload" href="${href}" />`);

/** Header and main of a page that is rendered on the server alone. */
export function plainPage<Entry extends string>(
  page: Omit<Layout<Entry>, 'body'> & { main: Html },
): string {
  const { words } = page;
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
