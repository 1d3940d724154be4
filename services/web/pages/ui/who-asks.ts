import { html, type TemplateResult } from 'lit';
import type { Words } from '../../src/pages/words/index.js';
import { setWordsFor } from '../../src/pages/words/set-words.js';
import type { SigningView } from '../signing-view.js';
import { disclosure } from '@mandate/pages/browser/ui/disclosure';
import { logoImage } from './logo-image.js';

/** The institution as registered, and how to tell that this page is genuine. `seen`: its logo was loaded. */
export function whoAsks(
  words: Words,
  view: SigningView,
  seen?: (logo: string) => void,
): TemplateResult {
  const { who } = words;
  const { institution, letterNumber, letter } = view;
  return html`<section class="card who" aria-labelledby="who-title">
    <h2 id="who-title" class="label">${who.heading}</h2>
    <p class="institution">
      ${
        institution.logo
          ? logoImage(institution.logo, who.logo(institution.name), seen)
          : html`<span class="crest" aria-hidden="true">${[...institution.name][0]}</span>`
      }
      <strong>${institution.name}</strong>
    </p>
    <dl class="facts">
      ${
        institution.creditCode
          ? html`<div>
              <dt>${who.creditCode}</dt>
              <dd class="number">${institution.creditCode}</dd>
            </div>`
          : ''
      }
      <div>
        <dt>${who.contact}</dt>
        <dd>${institution.contact}</dd>
      </div>
    </dl>
    <p class="soft">${who.registered}</p>
    ${disclosure(
      who.trust,
      html`<ul class="checks">
        <li>
          ${who.address} <strong class="number">${location.host}</strong><br />${who.addressText}
        </li>
        ${
          letterNumber
            ? html`<li>
                ${who.letterNumber} <strong class="number">${letterNumber}</strong><br />
                ${who.letterNumberText}
              </li>`
            : ''
        }
        ${
          letter
            ? html`<li>
                ${who.checkCode} <strong class="check-code">${letter.checkCode}</strong><br />
                ${view.set ? setWordsFor(words).checkCodeText : who.checkCodeText}
              </li>`
            : ''
        }
        ${institution.creditCode ? html`<li>${who.registry}</li>` : ''}
        ${who.promises.map((promise) => html`<li>${promise}</li>`)}
      </ul>`,
    )}
  </section>`;
}
