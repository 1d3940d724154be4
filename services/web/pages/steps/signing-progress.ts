import { html, type TemplateResult } from 'lit';
import type { Words } from '../../src/pages/words/index.js';
import type { Activity } from '../ceremony.js';

const ORDER = ['confirming', 'certifying', 'checking', 'signing'] as const;
const WORDS = {
  confirming: 'confirm',
  certifying: 'certificate',
  checking: 'check',
  signing: 'signature',
} as const;

/** What happens between the tap and the signature, line by line. */
export function signingProgress(words: Words, activity: Activity): TemplateResult {
  const at = ORDER.indexOf(activity as (typeof ORDER)[number]);
  return html`
    <h1 tabindex="-1">${words.sign.title}</h1>
    <p class="lead">${words.sign.text}</p>
    <ol class="card progress" aria-live="polite">
      ${ORDER.map((step, i) => {
        const state = i < at ? 'finished' : i === at ? 'running' : 'waiting';
        return html`<li class=${state} aria-current=${i === at ? 'step' : 'false'}>
          <span class="mark" aria-hidden="true"></span>${words.sign[WORDS[step]]}
        </li>`;
      })}
    </ol>
  `;
}
