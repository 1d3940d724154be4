import { html, type TemplateResult } from 'lit';
import type { Language } from '../src/pages/words/index.js';
import type { Ceremony } from './ceremony.js';
import './steps/clauses-step.js';
import './steps/code-step.js';
import './steps/done-step.js';
import './steps/ended-step.js';
import './steps/enter-step.js';
import './steps/gate-step.js';
import './steps/identity-step.js';
import './steps/letter-step.js';
import './steps/sign-step.js';
import './steps/terms-step.js';
import './steps/wait-step.js';
import type { WalkPlace } from './ui/stepper.js';

type Show = (ceremony: Ceremony, language: Language) => TemplateResult;

interface Step {
  readonly show: Show;
  /** Its place in the line of steps at the top; absent outside of it. */
  readonly walk?: WalkPlace;
  /** True where there is still something to stop. */
  readonly waysOut: boolean;
}

const step = (show: Show, waysOut: boolean, walk?: WalkPlace): Step => ({
  show,
  waysOut,
  ...(walk ? { walk } : {}),
});

/** Every place of the page by its name, which is also its `data-step`. */
const STEPS = {
  enter: step(
    (c, l) => html`<mandate-enter-step .ceremony=${c} .language=${l}></mandate-enter-step>`,
    false,
  ),
  gate: step(
    (c, l) => html`<mandate-gate-step .ceremony=${c} .language=${l}></mandate-gate-step>`,
    true,
    'gate',
  ),
  terms: step(
    (c, l) => html`<mandate-terms-step .ceremony=${c} .language=${l}></mandate-terms-step>`,
    true,
    'terms',
  ),
  letter: step(
    (c, l) => html`<mandate-letter-step .ceremony=${c} .language=${l}></mandate-letter-step>`,
    true,
    'letter',
  ),
  clauses: step(
    (c, l) => html`<mandate-clauses-step .ceremony=${c} .language=${l}></mandate-clauses-step>`,
    true,
    'clauses',
  ),
  identity: step(
    (c, l) => html`<mandate-identity-step .ceremony=${c} .language=${l}></mandate-identity-step>`,
    true,
  ),
  code: step(
    (c, l) => html`<mandate-code-step .ceremony=${c} .language=${l}></mandate-code-step>`,
    true,
    'code',
  ),
  sign: step(
    (c, l) => html`<mandate-sign-step .ceremony=${c} .language=${l}></mandate-sign-step>`,
    true,
    'code',
  ),
  wait: step(
    (c, l) => html`<mandate-wait-step .ceremony=${c} .language=${l}></mandate-wait-step>`,
    false,
  ),
  done: step(
    (c, l) => html`<mandate-done-step .ceremony=${c} .language=${l}></mandate-done-step>`,
    false,
  ),
  ended: step(
    (c, l) => html`<mandate-ended-step .ceremony=${c} .language=${l}></mandate-ended-step>`,
    false,
  ),
} as const satisfies Record<string, Step>;

export type Place = keyof typeof STEPS;

export const stepOf = (place: Place): Step => STEPS[place];

/** True where there is something to stop, or somebody who may need to hear that they can. */
export const offersWaysOut = (place: Place, { view }: Ceremony): boolean =>
  stepOf(place).waysOut ||
  place === 'enter' ||
  // The signature waits for its stamp: until it is signed it can be stopped.
  (place === 'wait' && view?.state === 'confirmed');

/** Where the subject is: the server's step, and within `read` the page turned to. */
export function placeOf(ceremony: Ceremony): Place | undefined {
  const { view, reading } = ceremony;
  if (ceremony.mayEnter) return 'enter';
  if (!view || ceremony.over) return undefined;
  if (view.step === 'read' || (['identity', 'code'].includes(view.step) && ceremony.rereading))
    return reading?.place ?? 'terms';
  return view.step;
}
