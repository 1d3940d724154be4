import { html, type TemplateResult } from 'lit';
import type { Words } from '../../src/pages/words/index.js';

/** What the subject walks through; other places belong to one of these or to none. */
export const WALK = ['gate', 'terms', 'letter', 'clauses', 'code'] as const;
export type WalkPlace = (typeof WALK)[number];

/**
 * Where one stands: words for everybody, segments for the eye. `needsCode`: a letter that a passkey alone signs has
 * no step with a code.
 */
export function stepper({ steps }: Words, place: WalkPlace, needsCode: boolean): TemplateResult {
  const at = WALK.indexOf(place);
  const name = steps[place === 'code' && !needsCode ? 'passkey' : place];
  return html`<nav class="stepper" aria-label=${steps.label}>
    <p>${steps.position(at + 1, WALK.length)} · <strong>${name}</strong></p>
    <span class="segments" aria-hidden="true">
      ${WALK.map((_, i) => html`<span class=${i < at ? 'past' : i === at ? 'here' : ''}></span>`)}
    </span>
  </nav>`;
}
