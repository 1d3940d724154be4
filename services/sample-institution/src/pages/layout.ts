import { html, type Html } from './html.js';
import { wordsOf, type Language, type Message } from './words.js';

/** The frame of every page. `step`: where on the way this page stands, 0 for none. */
export function layout(page: {
  readonly language: Language;
  readonly title: string;
  readonly main: Html;
  readonly step?: 1 | 2 | 3;
  /** Address of this page, for the other language; absent where a repeat would do something. */
  readonly self?: string;
}): string {
  const words = wordsOf(page.language);
  const other = page.language === 'zh' ? 'en' : 'zh';
  return html`<!doctype html>
    <html lang="${words.htmlLang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="format-detection" content="telephone=no" />
        <title>${page.title} · ${words.name}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/assets/sample.css" />
        <script type="module" src="/assets/sample.js"></script>
      </head>
      <body>
        <aside class="sample"><strong>${words.sample}</strong> ${words.sampleText}</aside>
        <header>
          <a class="brand" href="/?language=${page.language}">${words.name}</a>
          ${page.self !== undefined && html`<a class="language" lang="${words.otherLang}" href="${page.self}?language=${other}">${words.other}</a>`}
        </header>
        <main>${page.step !== undefined && steps(words.steps, page.step)} ${page.main}</main>
        <footer>${words.footer}</footer>
      </body>
    </html>`.text;
}

const steps = (names: readonly string[], at: number): Html =>
  html`<ol class="steps">
    ${names.map((name, i) =>
      i + 1 === at
        ? html`<li aria-current="step">${name}</li>`
        : html`<li class="${i + 1 < at ? 'past' : ''}">${name}</li>`,
    )}
  </ol>`;

/** A page that only says something. */
export function messagePage(language: Language, message: Message): string {
  const { messages, home } = wordsOf(language);
  const { title, text } = messages[message];
  return layout({
    language,
    title,
    main: html`<h1>${title}</h1>
      <p>${text}</p>
      <p><a class="button" href="/?language=${language}">${home}</a></p>`,
  });
}
