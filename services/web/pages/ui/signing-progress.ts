import { html, type TemplateResult } from 'lit';
import type { Words } from '../../src/pages/words/index.js';
import type { Activity } from '../ceremony.js';
import { progressList } from '@mandate/pages/browser/ui/progress-list';

const ORDER = ['confirming', 'certifying', 'checking', 'signing'] as const;
type Signing = (typeof ORDER)[number];

export const isSigning = (activity: Activity | undefined): activity is Signing =>
  ORDER.includes(activity as Signing);

/** What happens between the tap and the signature, line by line. */
export function signingProgress({ sign }: Words, activity: Signing): TemplateResult {
  return html`
    <h1 tabindex="-1">${sign.title}</h1>
    <p class="lead">${sign.text}</p>
    ${progressList(
      [sign.confirm, sign.certificate, sign.check, sign.signature],
      ORDER.indexOf(activity),
      sign,
    )}
  `;
}
