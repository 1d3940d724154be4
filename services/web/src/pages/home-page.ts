import { html, plainPage, type Html } from '@mandate/pages';
import type { PageAssets } from './assets.js';
import { wordsOf, type Language } from './words/index.js';

export interface HomePage {
  readonly assets: PageAssets;
  readonly language: Language;
  /** Trial parts to link to; absent in production. */
  readonly development?: {
    /** A ready-made signing link of a sample authorization, if one is open. */
    readonly signingUrl?: string;
  };
}

const card = (href: string, title: string, text: string, primary = false): Html =>
  html`<li>
    <a class="card link${primary && ' primary'}" href="${href}"
      ><strong>${title}</strong><span>${text}</span></a
    >
  </li>`;

/** The landing page: says what this is, and in a trial links to everything there is to try. */
export function homePage(page: HomePage): string {
  const words = wordsOf(page.language);
  const { home } = words;
  const trial = page.development;
  return plainPage({
    ...page,
    words,
    title: home.title,
    otherLanguage: page.language === 'zh' ? '/?language=en' : '/?language=zh',
    main: html`<h1>${home.title}</h1>
      <p class="lead">${home.lead}</p>
      ${
        trial
          ? html`<p class="callout">
              <strong>${home.development}</strong> ${home.developmentText}
            </p>`
          : html`<p>${home.linkHint}</p>`
      }
      <ul class="cards">
        ${trial?.signingUrl !== undefined && card(trial.signingUrl, home.sample, home.sampleText, true)}
        ${trial && card('/sandbox/sms', home.inbox, home.inboxText)}
        ${card('/my', home.own, home.ownText)} ${card('/verify', home.verify, home.verifyText)}
        ${card('/docs', home.api, home.apiText)}
        ${card('/ledger/checkpoint', home.ledger, home.ledgerText)}
      </ul>`,
  });
}
