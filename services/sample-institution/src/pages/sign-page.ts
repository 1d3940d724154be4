import type { Application } from '../application.js';
import { html } from './html.js';
import { layout } from './layout.js';
import { wordsOf, type Language } from './words.js';

/** The page that embeds the widget. */
export function signPage(page: {
  readonly language: Language;
  readonly application: Application;
  /** Single use, for this view of the page. */
  readonly ticket: string;
  readonly mandateUrl: string;
  readonly integrity: string;
}): string {
  const { language, application, mandateUrl } = page;
  const { sign } = wordsOf(language);
  const own = `/applications/${application.number}`;
  return layout({
    language,
    title: sign.title,
    step: 2,
    self: `${own}/sign`,
    main: html`<h1>${sign.title}</h1>
      <p class="lead">${sign.lead}</p>
      <p class="hint">
        ${sign.code}
        <a href="${mandateUrl}/sandbox/sms" target="_blank" rel="noopener">${sign.inbox}</a>
      </p>
      <div class="notice bad" id="widget-fault" role="alert" hidden>
        <p>${sign.fault} <code></code></p>
        <p><a class="button" href="${own}/sign">${sign.again}</a></p>
      </div>
      <mandate-signing
        ticket="${page.ticket}"
        base-url="${mandateUrl}"
        language="${language}"
        mode="inline"
        data-then="${own}"
      ></mandate-signing>
      <script
        src="${mandateUrl}/widget/v1/mandate-widget.js"
        integrity="${page.integrity}"
        crossorigin="anonymous"
        defer
      ></script>
      <form method="post" action="${own}/full-page" class="aside">
        <p class="hint">${sign.fullPageText}</p>
        <button type="submit" class="quiet">${sign.fullPage}</button>
      </form>`,
  });
}
