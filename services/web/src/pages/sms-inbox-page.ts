import { html, plainPage } from '@mandate/pages';
import type { PageAssets } from './assets.js';
import { wordsOf, type Language } from './words/index.js';

/** A message of the sandbox; `at` is RFC 3339 UTC. */
export interface InboxMessage {
  readonly at: string;
  readonly phone: string;
  readonly text: string;
}

/** The sandbox inbox, newest first: the one place where codes show, in a trial only. */
export function smsInboxPage(page: {
  assets: PageAssets;
  language: Language;
  messages: readonly InboxMessage[];
}): string {
  const words = wordsOf(page.language);
  const { inbox } = words;
  return plainPage({
    ...page,
    words,
    title: inbox.title,
    entry: 'inbox',
    otherLanguage: page.language === 'zh' ? '/sandbox/sms?language=en' : '/sandbox/sms?language=zh',
    main: html`<h1>${inbox.title}</h1>
      <p class="callout">${inbox.lead}</p>
      <p class="soft">${inbox.refresh}</p>
      ${
        page.messages.length === 0
          ? html`<p>${inbox.empty}</p>`
          : html`<ol class="messages">
              ${page.messages.map(
                (message) =>
                  html`<li class="card message">
                    <p class="soft">
                      ${inbox.to} <b>${message.phone}</b> ·
                      <time datetime="${message.at}"
                        >${message.at.replace('T', ' ').replace(/\.\d+/, '').replace('Z', ' UTC')}</time
                      >
                    </p>
                    <p class="bubble">${message.text}</p>
                  </li>`,
              )}
            </ol>`
      }`,
  });
}
