import { html, type TemplateResult } from 'lit';
import { problemText, type Words } from '../src/pages/words/index.js';
import type { Problem } from '@mandate/pages/browser/problem';

/** What went wrong and what to do next, in the subject's words. */
export const problemBanner = (
  words: Words,
  problem: Problem,
  /** True where nothing else stands on the page. */
  alone: boolean,
  retry: (() => Promise<void>) | undefined,
): TemplateResult => html`
  <div class="callout bad" data-problem=${problem.code}>
    ${
      alone
        ? html`<h1 tabindex="-1">${words.problemTitle}</h1>`
        : html`<strong>${words.problemTitle}</strong>`
    }
    <p>${problemText(words, problem.code)}</p>
    ${
      retry
        ? html`<button class="button secondary" type="button" @click=${() => void retry()}>
            ${words.tryAgain}
          </button>`
        : ''
    }
    ${
      problem.facts.instance
        ? html`<p class="soft">${words.reference} <code>${problem.facts.instance}</code></p>`
        : ''
    }
  </div>
`;
