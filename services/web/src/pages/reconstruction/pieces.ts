import { html, type Html } from '@mandate/pages';
import type { SubjectScreens } from '@mandate/report';
import { beijingMoment } from '@mandate/terms';
import type { Words } from '../words/index.js';
import type { ReconstructionWords } from '../words/reconstruction-words.js';

/** What one screen is drawn from. */
export interface Screen {
  readonly shown: SubjectScreens;
  readonly words: Words;
  readonly said: ReconstructionWords;
}

export const factList = (rows: readonly (readonly [string, string])[]): Html =>
  html`<dl class="facts">
    ${rows.map(
      ([label, text]) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${text}</dd>
        </div>`,
    )}
  </dl>`;

export const button = (text: string): Html => html`<p><span class="button">${text}</span></p>`;
export const recorded = (text: string): Html => html`<p class="recorded">${text}</p>`;
export const tick = (on: boolean, text: string): Html =>
  html`<p class="option">${on ? '☑' : '☐'} ${text}</p>`;

export const termRows = (
  rows: readonly { readonly label: string; readonly text: string }[],
): Html =>
  html`<dl class="card terms key-terms">
    ${rows.map(
      ({ label, text }) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${text}</dd>
        </div>`,
    )}
  </dl>`;

/** In Beijing. */
export const localTime = (at: string): string => beijingMoment(new Date(at));
