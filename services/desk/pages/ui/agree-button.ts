import { html, type TemplateResult } from 'lit';
import type { Language } from '../desk-view.js';
import { en } from '../words/en-agreements.js';
import { wordsFor } from '../words/words-for.js';
import { zh } from '../words/zh-agreements.js';

/** What exactly is agreed to, by which word of the person's own, and the button; within
 * `.onward`. `id`: of the sentence on this page. */
export const agreeButton = (p: {
  readonly language: Language;
  readonly id: string;
  readonly action: string;
  readonly sentence: string;
  readonly label: string;
  /** How the person came in. */
  readonly means: string | undefined;
  readonly busy: boolean;
  readonly agree: () => void;
}): TemplateResult => {
  const words = wordsFor(p.language, zh, en);
  return html`<p class="agreeing" id=${p.id}>
      ${p.sentence}<br /><span class="soft"
        >${p.means === 'oidc' ? words.byProvider : words.byPasskey}</span
      >
    </p>
    <button
      type="button"
      class="button"
      data-action=${p.action}
      aria-describedby=${p.id}
      ?disabled=${p.busy}
      @click=${p.agree}
    >
      ${p.label}
    </button>`;
};
